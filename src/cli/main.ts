// The command `repro`: one verb per file, loaded when it is asked for; what goes wrong becomes an exit code here.
import { Argument, Command, CommanderError } from 'commander';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { helpText } from './help.ts';
import * as options from './options.ts';
import { complain, print } from './view/print.ts';
import { programVersion } from './version.ts';

const program = new Command('repro')
  .description('Runs experiment pipelines and ties every reported number to what it was made of.')
  .version(programVersion(), '-V, --version', 'print the version')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('  hint: repro --help lists the verbs')
  .configureOutput({
    writeOut: (text) => print(...text.trimEnd().split('\n')),
    writeErr: (text) => complain(...text.trimEnd().split('\n')),
  })
  .addHelpText(
    'after',
    `
A MANIFEST is a path, a tag, a run id or a unique beginning of one, "latest" (the default: the last whole run without
--set), "last" (the last run, whatever it was), "previous" (the run before the latest that was asked the same), or a git
revision: the last whole run made at that commit, or else the manifest that is committed there (REV:path names a file).

Exit codes: 0 fine, 1 a stage or the run failed, 2 wrong usage or an invalid file,
3 a gate did not pass, 4 a mismatch (verify, diff, audit, lint-paper, remote check, status --exit-code),
130 interrupted. The help of a verb says what they mean there.`,
  )
  .exitOverride();

for (const option of Object.values(options.globalOptions)) program.addOption(option);

let verdict: ExitCode = exitCode.ok;

/** A verb: its options, and what it does with their values and its words. */
function verb<Table extends options.Table>(
  usage: string | readonly [name: string, ...words: Argument[]],
  description: string,
  table: Table,
  action: (values: options.GlobalOptions & options.ValuesOf<Table>, ...words: never[]) => Promise<ExitCode>,
): void {
  const [name, ...words] = typeof usage === 'string' ? [usage] : usage;
  const command = program.command(name).description(description).helpOption('-h, --help', 'show this help');
  command.showHelpAfterError(`  hint: repro help ${command.name()} has its words, options and examples`);
  for (const word of words) command.addArgument(word);
  for (const option of Object.values(table)) command.addOption(option);
  command.addHelpText('after', () => helpText(command.name()));
  command.action(async () => {
    verdict = await action(command.optsWithGlobals(), ...(command.processedArgs as never[]));
  });
}

type Maybe = string | undefined;

program.commandsGroup('Run:');
verb('init', 'write a small pipeline that runs, to begin with', options.initOptions, async (values) =>
  (await import('./init.ts')).initVerb(values),
);
verb('status', 'say what a run would do, and run nothing', options.statusOptions, async (values) =>
  (await import('./status.ts')).statusVerb(values),
);
verb(
  'run [stages...]',
  'run what is not up to date; all stages, or the named ones and what they need',
  options.runOptions,
  async (values, stages: string[]) => (await import('./run.ts')).runVerb(values, stages),
);
verb(
  'sweep [stages...]',
  'a run for each combination of values of parameters: --set a=2,4,8 --set b=x,y',
  options.sweepOptions,
  async (values, stages: string[]) => (await import('./sweep.ts')).sweepVerb(values, stages),
);
verb(
  'attach',
  'come back to the run that is at work here, and end as it does; of one that has ended, say how',
  {},
  async (values) => (await import('./attach.ts')).attachVerb(values),
);

program.commandsGroup('What came out, and why:');
verb(
  'why <what>',
  'why a stage would run; or, for the address of a number, what it was made of',
  options.placedOptions,
  async (values, what: string) => (await import('./why.ts')).whyVerb(values, what),
);
verb(
  'numbers [manifests...]',
  'the numbers of a run with their standard errors; of several runs side by side',
  options.numbersOptions,
  async (values, names: string[]) => (await import('./numbers.ts')).numbersVerb(values, names),
);
verb('runs', 'all runs that are kept: when, of what, and what came out', {}, async (values) =>
  (await import('./runs.ts')).runsVerb(values),
);
verb(
  'history <number>',
  'a number over all runs: its value and error, and what of its making changed',
  options.historyOptions,
  async (values, address: string) => (await import('./history.ts')).historyVerb(values, address),
);
verb(
  'diff [from] [to]',
  'numbers that moved between two runs and which of their inputs changed',
  options.diffOptions,
  async (values, from: Maybe, to: Maybe) => (await import('./diff.ts')).diffVerb(values, from, to),
);
verb(
  'tag [name] [manifest]',
  'give a run a name to use as MANIFEST, or list the names',
  options.tagOptions,
  async (values, name: Maybe, manifest: Maybe) => (await import('./tag.ts')).tagVerb(values, name, manifest),
);

program.commandsGroup('Whether it holds:');
verb(
  'gate [manifest]',
  'the verdicts of the gates; exit code 3 unless all pass',
  options.gateOptions,
  async (values, name: Maybe) => (await import('./gate.ts')).gateVerb(values, name),
);
verb(
  'audit [stages...]',
  'execute again what is known, in clean directories, and say what comes out the same',
  options.auditOptions,
  async (values, stages: string[]) => (await import('./audit.ts')).auditVerb(values, stages),
);
verb(
  'verify [manifest]',
  'hash again every artifact a manifest names; exit code 4 on a mismatch',
  options.verifyOptions,
  async (values, name: Maybe) => (await import('./verify.ts')).verifyVerb(values, name),
);

