import { describe, expect, test } from 'vitest';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import { tf } from '../../src/tensor/tf.ts';

// sigma from .01 up, with the clean data first and pure noise last.
const sigma = Float64Array.of(0, 0.01, 0.1, 0.3, 0.6, 0.9, 1);
const alpha = sigma.map((s) => Math.sqrt(1 - s * s));
const noisiest = sigma.length - 1;

describe.each(['two', 'ring', 'mix16', 'mi20', 'field8', 'textures4'])('exactLogits of %s', (name) => {
  const density = densityFromSpec(toySpec(name));
  const { dim } = density;
  const logits = exactLogits(density, alpha, sigma);
  const batch = 4;
  const samplesAt = (t: number) => density.at(alpha[t]!, sigma[t]!).sample(batch, { seed: 1, purpose: 'x', step: t });

  test('are the log densities of every noise level', () => {
    for (const t of sigma.keys()) {
      const x = samplesAt(t);
      const actual = tf.tidy(() => logits(tf.tensor2d(x, [batch, dim])).arraySync());
      for (const u of sigma.keys()) {
        const expected = density.at(alpha[u]!, sigma[u]!).logProb(x);
        for (let i = 0; i < batch; i++) {
          // Relative for the hugely negative logits of data that are far too noisy for a class.
          expect(Math.abs(actual[i]![u]! - expected[i]!)).toBeLessThan(2e-4 + 2e-6 * Math.abs(expected[i]!));
        }
      }
    }
  });

  test('give the optimal denoiser through Theorem 3.1, E[eps|x_t] = sigma (grad F + x)', () => {
    for (const t of [2, 3, 4, 5]) {
      const x = samplesAt(t);
      const actual = tf.tidy(() => {
        const input = tf.tensor2d(x, [batch, dim]);
        const difference = (value: tf.Tensor) => {
          const all = logits(value);
          return tf.sum(tf.sub(all.slice([0, noisiest], [-1, 1]), all.slice([0, t], [-1, 1]))) as tf.Scalar;
        };
        return tf.mul(sigma[t]!, tf.add(tf.grad(difference)(input), input)).dataSync();
      });
      const expected = density.posteriorNoise(x, alpha[t]!, sigma[t]!);
      for (let i = 0; i < x.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(2e-4);
    }
  });

  test('give the log density of the data through Theorem 3.2 in one evaluation', () => {
    const x = samplesAt(0);
    const actual = tf.tidy(() => logits(tf.tensor2d(x, [batch, dim])).arraySync());
    const expected = density.logProb(x);
    for (let i = 0; i < batch; i++) {
      const reference =
        -x.subarray(i * dim, (i + 1) * dim).reduce((sum, v) => sum + v * v + Math.log(2 * Math.PI), 0) / 2;
      expect(Math.abs(actual[i]![0]! - actual[i]![noisiest]! + reference - expected[i]!)).toBeLessThan(5e-4);
    }
  });
});

test('exactLogits can be differentiated twice', () => {
  const density = densityFromSpec(toySpec('ring'));
  const logits = exactLogits(density, alpha, sigma);
  const t = 3;
  const at = (x: tf.Tensor) => tf.sum(logits(x).slice([0, t], [-1, 1])) as tf.Scalar;
  // d/dx |grad log p|^2 / 2 against central differences of the float64 score, -posteriorNoise / sigma.
  const point = [1.1, 0.4];
  const actual = tf.tidy(() =>
    tf
      .grad((x) => tf.mul(0.5, tf.sum(tf.square(tf.grad(at)(x)))))(tf.tensor2d([point]))
      .dataSync(),
  );
  const energy = (x: number[]) =>
    density.posteriorNoise(x, alpha[t]!, sigma[t]!).reduce((sum, e) => sum + (e / sigma[t]!) ** 2, 0) / 2;
  const h = 1e-5;
  const [x, y] = point as [number, number];
  expect(actual[0]! / ((energy([x + h, y]) - energy([x - h, y])) / (2 * h))).toBeCloseTo(1, 4);
  expect(actual[1]! / ((energy([x, y + h]) - energy([x, y - h])) / (2 * h))).toBeCloseTo(1, 4);
});

test('exactLogits flattens images and stays finite where every mode is far', () => {
  const density = densityFromSpec(toySpec('textures4'));
  const logits = exactLogits(density, alpha, sigma);
  const x = density.sample(2, { seed: 1, purpose: 'x' });
  tf.tidy(() => {
    const flat = logits(tf.tensor2d(x, [2, 16]));
    expect(logits(tf.tensor4d(x, [2, 4, 4, 1])).arraySync()).toEqual(flat.arraySync());
    const ring = exactLogits(densityFromSpec(toySpec('ring')), alpha, sigma);
    expect(Array.from(ring(tf.tensor2d([[30, -40]])).dataSync()).every(Number.isFinite)).toBe(true);
  });
});

test('exactLogits refuses schedules of unequal length', () => {
  expect(() => exactLogits(densityFromSpec(toySpec('two')), alpha, sigma.slice(1))).toThrow('7 alphas but 6 sigmas');
});
