// Kernels that combine elements along axes: sums, extremes, cumulative sums, softmax.
import { tf } from '../tf.ts';
import type { ReduceOp } from '../graph.ts';
import { sizeOf } from '../graph.ts';
import type { SimplifyingBuilder } from '../simplifying-builder.ts';
import { dataOrder, dtypeOf, isRepeated, lay, materialize, placed, uniform } from '../view.ts';
import type { View } from '../view.ts';
import { binary, cast, unary } from './arithmetic.ts';
import { rule, unsupported } from './rule.ts';

type X = { x: tf.TensorInfo };
type Axis = number | number[];

/** Reduces logical axes. Repeated axes cost nothing: n equal terms are n times one. */
export function reduce(g: SimplifyingBuilder, op: ReduceOp, x: View, axis: Axis, keepDims: boolean): View {
  const axes = tf.util.parseAxisParam(axis, [...x.shape]);
  const physical = axes.map((i) => x.axes[i]!).filter((i) => i >= 0);
  const value = physical.length === 0 ? x.value : g.value(op, [x.value], { axes: physical.sort((a, b) => a - b) });
  const kept = x.shape.map((_, i) => i).filter((i) => keepDims || !axes.includes(i));
  const result: View = {
    value,
    shape: kept.map((i) => (axes.includes(i) ? 1 : x.shape[i]!)),
    axes: kept.map((i) => (axes.includes(i) ? -1 : x.axes[i]!)),
  };
  const times = sizeOf(axes.filter((i) => isRepeated(x, i)).map((i) => x.shape[i]!));
  if (times === 1 || (op !== 'ReduceSum' && op !== 'ReduceProd')) return result;
  return binary(g, op === 'ReduceSum' ? 'Mul' : 'Pow', result, uniform(g, times, [], dtypeOf(x)));
}

/** Keeps the physical order of a view while making `axis` a physical axis. */
function withAxis(g: SimplifyingBuilder, x: View, axis: number): { order: number[]; value: ReturnType<typeof lay> } {
  if (isRepeated(x, axis)) {
    const order = x.shape.map((_, i) => i);
    return { order, value: materialize(g, x, order) };
  }
  const current = dataOrder(x);
  const order = current.includes(axis) ? current : [...current, axis];
  return { order, value: lay(g, x, order) };
}

function cumsum(g: SimplifyingBuilder, x: View, axis: number, exclusive: boolean, reverse: boolean): View {
  const { order, value } = withAxis(g, x, axis);
  return placed(g.value('CumSum', [value], { axis: order.indexOf(axis), exclusive, reverse }), x.shape, order);
}

const argExtreme = (op: 'ArgMax' | 'ArgMin') =>
  rule<X, tf.ArgMaxAttrs>((g, { x }, { axis }) => {
    const [at] = tf.util.parseAxisParam(axis, [...x.shape]);
    const { order, value } = withAxis(g, x, at!);
    const full = placed(g.value(op, [value], { axis: order.indexOf(at!) }), x.shape, order);
    const keep = x.shape.map((_, i) => i).filter((i) => i !== at);
    return { value: full.value, shape: keep.map((i) => x.shape[i]!), axes: keep.map((i) => full.axes[i]!) };
  });

/** Any and All of bools as extremes of integers. */
const logicalReduction = (op: ReduceOp) =>
  rule<X, { axis: Axis; keepDims: boolean }>((g, { x }, { axis, keepDims }) =>
    cast(g, reduce(g, op, cast(g, x, 'int32'), axis, keepDims), 'bool'),
  );

/** Logits minus their largest, so that no exponential overflows. */
const shifted = (g: SimplifyingBuilder, x: View, axis: number): View =>
  binary(g, 'Sub', x, reduce(g, 'ReduceMax', x, axis, true));

export const reductionRules = {
  Sum: rule<X, tf.SumAttrs & { keepDims: boolean }>((g, { x }, { axis, keepDims }) =>
    reduce(g, 'ReduceSum', dtypeOf(x) === 'bool' ? cast(g, x, 'int32') : x, axis, keepDims),
  ),
  Mean: rule<X, tf.MeanAttrs>((g, { x }, { axis, keepDims }) =>
    reduce(g, 'ReduceMean', cast(g, x, 'float32'), axis, keepDims),
  ),
  Max: rule<X, tf.MaxAttrs>((g, { x }, { reductionIndices, keepDims }) =>
    reduce(g, 'ReduceMax', x, reductionIndices, keepDims),
  ),
  Min: rule<X, tf.MinAttrs>((g, { x }, { axis, keepDims }) => reduce(g, 'ReduceMin', x, axis, keepDims)),
  Prod: rule<X, tf.ProdAttrs>((g, { x }, { axis, keepDims }) => reduce(g, 'ReduceProd', x, axis, keepDims)),
  All: logicalReduction('ReduceMin'),
  Any: logicalReduction('ReduceMax'),
  ArgMax: argExtreme('ArgMax'),
  ArgMin: argExtreme('ArgMin'),
  Cumsum: rule<X, tf.CumsumAttrs>((g, { x }, { axis, exclusive, reverse }) =>
    cumsum(g, x, tf.util.parseAxisParam(axis, [...x.shape])[0]!, exclusive, reverse),
  ),
  Cumprod: unsupported('tf.exp of tf.cumsum of tf.log, for positive numbers'),
  Softmax: rule<tf.SoftmaxInputs, tf.SoftmaxAttrs>((g, { logits }, { dim }) => {
    const e = unary(g, 'Exp', shifted(g, logits, dim));
    return binary(g, 'Div', e, reduce(g, 'ReduceSum', e, dim, true));
  }),
  LogSoftmax: rule<tf.LogSoftmaxInputs, tf.LogSoftmaxAttrs>((g, { logits }, { axis }) => {
    const z = shifted(g, logits, axis);
    return binary(g, 'Sub', z, unary(g, 'Log', reduce(g, 'ReduceSum', unary(g, 'Exp', z), axis, true)));
  }),
  LRN: unsupported('a normalization written with tf.mean and tf.square'),
  LRNGrad: unsupported('a normalization written with tf.mean and tf.square'),
  FusedBatchNorm: unsupported('a normalization written with tf.mean and tf.rsqrt'),
  TopK: unsupported('tf.max and tf.argMax'),
  Bincount: unsupported('tf.sum of tf.oneHot'),
  DenseBincount: unsupported('tf.sum of tf.oneHot'),
};
