// Evaluates a trained model on any number of samples at one class: the denoiser of a sampler, the density of a likelihood.
import { flatLayout, splitFlat, type Parameter } from '../tensor/flat.ts';
import type { BatchedDefinition, Program, Tensors } from '../tensor/program.ts';
import type { tf } from '../tensor/tf.ts';

/** What a sample looks like to a program: `shape` without the batch, `batch` samples at a time. */
export interface BatchShape {
  readonly batch: number;
  readonly shape: readonly number[];
}

/** What a conditional model is told of each image: its label, int32 [batch]. */
interface Given {
  readonly label?: tf.Tensor1D;
}

/**
 * The program of `model`: inputs x [batch, ...shape] and t (int32 [batch]), output `value` [batch, ...]. Its state is the
 * flat vector `parameters`; a model without parameters (a closed form) has no state. A conditional model has the input
 * `label` (int32 [batch]), too.
 */
export function evaluationProgram(
  name: string,
  { batch, shape }: BatchShape,
  parameters: readonly Parameter[],
  model: (weights: Tensors) => (x: tf.Tensor, t: tf.Tensor1D, given: Given) => tf.Tensor,
  isConditional = false,
): BatchedDefinition {
  const layout = flatLayout(parameters);
  return {
    name,
    withBatch: (fewer) => evaluationProgram(name, { batch: fewer, shape }, parameters, model, isConditional),
    state: layout.size === 0 ? {} : { parameters: { shape: [layout.size], dtype: 'float32' } },
    inputs: {
      x: { shape: [batch, ...shape], dtype: 'float32' },
      t: { shape: [batch], dtype: 'int32' },
      ...(isConditional ? { label: { shape: [batch], dtype: 'int32' } as const } : {}),
    },
    run({ parameters: flat }, { x, t, label }) {
      const weights = flat === undefined ? {} : splitFlat(layout, flat as tf.Tensor1D);
      const given = label === undefined ? {} : { label: label as tf.Tensor1D };
      return { outputs: { value: model(weights)(x!, t as tf.Tensor1D, given) } };
    },
  };
}

/**
 * Evaluates an evaluation program of the given batch shape at the class `t` for all samples x [count, ...shape], whatever
 * their number: the last batch is filled up with zeros, of which nothing is returned. A conditional program is given the
 * `labels` [count], too. Returns [count, ...].
 */
export async function evaluate(
  program: Program,
  { batch, shape }: BatchShape,
  x: Float32Array,
  t: number,
  labels?: Int32Array,
): Promise<Float32Array> {
  const dim = dimOf(shape);
  if (x.length % dim !== 0) throw new RangeError(`${x.length} values are not whole samples of ${dim}`);
  const count = x.length / dim;
  const classes = new Int32Array(batch).fill(t);
  const parts: Float32Array[] = [];
  for (let first = 0; first < count; first += batch) {
    const size = Math.min(batch, count - first);
    const part = new Float32Array(batch * dim);
    part.set(x.subarray(first * dim, (first + size) * dim));
    const label = labels && new Int32Array(batch);
    label?.set(labels!.subarray(first, first + size));
    const { value } = await program.run({ x: part, t: classes, ...(label && { label }) });
    parts.push((value as Float32Array).subarray(0, (value!.length / batch) * size));
  }
  const result = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/** Number of values in a sample of `shape`. */
export function dimOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
