// `npm run bench scale`: what the paper's CIFAR-10 U-Net costs here, and a batch of 128 that is run in parts. It has no
// peer: the question is whether it fits and how long it takes.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tableLines } from '../src/cli/view/table.ts';
import { load, revision, thisMachine, type Machine } from './machine.ts';
import type { Table } from './tensor-table.ts';

export interface ScaleCase {
  readonly model: 'cdm' | 'ddm';
  readonly batch: number;
  /** In how many parts the batch is run. */
  readonly accumulate: number;
}

/** Seconds, megabytes resident at most, and the loss of the last step. */
export interface ScaleStep {
  readonly parameters: number;
  /** Of the traced graph. */
  readonly nodes: number;
  readonly traceS: number;
  /** The blocked layout, the ONNX model and its session. */
  readonly sessionS: number;
  /** The fastest of three steps, the only one where it is run in parts. */
  readonly stepS: number;
  readonly peakMb: number;
  readonly loss: number;
}

export interface ScaleResults {
  readonly machine: Machine;
  readonly network: string;
  readonly threads: number;
  /** Load average before, and the commit. */
  readonly load: number;
  readonly revision: string;
  readonly cases: readonly (ScaleCase & ScaleStep)[];
}

const cases: readonly ScaleCase[] = [
  { model: 'ddm', batch: 4, accumulate: 1 },
  { model: 'cdm', batch: 4, accumulate: 1 },
  { model: 'cdm', batch: 8, accumulate: 1 },
  { model: 'cdm', batch: 128, accumulate: 32 },
];
const network =
  'CIFAR-10 U-Net of DDPM: 32x32x3, 128 channels, mult 1, 2, 2, 2, 2 blocks, attention at 16x16, dropout 0.1, T = 1000';

const kept = fileURLToPath(new URL('results/scale.json', import.meta.url));
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Measures every case in a process of its own, prints a table and writes bench/results/scale.json. */
export async function benchScale(): Promise<void> {
  const threads = availableParallelism();
  const before = { load: load(), revision: revision() };
  console.log(`${network}; ${threads} threads, load ${before.load}\n`);
  const measured: (ScaleCase & ScaleStep)[] = [];
  for (const entry of cases) {
    const words = ['--import', 'tsx', path('scale-step.ts'), JSON.stringify({ ...entry, threads })];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    const step = JSON.parse(stdout) as ScaleStep;
    if (!Number.isFinite(step.loss)) throw new Error(`The ${entry.model}'s step at batch ${entry.batch} computed ${step.loss}`); // prettier-ignore
    measured.push({ ...entry, ...rounded(step) });
  }
  const { titles, rows } = scaleTable(measured);
  console.log(tableLines(titles.map((title, i) => ({ title, align: i === 0 ? ('left' as const) : ('right' as const) })), rows, Infinity).join('\n')); // prettier-ignore
  const results: ScaleResults = { machine: thisMachine(), network, threads, ...before, cases: measured };
  mkdirSync(path('results'), { recursive: true });
  writeFileSync(kept, JSON.stringify(results, undefined, 2) + '\n');
}

const rounded = (step: ScaleStep): ScaleStep =>
  Object.fromEntries(
    Object.entries(step).map(([name, value]: [string, number]) => [name, Number.isInteger(value) ? value : Number(value.toPrecision(4))]), // prettier-ignore
  ) as unknown as ScaleStep;

/** One row a case. */
export function scaleTable(measured: readonly (ScaleCase & ScaleStep)[]): Table {
  const seconds = (value: number): string => value.toPrecision(3);
  return {
    titles: ['Model', 'Batch', 'Parts', 'Parameters', 'Nodes', 'Trace, s', 'Session, s', 'Step, s', 'Peak, MB', 'Loss'],
    rows: measured.map(({ model, batch, accumulate, parameters, nodes, traceS, sessionS, stepS, peakMb, loss }) => [
      model.toUpperCase(),
      ...[batch, accumulate].map(String),
      ...[parameters, nodes].map((value) => value.toLocaleString('en')),
      ...[traceS, sessionS, stepS].map(seconds),
      Math.round(peakMb).toLocaleString('en'),
      String(loss),
    ]),
  };
}

/** What was measured last, or undefined. */
export function readScale(): ScaleResults | undefined {
  return existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as ScaleResults) : undefined;
}
