// A compiled program that takes several steps in one run of its session: an ONNX Loop whose body is the graph, which carries
// the state from one step to the next. ONNX Runtime's Node binding brings all inputs and outputs of a run through the
// memory of the host; what a loop carries stays on the card.
import type * as Ort from 'onnxruntime-node';
import { sizeOf } from './graph.ts';
import type { Graph, Value } from './graph.ts';
import { BOOL, encodeModel, INT64 } from './onnx-format.ts';
import type { NodeMessage, ValueInfoMessage } from './onnx-format.ts';
import { onnxModel, valueInfo } from './onnx.ts';
import { checkTensors, Turns } from './program.ts';
import type { HostTensors, Program, ProgramDefinition } from './program.ts';
import { inputName, nextStateName, outputName, stateName } from './trace.ts';

/** A sixteenth of the state's way through the bus is little beside a step. */
const TOGETHER = 16;
/** Inputs of runs together: dropout masks are large. */
const TOGETHER_BYTES = 256 * 2 ** 20;

const COUNT = 'count';
/** A name outside of the loop: those of the body must differ. */
const first = (name: string): string => `first ${name}`;
const last = (name: string): string => `last ${name}`;
const all = (name: string): string => `all ${name}`;

const scalar = (name: string, elemType: number): ValueInfoMessage => ({
  name,
  type: { tensorType: { elemType, shape: { dim: [] } } },
});
/** One after the other for all steps. */
function stacked(name: string, value: Value): ValueInfoMessage {
  const { tensorType } = valueInfo(name, value).type;
  const shape = { dim: [{ dimParam: COUNT }, ...tensorType.shape.dim] };
  return { name, type: { tensorType: { ...tensorType, shape } } };
}

/** What of a graph's outputs the next step is given, and what it tells. */
function partsOf({ outputs }: Graph): { changing: Graph['outputs']; outputs: Graph['outputs'] } {
  const named = (prefix: string): Graph['outputs'] => outputs.filter(({ name }) => name.startsWith(prefix));
  return { changing: named(nextStateName('')), outputs: named(outputName('')) };
}

/** The ONNX model that takes `count` steps of a traced program; what each is given and tells lies one after the other. */
export function encodeLoop(graph: Graph): Uint8Array {
  const body = onnxModel(graph);
  const { changing, outputs } = partsOf(graph);
  const carried = changing.map(({ name }) => stateName(name.slice(nextStateName('').length)));
  const given = graph.inputs.filter(({ name }) => name.startsWith(inputName('')));
  const input = new Map(graph.inputs.map(({ name, value }) => [name, valueInfo(name, value)]));
  const infos = (entries: Graph['outputs']): ValueInfoMessage[] => entries.map(({ name, value }) => valueInfo(name, value)); // prettier-ignore

  const step = {
    name: graph.name,
    node: [
      ...given.map(({ name }) => node('Gather', [all(name), 'step'], [name])),
      node('Identity', ['go on'], ['still go on']),
      ...body.graph.node,
    ],
    initializer: body.graph.initializer,
    input: [scalar('step', INT64), scalar('go on', BOOL), ...carried.map((name) => input.get(name)!)],
    output: [scalar('still go on', BOOL), ...infos(changing), ...infos(outputs)],
  };
  const results = [...changing.map(({ name }) => last(name)), ...outputs.map(({ name }) => all(name))];
  const loop = node('Loop', [COUNT, '', ...carried.map(first)], results);
  return encodeModel({
    ...body,
    graph: {
      name: graph.name,
      node: [{ ...loop, attribute: [{ name: 'body', type: 5, g: step }] }],
      initializer: [],
      input: [
        scalar(COUNT, INT64),
        ...graph.inputs.map(({ name, value }) =>
          given.some((entry) => entry.name === name)
            ? stacked(all(name), value)
            : valueInfo(carried.includes(name) ? first(name) : name, value),
        ),
      ],
      output: [
        ...changing.map(({ name, value }) => valueInfo(last(name), value)),
        ...outputs.map(({ name, value }) => stacked(all(name), value)),
      ],
    },
  });
}

