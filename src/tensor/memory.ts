// How much memory a program takes, told from the graph that is traced from it.
import { sizeOf, type Graph, type Value } from './graph.ts';

const bytesOf = ({ op, shape, dtype }: Value): number =>
  op === 'Reshape' ? 0 : sizeOf(shape) * (dtype === 'bool' ? 1 : 4);

/**
 * The most bytes that values of a graph take at one time, when each is computed in the order of the graph and freed after its
 * last use: an estimate of what a run needs. Inputs, constants and outputs stay throughout. A reshaped value is no copy.
 */
export function peakBytes({ values, inputs, outputs }: Graph): number {
  // What a reshaped value is a view of.
  const source = new Map<Value, Value>();
  for (const value of values) {
    const [of] = value.inputs;
    source.set(value, value.op === 'Reshape' ? source.get(of!)! : value);
  }
  const lastUse = new Map<Value, number>();
  for (const [i, value] of values.entries()) {
    for (const input of value.inputs) lastUse.set(source.get(input)!, i);
  }
  for (const { value } of [...inputs, ...outputs]) lastUse.set(source.get(value)!, values.length);
  const changes = new Float64Array(values.length + 2);
  for (const [i, value] of values.entries()) {
    changes[i]! += bytesOf(value);
    const last = value.op === 'Constant' ? values.length : (lastUse.get(value) ?? i);
    changes[last + 1]! -= bytesOf(value);
  }
  let now = 0;
  return changes.reduce((most, change) => Math.max(most, (now += change)), 0);
}
