// Local algebra while the graph is being recorded: scalar constants are folded, neutral and absorbing elements dropped,
// shape operations that do nothing or follow each other are merged. Constants are compared by content.
import { createHash } from 'node:crypto';
import { GraphBuilder, sameShape } from './graph.ts';
import type { Attributes, BinaryOp, ConstantData, DType, OpName, Shape, UnaryOp, Value } from './graph.ts';

/** A GraphBuilder that returns a simpler equal value where it knows one. */
export class SimplifyingBuilder extends GraphBuilder {
  override value<O extends OpName>(op: O, inputs: readonly Value[], attrs: Attributes[O]): Value {
    return simplify(this, op, inputs, attrs) ?? super.value(op, inputs, attrs);
  }

  /** A scalar constant. */
  scalar(value: number, dtype: DType = 'float32'): Value {
    return this.constant([], dtype, dataOf(dtype, [value]));
  }

  constant(shape: Shape, dtype: DType, data: ConstantData): Value {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const content =
      data.length <= 4 ? Buffer.from(bytes).toString('hex') : createHash('sha256').update(bytes).digest('hex');
    return super.value('Constant', [], { shape, dtype, data, key: `${dtype}[${shape.join()}]${content}` });
  }
}

/** The number a value is everywhere, when it is a scalar constant. */
export function scalarOf(value: Value): number | undefined {
  return value.op === 'Constant' && value.shape.length === 0 ? value.attrs.data[0] : undefined;
}

export function dataOf(dtype: DType, values: ArrayLike<number>): ConstantData {
  return dtype === 'float32'
    ? Float32Array.from(values)
    : dtype === 'int32'
      ? Int32Array.from(values)
      : Uint8Array.from(values);
}

function simplify(
  g: SimplifyingBuilder,
  op: OpName,
  inputs: readonly Value[],
  attrs: Attributes[OpName],
): Value | undefined {
  const [a, b, c] = inputs;
  if (a === undefined) return undefined;
  switch (op) {
    case 'Reshape': {
      const { shape } = attrs as Attributes['Reshape'];
      if (sameShape(a.shape, shape)) return a;
      if (a.op === 'Reshape') return g.value('Reshape', a.inputs, { shape });
      if (a.op === 'Constant') return g.constant(shape, a.dtype, a.attrs.data);
      return a.op === 'Expand' ? upsampled(g, a, shape) : undefined;
    }
    case 'Transpose': {
      const { perm } = attrs as Attributes['Transpose'];
      if (perm.every((axis, i) => axis === i)) return a;
      if (a.op === 'Transpose') {
        const first = a.attrs.perm;
        return g.value('Transpose', a.inputs, { perm: perm.map((axis) => first[axis]!) });
      }
      if (a.op === 'Upsample' && perm[2] === 2 && perm[3] === 3) {
        return g.value('Upsample', [g.value('Transpose', a.inputs, { perm })], a.attrs);
      }
      // Moving axes of size one moves no data.
      const moved = perm.filter((axis) => a.shape[axis] !== 1);
      if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) {
        return g.value('Reshape', [a], { shape: perm.map((axis) => a.shape[axis]!) });
      }
      return undefined;
    }
    case 'Expand':
      return sameShape((attrs as Attributes['Expand']).shape, a.shape) ? a : undefined;
    case 'ToBlocks':
      if (a.op === 'Upsample') {
        return g.value('Upsample', [g.value('ToBlocks', a.inputs, attrs as Attributes['ToBlocks'])], a.attrs);
      }
      return a.op === 'FromBlocks' &&
        a.inputs[0]!.shape[4] === (attrs as Attributes['ToBlocks']).block &&
        a.shape[1] === a.inputs[0]!.shape[1]! * a.inputs[0]!.shape[4]!
        ? a.inputs[0]
        : undefined;
    case 'Interleave':
      return interleavedBlocks(g, inputs, attrs as Attributes['Interleave']);
    case 'Concat':
      return inputs.length === 1 ? a : undefined;
    case 'Slice': {
      const { starts, sizes, steps } = attrs as Attributes['Slice'];
      return sameShape(sizes, a.shape) && starts.every((n) => n === 0) && steps.every((n) => n === 1) ? a : undefined;
    }
    case 'Pad': {
      const { before, after } = attrs as Attributes['Pad'];
      return before.every((n) => n === 0) && after.every((n) => n === 0) ? a : undefined;
    }
    case 'ReduceSum':
    case 'ReduceMean':
    case 'ReduceMax':
    case 'ReduceMin':
    case 'ReduceProd': {
      const { axes } = attrs as Attributes['ReduceSum'];
      return axes.every((axis) => a.shape[axis] === 1) ? a : undefined;
    }
    case 'Cast': {
      const { to } = attrs as Attributes['Cast'];
      if (a.dtype === to) return a;
      const number = scalarOf(a);
      if (number === undefined) return undefined;
      return g.scalar(to === 'bool' ? Number(number !== 0) : to === 'int32' ? Math.trunc(number) : number, to);
    }
    case 'Where': {
      const condition = scalarOf(a);
      if (condition !== undefined) return expanded(g, condition !== 0 ? b! : c!, [condition !== 0 ? c! : b!]);
      return b === c ? expanded(g, b!, [a]) : undefined;
    }
    default:
      if (b !== undefined) return simplifyBinary(g, op as BinaryOp, a, b);
      return simplifyUnary(g, op as UnaryOp, a);
  }
}

