// The command `repro`: one verb per file, loaded when it is asked for; what goes wrong becomes an exit code here.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { parseMemory } from '../pipeline/memory.ts';
import { complain, print } from './view/print.ts';
import { programVersion } from './version.ts';

interface GlobalOptions {
  file: string;
  json?: boolean;
  debug?: boolean;
  profile?: string;
  set?: string[];
}

const program = new Command('repro')
  .description('Runs experiment pipelines and ties every reported number to what it was made of.')
  .version(programVersion(), '-V, --version', 'print the version')
  .option('-f, --file <path>', 'the pipeline file', 'pipeline.yaml')
  .option('--json', 'print JSON: one object per line for run, one document for other verbs')
  .option('--debug', 'print the causes of an error with their stacks')
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({
    writeOut: (text) => print(...text.trimEnd().split('\n')),
    writeErr: (text) => complain(...text.trimEnd().split('\n')),
  })
  .addHelpText(
    'after',
    `
A MANIFEST is a path, a tag, a run id or a unique beginning of one, "latest" (the default), "previous", or a git
revision: the manifest that is committed there (REV:path names another file), or that of the latest run made there.

Exit codes: 0 fine, 1 a stage or the run failed, 2 wrong usage or an invalid file,
3 a gate did not pass, 4 a mismatch (verify, diff, audit, lint-paper), 130 interrupted.`,
  )
  .exitOverride();

let verdict: ExitCode = exitCode.ok;

function verb(usage: string, description: string): Command {
  return program.command(usage).description(description).helpOption('-h, --help', 'show this help');
}

const collect = (value: string, all: string[] | undefined): string[] => [...(all ?? []), value];

/** Options of the verbs that read the pipeline file. */
function planned(command: Command): Command {
  return command
    .option('-p, --profile <name>', 'a profile of the pipeline file')
    .addOption(new Option('-s, --set <path=value>', 'change a parameter, may be repeated').argParser(collect));
}

function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least)
      throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
    return value;
  };
}
const wholeNumber = wholeNumberFrom(1);

function memory(text: string): number {
  const bytes = parseMemory(text);
  if (bytes === null) throw new InvalidArgumentError('It must be an amount of memory such as 512MiB or 4GiB.');
  return bytes;
}

/** Options of the verbs that run a pipeline's stages. */
function limited(command: Command): Command {
  return command
    .option('--cpus <n>', 'cores that stages may occupy together', wholeNumber)
    .option('-j, --jobs <n>', 'stages at once, at most', wholeNumber)
    .option('--memory <size>', "memory that stages may occupy together (default: the machine's)", memory)
    .option(
      '--gpus <n>',
      'GPUs to hand out to stages (default: those in CUDA_VISIBLE_DEVICES, or none)',
      wholeNumberFrom(0),
    );
}

limited(
  planned(verb('run [stages...]', 'run what is not up to date; all stages, or the named ones and what they need')),
)
  .option('--fail-fast', 'after a failure start no other stage (default: go on with those that do not need it)')
  .option('--wait', 'wait for another run of this project to end')
  .option('--report', 'write the HTML report after the run')
  .option('--strict', "run Node stages under Node's permissions: an undeclared read fails the stage")
  .option('--trace', 'run stages under strace, and report what they read without declaring it')
  .addOption(
    new Option('--system <path>', 'an installation whose files need no declaration, may be repeated').argParser(
      collect,
    ),
  )
  .option('--force', 'execute the named stages, or all, although their results are known, and compare')
  .action(async (stages: string[], _: unknown, command: Command) => {
    verdict = await (await import('./run.ts')).runVerb(command.optsWithGlobals(), stages);
  });
limited(
  planned(
    verb('audit [stages...]', 'execute again what is known, in clean directories, and say what comes out the same'),
  ),
)
  .option('--runs <n>', 'how often again', wholeNumber, 1)
  .option('--wait', 'wait for another run of this project to end')
  .action(async (stages: string[], _: unknown, command: Command) => {
    verdict = await (await import('./audit.ts')).auditVerb(command.optsWithGlobals(), stages);
  });
