// Kernels that move elements without computing: reshapes, transposes, slices, concatenations, gathers.
import { tf } from '../tf.ts';
import { sizeOf } from '../graph.ts';
import type { Shape, Value } from '../graph.ts';
import type { SimplifyingBuilder } from '../simplifying-builder.ts';
import {
  broadcastTo, commonOrder, dataOrder, dtypeOf, isRepeated, lay, materialize, permuted, placed, reshape, uniform, viewOf,
} from '../view.ts'; // prettier-ignore
import type { View } from '../view.ts';
import { binary, cast, numbers, where } from './arithmetic.ts';
import { matMul } from './matmul.ts';
import { rule, unsupported } from './rule.ts';

type X = { x: tf.TensorInfo };

/** The view in its own physical order with the given axes written out, and that order. */
function spread(g: SimplifyingBuilder, x: View, axes: readonly number[]): { value: Value; order: number[] } {
  const order = dataOrder(x);
  for (const axis of axes) if (!order.includes(axis)) order.push(axis);
  order.sort((a, b) => position(x, a) - position(x, b));
  const repeated = axes.some((axis) => isRepeated(x, axis));
  if (!repeated) return { value: lay(g, x, order), order };
  const shape = order.map((axis) => (isRepeated(x, axis) && !axes.includes(axis) ? 1 : x.shape[axis]!));
  return { value: g.value('Expand', [lay(g, x, order)], { shape }), order };
}
const position = (x: View, axis: number): number => (x.axes[axis]! >= 0 ? x.axes[axis]! : axis - x.shape.length);

/** Slices axes; an axis that repeats its data only changes its size. */
export function slice(
  g: SimplifyingBuilder,
  x: View,
  begin: Shape,
  size: Shape,
  steps: Shape = begin.map(() => 1),
): View {
  const order = dataOrder(x);
  const sliced = g.value('Slice', [lay(g, x, order)], {
    starts: order.map((axis) => begin[axis]!),
    sizes: order.map((axis) => size[axis]!),
    steps: order.map((axis) => steps[axis]!),
  });
  return placed(sliced, size, order);
}

/** Pads with a number; negative amounts crop. */
export function pad(
  g: SimplifyingBuilder,
  x: View,
  paddings: readonly (readonly [number, number])[],
  number: number,
): View {
  const touched = paddings.flatMap(([before, after], axis) => (before !== 0 || after !== 0 ? [axis] : []));
  const { value, order } = spread(g, x, touched);
  const padded = g.value('Pad', [value], {
    before: order.map((axis) => paddings[axis]![0]),
    after: order.map((axis) => paddings[axis]![1]),
    value: number,
  });
  const shape = x.shape.map((n, axis) => n + paddings[axis]![0] + paddings[axis]![1]);
  return placed(padded, shape, order);
}

export function concat(g: SimplifyingBuilder, inputs: readonly View[], axis: number): View {
  const views = inputs.filter((x) => x.shape[axis] !== 0);
  const [first] = views;
  if (first === undefined) return inputs[0]!;
  if (views.length === 1) return first;
  const order = commonOrder(views);
  if (!order.includes(axis)) order.push(axis);
  // An axis that only some inputs repeat must be written out in those.
  const held = order.filter((other) => other === axis || views.some((x) => !isRepeated(x, other)));
  const values = views.map((x) => {
    const value = lay(g, x, held);
    const shape = held.map((other) => x.shape[other]!);
    return g.value('Expand', [value], { shape });
  });
  const shape = first.shape.map((n, i) => (i === axis ? views.reduce((sum, x) => sum + x.shape[axis]!, 0) : n));
  return placed(g.value('Concat', values, { axis: held.indexOf(axis) }), shape, held);
}

