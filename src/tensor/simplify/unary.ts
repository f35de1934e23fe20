// Operations on one value, element by element: those of a constant are computed while the graph is recorded.
import { sameShape } from '../graph.ts';
import type { UnaryOp, Value } from '../graph.ts';
import { none, onOne, scalarOf } from './rule.ts';
import type { Builder, Rule } from './rule.ts';

/** Computed for a scalar constant; `otherwise` for any other value. */
const folded = (
  compute: (x: number) => number,
  otherwise: (g: Builder, x: Value) => Value | undefined = none,
): Rule<UnaryOp> =>
  onOne((g, x) => {
    const number = scalarOf(x);
    return number === undefined ? otherwise(g, x) : g.scalar(compute(number), x.dtype);
  });

/** -(-y) = y; -(a - b) = b - a, where neither is broadcast. */
function negated(g: Builder, x: Value): Value | undefined {
  if (x.op === 'Neg') return x.inputs[0];
  const [a, b] = x.inputs;
  return x.op === 'Sub' && sameShape(a!.shape, b!.shape) ? g.value('Sub', [b!, a!], {}) : undefined;
}

export const unaryRules: { readonly [O in UnaryOp]: Rule<O> } = {
  Abs: folded(Math.abs, (_, x) => (x.op === 'Abs' ? x : undefined)),
  Acos: none,
  Acosh: none,
  Asin: none,
  Asinh: none,
  Atan: none,
  Atanh: none,
  Ceil: folded(Math.ceil),
  Cos: folded(Math.cos),
  Cosh: none,
  Erf: none,
  Exp: folded(Math.exp),
  Floor: folded(Math.floor),
  IsInf: none,
  IsNaN: none,
  Log: folded(Math.log),
  Neg: folded((x) => -x, negated),
  Not: folded((x) => 1 - x),
  Reciprocal: folded((x) => 1 / x),
  Relu: folded((x) => Math.max(x, 0)),
  Round: none,
  Sigmoid: folded((x) => 1 / (1 + Math.exp(-x))),
  Sign: folded(Math.sign),
  Sin: folded(Math.sin),
  Sinh: none,
  Softplus: none,
  Sqrt: folded(Math.sqrt),
  Tan: none,
  Tanh: folded(Math.tanh),
};
