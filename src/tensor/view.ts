// A symbolic tensor: a graph value seen through a lazy permutation and lazy broadcasting. Transposes and expansions are
// bookkeeping here and become operations only where a reshape or a matrix product needs the data in another order, so
// convolutions may keep channels first while the program speaks of NHWC, and gradients of sums stay small.
import { broadcastShapes, sameShape, sizeOf } from './graph.ts';
import type { DType, Shape, Value } from './graph.ts';
import type { SimplifyingBuilder } from './simplifying-builder.ts';

export interface View {
  readonly value: Value;
  /** The shape the program sees. */
  readonly shape: Shape;
  /** For each logical axis the physical axis that holds it, or -1: the same data at every index (or size one). */
  readonly axes: readonly number[];
}

export const dtypeOf = (view: View): DType => view.value.dtype;

/** A value seen as it lies. */
export const viewOf = (value: Value): View => ({ value, shape: value.shape, axes: value.shape.map((_, i) => i) });

/** One number everywhere. */
export const uniform = (g: SimplifyingBuilder, number: number, shape: Shape, dtype: DType = 'float32'): View => ({
  value: g.scalar(number, dtype),
  shape,
  axes: shape.map(() => -1),
});

/** The logical axes that hold data, in physical order. */
export function dataOrder(view: View): number[] {
  const mapped = view.axes.flatMap((physical, axis) => (physical >= 0 && view.shape[axis]! > 1 ? [axis] : []));
  return mapped.sort((a, b) => view.axes[a]! - view.axes[b]!);
}

/** Whether an axis repeats the same data. */
export const isRepeated = (view: View, axis: number): boolean => view.axes[axis]! < 0 && view.shape[axis] !== 1;

/** The same tensor with its logical axes permuted; no operation. */
export const permuted = (view: View, perm: readonly number[]): View => ({
  value: view.value,
  shape: perm.map((axis) => view.shape[axis]!),
  axes: perm.map((axis) => view.axes[axis]!),
});

/** The same tensor broadcast to `shape` as NumPy does; no operation. */
export function broadcastTo(view: View, shape: Shape): View {
  const missing = shape.length - view.shape.length;
  const axes = shape.map((n, i) => (i >= missing && view.shape[i - missing] === n ? view.axes[i - missing]! : -1));
  return { value: view.value, shape, axes };
}

/**
 * The value of `view` lying in the given order: physical axis i holds logical axis order[i], with size one where the
 * view repeats its data there (so that it broadcasts).
 */
export function align(g: SimplifyingBuilder, view: View, order: readonly number[]): Value {
  const shape = order.map((axis) => (isRepeated(view, axis) ? 1 : view.shape[axis]!));
  if (sizeOf(shape) === 1 && view.value.shape.length === 0) return view.value;
  const current = dataOrder(view);
  const wanted = order.filter((axis) => current.includes(axis));
  if (wanted.length !== current.length) throw new Error('Internal error: align() drops an axis that holds data');
  let { value } = view;
  if (!sameShape(current, wanted)) {
    const rest = value.shape.flatMap((_, i) => (current.some((axis) => view.axes[axis] === i) ? [] : [i]));
    value = g.value('Transpose', [value], { perm: [...rest, ...wanted.map((axis) => view.axes[axis]!)] });
  }
  // Broadcasting supplies leading axes of size one by itself.
  const leading = shape.findIndex((n) => n !== 1);
  const trimmed = leading < 0 ? [] : shape.slice(leading);
  const own = value.shape.findIndex((n) => n !== 1);
  if (value.shape.length <= shape.length && sameShape(own < 0 ? [] : value.shape.slice(own), trimmed)) return value;
  return g.value('Reshape', [value], { shape });
}

/** align(), with every axis of size one written out: a value of rank order.length. */
export function lay(g: SimplifyingBuilder, view: View, order: readonly number[]): Value {
  const shape = order.map((axis) => (isRepeated(view, axis) ? 1 : view.shape[axis]!));
  return g.value('Reshape', [align(g, view, order)], { shape });
}

/** The value of `view` with every repetition written out, physical axis i holding logical axis order[i]. */
export function materialize(
  g: SimplifyingBuilder,
  view: View,
  order: readonly number[] = view.shape.map((_, i) => i),
): Value {
  const shape = order.map((axis) => view.shape[axis]!);
  const value = align(g, view, order);
  return sizeOf(value.shape) === sizeOf(shape)
    ? g.value('Reshape', [value], { shape })
    : g.value('Expand', [value], { shape });
}

/** A value that lies in `order` (as materialize() gives) as a view of `shape`. */
export function placed(value: Value, shape: Shape, order: readonly number[]): View {
  return { value, shape, axes: shape.map((_, axis) => order.indexOf(axis)) };
}

