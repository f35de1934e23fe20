// `npm run bench tensor -- --profile`: where an iteration of ours spends its time, by ONNX Runtime's own profiler.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockSize, compile, loadRuntime, sessionOptions } from '../src/tensor/session.ts';
import { resolveCase, type TensorCase } from './tensor-cases.ts';
import { benchOf } from './tensor-program.ts';
import type { Table } from './tensor-table.ts';

/** An event of the runtime's trace: one node, or with the name "model_run" one run of all of them. */
interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args: {
    readonly op_name?: string;
    readonly output_type_shape?: readonly Readonly<Record<string, number[]>>[];
  };
}

/** Profiled iterations, after as many that are not counted. */
const ITERATIONS = 10;

/**
 * Milliseconds of an iteration on all cores by operation, or with `shapes` by operation and shape of its result; the rest
 * is what the runtime spends between nodes. Profiling itself costs some microseconds a node.
 */
export async function profile(entry: TensorCase, shapes: boolean): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  try {
    const events = await profiled(entry, availableParallelism(), join(folder, 'run'), () => {
      const [file] = readdirSync(folder);
      return JSON.parse(readFileSync(join(folder, file!), 'utf8')) as ProfileEvent[];
    });
    return tableOf(events, shapes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function profiled(
  entry: TensorCase,
  threads: number,
  profileFilePrefix: string,
  read: () => ProfileEvent[],
): Promise<ProfileEvent[]> {
  const ort = await loadRuntime();
  // It opens a session of its own, once.
  await blockSize(ort);
  const { InferenceSession } = ort;
  const create = InferenceSession.create.bind(InferenceSession) as (
    model: Uint8Array,
    options: ReturnType<typeof sessionOptions>,
  ) => ReturnType<typeof InferenceSession.create>;
  let session: Awaited<ReturnType<typeof create>> | undefined;
  Object.assign(InferenceSession, {
    create: async (model: Uint8Array, options: ReturnType<typeof sessionOptions>) =>
      (session = await create(model, { ...options, enableProfiling: true, profileFilePrefix })),
  });
  const bench = benchOf(resolveCase(entry));
  const { iterate } = bench.start(await compile(bench.definition, threads));
  for (let i = 0; i < 2 * ITERATIONS; i++) await iterate();
  session!.endProfiling();
  return read();
}

function tableOf(events: readonly ProfileEvent[], shapes: boolean): Table {
  const runs = events.filter(({ name }) => name === 'model_run').length;
  const rows = new Map<string, { ms: number; nodes: number }>();
  const add = (key: string, microseconds: number): void => {
    const row = rows.get(key) ?? { ms: 0, nodes: 0 };
    rows.set(key, { ms: row.ms + microseconds / 1e3 / runs, nodes: row.nodes + 1 / runs });
  };
  let between = 0;
  for (const { cat, name, dur, args } of events) {
    if (name === 'model_run') between += dur;
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    between -= dur;
    const shape = Object.values(args.output_type_shape?.[0] ?? {}).join();
    add(shapes ? `${args.op_name} [${shape}]` : args.op_name!, dur);
  }
  add('between nodes', between);
  const sorted = [...rows].sort(([, a], [, b]) => b.ms - a.ms);
  return {
    titles: ['Operation', 'ms', 'Nodes'],
    rows: sorted.map(([key, { ms, nodes }]) => [key, ms.toFixed(3), String(Math.round(nodes))]),
  };
}
