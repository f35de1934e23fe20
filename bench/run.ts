// `npm run bench [subject]`: measures us against a peer in the same run, and keeps the result in bench/results.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { tableLines } from '../src/cli/view/table.ts';
import { resultsMarkdown, writeDocs } from './docs.ts';
import type { BackendName } from '../src/tensor/backend.ts';
import { checkedSubjects, type Subject, worseTable } from './check.ts';
import { checkRatios } from './check-run.ts';
import { busyText, load, resultsFile } from './machine.ts';
import { benchRunner, readRunner } from './runner.ts';
import { runnerTable } from './runner-table.ts';
import { benchRemote, readRemote } from './remote.ts';
import { remoteTables } from './remote-table.ts';
import { benchSlurm, readSlurm, slurmTable } from './slurm.ts';
import { benchScale, readScale, scaleTable } from './scale.ts';
import type { TensorCase } from './tensor-cases.ts';
import { profile } from './tensor-profile.ts';
import { tablesOf, type Table } from './tensor-table.ts';
import { measure, selectCases, tensorMachine, type TensorResult, type TensorResults } from './tensor.ts';

interface Options {
  readonly only: readonly string[];
  readonly rounds: number;
  readonly force: boolean;
  readonly python: string;
  readonly profile: boolean;
  readonly shapes: boolean;
  readonly backend: BackendName;
  readonly sizes: readonly number[];
  readonly peers: readonly string[];
  readonly cold: boolean;
  readonly limit: number;
  readonly prepare: number;
  readonly results: number;
  readonly megabytes: number;
}

const USAGE = `npm run bench [tensor | scale | gpu | runner | remote | slurm | large | start | terminal] -- [options]
  tensor         ours over PyTorch on the CPU, case by case
  scale          what the paper's CIFAR-10 U-Net costs here
  gpu            the U-Net's step on a GPU, ours over PyTorch on the same card
  runner         the built command beside ninja, make, Snakemake, wireit and turbo on one graph
  remote         push, fetch and a no-op with nginx and Ceph beside rclone and aws s3 sync
  slurm          stages as jobs beside sbatch, an array and Snakemake
  large          large files, many files, logs and numbers beside cp and sha256sum
  start          repro --version beside Node with nothing to do
  terminal       200 known cells in a terminal beside a pipe
  --only NAME    only the cases whose name contains NAME (of runner: is NAME); may be given several times
  --rounds N     rounds of each side (default 15, of runner 5, of remote, slurm and large 3, of start and terminal 20); with fewer than 5 (3) nothing is kept
  --force        measure on a busy machine as well
  --profile      where the time of ours goes instead, by operation; with --shapes by the shapes of results too
  --python PATH  an interpreter that has torch (default /usr/bin/python3)
  --backend NAME of gpu: webgpu, cuda or auto (the default)
  --sizes N,…    of runner: numbers of stages (default 100,1000,10000); of slurm (default 61,1000)
  --peers NAME,… of runner: only these peers
  --no-cold      of runner: no cases of runs that execute everything
  --limit S      of runner: seconds that a tool may take in a case (default 60)
  --prepare S    of runner: seconds for the run before a no-op or a change (default 180)
  --results N    of remote: results of the run with many (default 1000)
  --megabytes N  of remote: of the one large output (default 1000); of large: of its smaller files (default 250)
npm run bench -- --check [tensor | runner | remote | slurm] [options]
  measures (tensor and runner, unless told) and fails where a ratio is worse than the one kept; keeps nothing
  --measured DIR results that are measured already, instead
npm run bench -- --docs
  writes the kept results into docs/benchmarks.md`;
/** Rounds by default. */
const ROUNDS: Readonly<Record<string, number>> = { runner: 5, remote: 3, slurm: 3, large: 3, start: 20, terminal: 20 };
const ROUNDS_OF_OTHERS = 15;
const SIZES: Readonly<Record<string, string>> = { runner: '100,1000,10000', slurm: '61,1000' };
const MEGABYTES: Readonly<Record<string, string>> = { large: '250', remote: '1000' };
const ROUNDS_TO_KEEP = 5;

