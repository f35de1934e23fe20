// Kernels that work element by element: arithmetic, comparison, logic, elementary functions, casts and constants.
import type { tf } from '../tf.ts';
import type { BinaryOp, DType, UnaryOp } from '../graph.ts';
import type { SimplifyingBuilder } from '../simplifying-builder.ts';
import { dataOf } from '../simplifying-builder.ts';
import { dtypeOf, elementwise, uniform, viewOf } from '../view.ts';
import type { View } from '../view.ts';
import { rule, unsupported } from './rule.ts';

type X = { x: tf.TensorInfo };
type AB = { a: tf.TensorInfo; b: tf.TensorInfo };
type Build = SimplifyingBuilder;

export const cast = (g: Build, x: View, to: DType): View => {
  const from = dtypeOf(x);
  if (from === to) return x;
  // To bool means "is not zero".
  if (to === 'bool') return not(g, binary(g, 'Equal', x, uniform(g, 0, [], from)));
  return elementwise(g, [x], ([value]) => g.value('Cast', [value!], { to }));
};
const float = (g: Build, x: View): View => cast(g, x, 'float32');

export const unary = (g: Build, op: UnaryOp, x: View): View =>
  elementwise(g, [x], ([value]) => g.value(op, [value!], {}));

export const binary = (g: Build, op: BinaryOp, a: View, b: View): View =>
  elementwise(g, [a, b], ([m, n]) => g.value(op, [m!, n!], {}));

const not = (g: Build, x: View): View => unary(g, 'Not', x);

/** A number of the same type as `like`, to combine with it. */
const constant = (g: Build, number: number, like: View): View => uniform(g, number, [], dtypeOf(like));

/** x op number. */
const withNumber = (g: Build, op: BinaryOp, x: View, number: number): View => binary(g, op, x, constant(g, number, x));

export const where = (g: Build, condition: View, t: View, e: View): View =>
  elementwise(g, [condition, t, e], (values) => g.value('Where', values, {}));

/** 1 where the condition holds, else 0. */
const step = (g: Build, condition: View): View => float(g, condition);

const floatUnary = (op: UnaryOp) => rule<X>((g, { x }) => unary(g, op, float(g, x)));
const sameUnary = (op: UnaryOp) => rule<X>((g, { x }) => unary(g, op, x));
const compose = (record: (g: Build, x: View) => View) => rule<X>((g, { x }) => record(g, float(g, x)));

/** tfjs has matched the types; products and sums of bools count as integers. */
const arithmetic = (op: BinaryOp) =>
  rule<AB>((g, { a, b }) =>
    dtypeOf(a) === 'bool' ? binary(g, op, cast(g, a, 'int32'), cast(g, b, 'int32')) : binary(g, op, a, b),
  );
const comparison = (op: BinaryOp) =>
  rule<AB>((g, { a, b }) =>
    dtypeOf(a) === 'bool' && op !== 'Equal'
      ? binary(g, op, cast(g, a, 'int32'), cast(g, b, 'int32'))
      : binary(g, op, a, b),
  );
const logical = (op: BinaryOp) => rule<AB>((g, { a, b }) => binary(g, op, cast(g, a, 'bool'), cast(g, b, 'bool')));

const square = (g: Build, x: View): View => binary(g, 'Mul', x, x);

/** exp(x) - 1 without cancellation: 2 t / (1 - t) with t = tanh(x / 2); beyond 10 exp is exact enough and t rounds to 1. */
function expm1(g: Build, x: View): View {
  const t = unary(g, 'Tanh', withNumber(g, 'Mul', withNumber(g, 'Min', x, 10), 0.5));
  const small = binary(g, 'Div', withNumber(g, 'Mul', t, 2), binary(g, 'Sub', constant(g, 1, x), t));
  return where(g, withNumber(g, 'Greater', x, 10), withNumber(g, 'Sub', unary(g, 'Exp', x), 1), small);
}

