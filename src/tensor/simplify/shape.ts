// Operations that move data or choose among them: those that do nothing are dropped, those that follow each other merged.
import { sameShape } from '../graph.ts';
import type { ReduceOp, Shape, Value } from '../graph.ts';
import { onOne, scalarOf } from './rule.ts';
import type { Builder, Rule } from './rule.ts';

const Reshape = onOne<'Reshape'>((g, x, { shape }) => {
  if (sameShape(x.shape, shape)) return x;
  if (x.op === 'Reshape') return g.value('Reshape', x.inputs, { shape });
  if (x.op === 'Constant') return g.constant(shape, x.dtype, x.attrs.data);
  return x.op === 'Expand' ? upsampled(g, x, shape) : undefined;
});

/** [n, c, h, 1, w, 1] expanded to [n, c, h, r, w, s] and flattened to [n, c, h r, w s], as one operation. */
function upsampled(g: Builder, expand: Value, shape: Shape): Value | undefined {
  const [source] = expand.inputs;
  const [n, c, h, one, w, another] = source!.shape;
  if (source!.shape.length !== 6 || one !== 1 || another !== 1 || expand.dtype !== 'float32') return undefined;
  const factors = [expand.shape[3]!, expand.shape[5]!];
  if (!sameShape(shape, [n!, c!, h! * factors[0]!, w! * factors[1]!])) return undefined;
  return g.value('Upsample', [g.value('Reshape', [source!], { shape: [n!, c!, h!, w!] })], { factors });
}

const Transpose = onOne<'Transpose'>((g, x, { perm }) => {
  if (perm.every((axis, i) => axis === i)) return x;
  if (x.op === 'Transpose') {
    const first = x.attrs.perm;
    return g.value('Transpose', x.inputs, { perm: perm.map((axis) => first[axis]!) });
  }
  if (x.op === 'Upsample' && perm[2] === 2 && perm[3] === 3) {
    return g.value('Upsample', [g.value('Transpose', x.inputs, { perm })], x.attrs);
  }
  // Moving axes of size one moves no data.
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  const movesNothing = moved.every((axis, i) => i === 0 || axis > moved[i - 1]!);
  return movesNothing ? g.value('Reshape', [x], { shape: perm.map((axis) => x.shape[axis]!) }) : undefined;
});

const Expand = onOne<'Expand'>((_, x, { shape }) => (sameShape(shape, x.shape) ? x : undefined));

const Concat: Rule<'Concat'> = (_, inputs) => (inputs.length === 1 ? inputs[0] : undefined);

const Slice = onOne<'Slice'>((_, x, { starts, sizes, steps }) =>
  sameShape(sizes, x.shape) && starts.every((n) => n === 0) && steps.every((n) => n === 1) ? x : undefined,
);

const Pad = onOne<'Pad'>((_, x, { before, after }) =>
  before.every((n) => n === 0) && after.every((n) => n === 0) ? x : undefined,
);

const reduced = onOne<ReduceOp>((_, x, { axes }) => (axes.every((axis) => x.shape[axis] === 1) ? x : undefined));

const Cast = onOne<'Cast'>((g, x, { to }) => {
  if (x.dtype === to) return x;
  const number = scalarOf(x);
  if (number === undefined) return undefined;
  return g.scalar(to === 'bool' ? Number(number !== 0) : to === 'int32' ? Math.trunc(number) : number, to);
});

const Where: Rule<'Where'> = (_, inputs) => {
  const [condition, yes, no] = inputs as [Value, Value, Value];
  const known = scalarOf(condition);
  if (known !== undefined) return known !== 0 ? unlessBroadcast(yes, no) : unlessBroadcast(no, yes);
  return yes === no ? unlessBroadcast(yes, condition) : undefined;
};

/** `value`, if broadcasting against `other` does not make it larger. */
function unlessBroadcast(value: Value, { shape }: Value): Value | undefined {
  const missing = value.shape.length - shape.length;
  return shape.some((n, i) => n > (value.shape[i + missing] ?? 1)) ? undefined : value;
}

export const shapeRules = {
  Reshape,
  Transpose,
  Expand,
  Concat,
  Slice,
  Pad,
  ReduceSum: reduced,
  ReduceMean: reduced,
  ReduceMax: reduced,
  ReduceMin: reduced,
  ReduceProd: reduced,
  Cast,
  Where,
};
