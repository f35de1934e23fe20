// What a rule of simplification is: the simpler equal value of one operation, where there is one.
import type { Attributes, ConstantData, DType, OpName, Shape, Value } from '../graph.ts';

/** Makes values, simplified in turn. */
export interface Builder {
  value<O extends OpName>(op: O, inputs: readonly Value[], attrs: Attributes[O]): Value;
  /** A scalar constant. */
  scalar(value: number, dtype?: DType): Value;
  constant(shape: Shape, dtype: DType, data: ConstantData): Value;
}

/** A value equal to the operation on these inputs; undefined where the operation is as simple as it gets. */
export type Rule<O extends OpName> = (g: Builder, inputs: readonly Value[], attrs: Attributes[O]) => Value | undefined;

/** Of an operation of which nothing simpler is known. */
export const none = (): undefined => undefined;

/** Of an operation on one value. */
export const onOne =
  <O extends OpName>(rule: (g: Builder, x: Value, attrs: Attributes[O]) => Value | undefined): Rule<O> =>
  (g, inputs, attrs) =>
    rule(g, inputs[0]!, attrs);

/** The number a value is everywhere, when it is a scalar constant. */
export function scalarOf(value: Value): number | undefined {
  return value.op === 'Constant' && value.shape.length === 0 ? value.attrs.data[0] : undefined;
}
