// A compiled program: its ONNX model in an ONNX Runtime session, and its state as tensors that never leave the runtime:
// the tensors one run writes are the next run's inputs, and the buffers they replace are written by the run after that.
import { MessageChannel } from 'node:worker_threads';
import type * as Ort from 'onnxruntime-node';
import { blockConvolutions } from './blocked.ts';
import { openOnDevice } from './device.ts';
import { fuseSums } from './gemm.ts';
import { finishGraph } from './graph.ts';
import type { Graph } from './graph.ts';
import { openLoop } from './loop.ts';
import { peakBytes } from './memory.ts';
import { encodeOnnx } from './onnx.ts';
import { checkTensors, Turns } from './program.ts';
import type { HostTensors, Program, ProgramDefinition, TensorSpec } from './program.ts';
import { SimplifyingBuilder } from './simplifying-builder.ts';
import { inputName, nextStateName, outputName, stateName, trace } from './trace.ts';

/** What of ONNX Runtime computes. */
export type Provider = 'cpu' | 'webgpu' | 'cuda';

/** Traces a program and opens a session for it, with a fixed number of threads for what runs on the CPU. */
export async function compile(
  definition: ProgramDefinition,
  threads: number,
  provider: Provider = 'cpu',
): Promise<Program> {
  const graph = trace(definition);
  const program = await openProgram(definition, graph, threads, provider);
  return Object.assign(program, { peakBytes: peakBytes(graph) });
}

async function openProgram(
  definition: ProgramDefinition,
  graph: Graph,
  threads: number,
  provider: Provider,
): Promise<Program> {
  const ort = await loadRuntime();
  const options = { ...sessionOptions(threads), executionProviders: [provider] };
  if (provider === 'webgpu') return openOnDevice(ort, definition, graph, options);
  if (provider === 'cuda') return openLoop(ort, definition, fuseSums(graph), options);
  const block = await blockSize(ort);
  const fitted = fuseSums(block > 1 ? blockConvolutions(graph, block) : graph);
  const session = await ort.InferenceSession.create(encodeOnnx(fitted), options);
  return new OnnxProgram(ort, definition, graph, session);
}

/** ONNX Runtime, loaded only when something is compiled. */
export const loadRuntime = (): Promise<typeof Ort> => {
  // It would keep a database of events in the home directory, and send it: nothing a computation should do.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  return import('onnxruntime-node');
};

let knownBlockSize: Promise<number> | undefined;

/**
 * How many channels this machine's blocked convolutions take together (8 with AVX2, 16 with AVX-512), or 1 where the
 * runtime has none. Found by looking at where ReorderInput puts an image of two pixels.
 */
export function blockSize(ort: typeof Ort): Promise<number> {
  return (knownBlockSize ??= probeBlockSize(ort));
}

async function probeBlockSize(ort: typeof Ort): Promise<number> {
  const g = new SimplifyingBuilder();
  const x = g.value('Input', [], { name: 'x', shape: [1, 64, 1, 2], dtype: 'float32' });
  const y = g.value('Reshape', [g.value('ToBlocks', [x], { block: 1 })], { shape: [128] });
  const graph = finishGraph('block size', [{ name: 'x', value: x }], [{ name: 'y', value: y }]);
  try {
    const session = await ort.InferenceSession.create(encodeOnnx(graph), sessionOptions(1));
    const data = Float32Array.from({ length: 128 }, (_, i) => i);
    const results = await session.run({ x: new ort.Tensor('float32', data, [1, 64, 1, 2]) });
    await session.release();
    // The second pixel of channel 0 follows the first pixel of all channels of its block.
    return (results['y']!.data as Float32Array).indexOf(1);
  } catch {
    return 1;
  }
}

/** Equal inputs and equal threads give equal bits: one operation at a time, each split among a fixed number of threads. */
export function sessionOptions(threads: number): Ort.InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads wait for the next operation spinning, as long as it usually takes to come, and then asleep. Never to spin
    // made steps of small networks on two threads a third longer; to spin without end took 350 ms of processor time from
    // the neighbors of a U-Net step on two busy cores (2026-11).
    extra: { session: { intra_op: { allow_spinning: '1', spin_duration_us: '50' } } },
  };
}

