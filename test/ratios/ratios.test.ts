// Every estimator, given the closed-form optimum of what it trains for, recovers the true log ratio: no training needed.
import { describe, expect, test } from 'vitest';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import type { GaussianMixture } from '../../src/distributions/mixture.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { correlatedPairs, twoModes } from '../../src/distributions/toys.ts';
import { denoiserLogRatio } from '../../src/ratios/denoiser-integral.ts';
import { gaussLegendre, integrate } from '../../src/ratios/quadrature.ts';
import { telescopeTask, waymarks } from '../../src/ratios/telescope.ts';
import { descent, scoreLoss, scoreNetwork, type Scores } from '../../src/ratios/time-score.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 100, sigmaMin: 0.01, logSnrMin: -9 });
const densities: [string, GaussianMixture][] = [
  ['two modes', densityFromSpec(twoModes())],
  ['correlated pairs', densityFromSpec(correlatedPairs(6))],
];
const key = { seed: 3, purpose: 'test' };

/** log p / N(0, I) at each point. */
function logRatio(density: GaussianMixture, x: Float32Array): Float64Array {
  const { dim } = density;
  return density.logProb(x).map((logP, i) => {
    const norm = x.subarray(i * dim, (i + 1) * dim).reduce((sum, value) => sum + value ** 2, 0);
    return logP + (dim * Math.log(2 * Math.PI) + norm) / 2;
  });
}

function largestError(estimate: ArrayLike<number>, truth: Float64Array): number {
  expect(estimate).toHaveLength(truth.length);
  return Math.max(...truth.map((value, i) => Math.abs(estimate[i]! - value)));
}

describe.each(densities)('with the optimum for %s', (_name, density) => {
  const { dim } = density;
  const x = density.sample(64, key);
  const truth = logRatio(density, x);
  const noised = (tau: number, at: Float32Array) => {
    const law = (time: number) => {
      return density.at(Math.cos((Math.PI * time) / 2), Math.sin((Math.PI * time) / 2));
    };
    return { law, time: centralDifference((time) => law(time).logProb(at), tau), score: dataScore(density, tau, at) };
  };

  test('the sum of classifiers of neighbours is the log ratio, to float32 rounding', () => {
    const logits = tf.tidy(() =>
      exactLogits(density, schedule.alpha, schedule.sigma)(tf.tensor2d(x, [64, dim])).arraySync(),
    );
    const marks = waymarks(schedule.T, 7);
    const sums = logits.map((f) => marks.slice(1).reduce((sum, mark, k) => sum + f[marks[k]!]! - f[mark]!, 0));
    expect(largestError(sums, truth)).toBeLessThan(2e-4);
  });

  test('the integral of the time score is the log ratio', async () => {
    const integral = await integrate(48, (tau) => noised(tau, x).time.map((value) => -value));
    expect(largestError(integral, truth)).toBeLessThan(1e-4);
  });

  test('so is that of time and data score along the path to the origin', async () => {
    const integral = await integrate(48, (tau) => {
      const place = x.map((value) => (1 - tau) * value);
      const { time, score } = noised(tau, place);
      return time.map((value, i) => {
        let product = 0;
        for (let d = i * dim; d < (i + 1) * dim; d++) product += score[d]! * x[d]!;
        return product - value;
      });
    });
    const ratios = integral.map((value, i) => {
      const norm = x.subarray(i * dim, (i + 1) * dim).reduce((sum, each) => sum + each ** 2, 0);
      return value + norm / 2;
    });
    expect(largestError(ratios, truth)).toBeLessThan(1e-4);
  });

  test('the integral of the optimal denoiser is the log ratio, within the noise of its expectation', async () => {
    const denoiser = (xt: Float32Array, t: number) =>
      density.posteriorNoise(xt, schedule.alpha[t]!, schedule.sigma[t]!);
    const once = await denoiserLogRatio(denoiser, schedule, x, dim, { pairs: 8, key });
    const again = await denoiserLogRatio(denoiser, schedule, x, dim, { pairs: 8, key: { ...key, purpose: 'again' } });
    const rms = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
    // Two independent estimates say how large the error of one may be.
    const spread = rms(once.map((value, i) => value - again[i]!)) / Math.SQRT2;
    expect(rms(once.map((value, i) => value - truth[i]!))).toBeLessThan(1.5 * spread);
    const mean = once.reduce((sum, value, i) => sum + value - truth[i]!, 0) / 64;
    expect(Math.abs(mean)).toBeLessThan((4 * spread) / Math.sqrt(64));
    expect(spread).toBeLessThan(0.5);
  });
});

test('the loss of a chain of classifiers is least at the exact log ratios', () => {
  const density = densityFromSpec(twoModes());
  const exact = exactLogits(density, schedule.alpha, schedule.sigma);
  const marks = waymarks(schedule.T, 5);
  const count = 4000;
  const loss = (tilt: number) =>
    tf.tidy(() => {
      const task = telescopeTask(
        { parameters: [], logits: (_weights, y) => tf.mul(1 + tilt, exact(y)) },
        schedule,
        marks,
      );
      const batch = {
        x0: tf.tensor2d(density.sample(count, key), [count, 2]),
        epsilon: tf.tensor2d(normals({ ...key, purpose: 'noise' }, 2 * count), [count, 2]),
        t: tf.tensor1d(Int32Array.from({ length: count }, (_, i) => i % task.classes.count)),
      };
      return task.loss({}, batch).loss.dataSync()[0]!;
    });
  const best = loss(0);
  expect(best).toBeLessThan(loss(-0.3));
  expect(best).toBeLessThan(loss(0.3));
  expect(best).toBeLessThan(Math.LN2);
});

