// `npm run bench tensor`: ours over PyTorch, case by case. Rounds of the two sides take turns, so that whatever else the
// machine does meets both; each side runs with the number of threads that suits it best.
import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { openBackend } from '../src/tensor/backend.ts';
import { load, revision, thisMachine, type Machine } from './machine.ts';
import { median, medianRatio } from './ratio.ts';
import { forwardPasses, resolveCase, tensorCases, type ResolvedCase, type TensorCase } from './tensor-cases.ts';
import type { Missing, Opened, OpenedOurs, Request, Round } from './tensor-ours.ts';
import { Worker } from './worker.ts';

export interface TensorResult {
  readonly case: string;
  readonly title: string;
  /** Milliseconds of an iteration, medians over the rounds. */
  readonly oursMs: number;
  readonly peerMs: number;
  readonly ratio: number;
  /** 95%, bootstrap over rounds. */
  readonly ratioInterval: readonly [number, number];
  readonly target: number;
  readonly rounds: number;
  /** Iterations of a round. */
  readonly iterations: number;
  readonly parameters: number;
  /** Floating point operations of an iteration, by `forwardPasses`. */
  readonly gflop: number;
  /** GFLOP/s of a large matrix product on all cores, just before: the machine's limit. Older results have none. */
  readonly limitGflops?: number;
  readonly oursThreads: number;
  readonly peerThreads: number;
  readonly oursPeakMb: number | null;
  readonly peerPeakMb: number | null;
  readonly traceMs: number;
  readonly sessionMs: number;
  readonly noiseMs: number;
  /** tfjs's WebAssembly backend, or the kernel that it lacks. */
  readonly wasmMs: number | null;
  readonly wasmMissing: string | null;
  /** The load average before the case, and the commit it measured. */
  readonly load: number;
  readonly revision: string;
}

export interface TensorResults {
  readonly machine: Machine & { readonly versions: Readonly<Record<string, string>> };
  readonly cases: readonly TensorResult[];
}

interface Side {
  readonly name: string;
  start(threads: number): Worker;
}

/** Rounds that choose the number of threads; the fastest of them counts. */
const TRIAL_ROUNDS = 3;
const WASM_ROUNDS = 3;
const WASM_SHARE = 10;
/** Relative. Float32 sums in another order, three steps through a gradient's gradient. */
const TOLERANCE = 1e-4;
/** Until the threads of the side that just ran have stopped spinning. */
const SETTLE_MS = 50;
/** Rows and columns of the matrices whose product says what the machine can do. */
const PRODUCT = 2048;

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const ours: Side = {
  name: 'ours',
  start: () => new Worker(process.execPath, ['--import', 'tsx', path('tensor-ours.ts')]),
};
const pytorch = (python: string): Side => ({
  name: 'PyTorch',
  start(threads) {
    // OpenBLAS knows best which of its kernels suits the processor.
    const environment = {
      OMP_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
      OPENBLAS_CORETYPE: undefined,
      OPENBLAS_L2_SIZE: undefined,
    };
    return new Worker(python, [path('peers/torch_step.py')], environment);
  },
});

export async function tensorMachine(python: string): Promise<TensorResults['machine']> {
  const { versions } = await openBackend('cpu', { threads: 1 });
  return { ...thisMachine(), versions: { ...versions, ...torchVersions(python) } };
}

/** The cases whose names contain one of `names`, or all without any. Throws an Error for a name that no case contains. */
export function selectCases(names: readonly string[]): readonly TensorCase[] {
  for (const name of names) {
    if (tensorCases.some((entry) => entry.name.includes(name))) continue;
    throw new Error(`No case "${name}": the cases are ${tensorCases.map((entry) => entry.name).join(', ')}`);
  }
  return tensorCases.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
}

/** Measures one case in `rounds` rounds of each side. Throws an Error when the sides do not compute the same. */
export async function measure(entry: TensorCase, rounds: number, python: string): Promise<TensorResult> {
  const resolved = resolveCase(entry);
  const before = { load: load(), revision: revision() };
  const peer = pytorch(python);
  const limitGflops = rounded(await productGflops(peer));
  const oursThreads = await bestThreads(ours, resolved);
  const peerThreads = await bestThreads(peer, resolved);

  await using a = ours.start(oursThreads);
  await using b = peer.start(peerThreads);
  const openedOurs = await open<OpenedOurs>(a, resolved, oursThreads);
  const openedPeer = await open<Opened>(b, resolved, peerThreads);
  checkEqual(entry.name, openedOurs, openedPeer);

  await runRound(a, entry);
  await runRound(b, entry);
  const oursMs: number[] = [];
  const peerMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    oursMs.push(await runRound(a, entry));
    peerMs.push(await runRound(b, entry));
  }
  const { ratio, interval } = medianRatio(oursMs, peerMs);
  return {
    case: entry.name,
    title: entry.title,
    oursMs: rounded(median(oursMs)),
    peerMs: rounded(median(peerMs)),
    ratio: rounded(ratio),
    ratioInterval: [rounded(interval[0]), rounded(interval[1])],
    target: entry.target,
    rounds,
    iterations: entry.iterations,
    parameters: openedOurs.parameters,
    gflop: rounded((openedOurs.forwardFlops * forwardPasses(entry)) / 1e9),
    limitGflops,
    oursThreads,
    peerThreads,
    oursPeakMb: megabytes(a.peakBytes()),
    peerPeakMb: megabytes(b.peakBytes()),
    traceMs: rounded(openedOurs.traceMs),
    sessionMs: rounded(openedOurs.sessionMs),
    noiseMs: rounded(openedOurs.noiseMs),
    ...(await measureWasm(resolved, openedOurs)),
    ...before,
  };
}

