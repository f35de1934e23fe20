// Sums that matrix products take with them: a b + c is one pass over the result, not two.
import { finishGraph, GraphBuilder, sameShape } from './graph.ts';
import type { Graph, Value } from './graph.ts';

/** The graph with every sum of a matrix product, which nothing else uses, and another value as Gemm. */
export function fuseSums(graph: Graph): Graph {
  const uses = new Map<Value, number>();
  const used = (value: Value): Map<Value, number> => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const { inputs } of graph.values) inputs.forEach(used);
  for (const { value } of graph.outputs) used(value);

  const g = new GraphBuilder();
  const made = new Map<Value, Value>();
  const of = (value: Value): Value => made.get(value)!;
  for (const value of graph.values) {
    const product =
      value.op === 'Add' ? value.inputs.find((input) => uses.get(input) === 1 && fits(input, value)) : undefined;
    if (product?.op === 'MatMul') {
      const other = value.inputs.find((input) => input !== product)!;
      made.set(value, g.value('Gemm', [...product.inputs.map(of), of(other)], product.attrs));
    } else {
      made.set(value, g.value(value.op, value.inputs.map(of), value.attrs));
    }
  }
  const renewed = <T extends { value: Value }>(entry: T): T => ({ ...entry, value: of(entry.value) });
  return finishGraph(graph.name, graph.inputs.map(renewed), graph.outputs.map(renewed));
}

/** Whether `value` is a product of two matrices as large as `sum`: the other operand may be broadcast, it may not. */
const fits = (value: Value, sum: Value): boolean =>
  value.op === 'MatMul' && value.inputs.every(({ shape }) => shape.length === 2) && sameShape(value.shape, sum.shape);