test('time score matching is least at the exact time score, and then minus its mean square', () => {
  // N(0, v) on the line: log p_tau = -x^2 / 2V - log(2 pi V) / 2 with V = alpha^2 v + sigma^2.
  const [v, count] = [0.25, 40_000];
  const exact =
    (scale: number) =>
    (y: tf.Tensor, tau: tf.Tensor1D): Scores => {
      const at = (time: tf.Tensor) => {
        const angle = tf.mul(time, Math.PI / 2);
        const variance = tf.add(tf.mul(v, tf.square(tf.cos(angle))), tf.square(tf.sin(angle)));
        const rate = tf.mul((Math.PI / 2) * (1 - v), tf.sin(tf.mul(2, angle)));
        const square = tf.square(tf.squeeze(y, [1]));
        const s = tf.mul(tf.div(rate, 2), tf.sub(tf.div(square, tf.square(variance)), tf.div(1, variance)));
        return tf.mul(scale, s) as tf.Tensor1D;
      };
      const { value, grad } = tf.valueAndGrad(at)(tau) as { value: tf.Tensor1D; grad: tf.Tensor1D };
      return { time: value, slope: grad };
    };
  const x0 = normals(key, count).map((z) => Math.sqrt(v) * z);
  const epsilon = normals({ ...key, purpose: 'noise' }, count);
  const t = Int32Array.from({ length: count }, (_, i) => (i * 4096) / count);
  const loss = (scale: number) =>
    tf.tidy(() => {
      const batch = { x0: tf.tensor2d(x0, [count, 1]), epsilon: tf.tensor2d(epsilon, [count, 1]), t: tf.tensor1d(t) };
      return scoreLoss(exact(scale), batch, 0).loss.dataSync()[0]!;
    });
  const best = loss(1);
  expect(loss(0)).toBeCloseTo(0, 6);
  expect(best).toBeLessThan(loss(0.7));
  expect(best).toBeLessThan(loss(1.3));
  // E s^2 = (rate / V)^2 / 2, averaged over tau.
  let square = 0;
  for (let i = 0; i < 4096; i++) {
    const angle = (Math.PI / 2) * ((i + 0.5) / 4096);
    const rate = (Math.PI / 2) * (1 - v) * Math.sin(2 * angle);
    square += (rate / (v * Math.cos(angle) ** 2 + Math.sin(angle) ** 2)) ** 2 / 2 / 4096;
  }
  expect(Math.abs(best + square)).toBeLessThan(0.1 * square);
});

test('a score network has the derivative and the gradient of what it says', () => {
  const trunk = {
    parameters: [],
    apply: (_w: object, y: tf.Tensor) => tf.sin(tf.matMul(y as tf.Tensor2D, tf.linspace(-1, 1, 16).reshape([2, 8]))),
  };
  const network = scoreNetwork(trunk, 4, true);
  tf.tidy(() => {
    const weights = { 'time/bias': tf.tensor1d([0.1, -0.2, 0.3, 0.4]) };
    const place = tf.tensor2d([0.3, -0.8, 1.1, 0.2], [2, 2]);
    const tau = tf.tensor1d([0.2, 0.7]);
    const { slope, data } = network.scores(weights, place, tau);
    const step = 1e-2;
    const ahead = network.scores(weights, place, tf.add(tau, step) as tf.Tensor1D).time;
    const behind = network.scores(weights, place, tf.sub(tau, step) as tf.Tensor1D).time;
    const difference = tf.div(tf.sub(ahead, behind), 2 * step).dataSync();
    slope.dataSync().forEach((value, i) => expect(value).toBeCloseTo(difference[i]!, 1));
    const descended = descent((w, y, s) => network.scores(w, y, s), weights, place, tau, true);
    const moved = tf.mul(tf.reshape(tf.sub(1, tau), [2, 1]), place);
    const there = network.scores(weights, moved, tau);
    const expected = tf.sub(tf.sum(tf.mul(there.data!, place), 1), there.time).dataSync();
    expect([...descended.dataSync()]).toEqual([...expected]);
    expect(data!.shape).toEqual([2, 2]);
    expect(() =>
      descent(scoreNetwork(trunk, 8, false).scores, { 'time/bias': tf.zeros([8]) }, place, tau, true),
    ).toThrow('data score');
  });
});

test('Gauss-Legendre integrates polynomials of degree below twice its points, and waymarks end at both ends', () => {
  const { nodes, weights } = gaussLegendre(5);
  for (let degree = 0; degree < 10; degree++) {
    const sum = weights.reduce((total, weight, k) => total + weight * nodes[k]! ** degree, 0);
    expect(sum).toBeCloseTo(1 / (degree + 1), 12);
  }
  expect(waymarks(100, 1)).toEqual([0, 101]);
  expect(waymarks(100, 4)).toEqual([0, 25, 51, 76, 101]);
  expect(() => waymarks(100, 0)).toThrow(RangeError);
  expect(() => waymarks(100, 102)).toThrow(RangeError);
});

function centralDifference(f: (tau: number) => Float64Array, tau: number): Float64Array {
  const h = 1e-5;
  const [ahead, behind] = [f(tau + h), f(tau - h)];
  return ahead.map((value, i) => (value - behind[i]!) / (2 * h));
}

/** grad log p_tau = -E[eps | x_tau] / sigma. */
function dataScore(density: GaussianMixture, tau: number, at: Float32Array): Float64Array {
  const [alpha, sigma] = [Math.cos((Math.PI * tau) / 2), Math.sin((Math.PI * tau) / 2)];
  return density.posteriorNoise(at, alpha, sigma).map((value) => -value / sigma);
}
