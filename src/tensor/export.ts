// Portable models: a program and its state as one self-contained ONNX file, the state as initializers, in standard
// operators, for any runtime. Which sizes follow the batch is seen by tracing the program at two batch sizes.
import { finishGraph, sizeOf } from './graph.ts';
import type { ConstantData, Graph, Shape, Value } from './graph.ts';
import { encodeModel, INT64 } from './onnx-format.ts';
import type { ModelMessage, NodeMessage, TensorMessage, ValueInfoMessage } from './onnx-format.ts';
import { onnxModel } from './onnx.ts';
import { checkTensors } from './program.ts';
import type { HostTensors, ProgramDefinition } from './program.ts';
import { SimplifyingBuilder } from './simplifying-builder.ts';
import { inputName, nextStateName, outputName, stateName, trace } from './trace.ts';

/** Primes, so that a size that is a multiple of the first and grows to the same multiple of the second is no accident. */
const FIRST_BATCH = 97;
const SECOND_BATCH = 101;

/**
 * The bytes of an ONNX file (opset 18) that computes the program's outputs from its inputs, under their own names, with
 * `state` built in. Given a program for each batch size, the file takes batches of any size, its axes named `batch`; given
 * one program, it has that program's shapes. `metadata` is kept in the file (metadata_props).
 *
 * Throws a TypeError for a program that changes its state, and a RangeError where something other than shapes depends on
 * the batch size (such as a mean over the batch in a loss): export that for one batch size.
 */
export function exportOnnx(
  program: ProgramDefinition | ((batch: number) => ProgramDefinition),
  state: HostTensors,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const model =
    typeof program === 'function'
      ? withAnyBatch(modelOf(program(FIRST_BATCH), state), modelOf(program(SECOND_BATCH), state))
      : modelOf(program, state);
  checkNames(model);
  return encodeModel({ ...model, metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })) });
}

// ---- State as constants --------------------------------------------------------------------------------------------

function modelOf(definition: ProgramDefinition, state: HostTensors): ModelMessage {
  checkTensors(`The state of program "${definition.name}"`, definition.state, state);
  const graph = trace(definition);
  if (graph.outputs.some(({ name }) => name.startsWith(nextStateName('')))) {
    throw new TypeError(`Cannot export program "${definition.name}": it changes its state, which a file cannot keep`);
  }
  return onnxModel(withState(graph, new Map(Object.entries(state).map(([name, data]) => [stateName(name), data]))));
}

/** The graph with constants for its state, and the names of inputs and outputs that the program gave them. */
function withState(graph: Graph, state: ReadonlyMap<string, ConstantData>): Graph {
  const g = new SimplifyingBuilder();
  const made = new Map<Value, Value>();
  const inputs: { name: string; value: Value }[] = [];
  for (const { name, value } of graph.inputs) {
    const data = state.get(name);
    if (data !== undefined) made.set(value, g.constant(value.shape, value.dtype, data));
    else {
      const ownName = name.slice(inputName('').length);
      const input = g.value('Input', [], { name: ownName, shape: value.shape, dtype: value.dtype });
      made.set(value, input);
      inputs.push({ name: ownName, value: input });
    }
  }
  for (const value of graph.values) {
    if (!made.has(value)) made.set(value, folded(g, value, value.inputs.map((input) => made.get(input)!))); // prettier-ignore
  }
  const outputs = graph.outputs.map(({ name, value }) => ({
    name: name.slice(outputName('').length),
    value: made.get(value)!,
  }));
  return finishGraph(graph.name, inputs, outputs);
}

