// A compiled program on a GPU through ONNX Runtime's WebGPU provider. Its state stays in the GPU's memory: what one run
// writes is the next run's input, and only inputs and outputs cross the bus. The runtime's Node binding can neither
// write nor read a buffer of the GPU, so a session that only copies carries the state there and back.
import type * as Ort from 'onnxruntime-node';
import { finishGraph, GraphBuilder } from './graph.ts';
import type { Graph, Value } from './graph.ts';
import { encodeModel, FLOAT, INT32 } from './onnx-format.ts';
import type { ValueInfoMessage } from './onnx-format.ts';
import { encodeOnnx, onnxModel } from './onnx.ts';
import { checkTensors, Turns } from './program.ts';
import type { HostTensors, Program, ProgramDefinition, TensorSpec } from './program.ts';
import { inputName, nextStateName, outputName, stateName } from './trace.ts';

type Tensors = Record<string, Ort.Tensor>;
type Place = 'cpu' | 'gpu-buffer';

/**
 * The graph with backward slices that start at the end of their axis: ONNX Runtime 1.30's WebGPU provider starts there
 * wherever it is told to. What lies behind the start is cut off beforehand.
 */
export function fromTheEnd(graph: Graph): Graph {
  // Not the simplifying one, which would make one slice of the two again.
  const g = new GraphBuilder();
  const made = new Map<Value, Value>();
  for (const value of graph.values) {
    let inputs = value.inputs.map((input) => made.get(input)!);
    if (value.op === 'Slice') {
      const { starts, steps } = value.attrs;
      const { shape } = value.inputs[0]!;
      const isCut = shape.map((n, i) => steps[i]! < 0 && starts[i] !== n - 1);
      if (isCut.includes(true)) {
        const kept = shape.map((n, i) => (isCut[i] ? starts[i]! + 1 : n));
        const cut = { starts: shape.map(() => 0), sizes: kept, steps: shape.map(() => 1) };
        inputs = [g.value('Slice', inputs, cut)];
      }
    }
    made.set(value, g.value(value.op, inputs, value.attrs));
  }
  const renewed = ({ name, value }: Graph['outputs'][number]): Graph['outputs'][number] => ({ name, value: made.get(value)! }); // prettier-ignore
  return finishGraph(graph.name, graph.inputs.map(renewed), graph.outputs.map(renewed));
}