/** [n, c, h, 1, w, 1] expanded to [n, c, h, r, w, s] and flattened to [n, c, h r, w s], as one operation. */
function upsampled(g: SimplifyingBuilder, expand: Value, shape: Shape): Value | undefined {
  const [source] = expand.inputs;
  const [n, c, h, one, w, another] = source!.shape;
  if (source!.shape.length !== 6 || one !== 1 || another !== 1 || expand.dtype !== 'float32') return undefined;
  const factors = [expand.shape[3]!, expand.shape[5]!];
  if (!sameShape(shape, [n!, c!, h! * factors[0]!, w! * factors[1]!])) return undefined;
  return g.value('Upsample', [g.value('Reshape', [source!], { shape: [n!, c!, h!, w!] })], { factors });
}

/** Images that come out of blocks are interleaved in blocks: whole vectors are moved, and once less. */
function interleavedBlocks(
  g: SimplifyingBuilder,
  inputs: readonly Value[],
  attrs: Attributes['Interleave'],
): Value | undefined {
  const blocks = inputs.flatMap((image) => (image.op === 'FromBlocks' ? image.inputs : []));
  const { shape } = inputs[0]!;
  if (shape.length !== 4 || blocks.length < inputs.length) return undefined;
  return g.value('FromBlocks', [g.value('Interleave', blocks, attrs)], { channels: shape[1]! });
}

/** `value`, if broadcasting against `others` does not make it larger. */
function expanded(_: GraphBuilder, value: Value, others: readonly Value[]): Value | undefined {
  const grows = others.some(({ shape }) =>
    shape.some((n, i) => n > (value.shape[i - shape.length + value.shape.length] ?? 1)),
  );
  return grows ? undefined : value;
}

function simplifyUnary(g: SimplifyingBuilder, op: UnaryOp, x: Value): Value | undefined {
  const number = scalarOf(x);
  if (number !== undefined) {
    const fold = foldUnary[op];
    if (fold !== undefined) return g.scalar(fold(number), x.dtype);
  }
  if (op === 'Neg' && x.op === 'Neg') return x.inputs[0];
  if (op === 'Neg' && x.op === 'Sub' && sameShape(x.inputs[0]!.shape, x.inputs[1]!.shape)) {
    return g.value('Sub', [x.inputs[1]!, x.inputs[0]!], {});
  }
  if (op === 'Abs' && x.op === 'Abs') return x;
  return undefined;
}

const foldUnary: { readonly [O in UnaryOp]?: (x: number) => number } = {
  Abs: Math.abs, Ceil: Math.ceil, Cos: Math.cos, Exp: Math.exp, Floor: Math.floor, Log: Math.log, Neg: (x) => -x,
  Reciprocal: (x) => 1 / x, Sign: Math.sign, Sin: Math.sin, Sqrt: Math.sqrt, Tanh: Math.tanh,
  Not: (x) => 1 - x, Sigmoid: (x) => 1 / (1 + Math.exp(-x)), Relu: (x) => Math.max(x, 0),
}; // prettier-ignore

