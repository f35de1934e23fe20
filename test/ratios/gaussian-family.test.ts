// The family of the narrow and distant pairs, at the parameters of the truth: its logits, scores and their derivatives are
// those of the density in closed form, wherever float32 could have overflowed.
import { expect, test } from 'vitest';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { densityFromSpec, type NormalPairSpec } from '../../src/distributions/spec.ts';
import { gaussianClassifier, gaussianScores } from '../../src/ratios/gaussian-family.ts';
import { integrate } from '../../src/ratios/quadrature.ts';
import { descent } from '../../src/ratios/time-score.ts';
import { tf } from '../../src/tensor/tf.ts';

const standard = { mean: 0, std: 1 };
const pairs: [string, NormalPairSpec][] = [
  ['distant', { kind: 'normal-pair', p: { mean: -20, std: 0.5 }, q: standard }],
  ['peak of 1e-3', { kind: 'normal-pair', p: { mean: 0, std: 1e-3 }, q: standard }],
  ['peak of 1e-6', { kind: 'normal-pair', p: { mean: 2e-6, std: 1e-6 }, q: standard }],
];
const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 12, sigmaMin: 1e-7, logSnrMin: -13 });
const COSINES = 3;
const STRETCH = 16;

const CONSTANTS = [0.3, -0.7, 1.1];

/** Weights of mean and standard deviation, and some constants. */
const weightsOf = ({ p: { mean, std } }: NormalPairSpec) => ({
  'gaussian/location': tf.tensor1d([mean / std]),
  'gaussian/log-scale': tf.scalar(Math.log(std)),
  constants: tf.tensor1d(CONSTANTS),
});

test.each(pairs)('%s: logits and their gradients are those of the noisy densities, constants added', (_name, spec) => {
  const density = densityFromSpec(spec);
  const network = gaussianClassifier(1, schedule, COSINES);
  for (let t = 0; t <= schedule.T + 1; t++) {
    const [alpha, sigma] = [schedule.alpha[t]!, schedule.sigma[t]!];
    const law = density.at(alpha, sigma);
    const { mean, variance } = law.components[0]!;
    const x = Float32Array.from([-2, 0.5, 3], (z) => mean[0]! + z * Math.sqrt(variance[0]!));
    const constant = CONSTANTS.reduce((sum, b, k) => sum + b * Math.cos((Math.PI * k * t) / (schedule.T + 1)), 0);
    const exact = law.logProb(x).map((value) => value + Math.log(2 * Math.PI) / 2 + constant);
    const of = (y: tf.Tensor) => tf.slice(network.logits(weightsOf(spec), y), [0, t], [-1, 1]);
    const { value, grad } = tf.tidy(() => tf.valueAndGrad(of)(tf.tensor2d(x, [3, 1])));
    // x itself is only known to its last digit, which the distant mean of narrow noise makes coarse.
    const rounding = (Math.abs(mean[0]!) * 2 ** -23) / Math.sqrt(variance[0]!) + 1e-5;
    value.dataSync().forEach((each, i) => expect(Math.abs(each - exact[i]!)).toBeLessThan(5 * rounding + 1e-4 * 4.5));
    grad.dataSync().forEach((each, i) => {
      const score = -(x[i]! - mean[0]!) / Math.sqrt(variance[0]!);
      expect(Math.abs(each * Math.sqrt(variance[0]!) - score)).toBeLessThan(rounding + 1e-4 * 3);
    });
  }
});

/** Where the stretched arc is at a time. */
function arcAt(time: number): { alpha: number; sigma: number } {
  const angle = ((Math.PI / 2) * Math.expm1(STRETCH * time)) / Math.expm1(STRETCH);
  return { alpha: Math.cos(angle), sigma: Math.sin(angle) };
}

