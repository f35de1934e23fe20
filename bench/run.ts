// `npm run bench [subject]`: measures us against a peer in the same run, and keeps the result in bench/results.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { tableLines } from '../src/cli/table.ts';
import { writeDocs } from './docs.ts';
import type { BackendName } from '../src/tensor/backend.ts';
import { busyText, load } from './machine.ts';
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
}

const USAGE = `npm run bench [tensor | scale | gpu] -- [options]
  tensor         ours over PyTorch on the CPU, case by case
  scale          what the paper's CIFAR-10 U-Net costs here
  gpu            the U-Net's step on a GPU, ours over PyTorch on the same card
  --only NAME    only the cases whose name contains NAME; may be given several times
  --rounds N     rounds of each side (default 15); with fewer than 5 nothing is kept
  --force        measure on a busy machine as well
  --profile      where the time of ours goes instead, by operation; with --shapes by the shapes of results too
  --python PATH  an interpreter that has torch (default /usr/bin/python3)
  --backend NAME of gpu: webgpu, cuda or auto (the default)
npm run bench -- --docs
  writes the kept results into docs/benchmarks.md`;
const ROUNDS = 15;
const ROUNDS_TO_KEEP = 5;

const subjects: Readonly<Record<string, (options: Options) => Promise<void>>> = {
  tensor: benchTensor,
  scale: async () => (await import('./scale.ts')).benchScale(),
  gpu: async (options) => (await import('./gpu.ts')).benchGpu(options),
};

const results = path('results/tensor.json');

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
  mkdirSync(path('results'), { recursive: true });
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
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: String(ROUNDS) },
      force: { type: 'boolean', default: false },
      python: { type: 'string', default: '/usr/bin/python3' },
      profile: { type: 'boolean', default: false },
      shapes: { type: 'boolean', default: false },
      backend: { type: 'string', default: 'auto' },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.docs) {
    const kept = read();
    if (kept === undefined) throw new Error(`Nothing measured yet: run "npm run bench tensor" first`);
    return writeDocs(path('../docs/benchmarks.md'), kept);
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be a positive integer, got ${values.rounds}`);
  for (const name of positionals.length > 0 ? positionals : ['tensor']) {
    const subject = subjects[name];
    if (subject === undefined) throw new Error(`No subject "${name}": there is ${Object.keys(subjects).join(', ')}`);
    await subject({ ...values, backend: values.backend as BackendName, rounds });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