/** log(1 + x) without cancellation (Kahan): log(u) x / (u - 1) with u = 1 + x, and x where u = 1. */
function log1p(g: Build, x: View): View {
  const u = withNumber(g, 'Add', x, 1);
  const d = withNumber(g, 'Sub', u, 1);
  const isOne = withNumber(g, 'Equal', d, 0);
  const safe = where(g, isOne, constant(g, 1, x), d);
  return where(g, isOne, x, binary(g, 'Div', binary(g, 'Mul', unary(g, 'Log', u), x), safe));
}

/** x where positive, else a (exp(x) - 1). */
const elu = (g: Build, x: View, a: number): View =>
  where(g, withNumber(g, 'Greater', x, 0), x, withNumber(g, 'Mul', expm1(g, withNumber(g, 'Min', x, 0)), a));

/** Quotient rounded down; for integers by correcting the quotient rounded towards zero. */
function floorDiv(g: Build, a: View, b: View): View {
  if (dtypeOf(a) === 'float32') return unary(g, 'Floor', binary(g, 'Div', a, b));
  const q = binary(g, 'Div', a, b);
  const rest = binary(g, 'Sub', a, binary(g, 'Mul', q, b));
  const signsDiffer = binary(g, 'Xor', withNumber(g, 'Less', rest, 0), withNumber(g, 'Less', b, 0));
  const isInexact = not(g, withNumber(g, 'Equal', rest, 0));
  return binary(g, 'Sub', q, cast(g, binary(g, 'And', isInexact, signsDiffer), 'int32'));
}

/** A constant from plain numbers. */
export const numbers = (g: Build, values: ArrayLike<number>, shape: readonly number[], dtype: DType): View =>
  viewOf(g.constant(shape, dtype, dataOf(dtype, values)));

const SELU_ALPHA = 1.7580993408473768;
const SELU_SCALE = 1.0507009873554805;