/** Repeats whole axes; an axis of size one only becomes a repeated one. */
function tile(g: SimplifyingBuilder, x: View, reps: readonly number[]): View {
  const shape: number[] = [];
  const axes: number[] = [];
  x.shape.forEach((n, axis) => {
    if (reps[axis]! > 1 && n > 1) {
      shape.push(reps[axis]!);
      axes.push(-1);
    }
    const isStretched = n === 1;
    shape.push(isStretched ? reps[axis]! : n);
    axes.push(isStretched && reps[axis]! > 1 ? -1 : x.axes[axis]!);
  });
  return reshape(g, { value: x.value, shape, axes }, x.shape.map((n, axis) => n * reps[axis]!)); // prettier-ignore
}

/** x[..., indices, ...] along an axis. */
function gather(g: SimplifyingBuilder, x: View, indices: View, axis: number): View {
  const rank = indices.shape.length;
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const { value, order } = spread(g, x, [axis]);
  const index = materialize(g, cast(g, indices, 'int32'));
  const gathered = g.value('Gather', [value, index], { axis: order.indexOf(axis) });
  const outOrder = order.flatMap((other) =>
    other === axis ? indices.shape.map((_, i) => axis + i) : [other > axis ? other + rank - 1 : other],
  );
  return placed(gathered, shape, outOrder);
}

function oneHot(g: SimplifyingBuilder, indices: View, depth: number): View {
  const index = reshape(g, cast(g, indices, 'int32'), [...indices.shape, 1]);
  const classes = Array.from({ length: depth }, (_, i) => i);
  return binary(g, 'Equal', index, numbers(g, classes, [depth], 'int32'));
}

const insertAxis = (x: View, axis: number): View => ({
  value: x.value,
  shape: x.shape.toSpliced(axis, 0, 1),
  axes: x.axes.toSpliced(axis, 0, -1),
});

