// The options of every verb, defined once: what the command line accepts, and the type that a verb is given.
import { InvalidArgumentError, Option } from 'commander';
import { parseMemory } from '../pipeline/memory.ts';
import { pipelineFile } from '../project/places.ts';

/** An option whose value has a type. */
type Typed<Value, Presence extends 'given' | 'always' = 'given'> = Option & {
  readonly types?: readonly [Value, Presence];
};

export type Table = Readonly<Record<string, Typed<unknown, 'given' | 'always'>>>;

/** What a verb is given: the values of its options, by their names. */
export type ValuesOf<Options extends Table> = {
  readonly [Name in keyof Options as IsAlways<Options[Name]> extends true ? Name : never]: ValueOf<Options[Name]>;
} & {
  readonly [Name in keyof Options as IsAlways<Options[Name]> extends true ? never : Name]?: ValueOf<Options[Name]>;
};
type ValueOf<Each> = Each extends { readonly types?: readonly [infer Value, string] } ? Value : never;
type IsAlways<Each> = Each extends { readonly types?: readonly [unknown, 'always'] } ? true : false;

const flag = (flags: string, description: string): Typed<boolean> => new Option(flags, description);
const text = (flags: string, description: string): Typed<string> => new Option(flags, description);
const withDefault = <Value>(option: Typed<Value>, value: Value): Typed<Value, 'always'> => {
  const always: Option = option.default(value);
  return always;
};
/** An option that may be repeated. */
const texts = (flags: string, description: string): Typed<readonly string[]> =>
  new Option(flags, description).argParser((value, all: readonly string[] | undefined) => [...(all ?? []), value]);