export const arithmeticRules = {
  Abs: sameUnary('Abs'),
  Acos: floatUnary('Acos'),
  Acosh: floatUnary('Acosh'),
  Asin: floatUnary('Asin'),
  Asinh: floatUnary('Asinh'),
  Atan: floatUnary('Atan'),
  Atanh: floatUnary('Atanh'),
  Atan2: unsupported('tf.atan of the quotient, with the quadrant chosen by tf.where'),
  Ceil: floatUnary('Ceil'),
  Cos: floatUnary('Cos'),
  Cosh: floatUnary('Cosh'),
  Erf: floatUnary('Erf'),
  Exp: floatUnary('Exp'),
  Expm1: compose(expm1),
  Floor: floatUnary('Floor'),
  IsFinite: compose((g, x) => not(g, binary(g, 'Or', unary(g, 'IsInf', x), unary(g, 'IsNaN', x)))),
  IsInf: floatUnary('IsInf'),
  IsNan: floatUnary('IsNaN'),
  Log: floatUnary('Log'),
  Log1p: compose(log1p),
  Neg: sameUnary('Neg'),
  Reciprocal: floatUnary('Reciprocal'),
  Relu: rule<X>((g, { x }) => (dtypeOf(x) === 'float32' ? unary(g, 'Relu', x) : withNumber(g, 'Max', x, 0))),
  Relu6: compose((g, x) => withNumber(g, 'Min', unary(g, 'Relu', x), 6)),
  Round: floatUnary('Round'),
  Rsqrt: compose((g, x) => unary(g, 'Reciprocal', unary(g, 'Sqrt', x))),
  Sigmoid: floatUnary('Sigmoid'),
  Sign: sameUnary('Sign'),
  Sin: floatUnary('Sin'),
  Sinh: floatUnary('Sinh'),
  Softplus: floatUnary('Softplus'),
  Sqrt: floatUnary('Sqrt'),
  Square: rule<X>((g, { x }) => square(g, x)),
  Tan: floatUnary('Tan'),
  Tanh: floatUnary('Tanh'),
  Elu: compose((g, x) => elu(g, x, 1)),
  EluGrad: rule<tf.EluGradInputs>((g, { dy, y }) =>
    where(g, withNumber(g, 'GreaterOrEqual', y, 0), dy, binary(g, 'Mul', dy, withNumber(g, 'Add', y, 1))),
  ),
  Selu: compose((g, x) => {
    const negative = withNumber(g, 'Mul', expm1(g, withNumber(g, 'Min', x, 0)), SELU_ALPHA);
    return where(g, withNumber(g, 'GreaterOrEqual', x, 0), withNumber(g, 'Mul', x, SELU_SCALE), negative);
  }),
  LeakyRelu: rule<X, tf.LeakyReluAttrs>((g, { x }, { alpha }) =>
    where(g, withNumber(g, 'Less', x, 0), withNumber(g, 'Mul', x, alpha), x),
  ),
  Prelu: rule<tf.PreluInputs>((g, { x, alpha }) =>
    where(g, withNumber(g, 'Less', x, 0), binary(g, 'Mul', x, alpha), x),
  ),
  Step: rule<X, tf.StepAttrs>((g, { x }, { alpha }) => {
    const positive = withNumber(g, 'Greater', x, 0);
    return alpha === 0 ? step(g, positive) : where(g, positive, uniform(g, 1, []), uniform(g, alpha, []));
  }),
  ClipByValue: rule<X, tf.ClipByValueAttrs>((g, { x }, { clipValueMin, clipValueMax }) =>
    withNumber(g, 'Min', withNumber(g, 'Max', x, clipValueMin), clipValueMax),
  ),

  Add: arithmetic('Add'),
  AddN: rule<tf.TensorInfo[]>((g, inputs) => inputs.reduce((sum, x) => binary(g, 'Add', sum, x))),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  RealDiv: rule<AB>((g, { a, b }) => binary(g, 'Div', float(g, a), float(g, b))),
  FloorDiv: rule<AB>((g, { a, b }) => floorDiv(g, a, b)),
  Mod: rule<AB>((g, { a, b }) =>
    dtypeOf(a) === 'int32' ? binary(g, 'Mod', a, b) : binary(g, 'Sub', a, binary(g, 'Mul', floorDiv(g, a, b), b)),
  ),
  Pow: arithmetic('Pow'),
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  SquaredDifference: rule<AB>((g, { a, b }) => square(g, binary(g, 'Sub', a, b))),

  Equal: comparison('Equal'),
  NotEqual: rule<AB>((g, { a, b }) => not(g, binary(g, 'Equal', a, b))),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalXor: logical('Xor'),
  LogicalNot: rule<X>((g, { x }) => not(g, cast(g, x, 'bool'))),
  BitwiseAnd: unsupported('integer arithmetic on the host, given as an input'),
  Select: rule<tf.SelectInputs>((g, { condition, t, e }) => where(g, cast(g, condition, 'bool'), t, e)),

  Cast: rule<X, tf.CastAttrs>((g, { x }, { dtype }) => {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
      throw new TypeError(`Cannot trace a cast to ${dtype}`);
    return cast(g, x, dtype);
  }),
  Identity: rule<X>((_, { x }) => x),
  ZerosLike: rule<X>((g, { x }) => uniform(g, 0, x.shape, dtypeOf(x))),
  OnesLike: rule<X>((g, { x }) => uniform(g, 1, x.shape, dtypeOf(x))),
  Fill: rule<unknown, tf.FillAttrs>((g, _, { shape, value, dtype }) => {
    if (typeof value === 'string') throw new TypeError('Cannot trace tensors of strings');
    return uniform(g, value, shape, dtype === 'int32' || dtype === 'bool' ? dtype : 'float32');
  }),
  Range: rule<unknown, tf.RangeAttrs>((g, _, { start, stop, step: by, dtype }) => {
    const count = Math.max(0, Math.ceil((stop - start) / by));
    const values = Array.from({ length: count }, (__, i) => start + i * by);
    return numbers(g, values, [count], dtype === 'int32' ? 'int32' : 'float32');
  }),
  LinSpace: rule<unknown, tf.LinSpaceAttrs>((g, _, { start, stop, num }) => {
    const values = Array.from({ length: num }, (__, i) => start + (i * (stop - start)) / Math.max(1, num - 1));
    return numbers(g, values, [num], 'float32');
  }),
};