/** A port that leads nowhere. */
const { port1: nowhere } = new MessageChannel();
nowhere.close();

/**
 * Frees the copy that the binding (1.30) makes of a tensor it was given to write to. Left to the garbage collector, the
 * copies of a million parameters' state cost every third step a collection, in all a fifth of a small network's step.
 */
function free(copy: Ort.Tensor, written: Ort.Tensor): void {
  const { buffer } = copy.data as Float32Array;
  if (buffer !== (written.data as Float32Array).buffer) nowhere.postMessage(undefined, [buffer as ArrayBuffer]);
}

class OnnxProgram implements Program {
  readonly #ort: typeof Ort;
  readonly #definition: ProgramDefinition;
  readonly #session: Ort.InferenceSession;
  readonly #changing: readonly string[];
  readonly #outputs: readonly string[];
  readonly #turns: Turns;
  #state: Record<string, Ort.Tensor> | undefined;
  #spare: Record<string, Ort.Tensor> = {};

  constructor(ort: typeof Ort, definition: ProgramDefinition, graph: Graph, session: Ort.InferenceSession) {
    this.#ort = ort;
    this.#definition = definition;
    this.#turns = new Turns(definition);
    this.#session = session;
    const names = graph.outputs.map(({ name }) => name);
    this.#changing = Object.keys(definition.state).filter((name) => names.includes(nextStateName(name)));
    const prefix = outputName('');
    this.#outputs = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    if (Object.keys(definition.state).length === 0) this.#state = {};
  }

  load(state: HostTensors): void {
    checkTensors(`The state of program "${this.#definition.name}"`, this.#definition.state, state);
    this.#state = this.#tensors(this.#definition.state, (name) => state[name]!.slice());
    this.#spare = {};
    for (const name of this.#changing) {
      const { dtype, shape } = this.#definition.state[name]!;
      this.#spare[name] = new this.#ort.Tensor(dtype, state[name]!.slice(), shape);
    }
  }

  #tensors(
    specs: Readonly<Record<string, TensorSpec>>,
    data: (name: string) => Float32Array | Int32Array,
  ): Record<string, Ort.Tensor> {
    return Object.fromEntries(
      Object.entries(specs).map(([name, { dtype, shape }]) => [name, new this.#ort.Tensor(dtype, data(name), shape)]),
    );
  }

  run(inputs: HostTensors): Promise<HostTensors> {
    return this.#turns.take(this.#state, [inputs], async (state) => {
      const given = this.#tensors(this.#definition.inputs, (name) => inputs[name]!);
      const feeds: Record<string, Ort.Tensor> = {};
      for (const [name, tensor] of Object.entries(state)) feeds[stateName(name)] = tensor;
      for (const [name, tensor] of Object.entries(given)) feeds[inputName(name)] = tensor;
      const fetches: Record<string, Ort.Tensor | null> = {};
      for (const name of this.#changing) fetches[nextStateName(name)] = this.#spare[name]!;
      for (const name of this.#outputs) fetches[outputName(name)] = null;
      const results = await this.#session.run(feeds, fetches);
      for (const name of this.#changing) {
        const written = this.#spare[name]!;
        free(results[nextStateName(name)]!, written);
        this.#spare[name] = state[name]!;
        state[name] = written;
      }
      return Object.fromEntries(
        this.#outputs.map((name) => [name, results[outputName(name)]!.data as Float32Array | Int32Array]),
      );
    });
  }

  async read(): Promise<HostTensors> {
    return Object.fromEntries(
      Object.entries(this.#turns.loaded(this.#state)).map(([name, tensor]) => [
        name,
        (tensor.data as Float32Array | Int32Array).slice(),
      ]),
    );
  }

  async dispose(): Promise<void> {
    this.#state = undefined;
    this.#spare = {};
    await this.#session.release();
  }
}