/**
 * The physical order in which several views of one shape meet: that of the largest, ties going to the one whose order
 * is not row-major (a convolution chose it and another will want it). Axes that only others hold go in front.
 */
export function commonOrder(views: readonly View[]): number[] {
  const orders = views.map((view) => dataOrder(view));
  const weight = views.map((view) => sizeOf(dataOrder(view).map((axis) => view.shape[axis]!)));
  const sorted = views.map((_, i) => i).sort((i, j) => {
    return weight[j]! - weight[i]! || Number(isAscending(orders[i]!)) - Number(isAscending(orders[j]!)) || i - j;
  }); // prettier-ignore
  const result: number[] = [];
  for (const i of sorted) {
    const extra = orders[i]!.filter((axis) => !result.includes(axis));
    result.unshift(...extra);
  }
  // A row-major driver is joined in row-major order.
  return isAscending(orders[sorted[0]!]!) ? result.sort((a, b) => a - b) : result;
}

const isAscending = (axes: readonly number[]): boolean => axes.every((axis, i) => i === 0 || axis > axes[i - 1]!);

/**
 * Reshape. Old and new axes are matched in groups of equal size; a group that keeps its axis, or whose axes lie next to
 * each other, moves no data. Groups keep their physical order, so channels that lie first stay first.
 */
export function reshape(g: SimplifyingBuilder, view: View, shape: Shape): View {
  if (sameShape(view.shape, shape)) return view;
  if (sizeOf(shape) === 0) return viewOf(g.value('Reshape', [materialize(g, view)], { shape }));
  const groups = matchAxes(view.shape, shape);
  // A group of repeated axes stays repeated; all others become physical, side by side, in order of first appearance.
  const physical = groups.filter(({ from }) => from.some((axis) => view.axes[axis]! >= 0 && view.shape[axis]! > 1));
  const current = dataOrder(view);
  const rank = new Map(
    physical.map((group) => [group, Math.min(...group.from.map((axis) => position(current, axis)))]),
  );
  physical.sort((p, q) => rank.get(p)! - rank.get(q)!);
  const order = physical.flatMap(({ from }) => from);
  const repeatedAxes = view.shape.map((_, axis) => axis).filter((axis) => !order.includes(axis));
  const dense = materialize(
    g,
    dropAxes(view, repeatedAxes),
    order.map((axis) => axis - repeatedAxes.filter((r) => r < axis).length),
  );
  const axes: number[] = shape.map(() => -1);
  const newShape: number[] = [];
  for (const { to } of physical) {
    for (const axis of to) {
      axes[axis] = newShape.length;
      newShape.push(shape[axis]!);
    }
  }
  return { value: g.value('Reshape', [dense], { shape: newShape }), shape, axes };
}

const position = (order: readonly number[], axis: number): number =>
  order.includes(axis) ? order.indexOf(axis) : Infinity;

/** The view without some of its axes, which must hold no data. */
function dropAxes(view: View, drop: readonly number[]): View {
  const keep = view.shape.map((_, axis) => axis).filter((axis) => !drop.includes(axis));
  return {
    value: view.value,
    shape: keep.map((axis) => view.shape[axis]!),
    axes: keep.map((axis) => view.axes[axis]!),
  };
}

interface AxisGroup {
  readonly from: number[];
  readonly to: number[];
}

/** The finest matching of old and new axes (those of size one left out) into groups of equal size. */
function matchAxes(from: Shape, to: Shape): AxisGroup[] {
  const groups: AxisGroup[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    while (from[i] === 1) i++;
    while (to[j] === 1) j++;
    if (i >= from.length || j >= to.length) return groups;
    const group: AxisGroup = { from: [i], to: [j] };
    let m = from[i++]!;
    let n = to[j++]!;
    while (m !== n) {
      if (m < n) {
        if (from[i] !== 1) group.from.push(i);
        m *= from[i++]!;
      } else {
        if (to[j] !== 1) group.to.push(j);
        n *= to[j++]!;
      }
    }
    groups.push(group);
  }
}

/**
 * Records an operation on several tensors element by element, where they meet: axes that all of them repeat stay
 * repeated, so work is done once for each distinct element.
 */
export function elementwise(g: SimplifyingBuilder, views: readonly View[], record: (values: Value[]) => Value): View {
  const shape = views.map((view) => view.shape).reduce(broadcastShapes);
  const wide = views.map((view) => broadcastTo(view, shape));
  const order = commonOrder(wide);
  const value = record(wide.map((view) => align(g, view, order)));
  const missing = order.length - value.shape.length;
  const axes = shape.map((n, axis) => {
    const physical = order.indexOf(axis) - missing;
    return order.includes(axis) && physical >= 0 && value.shape[physical] === n ? physical : -1;
  });
  return { value, shape, axes };
}
