// The graph that tracing records: immutable values, each one operation on earlier values, with physical shapes known
// exactly. Equal operations on equal values are the same value (hash-consing), so the forward pass that a gradient
// writes again costs nothing. Operations are named after ONNX's, with shapes as attributes instead of tensors.

export type DType = 'float32' | 'int32' | 'bool';
export type Shape = readonly number[];
export type ConstantData = Float32Array | Int32Array | Uint8Array;

/** Operations on one value, element by element. */
export const unaryOps = [
  'Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Cos', 'Cosh', 'Erf', 'Exp', 'Floor', 'IsInf', 'IsNaN',
  'Log', 'Neg', 'Not', 'Reciprocal', 'Relu', 'Round', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Tan', 'Tanh',
] as const; // prettier-ignore
/** Operations on two values, element by element, broadcasting as NumPy does. */
export const binaryOps = [
  'Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Mod', 'And', 'Or', 'Xor',
  'Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual',
] as const; // prettier-ignore
export const reduceOps = ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd'] as const;

export type UnaryOp = (typeof unaryOps)[number];
export type BinaryOp = (typeof binaryOps)[number];
export type ReduceOp = (typeof reduceOps)[number];
type None = Readonly<Record<never, never>>;

export interface ConvAttributes {
  readonly strides: Shape;
  readonly pads: Shape;
  readonly dilations: Shape;
}

/** What each operation is told besides its inputs. */
export interface Attributes extends Record<UnaryOp | BinaryOp, None>, Record<ReduceOp, { readonly axes: Shape }> {
  Input: { readonly name: string; readonly shape: Shape; readonly dtype: DType };
  /** `key` stands for the contents when values are compared. */
  Constant: { readonly shape: Shape; readonly dtype: DType; readonly data: ConstantData; readonly key: string };
  Cast: { readonly to: DType };
  Where: None;
  /** Matrix product of the last two axes; leading axes broadcast. Flags transpose the last two axes first. */
  MatMul: { readonly transA: boolean; readonly transB: boolean };
  /** The product of two matrices plus a third value, which broadcasts to it. */
  Gemm: { readonly transA: boolean; readonly transB: boolean };
  /** Correlation of an NCHW input with an OIHW filter; pads are [top, left, bottom, right]. */
  Conv: ConvAttributes;
  /** NCHW to [N, C/b, H, W, b]. */
  ToBlocks: { readonly block: number };
  /** [N, C/b, H, W, b] to NCHW, keeping the first channels. */
  FromBlocks: { readonly channels: number };
  /** Conv of a blocked input (or NCHW with fewer channels than a block) with a filter [O/b, C/b, H, W, b of C, b of O]. */
  BlockedConv: ConvAttributes;
  /** Each pixel of an NCHW (or blocked) image repeated: nearest-neighbor upsampling. */
  Upsample: { readonly factors: Shape };
  /** factors[0] x factors[1] images, row by row, pixel by pixel into one: pixel (i, j) comes from image (i mod f0, j mod f1). */
  Interleave: { readonly factors: Shape };
  CumSum: { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };
  ArgMax: { readonly axis: number };
  ArgMin: { readonly axis: number };
  Reshape: { readonly shape: Shape };
  Transpose: { readonly perm: Shape };
  Expand: { readonly shape: Shape };
  Concat: { readonly axis: number };
  /** One entry for each axis; with a negative step the axis runs backwards from `starts`. */
  Slice: { readonly starts: Shape; readonly sizes: Shape; readonly steps: Shape };
  /** One entry for each axis; negative amounts crop. */
  Pad: { readonly before: Shape; readonly after: Shape; readonly value: number };
  Gather: { readonly axis: number };
  GatherND: None;
}
export type OpName = keyof Attributes;

export interface ValueType {
  readonly shape: Shape;
  readonly dtype: DType;
}
interface ValueOf<O extends OpName> extends ValueType {
  readonly id: number;
  readonly op: O;
  readonly inputs: readonly Value[];
  readonly attrs: Attributes[O];
}
export type Value = { [O in OpName]: ValueOf<O> }[OpName];
export type Constant = ValueOf<'Constant'>;

export interface Graph {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly value: Value }[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  /** Every value the outputs need, inputs of a value before the value. */
  readonly values: readonly Value[];
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

/** The shape two shapes broadcast to; throws a RangeError when they do not. */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) throw new RangeError(`Shapes [${a}] and [${b}] do not broadcast`);
    return m === 1 ? n : m;
  });
}

/** Makes values, each once. The only way to a Value. */
export class GraphBuilder {
  readonly #known = new Map<string, Value>();
  #next = 0;

