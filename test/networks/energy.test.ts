import { expect, test } from 'vitest';
import { energyClassifier } from '../../src/networks/energy.ts';
import { cumsumHead, gaussianLogRatios } from '../../src/networks/heads.ts';
import { flatLayout, initialize, splitFlat } from '../../src/tensor/flat.ts';
import { tf } from '../../src/tensor/tf.ts';
import { checkDerivatives } from '../support/backends.ts';

const levels = { alpha: Float64Array.of(1, 0.8, 0.3, 0), sigma: Float64Array.of(0, 0.6, Math.sqrt(0.91), 1) };
const moments = { mean: [0, 0, 0, 0], variance: 0.3 };
const shape = { dim: 4, width: 6, depth: 1, energies: 3 };
const network = energyClassifier(shape, cumsumHead(levels, moments));
const layout = flatLayout(network.parameters);
const initial = () => splitFlat(layout, tf.tensor1d(initialize(network.parameters, { seed: 1, purpose: 'test' })));

test('energyClassifier() starts as the Gaussian of its head, for images as for vectors', () => {
  tf.tidy(() => {
    const x = tf.randomNormal([5, 2, 2, 1], 0, 1, 'float32', 2);
    const expected = gaussianLogRatios(moments, levels, tf.reshape(x, [5, 4]));
    expect(network.logits(initial(), x).arraySync()).toEqual(expected.arraySync());
  });
});

test('its energies are half the squared distances to g(x), different ones', () => {
  tf.tidy(() => {
    const x = tf.randomNormal([5, 4], 0, 1, 'float32', 3);
    // Units that hand on the energies, a head that does nothing to them.
    const head = {
      features: 3,
      parameters: [],
      logits: (_: unknown, features: tf.Tensor2D) => features,
    };
    const plain = energyClassifier(shape, head);
    const weights = splitFlat(
      flatLayout(plain.parameters),
      tf.tensor1d(initialize(plain.parameters, { seed: 1, purpose: 'test' })),
    );
    const energies = plain.logits({ ...weights, 'energy/units/weight': tf.eye(3) }, x).arraySync();
    for (const row of energies) {
      expect(row.every((value) => value > 0)).toBe(true);
      expect(new Set(row).size).toBe(3);
    }
    // With g = 0 it is |x|^2 / 2.
    const zero = { 'energy/g/weight': tf.zeros([6, 12]), 'energy/g/bias': tf.zeros([12]) };
    const half = plain.logits({ ...weights, ...zero, 'energy/units/weight': tf.eye(3) }, x).arraySync();
    const squares = tf.mul(0.5, tf.sum(tf.square(x), 1)).arraySync() as number[];
    for (const [i, row] of half.entries()) for (const value of row) expect(value).toBeCloseTo(squares[i]!, 5);
  });
});

test('its logits have two right derivatives', async () => {
  const units = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
  await checkDerivatives(
    (x) => network.logits({ ...initial(), 'energy/units/weight': tf.tensor2d(units, [3, 4]) }, x!),
    { shapes: [[2, 4]] },
  );
});
