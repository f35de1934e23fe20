// Batches of a data set as a function of the training step alone, so that a resumed run sees the same ones.
import { permutation } from '../tensor/random.ts';

/**
 * The batch [batch, dim] of each step 1, 2, … of a data set [n, dim]. Every epoch has a fresh order from the stream (seed,
 * 'train/epoch', epoch); what is left of it after its last whole batch is skipped.
 */
export function epochBatches<Values extends Float32Array | Uint8Array>(
  samples: Values,
  dim: number,
  batch: number,
  seed: number,
): (step: number) => Values {
  const n = samples.length / dim;
  const perEpoch = Math.floor(n / batch);
  if (!Number.isInteger(n) || !(perEpoch >= 1)) {
    throw new RangeError(`Cannot draw batches of ${batch} samples from ${samples.length} values of dimension ${dim}`);
  }
  let current: { epoch: number; order: Int32Array } = { epoch: -1, order: new Int32Array() };
  return (step) => {
    const epoch = Math.floor((step - 1) / perEpoch);
    if (current.epoch !== epoch) {
      current = { epoch, order: permutation({ seed, purpose: 'train/epoch', step: epoch }, n) };
    }
    const first = ((step - 1) % perEpoch) * batch;
    const values = samples.slice(0, batch * dim) as Values;
    for (let i = 0; i < batch; i++) {
      const row = current.order[first + i]! * dim;
      values.set(samples.subarray(row, row + dim), i * dim);
    }
    return values;
  };
}