const node = (opType: string, input: readonly string[], output: readonly string[]): NodeMessage => ({
  opType,
  input,
  output,
  name: `${output[0]}:${opType}`,
  attribute: [],
});

/** Opens the session of a traced program that takes its steps together; `options` name the provider and threads. */
export async function openLoop(
  ort: typeof Ort,
  definition: ProgramDefinition,
  graph: Graph,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Program> {
  return new LoopProgram(ort, definition, graph, await ort.InferenceSession.create(encodeLoop(graph), options));
}

class LoopProgram implements Program {
  readonly #ort: typeof Ort;
  readonly #definition: ProgramDefinition;
  readonly #session: Ort.InferenceSession;
  readonly #changing: ReadonlySet<string>;
  readonly #outputs: Graph['outputs'];
  readonly #turns: Turns;
  #state: Record<string, Ort.Tensor> | undefined;

  constructor(ort: typeof Ort, definition: ProgramDefinition, graph: Graph, session: Ort.InferenceSession) {
    this.#ort = ort;
    this.#definition = definition;
    this.#turns = new Turns(definition);
    this.#session = session;
    const { changing, outputs } = partsOf(graph);
    this.#changing = new Set(changing.map(({ name }) => name.slice(nextStateName('').length)));
    this.#outputs = outputs;
    if (Object.keys(definition.state).length === 0) this.#state = {};
    const bytes = Object.values(definition.inputs).reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
    const count = Math.max(1, Math.min(TOGETHER, Math.floor(TOGETHER_BYTES / bytes)));
    this.together = { count, run: (inputs) => this.#runAll(inputs) };
  }

  load(state: HostTensors): void {
    checkTensors(`The state of program "${this.#definition.name}"`, this.#definition.state, state);
    this.#state = Object.fromEntries(
      Object.entries(this.#definition.state).map(([name, { dtype, shape }]) => [
        name,
        new this.#ort.Tensor(dtype, state[name]!.slice(), shape),
      ]),
    );
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    const [outputs] = await this.#runAll([inputs]);
    return outputs!;
  }

  readonly together: Required<Program>['together'];

  #runAll(runs: readonly HostTensors[]): Promise<HostTensors[]> {
    return this.#turns.take(this.#state, runs, async (state) => {
      const feeds: Record<string, Ort.Tensor> = {
        [COUNT]: new this.#ort.Tensor('int64', BigInt64Array.of(BigInt(runs.length)), []),
      };
      for (const [name, tensor] of Object.entries(state))
        feeds[this.#changing.has(name) ? first(stateName(name)) : stateName(name)] = tensor;
      for (const [name, { dtype, shape }] of Object.entries(this.#definition.inputs)) {
        const size = sizeOf(shape);
        const values = dtype === 'float32' ? new Float32Array(runs.length * size) : new Int32Array(runs.length * size);
        for (const [i, inputs] of runs.entries()) values.set(inputs[name]!, i * size);
        feeds[all(inputName(name))] = new this.#ort.Tensor(dtype, values, [runs.length, ...shape]);
      }
      const results = await this.#session.run(feeds);
      for (const name of this.#changing) state[name] = results[last(nextStateName(name))]!;
      const outputsOf = (i: number): HostTensors =>
        Object.fromEntries(
          this.#outputs.map(({ name, value }) => {
            const values = results[all(name)]!.data as Float32Array | Int32Array;
            const size = sizeOf(value.shape);
            return [name.slice(outputName('').length), values.slice(i * size, (i + 1) * size)];
          }),
        );
      return runs.map((_, i) => outputsOf(i));
    });
  }

  async read(): Promise<HostTensors> {
    return Object.fromEntries(
      Object.entries(this.#turns.loaded(this.#state)).map(([name, { data }]) => [
        name,
        (data as Float32Array | Int32Array).slice(),
      ]),
    );
  }

  async dispose(): Promise<void> {
    this.#state = undefined;
    await this.#session.release();
  }
}
