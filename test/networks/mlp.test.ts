import { expect, test } from 'vitest';
import { cumsumHead, gaussianLogRatios, smoothHead } from '../../src/networks/heads.ts';
import { mlpClassifier, mlpDenoiser } from '../../src/networks/mlp.ts';
import { flatLayout, initialize, splitFlat, type Parameter } from '../../src/tensor/flat.ts';
import { tf } from '../../src/tensor/tf.ts';

const levels = { alpha: Float64Array.of(1, 0.8, 0.3, 0), sigma: Float64Array.of(0, 0.6, Math.sqrt(0.91), 1) };
const moments = { mean: [0.5, -1, 2], variance: 0.3 };
const weightsOf = (parameters: readonly Parameter[]) =>
  splitFlat(flatLayout(parameters), tf.tensor1d(initialize(parameters, { seed: 1, purpose: 'test' })));
const x = () => tf.randomNormal([5, 3], 0, 1, 'float32', 2);

test('mlpClassifier() has the parameters of its layers and starts as the Gaussian of its head', () => {
  const shape = { dim: 3, width: 8, depth: 2, inputScale: 4, squares: 5 };
  const network = mlpClassifier(shape, smoothHead(levels, moments, 6));
  const linear = (inputs: number, outputs: number) => inputs * outputs + outputs;
  expect(flatLayout(network.parameters).size).toBe(linear(3, 8) + 2 * linear(8, 8) + linear(3, 5) + linear(14, 6) + 6);
  tf.tidy(() => {
    const input = x();
    const logits = network.logits(weightsOf(network.parameters), input);
    expect(logits.shape).toEqual([5, 4]);
    expect(logits.arraySync()).toEqual(gaussianLogRatios(moments, levels, input as tf.Tensor2D).arraySync());
  });
});

test('mlpClassifier() of width 0 is a quadratic form', () => {
  const network = mlpClassifier({ dim: 3, width: 0, depth: 0, inputScale: 1, squares: 6 }, cumsumHead(levels));
  expect(network.parameters.map(({ name }) => name)).toEqual([
    'squares/weight',
    'squares/bias',
    'mlp/out/weight',
    'mlp/out/bias',
  ]);
  tf.tidy(() => {
    const weights = { ...weightsOf(network.parameters), 'mlp/out/weight': tf.randomNormal([7, 4], 0, 1, 'float32', 3) };
    const line = tf.mul(tf.reshape(tf.range(0, 4), [4, 1]), tf.tensor2d([[0.3, -0.2, 0.5]]));
    const [a, b, c, d] = network.logits(weights, line).arraySync();
    // Third differences along a line vanish.
    for (const t of a!.keys()) expect(d![t]! - 3 * c![t]! + 3 * b![t]! - a![t]!).toBeCloseTo(0, 4);
  });
});

test('mlpDenoiser() predicts noise shaped like x, which depends on t', () => {
  const network = mlpDenoiser({ dim: 3, width: 8, depth: 1, inputScale: 2 }, 10, 4);
  tf.tidy(() => {
    const weights = { ...weightsOf(network.parameters), 'mlp/out/weight': tf.ones([8, 3]) };
    const at = (t: number) => network.epsilon(weights, x(), tf.fill([5], t, 'int32'));
    expect(at(3).shape).toEqual([5, 3]);
    expect(at(3).arraySync()).not.toEqual(at(4).arraySync());
  });
});
