// Our side of `npm run bench tensor`, a process of its own so that its memory is its own. It answers the requests that
// peers/torch_step.py describes, and tells beside that how long tracing, building the session and drawing noise take.
import { createInterface } from 'node:readline';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { openBackend, type BackendName } from '../src/tensor/backend.ts';
import { sizeOf } from '../src/tensor/graph.ts';
import { normals } from '../src/tensor/random.ts';
import { loadRuntime } from '../src/tensor/session.ts';
import { trace } from '../src/tensor/trace.ts';
import { flopsOf } from '../src/tensor/flops.ts';
import { sampleShape, type ResolvedCase } from './tensor-cases.ts';
import { benchOf } from './tensor-program.ts';

export interface Opened {
  readonly parameters: number;
  readonly forwardFlops: number;
  readonly values: readonly number[];
}
export interface OpenedOurs extends Opened {
  readonly traceMs: number;
  readonly sessionMs: number;
  /** Drawing the noise of a training step; it is drawn while the step before it runs. */
  readonly noiseMs: number;
}
export interface Round {
  readonly ms: number;
  /** What the last iteration computed. */
  readonly value: number;
}
export type Request = { readonly open: ResolvedCase; readonly threads: number } | { readonly round: number };

let iterate: () => Promise<number>;

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

  const running = bench.start(program);
  iterate = running.iterate;
  return {
    parameters: bench.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    forwardFlops: flopsOf(trace(bench.forward)),
    values: await running.values(),
    traceMs,
    sessionMs,
    noiseMs: noiseMs(entry.batch * dimOf(sampleShape(entry.network))),
  };
}

function noiseMs(count: number): number {
  const times = Array.from({ length: 9 }, (_, step) => {
    const start = performance.now();
    normals({ seed: 0, purpose: 'bench', step }, count);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[4]!;
}

async function round(iterations: number): Promise<Round> {
  let value = NaN;
  const start = performance.now();
  for (let i = 0; i < iterations; i++) value = await iterate();
  return { ms: performance.now() - start, value };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  const answer = 'open' in request ? await open(request.open, request.threads) : await round(request.round);
  process.stdout.write(JSON.stringify(answer) + '\n');
}
