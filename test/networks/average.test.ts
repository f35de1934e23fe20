import { expect, test } from 'vitest';
import { averageClassifier } from '../../src/networks/average.ts';
import type { ClassifierNetwork } from '../../src/networks/network.ts';
import { tf } from '../../src/tensor/tf.ts';

/** Logits w x of one number x, for two classes. */
const linear: ClassifierNetwork = {
  parameters: [{ name: 'w', shape: [1, 2], init: { kind: 'zeros' } }],
  logits: (weights, x) => tf.matMul(x as tf.Tensor2D, weights['w'] as tf.Tensor2D),
};

test('the logits are the means of those of the members, each with its own weights', () => {
  const average = averageClassifier([linear, linear]);
  const [first, second] = average.parameters.map(({ name }) => name);
  expect(first).not.toBe(second);
  const weights = { [first!]: tf.tensor2d([[1, 4]]), [second!]: tf.tensor2d([[3, 0]]) };
  expect(average.logits(weights, tf.tensor2d([[1], [2]])).arraySync()).toEqual([
    [2, 2],
    [4, 4],
  ]);
});