const foldBinary: { readonly [O in BinaryOp]?: (a: number, b: number) => number } = {
  Add: (a, b) => a + b, Sub: (a, b) => a - b, Mul: (a, b) => a * b, Max: Math.max, Min: Math.min, Pow: Math.pow,
}; // prettier-ignore

function simplifyBinary(g: SimplifyingBuilder, op: BinaryOp, a: Value, b: Value): Value | undefined {
  const m = scalarOf(a);
  const n = scalarOf(b);
  const isFloat = a.dtype === 'float32';
  if (m !== undefined && n !== undefined) {
    const fold = foldBinary[op];
    if (fold !== undefined && isFloat) return g.scalar(fold(m, n), a.dtype);
    if (op === 'Div' && isFloat) return g.scalar(m / n);
  }
  switch (op) {
    case 'Add':
      if (m === 0) return b;
      if (n === 0) return a;
      if (b.op === 'Neg') return g.value('Sub', [a, b.inputs[0]!], {});
      if (a.op === 'Neg') return g.value('Sub', [b, a.inputs[0]!], {});
      return ordered(g, op, a, b);
    case 'Sub':
      if (n === 0) return a;
      if (m === 0 && isFloat) return g.value('Neg', [b], {});
      if (b.op === 'Neg') return g.value('Add', [a, b.inputs[0]!], {});
      return undefined;
    case 'Mul':
      if (m === 0 || n === 0) return g.scalar(0, a.dtype);
      if (m === 1) return b;
      if (n === 1) return a;
      if (m === -1) return g.value('Neg', [b], {});
      if (n === -1) return g.value('Neg', [a], {});
      // Constant factors gather: (x c) d = x (c d); gradients of means and squares make long chains of them.
      if (m !== undefined && isFloat) return scaled(g, b, m);
      if (n !== undefined && isFloat) return scaled(g, a, n);
      return ordered(g, op, a, b);
    case 'Div':
      if (m === 0 && isFloat) return g.scalar(0);
      if (n === 1) return a;
      if (n === -1) return g.value('Neg', [a], {});
      if (m === 1 && isFloat) return g.value('Reciprocal', [b], {});
      // Powers of two divide exactly as products do.
      if (n !== undefined && isFloat && Number.isInteger(Math.log2(Math.abs(n))))
        return g.value('Mul', [a, g.scalar(1 / n)], {});
      return undefined;
    case 'Pow':
      if (n === 1) return a;
      if (n === 2) return g.value('Mul', [a, a], {});
      if (!isFloat) return undefined;
      if (n === 0) return g.scalar(1);
      if (n === 0.5) return g.value('Sqrt', [a], {});
      if (n === -1) return g.value('Reciprocal', [a], {});
      if (n === -0.5) return g.value('Reciprocal', [g.value('Sqrt', [a], {})], {});
      if (n === 1.5) return g.value('Mul', [a, g.value('Sqrt', [a], {})], {});
      if (n === 3) return g.value('Mul', [g.value('Mul', [a, a], {}), a], {});
      return undefined;
    case 'Max':
    case 'Min':
      return a === b ? a : undefined;
    default:
      return undefined;
  }
}

function scaled(g: SimplifyingBuilder, x: Value, factor: number): Value | undefined {
  if (x.op !== 'Mul') return undefined;
  const inner = x.inputs.map(scalarOf);
  const at = inner.findIndex((number) => number !== undefined);
  if (at < 0) return undefined;
  return g.value('Mul', [x.inputs[1 - at]!, g.scalar(inner[at]! * factor)], {});
}

/** a + b and b + a are one value: the operand made first comes first. */
function ordered(g: SimplifyingBuilder, op: 'Add' | 'Mul', a: Value, b: Value): Value | undefined {
  return a.id > b.id ? g.value(op, [b, a], {}) : undefined;
}

/** Whether a constant holds one number throughout. */
export function isUniform(data: ArrayLike<number>): boolean {
  const first = data[0];
  for (let i = 1; i < data.length; i++) if (data[i] !== first) return false;
  return first !== undefined && !Number.isNaN(first);
}
