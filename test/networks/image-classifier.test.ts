import { expect, test } from 'vitest';
import { imageClassifier } from '../../src/networks/image-classifier.ts';
import { flatLayout, initialize, splitFlat } from '../../src/tensor/flat.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

// 8x8 halves twice, 28x28 three times (14, 7, 4), 64x64 four times.
test.each([
  [8, 16],
  [28, 32],
  [32, 32],
  [64, 64],
])('of images of side %i the last layer sees %i features', (size, width) => {
  const classifier = imageClassifier(size, 1, 4, 10);
  expect(classifier.width).toBe(width);
  tf.tidy(() => {
    const layout = flatLayout(classifier.parameters);
    const weights = splitFlat(layout, tf.tensor1d(initialize(classifier.parameters, { seed: 1, purpose: 'test' })));
    const x = tf.tensor4d(normals({ seed: 1, purpose: 'x' }, 2 * size * size), [2, size, size, 1]);
    expect(classifier.features(weights, x).shape).toEqual([2, width]);
    expect(classifier.logits(weights, x).shape).toEqual([2, 10]);
  });
});