/** tfjs on WebAssembly: the median of a few rounds, shorter ones, as it takes its time. */
async function measureWasm(entry: ResolvedCase, opened: Opened): Promise<Pick<TensorResult, 'wasmMs' | 'wasmMissing'>> {
  await using worker = ours.start(1);
  const answer = await worker.ask<Opened | Missing>({ open: entry, threads: 1, backend: 'wasm' } satisfies Request);
  if ('missing' in answer) return { wasmMs: null, wasmMissing: answer.missing };
  // The first value only: Adam's first steps make as much of a rounding of a small gradient as of the gradient.
  const first = ({ values, ...rest }: Opened): Opened => ({ ...rest, values: values.slice(0, 1) });
  checkEqual(entry.name, first(opened), first(answer), 'tfjs wasm');
  const times: number[] = [];
  const short = { ...entry, iterations: Math.ceil(entry.iterations / WASM_SHARE) };
  for (let round = 0; round < WASM_ROUNDS; round++) times.push(await runRound(worker, short));
  return { wasmMs: rounded(median(times)), wasmMissing: null };
}

/** What a large matrix product reaches on all cores, in OpenBLAS or whatever torch multiplies with. */
async function productGflops(peer: Side): Promise<number> {
  const threads = availableParallelism();
  await using worker = peer.start(threads);
  const { ms } = await worker.ask<Pick<Round, 'ms'>>({ product: PRODUCT, threads });
  return (2 * PRODUCT ** 3) / ms / 1e6;
}

/** 1, 2, 4, … up to the cores: the number with which the fastest of a few rounds is fastest. */
async function bestThreads(side: Side, entry: ResolvedCase): Promise<number> {
  const times: { threads: number; ms: number }[] = [];
  for (let threads = 1; threads <= availableParallelism(); threads *= 2) {
    await using worker = side.start(threads);
    await open(worker, entry, threads);
    const trials: number[] = [];
    for (let round = 0; round < TRIAL_ROUNDS; round++) trials.push(await runRound(worker, entry));
    times.push({ threads, ms: Math.min(...trials) });
  }
  return times.reduce((best, next) => (next.ms < best.ms ? next : best)).threads;
}

const open = <Answer extends Opened>(worker: Worker, entry: ResolvedCase, threads: number): Promise<Answer> =>
  worker.ask<Answer>({ open: entry, threads } satisfies Request);

/** Milliseconds of an iteration. */
async function runRound(worker: Worker, { name, iterations }: TensorCase): Promise<number> {
  await wait(SETTLE_MS);
  const { ms, value } = await worker.ask<Round>({ round: iterations } satisfies Request);
  if (!Number.isFinite(value)) throw new Error(`Case ${name} computed ${value}`);
  return ms / iterations;
}

/** Both sides must have as many parameters, compute as much, and compute the same values from the same numbers. */
function checkEqual(name: string, a: Opened, b: Opened, peer = 'PyTorch'): void {
  const problem =
    a.parameters !== b.parameters
      ? `parameters: ${a.parameters} here, ${b.parameters} in ${peer}`
      : a.forwardFlops !== b.forwardFlops
        ? `operations of a forward pass: ${a.forwardFlops} here, ${b.forwardFlops} in ${peer}`
        : a.values.some((value, i) => !(Math.abs(value - b.values[i]!) <= TOLERANCE * Math.abs(value)))
          ? `values: ${a.values.join(', ')} here, ${b.values.join(', ')} in ${peer}`
          : undefined;
  if (problem !== undefined) throw new Error(`The two sides of case ${name} differ in ${problem}`);
}

function torchVersions(python: string): Record<string, string> {
  const program = `import ctypes, json, platform, re, torch
torch.ones(9, 9) @ torch.ones(9, 9)
blas = "unknown"
for path in set(re.findall(r"/\\S*blas\\S*", open("/proc/self/maps").read()) if platform.system() == "Linux" else []):
    try: config = ctypes.CDLL(path).openblas_get_config
    except (OSError, AttributeError): continue
    config.restype = ctypes.c_char_p
    blas = config().decode()
print(json.dumps({"torch": torch.__version__, "blas": blas, "oneDNN": str(torch.backends.mkldnn.is_available()), "python": platform.python_version()}))`;
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...env } = process.env;
  try {
    const text = execFileSync(python, ['-c', program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env });
    return JSON.parse(text) as Record<string, string>;
  } catch (cause) {
    throw new Error(
      `Cannot import torch in ${python}, the peer of this bench: install it with "apt-get install python3-torch libopenblas0-pthread", or name another interpreter with --python`,
      { cause },
    );
  }
}

const megabytes = (bytes: number | undefined): number | null =>
  bytes === undefined ? null : Math.round(bytes / 2 ** 20);

/** Four digits: more are noise. */
const rounded = (value: number): number => Number(value.toPrecision(4));
