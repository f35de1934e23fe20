import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cdmDenoiser, denoise, logDensity, standardNormalLogDensity } from '../../src/diffusion/cdm.ts';
import { scheduleFromSpec, type Schedule } from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import { densityFromSpec, type GaussianMixtureSpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { inputName, outputName, trace } from '../../src/tensor/trace.ts';
import { describeBackends, runOnce } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { interpret } from '../support/interpret.ts';

// Theorems 3.1 and 3.2 hold for the optimal classifier: any error here is float32 rounding, or a wrong formula.

const mixtures = fc.integer({ min: 1, max: 5 }).chain((dim) =>
  fc.record({
    kind: fc.constant('gaussian-mixture' as const),
    means: fc.array(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: dim, maxLength: dim }), {
      minLength: 3,
      maxLength: 3,
    }),
    std: fc.double({ min: 0.2, max: 1.5, noNaN: true }),
    weights: fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
  }),
);

const kinds = ['uniform-log-snr', 'ddpm-linear', 'cosine', 'uniform', 'optimal-transport'] as const;
const schedules: fc.Arbitrary<Schedule> = fc
  .record({ kind: fc.constantFrom(...kinds), T: fc.integer({ min: 21, max: 60 }) })
  .map(scheduleFromSpec);

/** Samples of every class at once, [T+2, dim], with their classes. */
function samplesOfEveryClass(spec: GaussianMixtureSpec, { alpha, sigma }: Schedule) {
  const density = densityFromSpec(spec);
  const classes = Int32Array.from(alpha.keys());
  const x = Array.from(classes, (t) =>
    Array.from(density.at(alpha[t]!, sigma[t]!).sample(1, { seed: 7, purpose: 'x', step: t })),
  );
  return { density, classes, x };
}

/** How large the terms are that the optimal logits of class t are sums of: their rounding is what is left of this. */
function magnitude(x: readonly number[], spec: GaussianMixtureSpec, alpha: number, sigma: number) {
  const reach = Math.max(...spec.means.map((mean) => Math.hypot(...mean))) * alpha + Math.hypot(...x);
  const variance = (alpha * spec.std) ** 2 + sigma ** 2;
  return { logit: 1 + reach ** 2 / variance, score: 1 + reach / variance };
}

test('denoise() of the optimal classifier is the Bayes-optimal denoiser at every class of every schedule', () => {
  fc.assert(
    fc.property(mixtures, schedules, (spec, schedule) => {
      const { alpha, sigma } = schedule;
      const { density, classes, x } = samplesOfEveryClass(spec, schedule);
      const actual = tf.tidy(
        () =>
          denoise(
            exactLogits(density, alpha, sigma),
            schedule,
            tf.tensor2d(x),
            tf.tensor1d(classes, 'int32'),
          ).epsilonHat.arraySync() as number[][],
      );
      const errors = Array.from(classes, (t) => {
        const expected = density.posteriorNoise(x[t]!, alpha[t]!, sigma[t]!);
        const { logit, score } = magnitude(x[t]!, spec, alpha[t]!, sigma[t]!);
        const worst = Math.max(...actual[t]!.map((value, d) => Math.abs(value - expected[d]!)));
        return worst / ((1 + sigma[t]! * score) * logit);
      });
      expect(Math.max(...errors)).toBeLessThan(3e-7);
    }),
    { numRuns: 25 },
  );
});

test('logDensity() of the optimal classifier is the log density of every class, from one forward pass', () => {
  fc.assert(
    fc.property(mixtures, schedules, (spec, schedule) => {
      const { T, alpha, sigma } = schedule;
      const { density, classes, x } = samplesOfEveryClass(spec, schedule);
      const classifier = exactLogits(density, alpha, sigma);
      for (const t of [0, 1, T >> 1, T, T + 1]) {
        const actual = tf.tidy(() =>
          logDensity(classifier, schedule, tf.tensor2d(x), tf.fill([T + 2], t, 'int32')).dataSync(),
        );
        const truth = density.at(alpha[t]!, sigma[t]!);
        const errors = Array.from(classes, (u) => {
          const { logit } = magnitude(x[u]!, spec, alpha[t]!, sigma[t]!);
          return Math.abs(actual[u]! - truth.logProb(x[u]!)[0]!) / logit;
        });
        expect(Math.max(...errors)).toBeLessThan(1e-6);
      }
    }),
    { numRuns: 15 },
  );
});

