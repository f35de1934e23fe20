// The loss of trained weights on samples that training has not seen: what settings may be chosen by.
import type { Backend } from '../tensor/backend.ts';
import { flatLayout, splitFlat } from '../tensor/flat.ts';
import { normals } from '../tensor/random.ts';
import type { tf } from '../tensor/tf.ts';
import { dimOf, type BatchShape } from './evaluate.ts';
import type { NoisedBatch } from './loss.ts';
import { stratifiedClasses } from './training.ts';
import type { TrainingTask } from './training-step.ts';

/**
 * The loss of each of `batches` batches, whose clean samples [batch, ...shape] are `data` of 0, 1, …, with noise and classes of
 * the seed's own streams: of the same seed, two tasks or weights are compared on the same draws.
 */
export async function heldOutLosses(
  backend: Backend,
  task: Pick<TrainingTask, 'name' | 'parameters' | 'loss' | 'classes'>,
  { batch, shape }: BatchShape,
  weights: Float32Array,
  { data, seed, batches }: { data: (step: number) => Float32Array; seed: number; batches: number },
): Promise<Float64Array> {
  const layout = flatLayout(task.parameters);
  const samples = { shape: [batch, ...shape], dtype: 'float32' } as const;
  const program = await backend.compile({
    name: `${task.name} held-out loss`,
    state: { parameters: { shape: [layout.size], dtype: 'float32' } },
    inputs: { x0: samples, epsilon: samples, t: { shape: [batch], dtype: 'int32' } },
    run: ({ parameters }, inputs) => {
      const { loss } = task.loss(splitFlat(layout, parameters as tf.Tensor1D), inputs as unknown as NoisedBatch);
      return { outputs: { loss } };
    },
  });
  program.load({ parameters: weights });
  const { first, count } = task.classes;
  const losses = new Float64Array(batches);
  for (let step = 0; step < batches; step++) {
    const epsilon = normals({ seed, purpose: 'held-out/noise', step }, batch * dimOf(shape));
    const t = stratifiedClasses({ seed, purpose: 'held-out/class', step }, batch, count).map((k) => first + k);
    const { loss } = await program.run({ x0: data(step), epsilon, t });
    losses[step] = loss![0]!;
  }
  await program.dispose();
  return losses;
}