function wholeNumber(flags: string, description: string, least = 1): Typed<number> {
  return new Option(flags, description).argParser((written) => {
    const value = Number(written);
    if (/^\d+$/.test(written) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least}.`);
  });
}

function memory(flags: string, description: string): Typed<number> {
  return new Option(flags, description).argParser((written) => {
    const bytes = parseMemory(written);
    if (bytes !== null) return bytes;
    throw new InvalidArgumentError('It must be an amount of memory such as 512MiB or 4GiB.');
  });
}

/** Of all verbs. */
export const globalOptions = {
  file: withDefault(text('-f, --file <path>', 'the pipeline file, here or in a folder above'), pipelineFile),
  json: flag('--json', 'print JSON: one object per line for run, one document for other verbs'),
  debug: flag('--debug', 'print the causes of an error with their stacks'),
};
export type GlobalOptions = ValuesOf<typeof globalOptions>;

/** Of the verbs that read the pipeline file. */
export const planOptions = {
  profile: text('-p, --profile <name>', 'a profile of the pipeline file'),
  set: texts('-s, --set <path=value>', 'change a parameter, may be repeated'),
};
export type PlanOptions = GlobalOptions & ValuesOf<typeof planOptions>;

/** Of the verbs that run stages, or say what would run. */
export const placedOptions = {
  ...planOptions,
  executor: text('--executor <name>', 'run stages on this executor of repro.config.yaml; "local" is this machine'),
};
export type PlacedOptions = GlobalOptions & ValuesOf<typeof placedOptions>;

export const statusOptions = {
  ...placedOptions,
  remote: text('--remote <name>', 'also say what would come from this remote'),
  exitCode: flag('--exit-code', 'end with 4 if a run would execute anything'),
};
export type StatusOptions = GlobalOptions & ValuesOf<typeof statusOptions>;

const cpus = { cpus: wholeNumber('--cpus <n>', 'cores that stages may occupy together') };

/** Of the verbs that run a pipeline's stages. */
const stageOptions = {
  ...placedOptions,
  ...cpus,
  jobs: wholeNumber('-j, --jobs <n>', 'stages at once, at most'),
  memory: memory('--memory <size>', "memory that stages may occupy together (default: the machine's)"),
  gpus: wholeNumber('--gpus <n>', 'GPUs to hand out to stages (default: those in CUDA_VISIBLE_DEVICES, or none)', 0),
};

export const runOptions = {
  ...stageOptions,
  failFast: flag('--fail-fast', 'after a failure start no other stage (default: go on with those that do not need it)'),
  wait: flag('--wait', 'wait for another run of this project to end'),
  report: flag('--report', 'write the HTML report after the run'),
  watch: flag('--watch', 'run again when files change, until Ctrl-C'),
  serve: flag('--serve', 'show the run in a browser of this machine, at the address that is printed'),
  quiet: flag('-q, --quiet', 'print nothing but warnings, and what is wrong'),
  strict: flag('--strict', "run Node stages under Node's permissions: an undeclared read fails the stage"),
  trace: flag('--trace', 'run stages under strace, and report what they read without declaring it'),
  system: texts('--system <path>', 'an installation whose files need no declaration, may be repeated'),
  remote: text('--remote <name>', 'ask this remote for results that are not here, before they are computed'),
  push: flag('--push', 'push what is computed to that remote, or to the only one, while the run goes on'),
  keep: flag('--keep', 'keep the directories in which stages worked, not only of those that failed'),
  force: flag('--force', 'execute the named stages, or all, although their results are known, and compare'),
};
export type RunOptions = GlobalOptions & ValuesOf<typeof runOptions>;

export const shellOptions = {
  ...placedOptions,
  debug: flag('--debug', 'start its command in its debugger instead: pdb, or node --inspect-brk'),
  keep: flag('--keep', 'keep its directory when the shell ends'),
};
export type ShellOptions = GlobalOptions & ValuesOf<typeof shellOptions>;

const { failFast, wait, remote, push } = runOptions;
export const sweepOptions = {
  ...stageOptions,
  set: texts('-s, --set <path=values>', 'values of a parameter, with commas between; may be repeated'),
  failFast,
  wait,
  remote,
  push,
};
export type SweepOptions = GlobalOptions & ValuesOf<typeof sweepOptions>;

/** Of the verbs that move results. */
export const pullOptions = {
  ...placedOptions,
  remote: text('--remote <name>', 'which remote of repro.config.yaml (default: the only one)'),
};
export type PullOptions = GlobalOptions & ValuesOf<typeof pullOptions>;

export const pushOptions = {
  ...pullOptions,
  force: flag('--force', 'send also what is there already, in its place'),
};
export type PushOptions = GlobalOptions & ValuesOf<typeof pushOptions>;

export const auditOptions = {
  ...stageOptions,
  runs: withDefault(wholeNumber('--runs <n>', 'how often again'), 1),
  wait: flag('--wait', 'wait for another run of this project to end'),
};
export type AuditOptions = GlobalOptions & ValuesOf<typeof auditOptions>;

const profileOfLatest = text('-p, --profile <name>', 'of the runs meant by "latest" and "previous" (default: any)');

export const numberFormats = ['csv', 'json', 'markdown', 'parquet'] as const;
const numberFormat: Typed<(typeof numberFormats)[number]> = new Option(
  '--format <format>',
  'a row for each number, with axes and what was set as columns',
);

export const numbersOptions = {
  profile: profileOfLatest,
  format: numberFormat.choices(numberFormats),
  by: text('--by <columns>', 'mean ± standard deviation of the numbers that agree in these axes, such as set,model'),
  output: text('-o, --output <path>', 'where to write what --format asks for (default: it is printed)'),
};
export type NumbersOptions = GlobalOptions & ValuesOf<typeof numbersOptions>;

export const historyOptions = {
  profile: text('-p, --profile <name>', 'of which runs (default: the default profile)'),
  all: flag('--all', 'runs with --set and of every profile, too'),
  csv: flag('--csv', 'print it as CSV, a row for each run'),
};
export type HistoryOptions = GlobalOptions & ValuesOf<typeof historyOptions>;

const diffFormats = ['text', 'markdown'] as const;
const diffFormat: Typed<(typeof diffFormats)[number]> = new Option('--format <format>', 'how to write it');

export const diffOptions = {
  profile: text('-p, --profile <name>', 'of the runs meant by "latest", "previous" and git revisions'),
  format: withDefault(diffFormat.choices(diffFormats), 'text'),
  attribute: flag('--attribute', 'run again with one change at a time, and say how much of each move it explains'),
  ...cpus,
};
export type DiffOptions = GlobalOptions & ValuesOf<typeof diffOptions>;

export const gateOptions = {
  profile: diffOptions.profile,
  junit: text('--junit <file>', 'write the verdicts as JUnit XML'),
  summary: text(
    '--summary <file>',
    'add a Markdown table to this file (default: $GITHUB_STEP_SUMMARY, where it is set)',
  ),
  selfTest: flag('--self-test', 'alter the numbers beyond each limit instead: every gate must be able to fail'),
};
export type GateOptions = GlobalOptions & ValuesOf<typeof gateOptions>;

export const verifyOptions = {
  recompute: wholeNumber('--recompute <k>', 'also execute k of its stages again, and compare their numbers'),
  seed: wholeNumber('--seed <n>', 'choose the stages that this seed chose before'),
  ...cpus,
  key: text('--key <file>', 'also check the signed statements of repro export in-toto against this public key (PEM)'),
  attestations: text('--attestations <file>', 'where they are (default: artifacts/provenance.intoto.jsonl)'),
  output: text('-o, --output <path>', 'write a report for an artifact evaluation, in Markdown'),
};
export type VerifyOptions = GlobalOptions & ValuesOf<typeof verifyOptions>;

export const reportOptions = {
  profile: diffOptions.profile,
  attribute: flag('--attribute', 'of several runs: run again with one change at a time, as diff --attribute does'),
  ...cpus,
  history: flag('--history', 'all runs that are kept, and their numbers and gates over time'),
  output: text(
    '-o, --output <path>',
    'where to write it (default: artifacts/report.html; of several runs artifacts/comparison.html; with --history artifacts/history.html)',
  ),
};
export type ReportOptions = GlobalOptions & ValuesOf<typeof reportOptions>;

export const exportModelOptions = { output: text('-o, --output <folder>', 'where to (default: models/STAGE)') };
export type ExportModelOptions = GlobalOptions & ValuesOf<typeof exportModelOptions>;

export const figureOptions = {
  output: text('-o, --output <path>', 'where to write it (default: artifacts/figures/ADDRESS.svg, of an image .png)'),
};
export type FigureOptions = GlobalOptions & ValuesOf<typeof figureOptions>;

export const citeOptions = {
  fill: text('--fill <template>', 'fill the placeholders of this text, such as {{stage.name | mean ± sd}}'),
  output: text(
    '-o, --output <path>',
    'where to write (default: artifacts/numbers.tex and .json; a filled text is printed)',
  ),
  manifest: texts('-m, --manifest <name=manifest>', 'what {{name:stage.name}} quotes, may be repeated'),
};
export type CiteOptions = GlobalOptions & ValuesOf<typeof citeOptions>;

export const graphFormats = ['text', 'dot', 'mermaid', 'svg'] as const;
const format: Typed<(typeof graphFormats)[number]> = new Option('--format <format>', 'how to draw it');

export const graphOptions = {
  ...planOptions,
  format: withDefault(format.choices(graphFormats), 'text'),
  cells: flag('--cells', 'a node for each cell of a matrix, not for each stage'),
  output: text('-o, --output <path>', 'where to write it (default: it is printed)'),
};
export type GraphOptions = GlobalOptions & ValuesOf<typeof graphOptions>;

export const initOptions = { python: flag('--python', 'stages in Python, with the kit for them beside') };
export type InitOptions = GlobalOptions & ValuesOf<typeof initOptions>;

export const logOptions = { follow: flag('-F, --follow', 'go on while the stage runs; also -f') };
export type LogOptions = GlobalOptions & ValuesOf<typeof logOptions>;

export const tagOptions = { delete: flag('--delete', 'delete the name, not the run') };
export type TagOptions = GlobalOptions & ValuesOf<typeof tagOptions>;

export const lintPaperOptions = { integers: flag('--integers', 'check whole numbers too') };
export type LintPaperOptions = GlobalOptions & ValuesOf<typeof lintPaperOptions>;

export const exportFormats = ['ro-crate', 'in-toto', 'mlflow', 'tensorboard', 'curves'] as const;
export const exportOptions = {
  output: text(
    '-o, --output <path>',
    'where to write it (default: ro-crate-metadata.json, artifacts/provenance.intoto.jsonl, mlruns/, tensorboard/, artifacts/curves.csv)',
  ),
  key: text('--key <file>', 'in-toto: sign each statement with this private ed25519 key (PEM)'),
  license: text('--license <url>', 'ro-crate: the license of the data (default: that of package.json)'),
};
export type ExportOptions = GlobalOptions & ValuesOf<typeof exportOptions>;

export const gcOptions = {
  keep: wholeNumber('--keep <n>', 'keep only the latest runs, this many, and tagged ones'),
  olderThan: wholeNumber('--older-than <days>', 'give up runs older than this, unless tagged'),
  secrets: flag('--secrets', 'only what earlier versions wrote with values of environment variables in clear'),
  delete: flag('--delete', 'delete it'),
  wait: flag('--wait', 'wait for a run of this project to end'),
  remote: text('--remote <name>', 'what this remote holds, not the store'),
  grace: wholeNumber('--grace <days>', 'of a remote, keep what is younger, whoever put it (default: 7)', 0),
};
export type GcOptions = GlobalOptions & ValuesOf<typeof gcOptions>;
