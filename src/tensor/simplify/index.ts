// Every operation of the graph, complete by type: the rule that gives a simpler equal value, or `none`.
import type { Attributes, OpName, Value } from '../graph.ts';
import { binaryRules } from './binary.ts';
import { blockRules } from './blocks.ts';
import { none } from './rule.ts';
import type { Builder, Rule } from './rule.ts';
import { shapeRules } from './shape.ts';
import { unaryRules } from './unary.ts';

export const simplifications: { readonly [O in OpName]: Rule<O> } = {
  ...unaryRules,
  ...binaryRules,
  ...shapeRules,
  ...blockRules,
  Input: none,
  Constant: none,
  MatMul: none,
  Gemm: none,
  Conv: none,
  BlockedConv: none,
  FromBlocks: none,
  Upsample: none,
  CumSum: none,
  ArgMax: none,
  ArgMin: none,
  Gather: none,
  GatherND: none,
};

/** A simpler value equal to `op` on `inputs`, where one is known. */
export function simplify<O extends OpName>(
  g: Builder,
  op: O,
  inputs: readonly Value[],
  attrs: Attributes[O],
): Value | undefined {
  const rule: Rule<O> = simplifications[op];
  return rule(g, inputs, attrs);
}