/** Opens the sessions of a traced program; `options` name the provider and threads. */
export async function openOnDevice(
  ort: typeof Ort,
  definition: ProgramDefinition,
  graph: Graph,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Program> {
  const next = nextStateName('');
  const places = graph.outputs.map(({ name }): [string, Place] => [name, name.startsWith(next) ? 'gpu-buffer' : 'cpu']);
  const session = await open(ort, encodeOnnx(fromTheEnd(graph)), options, Object.fromEntries(places));
  const names = Object.keys(definition.state);
  if (names.length === 0) return new DeviceProgram(ort, definition, graph, session, undefined);
  const copies = copyModel(definition.state);
  const to = (place: Place): Record<string, Place> => Object.fromEntries(names.map((name) => [copied(name), place]));
  return new DeviceProgram(ort, definition, graph, session, {
    up: await open(ort, copies, options, to('gpu-buffer')),
    down: await open(ort, copies, options, to('cpu')),
  });
}

const open = (
  ort: typeof Ort,
  model: Uint8Array,
  options: Ort.InferenceSession.SessionOptions,
  preferredOutputLocation: Record<string, Place>,
): Promise<Ort.InferenceSession> => ort.InferenceSession.create(model, { ...options, preferredOutputLocation });

const copied = (name: string): string => `copy of ${name}`;

/** The model whose outputs are its inputs: each tensor, and `copied(name)` of it. */
function copyModel(specs: Readonly<Record<string, TensorSpec>>): Uint8Array {
  const info = (name: string, { shape, dtype }: TensorSpec): ValueInfoMessage => ({
    name,
    type: {
      tensorType: {
        elemType: dtype === 'float32' ? FLOAT : INT32,
        shape: { dim: shape.map((dimValue) => ({ dimValue })) },
      },
    },
  });
  const entries = Object.entries(specs);
  const model = onnxModel({ name: 'copy', inputs: [], outputs: [], values: [] });
  const node = entries.map(([name]) => ({
    opType: 'Identity',
    input: [name],
    output: [copied(name)],
    name: copied(name),
    attribute: [],
  }));
  const input = entries.map(([name, spec]) => info(name, spec));
  const output = entries.map(([name, spec]) => info(copied(name), spec));
  return encodeModel({ ...model, graph: { ...model.graph, node, input, output } });
}

class DeviceProgram implements Program {
  readonly #ort: typeof Ort;
  readonly #definition: ProgramDefinition;
  readonly #turns: Turns;
  readonly #session: Ort.InferenceSession;
  readonly #copy: { readonly up: Ort.InferenceSession; readonly down: Ort.InferenceSession } | undefined;
  readonly #changing: readonly string[];
  readonly #outputs: readonly string[];
  /** On the GPU. */
  #state: Tensors | undefined;
  /** Given by `load` and not on the GPU yet. */
  #loaded: HostTensors | undefined;

  constructor(
    ort: typeof Ort,
    definition: ProgramDefinition,
    graph: Graph,
    session: Ort.InferenceSession,
    copy: { readonly up: Ort.InferenceSession; readonly down: Ort.InferenceSession } | undefined,
  ) {
    this.#ort = ort;
    this.#definition = definition;
    this.#turns = new Turns(definition);
    this.#session = session;
    this.#copy = copy;
    const named = (prefix: string): string[] =>
      graph.outputs.flatMap(({ name }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
    this.#changing = named(nextStateName(''));
    this.#outputs = named(outputName(''));
    if (copy === undefined) this.#state = {};
  }

  load(state: HostTensors): void {
    checkTensors(`The state of program "${this.#definition.name}"`, this.#definition.state, state);
    this.#loaded = Object.fromEntries(Object.entries(state).map(([name, values]) => [name, values.slice()]));
  }

  run(inputs: HostTensors): Promise<HostTensors> {
    return this.#turns.take(this.#state ?? this.#loaded, [inputs], async () => {
      const state = await this.#onDevice();
      const feeds: Tensors = {};
      for (const [name, tensor] of Object.entries(state)) feeds[stateName(name)] = tensor;
      for (const [name, tensor] of Object.entries(this.#tensors(this.#definition.inputs, inputs)))
        feeds[inputName(name)] = tensor;
      const results = await this.#session.run(feeds);
      for (const name of this.#changing) {
        state[name]!.dispose();
        state[name] = results[nextStateName(name)]!;
      }
      return Object.fromEntries(
        this.#outputs.map((name) => [name, results[outputName(name)]!.data as Float32Array | Int32Array]),
      );
    });
  }

  /** The state on the GPU, brought there first when it was just loaded. */
  async #onDevice(): Promise<Tensors> {
    if (this.#loaded === undefined) return this.#state!;
    const { state: specs } = this.#definition;
    const results = await this.#copy!.up.run(this.#tensors(specs, this.#loaded));
    this.#release();
    this.#loaded = undefined;
    return (this.#state = Object.fromEntries(Object.keys(specs).map((name) => [name, results[copied(name)]!])));
  }

  #tensors(specs: Readonly<Record<string, TensorSpec>>, values: HostTensors): Tensors {
    return Object.fromEntries(
      Object.entries(specs).map(([name, { dtype, shape }]) => [
        name,
        new this.#ort.Tensor(dtype, values[name]!, shape),
      ]),
    );
  }

  async read(): Promise<HostTensors> {
    const names = Object.keys(this.#definition.state);
    if (this.#loaded !== undefined)
      return Object.fromEntries(names.map((name) => [name, this.#loaded![name]!.slice()]));
    const state = this.#turns.loaded(this.#state);
    if (this.#copy === undefined) return {};
    const results = await this.#copy.down.run(state);
    return Object.fromEntries(
      names.map((name) => [name, (results[copied(name)]!.data as Float32Array | Int32Array).slice()]),
    );
  }

  #release(): void {
    for (const tensor of Object.values(this.#state ?? {})) tensor.dispose();
    this.#state = undefined;
  }

  async dispose(): Promise<void> {
    this.#release();
    this.#loaded = undefined;
    await this.#session.release();
    await this.#copy?.up.release();
    await this.#copy?.down.release();
  }
}
