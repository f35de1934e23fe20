// How much a network computes, counted in the graph that is traced from it.
import { sizeOf, type Graph, type Value } from './graph.ts';

/**
 * Two floating point operations for each multiply-add of the convolutions and matrix products of a graph. Products with
 * constants are left out: averages within groups, and the cosines of a head, are no layers.
 */
export function flopsOf(graph: Graph): number {
  const constant = new Set<Value>();
  let flops = 0;
  for (const value of graph.values) {
    const { op, inputs } = value;
    if (op === 'Constant' || (op !== 'Input' && inputs.every((input) => constant.has(input)))) constant.add(value);
    if (inputs.some((input) => constant.has(input))) continue;
    if (op === 'Conv') flops += 2 * sizeOf(value.shape) * sizeOf(inputs[1]!.shape.slice(1));
    if (op === 'MatMul') flops += 2 * sizeOf(value.shape) * inputs[0]!.shape.at(value.attrs.transA ? -2 : -1)!;
  }
  return flops;
}