  /** The value of `op` on `inputs`; its type is inferred and its inputs are checked. */
  value<O extends OpName>(op: O, inputs: readonly Value[], attrs: Attributes[O]): Value {
    const key = `${op}(${inputs.map((input) => input.id).join()})${attributeKey(op, attrs)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { shape, dtype } = inferType(op, inputs, attrs);
    const made = { id: this.#next++, op, inputs, attrs, shape, dtype } as Value;
    this.#known.set(key, made);
    return made;
  }
}

function attributeKey<O extends OpName>(op: O, attrs: Attributes[O]): string {
  return op === 'Constant' ? (attrs as Attributes['Constant']).key : JSON.stringify(attrs);
}

/** The graph of what `outputs` need. Unused values fall away; inputs stay, used or not. */
export function finishGraph(name: string, inputs: Graph['inputs'], outputs: Graph['outputs']): Graph {
  const values: Value[] = [];
  const seen = new Set<Value>();
  for (const { value } of inputs) {
    seen.add(value);
    values.push(value);
  }
  // Depth first without recursion: a training step is thousands of values deep.
  for (const { value: root } of outputs) {
    const stack: { value: Value; next: number }[] = [{ value: root, next: 0 }];
    if (seen.has(root)) continue;
    seen.add(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = top.value.inputs[top.next++];
      if (input === undefined) {
        values.push(top.value);
        stack.pop();
      } else if (!seen.has(input)) {
        seen.add(input);
        stack.push({ value: input, next: 0 });
      }
    }
  }
  return { name, inputs, outputs, values };
}

/** Throws an Error when a value's type is not what its operation gives, or it comes before one of its inputs. */
export function checkGraph(graph: Graph): void {
  const before = new Set<Value>();
  for (const value of graph.values) {
    const where = `Internal error: graph "${graph.name}", value ${value.id} (${value.op})`;
    for (const input of value.inputs) {
      if (!before.has(input)) throw new Error(`${where} comes before its input ${input.id}`);
    }
    const type = inferType(value.op, value.inputs, value.attrs);
    if (type.dtype !== value.dtype || !sameShape(type.shape, value.shape)) {
      throw new Error(`${where} has type ${typeText(value)}, its operation gives ${typeText(type)}`);
    }
    before.add(value);
  }
  for (const { name, value } of graph.outputs) {
    if (!before.has(value))
      throw new Error(`Internal error: graph "${graph.name}" does not compute its output "${name}"`);
  }
}

const typeText = ({ shape, dtype }: ValueType): string => `${dtype}[${shape.join(',')}]`;

/** One line for each value, numbered in order: the form that snapshots compare. */
export function graphText(graph: Graph): string {
  const number = new Map(graph.values.map((value, i) => [value, i]));
  const lines = graph.values.map((value, i) => {
    const attrs = value.op === 'Constant' ? constantText(value.attrs) : attributesText(value.attrs);
    const inputs = value.inputs.map((input) => `%${number.get(input)}`).join(', ');
    return `%${i} = ${value.op}(${inputs})${attrs} : ${typeText(value)}`;
  });
  for (const { name, value } of graph.outputs) lines.push(`${name} <- %${number.get(value)}`);
  return lines.join('\n') + '\n';
}

function attributesText(attrs: object): string {
  const parts = Object.entries(attrs).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return parts.length > 0 ? ` {${parts.join(' ')}}` : '';
}

const constantText = ({ data }: Attributes['Constant']): string =>
  data.length <= 4 ? ` {${Array.from(data).join(',')}}` : ` {${data.length} values}`;

/** How many values of each operation, by name. */
export function countOps(graph: Graph): Partial<Record<OpName, number>> {
  const counts: Partial<Record<OpName, number>> = {};
  for (const { op } of [...graph.values].sort((a, b) => (a.op < b.op ? -1 : a.op > b.op ? 1 : 0))) {
    counts[op] = (counts[op] ?? 0) + 1;
  }
  return counts;
}

// ---- Types of operations -------------------------------------------------------------------------------------------

type Infer<O extends OpName> = (inputs: readonly Value[], attrs: Attributes[O]) => ValueType;

function inferType<O extends OpName>(op: O, inputs: readonly Value[], attrs: Attributes[O]): ValueType {
  const infer: Infer<O> = inferRules[op];
  return infer(inputs, attrs);
}

function refuse(op: string, inputs: readonly Value[], why: string): never {
  throw new RangeError(`Internal error: ${op}(${inputs.map(typeText).join(', ')}): ${why}`);
}

function operands(op: string, inputs: readonly Value[], count: number): [Value, Value, Value] {
  if (inputs.length !== count) refuse(op, inputs, `takes ${count} inputs`);
  return inputs as unknown as [Value, Value, Value];
}

const bools: readonly string[] = ['IsInf', 'IsNaN', 'Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual'];

const unary =
  (op: UnaryOp): Infer<UnaryOp> =>
  (inputs) => {
    const [x] = operands(op, inputs, 1);
    return { shape: x.shape, dtype: bools.includes(op) ? 'bool' : x.dtype };
  };

const binary =
  (op: BinaryOp): Infer<BinaryOp> =>
  (inputs) => {
    const [a, b] = operands(op, inputs, 2);
    if (a.dtype !== b.dtype) refuse(op, inputs, 'types differ');
    return { shape: broadcastShapes(a.shape, b.shape), dtype: bools.includes(op) ? 'bool' : a.dtype };
  };

/** Reduced axes stay with size 1, so that results broadcast against what they were made from. */
const reduce =
  (op: string): ((inputs: readonly Value[], attrs: { axes: Shape }) => ValueType) =>
  (inputs, { axes }) => {
    const [x] = operands(op, inputs, 1);
    if (axes.some((axis) => axis < 0 || axis >= x.shape.length)) refuse(op, inputs, `no axes ${axes}`);
    return { shape: x.shape.map((n, i) => (axes.includes(i) ? 1 : n)), dtype: x.dtype };
  };

const arg =
  (op: string): ((inputs: readonly Value[], attrs: { axis: number }) => ValueType) =>
  (inputs, { axis }) => ({ ...reduce(op)(inputs, { axes: [axis] }), dtype: 'int32' });

function convShape(op: string, inputs: readonly Value[], { strides, pads, dilations }: ConvAttributes): number[] {
  const [x, filter] = operands(op, inputs, 2);
  if (pads.some((n) => n < 0)) refuse(op, inputs, `pads ${pads}`);
  const out = [0, 1].map((i) => {
    const padded = x.shape[2 + i]! + pads[i]! + pads[i + 2]!;
    return Math.floor((padded - (filter.shape[2 + i]! - 1) * dilations[i]! - 1) / strides[i]!) + 1;
  });
  if (out.some((n) => n < 1)) refuse(op, inputs, 'the filter is larger than the input');
  return [x.shape[0]!, filter.shape[0]!, ...out];
}

const each = <K extends string, T>(names: readonly K[], make: (name: K) => T): Record<K, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, T>;

const inferRules: { [O in OpName]: Infer<O> } = {
  ...each(unaryOps, unary),
  ...each(binaryOps, binary),
  ...each(reduceOps, reduce),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  Input: (_, { shape, dtype }) => ({ shape, dtype }),
  Constant: (inputs, { shape, dtype, data }) => {
    if (data.length !== sizeOf(shape)) refuse('Constant', inputs, `${data.length} values for shape [${shape}]`);
    return { shape, dtype };
  },
  Cast: (inputs, { to }) => ({ shape: operands('Cast', inputs, 1)[0].shape, dtype: to }),
  Where: (inputs) => {
    const [condition, a, b] = operands('Where', inputs, 3);
    if (condition.dtype !== 'bool' || a.dtype !== b.dtype) refuse('Where', inputs, 'needs (bool, t, t)');
    return { shape: broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)), dtype: a.dtype };
  },
  MatMul: (inputs, { transA, transB }) => {
    const [a, b] = operands('MatMul', inputs, 2);
    if (a.shape.length < 2 || b.shape.length < 2) refuse('MatMul', inputs, 'needs matrices');
    const [m, k] = transA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
    const [l, n] = transB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!];
    if (k !== l) refuse('MatMul', inputs, 'inner sizes differ');
    return { shape: [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n], dtype: a.dtype };
  },
  Gemm: (inputs, attrs) => {
    const [a, b, c] = operands('Gemm', inputs, 3);
    const product = inferRules.MatMul([a, b], attrs);
    if (product.shape.length !== 2 || !sameShape(broadcastShapes(product.shape, c.shape), product.shape)) {
      refuse('Gemm', inputs, 'needs two matrices and a value that broadcasts to their product');
    }
    return product;
  },
  Conv: (inputs, attrs) => {
    const [x, filter] = operands('Conv', inputs, 2);
    if (x.shape.length !== 4 || filter.shape.length !== 4) refuse('Conv', inputs, 'needs rank 4');
    if (x.shape[1] !== filter.shape[1]) refuse('Conv', inputs, 'channels differ');
    return { shape: convShape('Conv', inputs, attrs), dtype: x.dtype };
  },
  ToBlocks: (inputs, { block }) => {
    const [x] = operands('ToBlocks', inputs, 1);
    const [n = 0, c = 0, h = 0, w = 0] = x.shape;
    if (x.shape.length !== 4 || c % block !== 0) refuse('ToBlocks', inputs, `of ${block}`);
    return { shape: [n, c / block, h, w, block], dtype: x.dtype };
  },
  FromBlocks: (inputs, { channels }) => {
    const [x] = operands('FromBlocks', inputs, 1);
    const [n = 0, c = 0, h = 0, w = 0, block = 0] = x.shape;
    if (x.shape.length !== 5 || channels > c * block) refuse('FromBlocks', inputs, `${channels} channels`);
    return { shape: [n, channels, h, w], dtype: x.dtype };
  },
  BlockedConv: (inputs, attrs) => {
    const [x, filter] = operands('BlockedConv', inputs, 2);
    const block = filter.shape.at(-1)!;
    const isFit = x.shape.length === 5 ? filter.shape.length === 6 && x.shape[4] === block : filter.shape.length === 5;
    if (!isFit || x.shape[1] !== filter.shape[1]) refuse('BlockedConv', inputs, 'layouts differ');
    return { shape: [...convShape('BlockedConv', inputs, attrs), block], dtype: x.dtype };
  },
  Upsample: (inputs, { factors }) => {
    const [x] = operands('Upsample', inputs, 1);
    return { shape: x.shape.map((n, i) => n * (factors[i - 2] ?? 1)), dtype: x.dtype };
  },
  Interleave: (inputs, { factors }) => {
    const first = inputs[0] ?? refuse('Interleave', inputs, 'needs inputs');
    if (inputs.length !== sizeOf(factors) || inputs.some(({ shape }) => !sameShape(shape, first.shape))) {
      refuse('Interleave', inputs, `by ${factors}`);
    }
    return { shape: first.shape.map((n, i) => n * (factors[i - 2] ?? 1)), dtype: first.dtype };
  },
  CumSum: (inputs) => operands('CumSum', inputs, 1)[0],
  Reshape: (inputs, { shape }) => {
    const [x] = operands('Reshape', inputs, 1);
    if (sizeOf(shape) !== sizeOf(x.shape)) refuse('Reshape', inputs, `to [${shape}]`);
    return { shape, dtype: x.dtype };
  },
  Transpose: (inputs, { perm }) => {
    const [x] = operands('Transpose', inputs, 1);
    if (new Set(perm).size !== x.shape.length || perm.length !== x.shape.length)
      refuse('Transpose', inputs, `by ${perm}`);
    return { shape: perm.map((axis) => x.shape[axis]!), dtype: x.dtype };
  },
  Expand: (inputs, { shape }) => {
    const [x] = operands('Expand', inputs, 1);
    if (!sameShape(broadcastShapes(x.shape, shape), shape)) refuse('Expand', inputs, `to [${shape}]`);
    return { shape, dtype: x.dtype };
  },
  Concat: (inputs, { axis }) => {
    const first = inputs[0] ?? refuse('Concat', inputs, 'needs inputs');
    for (const { shape, dtype } of inputs) {
      const fits = shape.length === first.shape.length && shape.every((n, i) => i === axis || n === first.shape[i]);
      if (!fits || dtype !== first.dtype) refuse('Concat', inputs, `along axis ${axis}`);
    }
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return { shape: first.shape.map((n, i) => (i === axis ? total : n)), dtype: first.dtype };
  },
  Slice: (inputs, { starts, sizes, steps }) => {
    const [x] = operands('Slice', inputs, 1);
    x.shape.forEach((n, i) => {
      const last = starts[i]! + (sizes[i]! - 1) * steps[i]!;
      if (!(sizes[i]! >= 0) || (sizes[i]! > 0 && !(starts[i]! >= 0 && starts[i]! < n && last >= 0 && last < n))) {
        refuse('Slice', inputs, `from ${starts}, sizes ${sizes}, steps ${steps}`);
      }
    });
    return { shape: sizes, dtype: x.dtype };
  },
  Pad: (inputs, { before, after }) => {
    const [x] = operands('Pad', inputs, 1);
    const shape = x.shape.map((n, i) => n + before[i]! + after[i]!);
    if (shape.some((n) => !(n >= 0))) refuse('Pad', inputs, `by ${before} and ${after}`);
    return { shape, dtype: x.dtype };
  },
  Gather: (inputs, { axis }) => {
    const [x, indices] = operands('Gather', inputs, 2);
    if (indices.dtype !== 'int32') refuse('Gather', inputs, 'needs int32 indices');
    return { shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype };
  },
  GatherND: (inputs) => {
    const [x, indices] = operands('GatherND', inputs, 2);
    if (indices.dtype !== 'int32') refuse('GatherND', inputs, 'needs int32 indices');
    return { shape: [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1)!)], dtype: x.dtype };
  },
};