const subjects: Readonly<Record<string, (options: Options) => Promise<void>>> = {
  tensor: benchTensor,
  scale: benchScale,
  gpu: async (options) => (await import('./gpu.ts')).benchGpu(options),
  runner: async (options) => benchRunner(options, (result) => console.log(`${tableText(runnerTable([result]))}\n`)),
  remote: async (options) => {
    const show = (table: Table): void => console.log(`${tableText(table)}\n`);
    await benchRemote(options, (result) => remoteTables([result]).forEach(show));
  },
  slurm: async (options) => benchSlurm(options, (result) => console.log(`${tableText(slurmTable([result]))}\n`)),
  large: async ({ rounds, megabytes }) =>
    (await import('./large.ts')).benchLarge(rounds, megabytes, (table) => console.log(tableText(table))),
  start: async ({ rounds }) => (await import('./start.ts')).benchStart(rounds),
  terminal: async ({ rounds }) => (await import('./terminal.ts')).benchTerminal(rounds),
};

const results = resultsFile('tensor');

async function benchTensor(options: Options): Promise<void> {
  const selected = selectCases(options.only);
  if (options.profile) return profileTensor(selected, options.shapes);
  const machine = await tensorMachine(options.python);
  console.log(`${machine.cpu}, ${machine.cores} cores; load ${load()}; PyTorch ${machine.versions['torch']}\n`);
  const busy = busyText();
  if (busy !== undefined && !options.force) throw new Error(`${busy}, or measure nevertheless with --force`);
  if (busy !== undefined) console.log(`Warning: ${busy}\n`);

  const measured: TensorResult[] = [];
  for (const entry of selected) {
    const result = await measure(entry, options.rounds, options.python);
    measured.push(result);
    const { title, oursMs, peerMs, ratio, ratioInterval, parameters, gflop } = result;
    console.log(`${title}: ${parameters} parameters and ${gflop} GFLOP on both sides`);
    console.log(`  ours ${oursMs} ms, PyTorch ${peerMs} ms, ratio ${ratio} (${ratioInterval.join('-')})`);
    if (options.rounds >= ROUNDS_TO_KEEP) keep({ machine, cases: [result] });
  }
  for (const table of tablesOf(measured)) console.log(`\n${tableText(table)}`);
  if (options.rounds < ROUNDS_TO_KEEP) console.log(`\nNot kept: ${options.rounds} rounds are too few`);
}

async function profileTensor(cases: readonly TensorCase[], shapes: boolean): Promise<void> {
  for (const entry of cases) console.log(`${entry.title}\n${tableText(await profile(entry, shapes))}\n`);
}

/** Adds cases to the kept ones, or starts anew where those are of another machine or other versions. */
function keep({ machine, cases }: TensorResults): void {
  const old = read();
  const kept = old !== undefined && isDeepStrictEqual(old.machine, machine) ? old.cases : [];
  const all = [...kept.filter((result) => !cases.some((next) => next.case === result.case)), ...cases];
  const ordered = selectCases([]).flatMap(({ name }) => all.filter((result) => result.case === name));
  mkdirSync(dirname(results), { recursive: true });
  writeFileSync(results, JSON.stringify({ machine, cases: ordered }, undefined, 2) + '\n');
}