program.commandsGroup('Pages, papers and other programs:');
verb(
  'report [manifests...]',
  'write a run as one self-contained HTML page; several runs side by side',
  options.reportOptions,
  async (values, names: string[]) => (await import('./report.ts')).reportVerb(values, names),
);
verb(
  'figure <address> [manifest]',
  'copy a figure of a run out: a plot as SVG that says what it is of, an image as it is',
  options.figureOptions,
  async (values, address: string, name: Maybe) => (await import('./figure.ts')).figureVerb(values, address, name),
);
verb(
  'cite [manifest]',
  'write the numbers of a run for LaTeX and JSON, or fill the placeholders of a text',
  options.citeOptions,
  async (values, name: Maybe) => (await import('./cite.ts')).citeVerb(values, name),
);
verb(
  'lint-paper <paper> [manifests...]',
  'numbers in a .tex or .md file that no manifest gives; exit code 4 if any',
  options.lintPaperOptions,
  async (values, paper: string, names: string[]) =>
    (await import('./lint-paper.ts')).lintPaperVerb(values, paper, names),
);
verb(
  [
    'export',
    new Argument('<format>', 'which').choices(options.exportFormats),
    new Argument('[manifests...]', 'mlflow, tensorboard and curves take several'),
  ],
  'write a run as an RO-Crate, as in-toto provenance of each stage, for MLflow, or its curves for TensorBoard or as CSV',
  options.exportOptions,
  async (values, format: (typeof options.exportFormats)[number], names: string[]) =>
    (await import('./export.ts')).exportVerb(values, format, names),
);
verb(
  'export-model <stage> [manifest]',
  'copy the .onnx models of a stage out, with a file that says what they are of',
  options.exportModelOptions,
  async (values, stage: string, name: Maybe) =>
    (await import('./export-model.ts')).exportModelVerb(values, stage, name),
);

program.commandsGroup('Into a stage:');
verb(
  'log <stage> [manifest]',
  'print the log of a stage, finished, failed or running',
  options.logOptions,
  async (values, stage: string, name: Maybe) => (await import('./log.ts')).logVerb(values, stage, name),
);
verb(
  'shell <stage>',
  'a shell where a stage would run, with what it would be given',
  options.shellOptions,
  async (values, stage: string) => (await import('./shell.ts')).shellVerb(values, stage),
);
verb('graph', 'the stages and what they read of each other', options.graphOptions, async (values) =>
  (await import('./graph.ts')).graphVerb(values),
);

program.commandsGroup('With others:');
verb(
  'push [result]',
  'copy a run (default: the latest), or a stage as it is, with all that it rests on, to a remote',
  options.pushOptions,
  async (values, name: Maybe) => (await import('./push.ts')).pushVerb(values, name),
);
verb(
  'pull [result]',
  'bring a run, a tag or a stage (default: all that the plan needs) from a remote, and publish its artifacts',
  options.pullOptions,
  async (values, name: Maybe) => (await import('./pull.ts')).pullVerb(values, name, true),
);
verb(
  'fetch [result]',
  'the same into the store alone: artifacts and the latest manifest stay as they are',
  options.pullOptions,
  async (values, name: Maybe) => (await import('./pull.ts')).pullVerb(values, name, false),
);
verb(
  [
    'remote',
    new Argument('<action>', 'what').choices(['check']),
    new Argument('[name]', 'which (default: the only one)'),
  ],
  'try out whether a remote can be read and pushed to, and how fast it is; exit code 4 where it can only be read',
  {},
  async (values, action: 'check', name: Maybe) => (await import('./remote.ts')).remoteVerb(values, action, name),
);

program.commandsGroup('This machine:');
program.helpCommand('help [command]', 'what a verb does, with examples');
verb(
  'gc',
  'say what the store holds for no run that is kept, and how much; delete it with --delete',
  options.gcOptions,
  async (values) => (await import('./gc.ts')).gcVerb(values),
);
verb(
  ['completion', new Argument('<shell>', 'which').choices(['bash', 'zsh', 'fish'])],
  'print the completion script of a shell',
  {},
  async (_values, shell: 'bash' | 'zsh' | 'fish') => {
    print(...(await import('./complete.ts')).completionScripts[shell].trimEnd().split('\n'));
    return exitCode.ok;
  },
);

program
  .command('complete [words...]', { hidden: true })
  .allowUnknownOption()
  .action(async (words: string[]) => {
    print(...(await import('./complete.ts')).candidates(program, words));
  });

/** `log -f` follows, as `tail -f` does. Elsewhere, and before the name of a pipeline file, `-f` is `--file`. */
function asMeant(words: readonly string[]): string[] {
  const isFollow = (word: string, at: number) => word === '-f' && !/\.ya?ml$/.test(words[at + 1] ?? '');
  return words.map((word, at) => (words[0] === 'log' && isFollow(word, at) ? '--follow' : word));
}

/** Runs the command line; the exit code that the process should end with. */
async function main(words: readonly string[]): Promise<ExitCode> {
  try {
    await program.parseAsync(asMeant(words), { from: 'user' });
    return verdict;
  } catch (error) {
    // Commander has printed what is wrong; help and version are not errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    const [{ printError }, { InvalidFile }] = await Promise.all([
      import('./view/error-text.ts'),
      import('../project/invalid-file.ts'),
    ]);
    const { json, debug } = program.opts<options.GlobalOptions>();
    // Of `shell`, --debug asks for the debugger.
    printError(error, { json: json ?? false, debug: (debug ?? false) && program.args[0] !== 'shell' });
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
