// Operations on two values, element by element: constants are folded, neutral and absorbing elements dropped.
import type { BinaryOp, Value } from '../graph.ts';
import { none, scalarOf } from './rule.ts';
import type { Builder, Rule } from './rule.ts';

/** The two values, and the number that each is everywhere, if it is a scalar constant. */
interface Operands {
  readonly a: Value;
  readonly b: Value;
  readonly m: number | undefined;
  readonly n: number | undefined;
  readonly isFloat: boolean;
}
type Law = (g: Builder, operands: Operands) => Value | undefined;

/** Computed for two floating-point constants; `law` for any other values. */
const folded =
  (compute: (m: number, n: number) => number, law: Law = none): Rule<BinaryOp> =>
  (g, inputs) => {
    const [a, b] = inputs as [Value, Value];
    const operands = { a, b, m: scalarOf(a), n: scalarOf(b), isFloat: a.dtype === 'float32' };
    const { m, n, isFloat } = operands;
    return isFloat && m !== undefined && n !== undefined ? g.scalar(compute(m, n)) : law(g, operands);
  };

const add: Law = (g, { a, b, m, n }) => {
  if (m === 0) return b;
  if (n === 0) return a;
  if (b.op === 'Neg') return g.value('Sub', [a, b.inputs[0]!], {});
  if (a.op === 'Neg') return g.value('Sub', [b, a.inputs[0]!], {});
  return ordered(g, 'Add', a, b);
};

const subtract: Law = (g, { a, b, m, n, isFloat }) => {
  if (n === 0) return a;
  if (m === 0 && isFloat) return g.value('Neg', [b], {});
  return b.op === 'Neg' ? g.value('Add', [a, b.inputs[0]!], {}) : undefined;
};

const multiply: Law = (g, { a, b, m, n, isFloat }) => {
  if (m === 0 || n === 0) return g.scalar(0, a.dtype);
  if (m === 1) return b;
  if (n === 1) return a;
  if (m === -1) return g.value('Neg', [b], {});
  if (n === -1) return g.value('Neg', [a], {});
  // Constant factors gather: (x c) d = x (c d); gradients of means and squares make long chains of them.
  if (m !== undefined && isFloat) return scaled(g, b, m);
  if (n !== undefined && isFloat) return scaled(g, a, n);
  return ordered(g, 'Mul', a, b);
};

function scaled(g: Builder, x: Value, factor: number): Value | undefined {
  if (x.op !== 'Mul') return undefined;
  const inner = x.inputs.map(scalarOf);
  const at = inner.findIndex((number) => number !== undefined);
  if (at < 0) return undefined;
  return g.value('Mul', [x.inputs[1 - at]!, g.scalar(inner[at]! * factor)], {});
}

const divide: Law = (g, { a, b, m, n, isFloat }) => {
  if (m === 0 && isFloat) return g.scalar(0);
  if (n === 1) return a;
  if (n === -1) return g.value('Neg', [a], {});
  if (m === 1 && isFloat) return g.value('Reciprocal', [b], {});
  // Powers of two divide exactly as products do.
  const isExact = n !== undefined && isFloat && Number.isInteger(Math.log2(Math.abs(n)));
  return isExact ? g.value('Mul', [a, g.scalar(1 / n)], {}) : undefined;
};

const raise: Law = (g, { a, n, isFloat }) => {
  if (n === 1) return a;
  if (n === 2) return g.value('Mul', [a, a], {});
  if (n === undefined || !isFloat) return undefined;
  return floatPowers.get(n)?.(g, a);
};

const floatPowers: ReadonlyMap<number, (g: Builder, x: Value) => Value> = new Map([
  [0, (g) => g.scalar(1)],
  [0.5, (g, x) => g.value('Sqrt', [x], {})],
  [-1, (g, x) => g.value('Reciprocal', [x], {})],
  [-0.5, (g, x) => g.value('Reciprocal', [g.value('Sqrt', [x], {})], {})],
  [1.5, (g, x) => g.value('Mul', [x, g.value('Sqrt', [x], {})], {})],
  [3, (g, x) => g.value('Mul', [g.value('Mul', [x, x], {}), x], {})],
]);

const same: Law = (_, { a, b }) => (a === b ? a : undefined);

/** a + b and b + a are one value: the operand made first comes first. */
function ordered(g: Builder, op: 'Add' | 'Mul', a: Value, b: Value): Value | undefined {
  return a.id > b.id ? g.value(op, [b, a], {}) : undefined;
}

export const binaryRules: { readonly [O in BinaryOp]: Rule<O> } = {
  Add: folded((m, n) => m + n, add),
  Sub: folded((m, n) => m - n, subtract),
  Mul: folded((m, n) => m * n, multiply),
  Div: folded((m, n) => m / n, divide),
  Pow: folded(Math.pow, raise),
  Max: folded(Math.max, same),
  Min: folded(Math.min, same),
  Mod: none,
  And: none,
  Or: none,
  Xor: none,
  Equal: none,
  Less: none,
  LessOrEqual: none,
  Greater: none,
  GreaterOrEqual: none,
};