/** Slices and transposes of constants are computed: each weight is then an initializer of its own, as converters expect. */
function folded(g: SimplifyingBuilder, value: Value, inputs: readonly Value[]): Value {
  const [x] = inputs;
  if (x?.op !== 'Constant') return g.value(value.op, inputs, value.attrs);
  const strides = x.shape.map((_, axis) => sizeOf(x.shape.slice(axis + 1)));
  if (value.op === 'Transpose') {
    const order = value.attrs.perm.map((axis) => strides[axis]!);
    return g.constant(value.shape, x.dtype, strided(x.attrs.data, 0, value.shape, order));
  }
  if (value.op === 'Slice') {
    const { starts, steps } = value.attrs;
    const offset = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
    const order = strides.map((stride, axis) => stride * steps[axis]!);
    return g.constant(value.shape, x.dtype, strided(x.attrs.data, offset, value.shape, order));
  }
  return g.value(value.op, inputs, value.attrs);
}

/** The elements offset + <index, strides> of `data`, for every index into `shape`: at most as many as there are. */
function strided(data: ConstantData, offset: number, shape: Shape, strides: Shape): ConstantData {
  const result = data.slice(0, sizeOf(shape));
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      from += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

// ---- Any batch size ------------------------------------------------------------------------------------------------

/** A size that is the same at both batch sizes, or a multiple of the batch. */
type Size = { readonly kind: 'fixed'; readonly size: number } | { readonly kind: 'batch'; readonly times: number };

/** The one model that both are: equal but for sizes that follow the batch. */
function withAnyBatch(first: ModelMessage, second: ModelMessage): ModelMessage {
  const refuse = (what: string): never => {
    throw new RangeError(
      `exportOnnx: program "${first.graph.name}" depends on its batch size in ${what}: export it for one batch size`,
    );
  };
  const sizeFrom = (a: number, b: number, what: string): Size => {
    if (a === b) return { kind: 'fixed', size: a };
    return a * SECOND_BATCH === b * FIRST_BATCH ? { kind: 'batch', times: a / FIRST_BATCH } : refuse(what);
  };

  const named = (a: ValueInfoMessage, b: ValueInfoMessage): ValueInfoMessage => {
    const { elemType, shape } = a.type.tensorType;
    const others = b.type.tensorType.shape.dim;
    const dim = shape.dim.map((dimension, axis) => {
      const what = `axis ${axis} of "${a.name}"`;
      const size = sizeFrom(numberOf(dimension), numberOf(others[axis]), what);
      if (size.kind === 'fixed') return { dimValue: size.size };
      return size.times === 1 ? { dimParam: 'batch' } : refuse(what);
    });
    return { name: a.name, type: { tensorType: { elemType, shape: { dim } } } };
  };
  const input = first.graph.input.map((info, i) => named(info, second.graph.input[i]!));
  const output = first.graph.output.map((info, i) => named(info, second.graph.output[i]!));

  const shapes = new BatchShapes(input);
  const tensors = new Map(first.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const others = new Map(second.graph.initializer.map((tensor) => [tensor.name, tensor]));
  /** Names in the second model by names in the first, where they carry sizes in them. */
  const twins = new Map<string, string>();
  const node = first.graph.node.map((made, i): NodeMessage => {
    const twin = second.graph.node[i];
    if (twin === undefined || describe(made) !== describe(twin)) return refuse(`the operation ${made.opType}`);
    made.output.forEach((name, k) => twins.set(name, twin.output[k]!));
    const names = made.input.map((name, k) => {
      const [a, b] = [tensors.get(name), others.get(twin.input[k]!)];
      if (a === undefined || b === undefined) {
        return (twins.get(name) ?? name) === twin.input[k] ? name : refuse(`an input of the operation ${made.opType}`);
      }
      if (isEqual(a, b)) return name;
      const [sizes, otherSizes] = [integersOf(a), integersOf(b)];
      if (sizes?.length !== otherSizes?.length || sizes === undefined) {
        return refuse(`a constant of the operation ${made.opType}`);
      }
      const what = `the sizes [${sizes.join(', ')}] of the operation ${made.opType}`;
      return shapes.vector(
        sizes.map((size, axis) => sizeFrom(size, otherSizes![axis]!, what)),
        made.opType === 'Reshape',
      );
    });
    return { ...made, input: names };
  });
  const isUsed = new Set(node.flatMap((made) => made.input));
  const initializer = [...first.graph.initializer.filter(({ name }) => isUsed.has(name)), ...shapes.initializers];
  return { ...first, graph: { ...first.graph, node: [...shapes.nodes, ...node], initializer, input, output } };
}

const numberOf = (dimension: { dimValue: number } | { dimParam: string } | undefined): number =>
  dimension !== undefined && 'dimValue' in dimension ? dimension.dimValue : NaN;

const describe = ({ opType, domain, input, output, attribute }: NodeMessage): string =>
  JSON.stringify([opType, domain, input.length, output.length, attribute]);

const isEqual = (a: TensorMessage, b: TensorMessage): boolean =>
  a.dataType === b.dataType && a.dims.join() === b.dims.join() && Buffer.compare(a.rawData, b.rawData) === 0;

/** The numbers of an int64 vector (shapes, bounds), undefined for any other tensor. */
function integersOf({ dataType, dims, rawData }: TensorMessage): number[] | undefined {
  if (dataType !== INT64) return undefined;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return Array.from({ length: sizeOf(dims) }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

/** Makes the vectors of sizes that depend on the batch, which is read off the first input that has it. */
class BatchShapes {
  readonly nodes: NodeMessage[] = [];
  readonly initializers: TensorMessage[] = [];
  readonly #inputs: readonly ValueInfoMessage[];
  readonly #made = new Set<string>();

  constructor(inputs: readonly ValueInfoMessage[]) {
    this.#inputs = inputs;
  }

  /** The name of the vector of `sizes`. A reshape finds one unknown size by itself. */
  vector(sizes: readonly Size[], isReshape: boolean): string {
    const unknown = sizes.filter(({ kind }) => kind === 'batch').length;
    if (isReshape && unknown === 1) {
      return this.#constant(sizes.map((size) => (size.kind === 'batch' ? -1 : size.size)));
    }
    const parts = sizes.map((size) => (size.kind === 'batch' ? this.#batchTimes(size.times) : this.#constant([size.size]))); // prettier-ignore
    return this.#node('Concat', parts, `sizes:${parts.join()}`, [{ name: 'axis', type: 2, i: 0 }]);
  }

  #batchTimes(times: number): string {
    const isBatch = (dimension: object): boolean => 'dimParam' in dimension;
    const input = this.#inputs.find(({ type }) => type.tensorType.shape.dim.some(isBatch));
    if (input === undefined) throw new RangeError('exportOnnx: no input of the program has the batch as an axis');
    const axis = input.type.tensorType.shape.dim.findIndex(isBatch);
    const batch = this.#node('Shape', [input.name], 'sizes:batch', [
      { name: 'start', type: 2, i: axis },
      { name: 'end', type: 2, i: axis + 1 },
    ]);
    return times === 1 ? batch : this.#node('Mul', [batch, this.#constant([times])], `sizes:${times} batch`, []);
  }

  #node(opType: string, input: readonly string[], output: string, attribute: NodeMessage['attribute']): string {
    if (!this.#made.has(output)) this.nodes.push({ opType, input, output: [output], name: output, attribute });
    this.#made.add(output);
    return output;
  }

  #constant(sizes: readonly number[]): string {
    const name = `sizes:[${sizes.join()}]`;
    if (!this.#made.has(name)) {
      const rawData = new Uint8Array(BigInt64Array.from(sizes, BigInt).buffer);
      this.initializers.push({ dims: [sizes.length], dataType: INT64, name, rawData });
    }
    this.#made.add(name);
    return name;
  }
}

/** Throws a RangeError when two values have one name, as when an output is named like an input. */
function checkNames({ graph }: ModelMessage): void {
  const names = new Set<string>();
  const all = [graph.input, graph.initializer].flatMap((values) => values.map(({ name }) => name));
  for (const name of [...all, ...graph.node.flatMap(({ output }) => output)]) {
    if (names.has(name)) throw new RangeError(`Program "${graph.name}" has two values called "${name}": rename one`);
    names.add(name);
  }
}