export const shapeRules = {
  Reshape: rule<X, tf.ReshapeAttrs>((g, { x }, { shape }) =>
    reshape(g, x, tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
  ),
  ExpandDims: rule<{ input: tf.TensorInfo }, tf.ExpandDimsAttrs>((_, { input }, { dim }) =>
    insertAxis(input, dim < 0 ? dim + input.shape.length + 1 : dim),
  ),
  Transpose: rule<X, tf.TransposeAttrs>((_, { x }, { perm }) => permuted(x, perm)),
  BroadcastTo: rule<X, tf.BroadCastToAttrs>((_, { x }, { shape }) => broadcastTo(x, shape)),
  Tile: rule<X, tf.TileAttrs>((g, { x }, { reps }) => tile(g, x, reps)),
  Concat: rule<tf.TensorInfo[], tf.ConcatAttrs>((g, inputs, { axis }) =>
    concat(g, inputs, tf.util.parseAxisParam(axis, [...inputs[0]!.shape])[0]!),
  ),
  SplitV: rule<X, tf.SplitVAttrs>((g, { x }, { numOrSizeSplits, axis }) => {
    const at = tf.util.parseAxisParam(axis, [...x.shape])[0]!;
    let start = 0;
    return tf.backend_util.prepareSplitSize({ shape: [...x.shape] } as tf.Tensor, numOrSizeSplits, at).map((size) => {
      const begin = x.shape.map((_, i) => (i === at ? start : 0));
      start += size;
      return slice(g, x, begin, x.shape.map((n, i) => (i === at ? size : n))); // prettier-ignore
    });
  }),
  Slice: rule<X, tf.SliceAttrs>((g, { x }, attrs) => {
    const [begin, size] = tf.slice_util.parseSliceParams(
      { shape: x.shape, rank: x.shape.length } as tf.Tensor,
      attrs.begin,
      attrs.size,
    );
    return slice(g, x, begin!, size!);
  }),
  StridedSlice: rule<X, tf.StridedSliceAttrs>((g, { x }, a) => {
    const info = tf.slice_util.sliceInfo(
      [...x.shape], a.begin, a.end, a.strides, a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask,
    ); // prettier-ignore
    return reshape(
      g,
      slice(g, x, info.begin, tf.slice_util.computeOutShape(info.begin, info.end, info.strides), info.strides),
      info.finalShape,
    );
  }),
  PadV2: rule<X, tf.PadV2Attrs>((g, { x }, { paddings, constantValue }) => pad(g, x, paddings, constantValue)),
  MirrorPad: unsupported('tf.concat of slices and tf.reverse'),
  Reverse: rule<X, tf.ReverseAttrs>((g, { x }, { dims }) => {
    const axes = tf.util.parseAxisParam(dims, [...x.shape]);
    const begin = x.shape.map((n, i) => (axes.includes(i) ? n - 1 : 0));
    return slice(g, x, begin, x.shape, x.shape.map((_, i) => (axes.includes(i) ? -1 : 1))); // prettier-ignore
  }),
  GatherV2: rule<tf.GatherV2Inputs, tf.GatherV2Attrs>((g, { x, indices }, { axis, batchDims }) => {
    if (batchDims !== 0)
      throw new TypeError('Cannot trace tf.gather with batchDims: use tf.sum(tf.mul(x, tf.oneHot(...)))');
    return gather(g, x, indices, tf.util.parseAxisParam(axis, [...x.shape])[0]!);
  }),
  GatherNd: rule<tf.GatherNdInputs>((g, { params, indices }) =>
    viewOf(g.value('GatherND', [materialize(g, params), materialize(g, cast(g, indices, 'int32'))], {})),
  ),
  OneHot: rule<tf.OneHotInputs, tf.OneHotAttrs & { dtype: tf.DataType }>(
    (g, { indices }, { depth, onValue, offValue, dtype }) => {
      const to = dtype === 'int32' || dtype === 'bool' ? dtype : 'float32';
      const isOn = oneHot(g, indices, depth);
      if (onValue === 1 && offValue === 0) return cast(g, isOn, to);
      return where(g, isOn, uniform(g, onValue, [], to), uniform(g, offValue, [], to));
    },
  ),
  /** A matrix product with the one-hot matrix of the ids: exact sums, in a fixed order. */
  UnsortedSegmentSum: rule<tf.UnsortedSegmentSumInputs, tf.UnsortedSegmentSumAttrs>(
    (g, { x, segmentIds }, { numSegments }) => {
      const [count = 1, ...rest] = x.shape;
      const member = permuted(cast(g, oneHot(g, segmentIds, numSegments), 'float32'), [1, 0]);
      const rows = reshape(g, cast(g, x, 'float32'), [count, sizeOf(rest)]);
      return cast(g, reshape(g, matMul(g, member, rows), [numSegments, ...rest]), dtypeOf(x));
    },
  ),
  Pack: rule<tf.TensorInfo[], tf.PackAttrs>(
    (g, inputs, { axis }) =>
    concat(g, inputs.map((x) => insertAxis(x, axis)), axis), // prettier-ignore
  ),
  Unpack: rule<{ value: tf.TensorInfo }, tf.UnpackAttrs>((g, { value: x }, { axis }) => {
    const at = axis < 0 ? axis + x.shape.length : axis;
    const size = x.shape.map((n, i) => (i === at ? 1 : n));
    return Array.from({ length: x.shape[at]! }, (_, i) => {
      const part = slice(g, x, x.shape.map((__, j) => (j === at ? i : 0)), size); // prettier-ignore
      return { value: part.value, shape: part.shape.toSpliced(at, 1), axes: part.axes.toSpliced(at, 1) };
    });
  }),
  ScatterNd: unsupported('a product with tf.oneHot'),
  TensorScatterUpdate: unsupported('tf.where with a tf.oneHot mask'),
  SparseToDense: unsupported('a product with tf.oneHot'),
  Diag: unsupported('tf.mul with tf.eye'),
  MatrixBandPart: unsupported('tf.mul with a mask'),
  BatchToSpaceND: unsupported('tf.reshape and tf.transpose'),
  SpaceToBatchND: unsupported('tf.reshape and tf.transpose'),
  DepthToSpace: unsupported('tf.reshape and tf.transpose'),
  BroadcastArgs: unsupported('tf.broadcastTo with a known shape'),
  Unique: unsupported('shapes that are known beforehand'),
};