describeBackends('both theorems on a mixture in R^16', (open) => {
  test('are those of the float64 interpreter of the same graph, and that is the truth but for float32 constants', async () => {
    const density = densityFromSpec(toySpec('mix16'));
    const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 20 });
    const { alpha, sigma } = schedule;
    const classifier = exactLogits(density, alpha, sigma);
    const classes = Int32Array.from({ length: 20 }, (_, i) => i + 1);
    const x = Float32Array.from(
      Array.from(classes, (t) => [
        ...density.at(alpha[t]!, sigma[t]!).sample(1, { seed: 5, purpose: 'x', step: t }),
      ]).flat(),
    );
    const program: ProgramDefinition = {
      name: 'theorems',
      state: {},
      inputs: { x: { shape: [20, 16], dtype: 'float32' }, t: { shape: [20], dtype: 'int32' } },
      run: (_, inputs) => {
        const t = inputs['t'] as tf.Tensor1D;
        const { epsilonHat } = denoise(classifier, schedule, inputs['x']!, t);
        return { outputs: { epsilonHat, logP: logDensity(classifier, schedule, inputs['x']!, t) } };
      },
    };
    const reference = interpret(trace(program), { [inputName('x')]: x, [inputName('t')]: classes });
    const actual = await runOnce(await open(), program, { x, t: classes });
    const truth = {
      epsilonHat: Array.from(classes, (t, i) => [
        ...density.posteriorNoise(x.subarray(i * 16, (i + 1) * 16), alpha[t]!, sigma[t]!),
      ]).flat(),
      logP: Array.from(
        classes,
        (t, i) => density.at(alpha[t]!, sigma[t]!).logProb(x.subarray(i * 16, (i + 1) * 16))[0]!,
      ),
    };
    for (const name of ['epsilonHat', 'logP'] as const) {
      expectClose(reference[outputName(name)]!, truth[name], 1e-5, `${name}, interpreted`);
      expectClose(actual[name]!, reference[outputName(name)]!, 5e-5, name);
    }
  });
});

test('a prior of the classes moves the log density by log p(t) / p(T+1), and the denoiser not at all', () => {
  const priors = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 62, maxLength: 62 });
  fc.assert(
    fc.property(mixtures, schedules, priors, (spec, schedule, prior) => {
      const { T, alpha, sigma } = schedule;
      const { density, classes, x } = samplesOfEveryClass(spec, schedule);
      const plain = exactLogits(density, alpha, sigma);
      const logPrior = prior.slice(0, T + 2).map(Math.log);
      const weighed = (value: tf.Tensor): tf.Tensor2D => tf.add(plain(value), tf.tensor1d(logPrior));
      const of = (classifier: typeof plain) =>
        tf.tidy(() => {
          const t = tf.tensor1d(classes, 'int32');
          return {
            epsilon: denoise(classifier, schedule, tf.tensor2d(x), t).epsilonHat.dataSync(),
            density: logDensity(classifier, schedule, tf.tensor2d(x), t).dataSync(),
          };
        });
      const [without, withPrior] = [of(plain), of(weighed)];
      expect(withPrior.epsilon).toEqual(without.epsilon);
      for (const t of classes) {
        const { logit } = magnitude(x[t]!, spec, alpha[t]!, sigma[t]!);
        const shift = withPrior.density[t]! - without.density[t]!;
        expect(Math.abs(shift - (logPrior[t]! - logPrior[T + 1]!))).toBeLessThan(2e-6 * logit);
      }
    }),
    { numRuns: 10 },
  );
});

const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 6 });
const weights = tf.keep(tf.randomNormal([3, 8], 0, 1, 'float32', 5)) as tf.Tensor2D;
const classifier = (x: tf.Tensor): tf.Tensor2D => tf.matMul(tf.tanh(x) as tf.Tensor2D, weights);
const x = [
  [0.3, -1, 2],
  [1, 0.5, -0.2],
];
const results = (logits: (x: tf.Tensor) => tf.Tensor2D) =>
  tf.tidy(() => {
    const t = tf.tensor1d([2, 5], 'int32');
    return {
      epsilon: denoise(logits, schedule, tf.tensor2d(x), t).epsilonHat.dataSync(),
      density: logDensity(logits, schedule, tf.tensor2d(x), t).dataSync(),
    };
  });

test('a function of x added to all logits changes neither denoiser nor density', () => {
  const plain = results(classifier);
  const shifted = results((value) => tf.add(classifier(value), tf.sum(tf.sin(value), 1, true)));
  for (const [i, value] of plain.epsilon.entries()) expect(shifted.epsilon[i]).toBeCloseTo(value, 5);
  for (const [i, value] of plain.density.entries()) expect(shifted.density[i]).toBeCloseTo(value, 5);
});

test('a constant of each class leaves the denoiser alone and shifts the density', () => {
  const plain = results(classifier);
  const shifted = results((value) => tf.add(classifier(value), tf.range(0, 8)));
  expect(shifted.epsilon).toEqual(plain.epsilon);
  for (const [i, t] of [2, 5].entries()) expect(shifted.density[i]).toBeCloseTo(plain.density[i]! + t - 7, 4);
});

test('the noise estimate is zero for clean data and x itself for pure noise', () => {
  const epsilon = tf.tidy(() =>
    cdmDenoiser(classifier, schedule)(tf.tensor2d(x), tf.tensor1d([0, 7], 'int32')).arraySync(),
  );
  expect((epsilon as number[][])[0]!.every((value) => value === 0)).toBe(true);
  expect((epsilon as number[][])[1]).toEqual(x[1]!.map(Math.fround));
});

test('standardNormalLogDensity() is that of all values of an image', () => {
  const image = tf.tensor4d([1, 2, 3, 4, 0, 0, 0, 0], [2, 2, 2, 1]);
  const [first, second] = tf.tidy(() => standardNormalLogDensity(image).dataSync());
  expect(second).toBeCloseTo(-2 * Math.log(2 * Math.PI), 6);
  expect(first).toBeCloseTo(-2 * Math.log(2 * Math.PI) - 15, 5);
});