test.each(pairs)('%s: time score, its slope and the data score', (_name, spec) => {
  const density = densityFromSpec(spec);
  const network = gaussianScores(1, COSINES, true, STRETCH);
  const logProb = (at: number, x: number) => {
    const { alpha, sigma } = arcAt(at);
    const { mean, variance } = density.at(alpha, sigma).components[0]!;
    return -((x - mean[0]!) ** 2) / (2 * variance[0]!) - Math.log(variance[0]!) / 2;
  };
  for (const time of [0.02, 0.3, 0.7, 0.97]) {
    const { alpha, sigma } = arcAt(time);
    const { mean, variance } = density.at(alpha, sigma).components[0]!;
    const x = Float32Array.of(mean[0]! - 1.5 * Math.sqrt(variance[0]!), mean[0]! + 0.3 * Math.sqrt(variance[0]!));
    const [score, slope, data] = tf.tidy(() => {
      const scores = network.scores(weightsOf(spec), tf.tensor2d(x, [2, 1]), tf.tensor1d([time, time]));
      return [scores.time, scores.slope, scores.data!].map((each) => each.dataSync());
    });
    const h = 1e-4;
    const along = (of: (k: number) => number) => CONSTANTS.reduce((sum, b, k) => sum + b * of(k), 0);
    x.forEach((y, i) => {
      const first =
        (logProb(time + h, y) - logProb(time - h, y)) / (2 * h) + along((k) => Math.cos(Math.PI * k * time));
      const second =
        (logProb(time + h, y) - 2 * logProb(time, y) + logProb(time - h, y)) / h ** 2 -
        along((k) => Math.PI * k * Math.sin(Math.PI * k * time));
      const close = (actual: number, expected: number) =>
        expect(Math.abs(actual - expected)).toBeLessThan(2e-3 * (1 + Math.abs(expected)));
      close(score![i]!, first);
      close(slope![i]!, second);
      close(data![i]! * Math.sqrt(variance[0]!), -(y - mean[0]!) / Math.sqrt(variance[0]!));
    });
  }
});

test.each(pairs)('%s: the integral of the score is the log ratio, along both paths', async (_name, spec) => {
  const density = densityFromSpec(spec);
  const x = density.sample(50, { seed: 3, purpose: 'points' });
  const truth = density.logProb(x).map((logP, i) => logP + (Math.log(2 * Math.PI) + x[i]! ** 2) / 2);
  const weights = { ...weightsOf(spec), constants: tf.zeros([COSINES]) };
  for (const pathwise of [false, true]) {
    const { scores } = gaussianScores(1, COSINES, pathwise, STRETCH);
    const integral = await integrate(32, (time) =>
      tf.tidy(() => descent(scores, weights, tf.tensor2d(x, [50, 1]), tf.fill([50], time), pathwise).dataSync()),
    );
    integral.forEach((value, i) => {
      const ratio = pathwise ? value + x[i]! ** 2 / 2 : value;
      expect(Math.abs(ratio - truth[i]!)).toBeLessThan(0.02);
    });
  }
});

test('training may begin anywhere: at the start every logit and score is finite for points of both densities', () => {
  const weights = { 'gaussian/location': tf.zeros([1]), 'gaussian/log-scale': tf.scalar(0), constants: tf.zeros([3]) };
  tf.tidy(() => {
    const x = tf.tensor2d([0, 1e-7, -27, 4], [4, 1]);
    const logits = gaussianClassifier(1, schedule, COSINES).logits(weights, x);
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
    for (const scale of [0, -13.8, -30]) {
      const at = { ...weights, 'gaussian/log-scale': tf.scalar(scale) };
      const loss = (s: tf.Tensor) => {
        const f = gaussianClassifier(1, schedule, COSINES).logits({ ...at, 'gaussian/log-scale': s }, x);
        return tf.mean(tf.logSoftmax(f)) as tf.Scalar;
      };
      expect(Number.isFinite(tf.grad(loss)(tf.scalar(scale)).dataSync()[0])).toBe(true);
    }
  });
});
