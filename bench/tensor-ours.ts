// Our side of `npm run bench tensor`, a process of its own so that its memory is its own. It answers the requests that
// peers/torch_step.py describes, and tells beside that how long tracing, building the session and drawing noise take.
// Asked for the backend "wasm" it runs the same programs eagerly on tfjs's WebAssembly backend.
import { createInterface } from 'node:readline';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { openBackend, type BackendName } from '../src/tensor/backend.ts';
import { EagerProgram } from '../src/tensor/eager.ts';
import { sizeOf } from '../src/tensor/graph.ts';
import { normals } from '../src/tensor/random.ts';
import { loadRuntime } from '../src/tensor/session.ts';
import { tf } from '../src/tensor/tf.ts';
import { trace } from '../src/tensor/trace.ts';
import { flopsOf } from '../src/tensor/flops.ts';
import { median } from './ratio.ts';
import { sampleShape, type ResolvedCase } from './tensor-cases.ts';
import { benchOf, type Bench } from './tensor-program.ts';

export interface Opened {
  readonly parameters: number;
  readonly forwardFlops: number;
  readonly values: readonly number[];
}
export interface OpenedOurs extends Opened {
  readonly traceMs: number;
  readonly sessionMs: number;
  /** Drawing the noise of a training step. */
  readonly noiseMs: number;
}
export interface Round {
  readonly ms: number;
  /** What the last iteration computed. */
  readonly value: number;
}
/** The kernel that keeps tfjs's WebAssembly backend from running a case. */
export interface Missing {
  readonly missing: string;
}
export type Request =
  { readonly open: ResolvedCase; readonly threads: number; readonly backend?: 'wasm' } | { readonly round: number };

let running: ReturnType<Bench['start']>;

async function open(entry: ResolvedCase, threads: number): Promise<OpenedOurs> {
  const bench = benchOf(entry);
  const backend = await openBackend((process.env['BENCH_BACKEND'] ?? 'cpu') as BackendName, { threads });

  // Compiling is tracing and building sessions: the second part is what passes in here.
  const { InferenceSession } = await loadRuntime();
  const create = InferenceSession.create.bind(InferenceSession) as (...options: unknown[]) => Promise<never>;
  let sessionMs = 0;
  Object.assign(InferenceSession, {
    create: async (...options: unknown[]) => {
      const start = performance.now();
      const session = await create(...options);
      sessionMs += performance.now() - start;
      return session;
    },
  });
  const start = performance.now();
  const program = await backend.compile(bench.definition);
  const traceMs = performance.now() - start - sessionMs;

  running = bench.start(program);
  return {
    ...countsOf(bench),
    values: await running.values(),
    traceMs,
    sessionMs,
    noiseMs: noiseMs(entry.batch * dimOf(sampleShape(entry.network))),
  };
}

async function openWasm(entry: ResolvedCase): Promise<Opened | Missing> {
  await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  // Its OneHot (4.22) writes integers whatever type it is asked for: cast them.
  const oneHot = tf.getKernel('OneHot', 'wasm');
  tf.unregisterKernel('OneHot', 'wasm');
  tf.registerKernel({
    ...oneHot,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const x = oneHot.kernelFunc({ inputs, backend, attrs: { ...attrs, dtype: 'int32' } }) as tf.TensorInfo;
      const { kernelFunc: cast } = tf.getKernel('Cast', 'wasm');
      return cast({ inputs: { x }, backend, attrs: { dtype: attrs?.['dtype'] ?? 'float32' } });
    },
  });
  const bench = benchOf(entry);
  running = bench.start(new EagerProgram(bench.definition, 'wasm'));
  try {
    return { ...countsOf(bench), values: await running.values() };
  } catch (error) {
    const kernel = /^Kernel '(\w+)' not registered/.exec((error as Error).message)?.[1];
    if (kernel === undefined) throw error;
    return { missing: kernel };
  }
}

const countsOf = ({ parameters, forward }: Bench): Pick<Opened, 'parameters' | 'forwardFlops'> => ({
  parameters: parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  forwardFlops: flopsOf(trace(forward)),
});

/** The median once V8 has compiled it, as in all but the first of a training's steps. */
function noiseMs(count: number): number {
  const times = Array.from({ length: 101 + Math.ceil(1e6 / count) }, (_, step) => {
    const start = performance.now();
    normals({ seed: 0, purpose: 'bench', step }, count);
    return performance.now() - start;
  });
  return median(times.slice(-101));
}

async function round(iterations: number): Promise<Round> {
  let value = NaN;
  const start = performance.now();
  if (running.together) value = await running.together(iterations);
  else for (let i = 0; i < iterations; i++) value = await running.iterate();
  return { ms: performance.now() - start, value };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  const answer =
    'round' in request
      ? await round(request.round)
      : request.backend === 'wasm'
        ? await openWasm(request.open)
        : await open(request.open, request.threads);
  process.stdout.write(JSON.stringify(answer) + '\n');
}