function read(): TensorResults | undefined {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as TensorResults;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function tableText({ titles, rows }: Table): string {
  const columns = titles.map((title, i) => ({ title, align: i === 0 ? ('left' as const) : ('right' as const) }));
  return tableLines(columns, rows, Infinity).join('\n');
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

async function main(): Promise<void> {
  const { values, positionals, tokens } = parseArgs({
    allowPositionals: true,
    tokens: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      force: { type: 'boolean', default: false },
      python: { type: 'string', default: '/usr/bin/python3' },
      profile: { type: 'boolean', default: false },
      shapes: { type: 'boolean', default: false },
      backend: { type: 'string', default: 'auto' },
      sizes: { type: 'string' },
      peers: { type: 'string' },
      'no-cold': { type: 'boolean', default: false },
      limit: { type: 'string', default: '60' },
      prepare: { type: 'string', default: '180' },
      results: { type: 'string', default: '1000' },
      megabytes: { type: 'string' },
      check: { type: 'boolean', default: false },
      measured: { type: 'string' },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.docs) return docs();
  if (values.check) {
    const own = tokens.filter((token) => token.kind === 'positional' || (token.kind === 'option' && token.name === 'check')); // prettier-ignore
    const words = process.argv.slice(2).filter((_, index) => own.every((token) => token.index !== index));
    return check(positionals.length > 0 ? positionals : ['tensor', 'runner'], words, values.measured);
  }
  const options = {
    ...values,
    backend: values.backend as BackendName,
    peers: values.peers?.split(',') ?? [],
    cold: !values['no-cold'],
    limit: positive('limit', values.limit),
    prepare: positive('prepare', values.prepare),
    results: positive('results', values.results),
  };
  for (const name of positionals.length > 0 ? positionals : ['tensor']) {
    const subject = subjects[name];
    if (subject === undefined) throw new Error(`No subject "${name}": there is ${Object.keys(subjects).join(', ')}`);
    const rounds = values.rounds === undefined ? (ROUNDS[name] ?? ROUNDS_OF_OTHERS) : positive('rounds', values.rounds);
    const megabytes = positive('megabytes', values.megabytes ?? MEGABYTES[name] ?? '1');
    const sizes = (values.sizes ?? SIZES[name] ?? '').split(',').filter(Boolean);
    await subject({ ...options, rounds, megabytes, sizes: sizes.map((size) => positive('sizes', size)) });
  }
}

/** Fails, with a table, where a ratio is worse than the one that is kept. */
async function check(names: readonly string[], words: readonly string[], folder: string | undefined): Promise<void> {
  const unknown = names.find((name) => !checkedSubjects.includes(name as Subject));
  if (unknown !== undefined) throw new Error(`Nothing of "${unknown}" is a ratio: check ${checkedSubjects.join(', ')}`);
  const { compared, worse, unmeasured } = await checkRatios(names as Subject[], words, folder);
  const missing = unmeasured.map(({ subject, case: name, peer }) => `${subject} ${name} beside ${peer}`);
  if (missing.length > 0) console.log(`\nKept and not measured: ${missing.join('; ')}`);
  if (compared === 0)
    throw new Error('Nothing to compare: no case that is kept was measured, with rounds enough to keep');
  console.log(`\n${compared} ratios compared, ${worse.length} worse`);
  if (worse.length === 0) return;
  console.log(tableText(worseTable(worse)));
  process.exitCode = 1;
}

/** Writes whatever was measured into the page. */
function docs(): void {
  const [tensor, scale, runner, remote] = [read(), readScale(), readRunner(), readRemote()];
  const slurm = readSlurm();
  if ([tensor, scale, runner, remote, slurm].every((each) => each === undefined))
    throw new Error('Nothing measured yet: run "npm run bench tensor" first');
  const page = path('../docs/benchmarks.md');
  if (tensor) writeDocs(page, 'tensor', resultsMarkdown(tensor.machine, tablesOf(tensor.cases)));
  if (scale) writeDocs(page, 'scale', resultsMarkdown(scale.machine, [scaleTable(scale.cases)], scale.revision));
  if (runner) writeDocs(page, 'runner', resultsMarkdown(runner.machine, [runnerTable(runner.cases)], runner.commit));
  if (slurm) writeDocs(page, 'slurm', resultsMarkdown(slurm.machine, [slurmTable(slurm.cases)], slurm.commit));
  if (remote) writeDocs(page, 'remote', resultsMarkdown(remote.machine, remoteTables(remote.cases), remote.commit));
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${option} must be a positive integer, got ${text}`);
  return value;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