planned(verb('status', 'say what a run would do, and run nothing')).action(async (_: unknown, command: Command) => {
  verdict = await (await import('./status.ts')).statusVerb(command.optsWithGlobals());
});
planned(verb('why <what>', 'why a stage would run; or, for the address of a number, what it was made of')).action(
  async (what: string, _: unknown, command: Command) => {
    verdict = await (await import('./why.ts')).whyVerb(command.optsWithGlobals(), what);
  },
);
verb('numbers [manifest]', 'the numbers of a run with their standard errors').action(
  async (name: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./numbers.ts')).numbersVerb(command.optsWithGlobals(), name);
  },
);
verb('diff [from] [to]', 'numbers that moved between two runs and which of their inputs changed')
  .option('-p, --profile <name>', 'of the reference manifest of a git revision, artifacts/reference/NAME.json')
  .option('--attribute', 'run again with one change at a time, and say how much of each move it explains')
  .option('--cpus <n>', 'cores that stages may occupy together', wholeNumber)
  .action(async (from: string | undefined, to: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./diff.ts')).diffVerb(command.optsWithGlobals(), from, to);
  });
verb('gate [manifest]', 'the verdicts of the gates; exit code 3 unless all pass')
  .option('--junit <file>', 'write the verdicts as JUnit XML')
  .option('--summary <file>', 'add a Markdown table to this file (default: $GITHUB_STEP_SUMMARY, where it is set)')
  .option('--self-test', 'alter the numbers beyond each limit instead: every gate must be able to fail')
  .action(async (name: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./gate.ts')).gateVerb(command.optsWithGlobals(), name);
  });
verb('verify [manifest]', 'hash again every artifact a manifest names; exit code 4 on a mismatch')
  .option('--recompute <k>', 'also execute k of its stages again, and compare their numbers', wholeNumber)
  .option('--seed <n>', 'choose the stages that this seed chose before', wholeNumber)
  .option('--cpus <n>', 'cores that stages may occupy together', wholeNumber)
  .option('--key <file>', 'also check the signed statements of repro export in-toto against this public key (PEM)')
  .option('--attestations <file>', 'where they are (default: artifacts/provenance.intoto.jsonl)')
  .option('-o, --output <path>', 'write a report for an artifact evaluation, in Markdown')
  .action(async (name: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./verify.ts')).verifyVerb(command.optsWithGlobals(), name);
  });
verb('report [manifest]', 'write a run as one self-contained HTML page')
  .option('-o, --output <path>', 'where to write it (default: artifacts/report.html)')
  .action(async (name: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./report.ts')).reportVerb(command.optsWithGlobals(), name);
  });
verb('export-model <stage> [manifest]', 'copy the .onnx models of a stage out, with a file that says what they are of')
  .option('-o, --output <folder>', 'where to (default: models/STAGE)')
  .action(async (stage: string, name: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./export-model.ts')).exportModelVerb(command.optsWithGlobals(), stage, name);
  });
verb('cite [manifest]', 'write the numbers of a run for LaTeX and JSON, or fill the placeholders of a text')
  .option('--fill <template>', 'fill the placeholders of this text, such as {{stage.name | mean ± sd}}')
  .option('-o, --output <path>', 'where to write (default: artifacts/numbers.tex and .json; a filled text is printed)')
  .addOption(
    new Option('-m, --manifest <name=manifest>', 'what {{name:stage.name}} quotes, may be repeated').argParser(collect),
  )
  .action(async (name: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./cite.ts')).citeVerb(command.optsWithGlobals(), name);
  });
verb('log <stage> [manifest]', 'print the log of a stage').action(
  async (stage: string, name: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./log.ts')).logVerb(command.optsWithGlobals(), stage, name);
  },
);

planned(verb('graph', 'the stages and what they read of each other'))
  .addOption(
    new Option('--format <format>', 'how to draw it').choices(['text', 'dot', 'mermaid', 'svg']).default('text'),
  )
  .option('--cells', 'a node for each cell of a matrix, not for each stage')
  .option('-o, --output <path>', 'where to write it (default: it is printed)')
  .action(async (_: unknown, command: Command) => {
    verdict = await (await import('./graph.ts')).graphVerb(command.optsWithGlobals());
  });
