// A float64 interpreter of traced graphs: slow, plain, and written from the operations' definitions. It is the reference
// that float32 results are compared with, and what finite differences of a program are taken in.
import { sizeOf } from '../../src/tensor/graph.ts';
import type { BinaryOp, Graph, ReduceOp, Shape, UnaryOp, Value } from '../../src/tensor/graph.ts';
import { binaryOps, reduceOps, unaryOps } from '../../src/tensor/graph.ts';

type Numbers = ArrayLike<number>;
interface Dense {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** Values of the graph's outputs, by name. */
export function interpret(graph: Graph, inputs: Readonly<Record<string, Numbers>>): Record<string, Float64Array> {
  const names = new Map(graph.inputs.map(({ name, value }) => [value, name]));
  const known = new Map<Value, Dense>();
  for (const value of graph.values) {
    const given = names.get(value);
    const data =
      given !== undefined
        ? Float64Array.from(inputs[given]!)
        : evaluate(value, value.inputs.map((input) => known.get(input)!)); // prettier-ignore
    if (data.length !== sizeOf(value.shape))
      throw new Error(`${value.op}: ${data.length} elements for [${value.shape}]`);
    known.set(value, { shape: value.shape, data });
  }
  return Object.fromEntries(graph.outputs.map(({ name, value }) => [name, known.get(value)!.data]));
}

/** The element of `data` at an index vector. */
const at = ({ shape, data }: Dense, index: readonly number[]): number =>
  data[index.reduce((offset, i, axis) => offset * shape[axis]! + i, 0)]!;

/** Fills a tensor of `shape` by the value at each index vector, in row-major order. */
function build(shape: Shape, valueAt: (index: number[]) => number): Float64Array {
  const out = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let i = 0; i < out.length; i++) {
    out[i] = valueAt(index);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

/** The element that broadcasting puts at an index of a larger shape. */
const broadcastAt = (x: Dense, index: readonly number[]): number => {
  const skip = index.length - x.shape.length;
  return at(x, x.shape.map((n, axis) => (n === 1 ? 0 : index[axis + skip]!))); // prettier-ignore
};

const roundHalfEven = (x: number): number => {
  const low = Math.floor(x);
  return x - low === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : Math.round(x);
};

/** Maclaurin series, the asymptotic one beyond 4. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x) * (1 - Math.exp(-x * x) / (Math.abs(x) * Math.sqrt(Math.PI)));
  let sum = 0;
  let term = x;
  for (let n = 0; n < 100; n++) {
    sum += term / (2 * n + 1);
    term *= (-x * x) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const unary: Readonly<Record<UnaryOp, (x: number) => number>> = {
  Abs: Math.abs, Acos: Math.acos, Acosh: Math.acosh, Asin: Math.asin, Asinh: Math.asinh, Atan: Math.atan,
  Atanh: Math.atanh, Ceil: Math.ceil, Cos: Math.cos, Cosh: Math.cosh, Erf: erf, Exp: Math.exp, Floor: Math.floor,
  IsInf: (x) => Number(Math.abs(x) === Infinity), IsNaN: (x) => Number(Number.isNaN(x)), Log: Math.log, Neg: (x) => -x,
  Not: (x) => 1 - x, Reciprocal: (x) => 1 / x, Relu: (x) => Math.max(x, 0), Round: roundHalfEven,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)), Sign: Math.sign, Sin: Math.sin, Sinh: Math.sinh,
  Softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), Sqrt: Math.sqrt, Tan: Math.tan, Tanh: Math.tanh,
}; // prettier-ignore

const binary: Readonly<Record<BinaryOp, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b, Sub: (a, b) => a - b, Mul: (a, b) => a * b, Div: (a, b) => a / b, Pow: Math.pow, Max: Math.max,
  Min: Math.min, Mod: (a, b) => a - Math.floor(a / b) * b, And: (a, b) => a * b, Or: (a, b) => Math.max(a, b),
  Xor: (a, b) => Number(a !== b), Equal: (a, b) => Number(a === b), Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b), Greater: (a, b) => Number(a > b), GreaterOrEqual: (a, b) => Number(a >= b),
}; // prettier-ignore

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T =>
  (names as readonly string[]).includes(name);

function evaluate(value: Value, inputs: Dense[]): Float64Array {
  const { op, shape } = value;
  const [x, y, z] = inputs as [Dense, Dense, Dense];
  if (isOneOf(unaryOps, op)) return x.data.map(unary[op]);
  if (isOneOf(binaryOps, op)) {
    const combine = op === 'Div' && value.dtype === 'int32' ? (a: number, b: number) => Math.trunc(a / b) : binary[op];
    return build(shape, (index) => combine(broadcastAt(x, index), broadcastAt(y, index)));
  }
  if (isOneOf(reduceOps, op)) return reduce(op, x, (value.attrs as { axes: Shape }).axes, shape);
  switch (value.op) {
    case 'Input':
      throw new Error('Inputs are given');
    case 'Constant':
      return Float64Array.from(value.attrs.data);
    case 'Cast':
      return x.data.map((n) => (value.attrs.to === 'int32' ? Math.trunc(n) : n));
    case 'Where':
      return build(shape, (index) => broadcastAt(broadcastAt(x, index) !== 0 ? y : z, index));
    case 'MatMul':
      return matMul(x, y, value.attrs, shape);
    case 'Gemm':
      return matMul(x, y, value.attrs, shape).map(
        (n, i) => n + broadcastAt(z, [Math.floor(i / shape[1]!), i % shape[1]!]),
      );
    case 'Conv':
      return convolve(x, y, value.attrs, shape);
    case 'ToBlocks': {
      const { block } = value.attrs;
      return build(shape, ([n, c, h, w, b]) => at(x, [n!, c! * block + b!, h!, w!]));
    }
    case 'FromBlocks': {
      const block = x.shape[4]!;
      return build(shape, ([n, c, h, w]) => at(x, [n!, Math.floor(c! / block), h!, w!, c! % block]));
    }
    case 'BlockedConv':
      return blockedConvolve(x, y, value.attrs, shape);
    case 'Upsample': {
      const { factors } = value.attrs;
      return build(shape, (index) => at(x, index.map((i, axis) => Math.floor(i / (factors[axis - 2] ?? 1))))); // prettier-ignore
    }
    case 'Interleave': {
      const [rows = 1, columns = 1] = value.attrs.factors;
      return build(shape, (index) => {
        const [i, j] = [index[2]!, index[3]!];
        const from = index.with(2, Math.floor(i / rows)).with(3, Math.floor(j / columns));
        return at(inputs[(i % rows) * columns + (j % columns)]!, from);
      });
    }
    case 'CumSum': {
      const { axis, exclusive, reverse } = value.attrs;
      return build(shape, (index) => {
        let sum = 0;
        for (let i = 0; i < shape[axis]!; i++) {
          const isBefore = reverse ? i > index[axis]! : i < index[axis]!;
          if (isBefore || (i === index[axis] && !exclusive)) sum += at(x, index.with(axis, i));
        }
        return sum;
      });
    }
    case 'ArgMax':
    case 'ArgMin': {
      const { axis } = value.attrs;
      return build(shape, (index) => {
        const row = Array.from({ length: x.shape[axis]! }, (_, i) => at(x, index.with(axis, i)));
        return row.indexOf(value.op === 'ArgMax' ? Math.max(...row) : Math.min(...row));
      });
    }
    case 'Reshape':
      return x.data;
    case 'Transpose': {
      const { perm } = value.attrs;
      return build(shape, (index) => at(x, perm.map((_, axis) => index[perm.indexOf(axis)]!))); // prettier-ignore
    }
    case 'Expand':
      return build(shape, (index) => broadcastAt(x, index));
    case 'Concat': {
      const { axis } = value.attrs;
      return build(shape, (index) => {
        let i = index[axis]!;
        const part = inputs.find((input) => (i < input.shape[axis]! ? true : ((i -= input.shape[axis]!), false)))!;
        return at(part, index.with(axis, i));
      });
    }
    case 'Slice': {
      const { starts, steps } = value.attrs;
      return build(shape, (index) => at(x, index.map((i, axis) => starts[axis]! + i * steps[axis]!))); // prettier-ignore
    }
    case 'Pad': {
      const { before, value: fill } = value.attrs;
      return build(shape, (index) => {
        const from = index.map((i, axis) => i - before[axis]!);
        return from.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? at(x, from) : fill;
      });
    }
    case 'Gather': {
      const { axis } = value.attrs;
      const rank = y.shape.length;
      return build(shape, (index) => {
        const i = at(y, index.slice(axis, axis + rank));
        return at(x, [...index.slice(0, axis), i, ...index.slice(axis + rank)]);
      });
    }
    case 'GatherND': {
      const rank = y.shape.length - 1;
      return build(shape, (index) => {
        const lead = Array.from({ length: y.shape[rank]! }, (_, i) => at(y, [...index.slice(0, rank), i]));
        return at(x, [...lead, ...index.slice(rank)]);
      });
    }
    default:
      throw new Error(`No definition of ${op}`);
  }
}

function reduce(op: ReduceOp, x: Dense, axes: Shape, shape: Shape): Float64Array {
  const inner = axes.map((axis) => x.shape[axis]!);
  const count = sizeOf(inner);
  return build(shape, (index) => {
    const terms: number[] = [];
    build(inner, (offset) => terms.push(at(x, index.map((i, axis) => (axes.includes(axis) ? offset[axes.indexOf(axis)]! : i))))); // prettier-ignore
    const sum = terms.reduce((a, b) => a + b, 0);
    if (op === 'ReduceSum') return sum;
    if (op === 'ReduceMean') return sum / count;
    if (op === 'ReduceProd') return terms.reduce((a, b) => a * b, 1);
    return op === 'ReduceMax' ? Math.max(...terms) : Math.min(...terms);
  });
}

function matMul(a: Dense, b: Dense, flags: { transA: boolean; transB: boolean }, shape: Shape): Float64Array {
  const inner = a.shape.at(flags.transA ? -2 : -1)!;
  return build(shape, (index) => {
    const [m, n] = index.slice(-2) as [number, number];
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      const batch = index.slice(0, -2);
      const left = broadcastAt(a, [...batch, ...(flags.transA ? [k, m] : [m, k])]);
      sum += left * broadcastAt(b, [...batch, ...(flags.transB ? [n, k] : [k, n])]);
    }
    return sum;
  });
}

interface ConvAttributes {
  readonly strides: Shape;
  readonly pads: Shape;
  readonly dilations: Shape;
}

/** Sum over the filter's pixels that fall on the image. */
function correlate(
  index: readonly number[],
  image: Shape,
  filter: Shape,
  { strides, pads, dilations }: ConvAttributes,
  term: (h: number, w: number, i: number, j: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < filter[0]!; i++) {
    for (let j = 0; j < filter[1]!; j++) {
      const h = index[0]! * strides[0]! + i * dilations[0]! - pads[0]!;
      const w = index[1]! * strides[1]! + j * dilations[1]! - pads[1]!;
      if (h >= 0 && h < image[0]! && w >= 0 && w < image[1]!) sum += term(h, w, i, j);
    }
  }
  return sum;
}

function convolve(x: Dense, filter: Dense, attrs: ConvAttributes, shape: Shape): Float64Array {
  return build(shape, ([n, o, ...pixel]) =>
    correlate(pixel, x.shape.slice(2), filter.shape.slice(2), attrs, (h, w, i, j) => {
      let sum = 0;
      for (let c = 0; c < x.shape[1]!; c++) sum += at(x, [n!, c, h, w]) * at(filter, [o!, c, i, j]);
      return sum;
    }),
  );
}

function blockedConvolve(x: Dense, filter: Dense, attrs: ConvAttributes, shape: Shape): Float64Array {
  const block = filter.shape.at(-1)!;
  return build(shape, ([n, o, h0, w0, b]) =>
    correlate([h0!, w0!], x.shape.slice(2, 4), filter.shape.slice(2, 4), attrs, (h, w, i, j) => {
      let sum = 0;
      for (let c = 0; c < x.shape[1]!; c++) {
        if (x.shape.length === 4) sum += at(x, [n!, c, h, w]) * at(filter, [o!, c, i, j, b!]);
        else for (let k = 0; k < block; k++) sum += at(x, [n!, c, h, w, k]) * at(filter, [o!, c, i, j, k, b!]);
      }
      return sum;
    }),
  );
}
