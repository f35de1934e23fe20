// Matrix products. A transposed operand is a flag, not a copy; a repeated axis never becomes a large matrix.
import type { tf } from '../tf.ts';
import { broadcastShapes } from '../graph.ts';
import type { Value } from '../graph.ts';
import type { SimplifyingBuilder } from '../simplifying-builder.ts';
import { broadcastTo, dataOrder, isRepeated, lay, permuted, placed } from '../view.ts';
import type { View } from '../view.ts';
import { binary } from './arithmetic.ts';
import { reduce } from './reduction.ts';
import { rule, unsupported } from './rule.ts';

const swapLast = (x: View): View => {
  const rank = x.shape.length;
  return permuted(x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
};

/** The matrices of a view as a value, and whether they lie transposed. */
function matrices(g: SimplifyingBuilder, x: View): { value: Value; isTransposed: boolean } {
  const rank = x.shape.length;
  const order = dataOrder(x);
  const row = order.indexOf(rank - 2);
  const isTransposed = row >= 0 && order.indexOf(rank - 1) < row && order.includes(rank - 1);
  const batch = [...Array(rank - 2).keys()];
  return {
    value: lay(g, x, isTransposed ? [...batch, rank - 1, rank - 2] : [...batch, rank - 2, rank - 1]),
    isTransposed,
  };
}

/** a[..., m, k] times b[..., k, n]; leading axes broadcast. */
export function matMul(g: SimplifyingBuilder, a: View, b: View): View {
  const rank = Math.max(a.shape.length, b.shape.length);
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const wideA = broadcastTo(a, [...batch, ...a.shape.slice(-2)]);
  const wideB = broadcastTo(b, [...batch, ...b.shape.slice(-2)]);
  const shape = [...batch, a.shape.at(-2)!, b.shape.at(-1)!];
  if (isRepeated(wideA, rank - 1)) {
    // a[m, k] = u[m]: the product is u[m] times the sum of b over k.
    return binary(g, 'Mul', firstOf(wideA, rank - 1), reduce(g, 'ReduceSum', wideB, rank - 2, true));
  }
  if (isRepeated(wideB, rank - 2)) {
    return binary(g, 'Mul', reduce(g, 'ReduceSum', wideA, rank - 1, true), firstOf(wideB, rank - 2));
  }
  const left = matrices(g, firstOf(wideA, rank - 2));
  const right = matrices(g, firstOf(wideB, rank - 1));
  const value = g.value('MatMul', [left.value, right.value], { transA: left.isTransposed, transB: right.isTransposed });
  const product = placed(value, [...value.shape], [...Array(rank).keys()]);
  const spreadBatch = { ...product, axes: product.axes.map((axis, i) => (value.shape[i] === shape[i] ? axis : -1)) };
  return { ...spreadBatch, shape };
}

/** The view with a repeated axis cut to size one. */
const firstOf = (x: View, axis: number): View =>
  isRepeated(x, axis) ? { ...x, shape: x.shape.map((n, i) => (i === axis ? 1 : n)) } : x;

export const matMulRules = {
  BatchMatMul: rule<tf.BatchMatMulInputs, tf.BatchMatMulAttrs>((g, { a, b }, { transposeA, transposeB }) =>
    matMul(g, transposeA ? swapLast(a) : a, transposeB ? swapLast(b) : b),
  ),
  _FusedMatMul: unsupported('tf.matMul followed by tf.add and the activation'),
  Einsum: unsupported('tf.matMul with tf.transpose and tf.reshape'),
};