verb('tag [name] [manifest]', 'give a run a name to use as MANIFEST, or list the names')
  .option('--delete', 'delete the name, not the run')
  .action(async (name: string | undefined, manifest: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./tag.ts')).tagVerb(command.optsWithGlobals(), name, manifest);
  });
verb('lint-paper <paper> [manifests...]', 'numbers in a .tex or .md file that no manifest gives; exit code 4 if any')
  .option('--integers', 'check whole numbers too')
  .action(async (paper: string, names: string[], _: unknown, command: Command) => {
    verdict = await (await import('./lint-paper.ts')).lintPaperVerb(command.optsWithGlobals(), paper, names);
  });
verb('export', 'write a run as an RO-Crate, or as in-toto provenance of each stage')
  .addArgument(new Argument('<format>', 'which').choices(['ro-crate', 'in-toto']))
  .argument('[manifest]')
  .option(
    '-o, --output <path>',
    'where to write it (default: ro-crate-metadata.json, artifacts/provenance.intoto.jsonl)',
  )
  .option('--key <file>', 'in-toto: sign each statement with this private ed25519 key (PEM)')
  .option('--license <url>', 'ro-crate: the license of the data (default: that of package.json)')
  .action(async (format: 'ro-crate' | 'in-toto', name: string | undefined, _: unknown, command: Command) => {
    verdict = await (await import('./export.ts')).exportVerb(command.optsWithGlobals(), format, name);
  });
verb('completion', 'print the completion script of a shell')
  .addArgument(new Argument('<shell>', 'which').choices(['bash', 'zsh', 'fish']))
  .action(async (shell: 'bash' | 'zsh' | 'fish') => {
    print(...(await import('./complete.ts')).completionScripts[shell].trimEnd().split('\n'));
  });
program
  .command('complete [words...]', { hidden: true })
  .allowUnknownOption()
  .action(async (words: string[]) => {
    print(...(await import('./complete.ts')).candidates(program, words));
  });
verb('gc', 'say what the store holds for no run that is kept, and how much; delete it with --delete')
  .option('--keep <n>', 'keep only the latest runs, this many, and tagged ones', wholeNumber)
  .option('--older-than <days>', 'give up runs older than this, unless tagged', wholeNumber)
  .option('--secrets', 'only what earlier versions wrote with values of environment variables in clear')
  .option('--delete', 'delete it')
  .option('--wait', 'wait for a run of this project to end')
  .action(async (_: unknown, command: Command) => {
    verdict = await (await import('./gc.ts')).gcVerb(command.optsWithGlobals());
  });

/** Runs the command line; the exit code that the process should end with. */
async function main(words: readonly string[]): Promise<ExitCode> {
  try {
    await program.parseAsync(words, { from: 'user' });
    return verdict;
  } catch (error) {
    // Commander has printed what is wrong; help and version are not errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    const [{ printError }, { InvalidFile }] = await Promise.all([
      import('./view/error-text.ts'),
      import('../project/invalid-file.ts'),
    ]);
    const { json, debug } = program.opts<GlobalOptions>();
    printError(error, { json: json ?? false, debug: debug ?? false });
    if (error instanceof ReproError) return error.exit;
    return error instanceof InvalidFile ? exitCode.usage : exitCode.failed;
  }
}

/** The first write to standard output or error that failed. */
let unwritten: NodeJS.ErrnoException | null = null;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The verb goes on to its end. A reader that has seen enough, such as `head`, changes no exit code either.
    if (error.code !== 'EPIPE') unwritten ??= error;
  });
}
process.once('exit', () => {
  if (unwritten === null) return;
  process.exitCode ||= exitCode.failed;
  // Where it was standard error itself, nobody hears it: what others read from standard output stays as it is.
  complain(`error file-system: Cannot write all of the output: ${unwritten.message}`);
});
process.exitCode = await main(process.argv.slice(2));
