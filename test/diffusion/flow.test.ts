import { describe, expect, test } from 'vitest';
import { cdmFlow, ddmFlow, flowLogDensity, flowProgram, flowSample } from '../../src/diffusion/flow.ts';
import type { FlowRun } from '../../src/diffusion/flow-path.ts';
import type { Denoiser } from '../../src/diffusion/ddm.ts';
import {
  logSnr,
  optimalTransport,
  scheduleFromSpec,
  uniformLogSnr,
  type Schedule,
} from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import type { GaussianMixture } from '../../src/distributions/mixture.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { correlatedPairs, toySpec } from '../../src/distributions/toys.ts';
import { meanAndStandardError } from '../../src/statistics/mean.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { tf } from '../../src/tensor/tf.ts';

// The probability-flow ODE of the optimal classifier has the density of the data: what differs is the solver's error, the
// interpolation between classes, float32, and the start, which is N(0, I) where the last class is nearly that.

const backend = await openBackend('cpu', { threads: 1 });

async function exactFlow(
  density: GaussianMixture,
  schedule: Schedule,
  x: Float32Array,
  options: Partial<Omit<FlowRun, 'batchShape'>> & { batch?: number } = {},
) {
  const { batch = x.length / density.dim, ...rest } = options;
  const batchShape = { batch, shape: [density.dim] };
  const classifier = exactLogits(density, schedule.alpha, schedule.sigma);
  const { divergence } = options;
  const probes = divergence?.kind === 'hutchinson' ? divergence.probes : 1;
  const program = await backend.compile(
    flowProgram('exact flow', batchShape, schedule, [], () => cdmFlow(classifier), probes),
  );
  try {
    const run = { program, batchShape, schedule, tolerance: 1e-4, divergence: { kind: 'exact' }, seed: 3 } as const;
    return await flowLogDensity({ ...run, ...rest }, x);
  } finally {
    await program.dispose();
  }
}

// The last class must be close to N(0, I), or its difference is the error: log-SNR -14 leaves a signal of 0.001.
describe.each([
  ['uniform-log-snr', uniformLogSnr({ T: 140, logSnrMin: -14 }), 0.005],
  ['optimal-transport', optimalTransport(400), 0.02],
  ['ddpm-linear', scheduleFromSpec({ kind: 'ddpm-linear', T: 400 }), 0.02],
] as const)('flowLogDensity() of the optimal classifier on the %s schedule', (_, schedule, tolerance) => {
  test.each(['two', 'ring', 'mi2', 'mix3'])('is the density of the first class of %s', async (toy) => {
    const density = densityFromSpec(toySpec(toy));
    const first = density.at(schedule.alpha[1]!, schedule.sigma[1]!);
    const x = first.sample(12, { seed: 1, purpose: 'x' });
    const { logDensities } = await exactFlow(density, schedule, x);
    const errors = logDensities.map((value, i) => Math.abs(value - first.logProb(x)[i]!));
    expect(Math.max(...errors)).toBeLessThan(tolerance);
  });
});

const schedule = uniformLogSnr({ T: 60 });

test('a looser tolerance takes fewer evaluations and stays near', async () => {
  const density = densityFromSpec(toySpec('ring'));
  const x = density.at(schedule.alpha[1]!, schedule.sigma[1]!).sample(20, { seed: 2, purpose: 'x' });
  const fine = await exactFlow(density, schedule, x, { tolerance: 1e-6 });
  const coarse = await exactFlow(density, schedule, x, { tolerance: 1e-3 });
  for (const [i, count] of coarse.evaluations.entries()) expect(count).toBeLessThan(fine.evaluations[i]! * 0.7);
  const errors = coarse.logDensities.map((value, i) => Math.abs(value - fine.logDensities[i]!));
  expect(Math.max(...errors)).toBeLessThan(0.05);
});

test('random probes give the trace on average', async () => {
  // The Jacobian of a correlated pair is not diagonal: each probe of +-1 is wrong by its off-diagonal entries.
  const density = densityFromSpec(correlatedPairs(4, 0.9));
  const x = density.at(schedule.alpha[1]!, schedule.sigma[1]!).sample(300, { seed: 4, purpose: 'x' });
  const exact = await exactFlow(density, schedule, x, { tolerance: 1e-3 });
  const random = await exactFlow(density, schedule, x, {
    tolerance: 1e-3,
    divergence: { kind: 'hutchinson', probes: 1 },
  });
  const { mean, standardError } = meanAndStandardError(
    random.logDensities.map((value, i) => value - exact.logDensities[i]!),
  );
  expect(standardError).toBeGreaterThan(0.02);
  expect(Math.abs(mean)).toBeLessThan(4 * standardError);
  expect(exact.evaluations[0]).toBeGreaterThan(2 * random.evaluations[0]!);
});

test('several probes say how far they leave the density open', async () => {
  const density = densityFromSpec(correlatedPairs(4, 0.9));
  const x = density.at(schedule.alpha[1]!, schedule.sigma[1]!).sample(300, { seed: 4, purpose: 'x' });
  const exact = await exactFlow(density, schedule, x, { tolerance: 1e-3 });
  expect(exact.probeErrors).toBeNull();
  const random = await exactFlow(density, schedule, x, {
    tolerance: 1e-3,
    divergence: { kind: 'hutchinson', probes: 8 },
  });
  const squares = (values: ArrayLike<number>) => meanAndStandardError(Array.from(values, (value) => value ** 2));
  const actual = squares(random.logDensities.map((value, i) => value - exact.logDensities[i]!));
  const stated = squares(random.probeErrors!);
  expect(Math.abs(actual.mean - stated.mean)).toBeLessThan(4 * Math.hypot(actual.standardError, stated.standardError));
  expect(stated.mean).toBeGreaterThan(1e-4);
  // Probes share evaluations.
  expect(random.evaluations[0]).toBeLessThan(exact.evaluations[0]! / 2);
});

test('samples follow the density of the first class, and have the density that was found on their way', async () => {
  const density = densityFromSpec(toySpec('two'));
  const program = await backend.compile(
    flowProgram('exact flow', { batch: 100, shape: [2] }, schedule, [], () =>
      cdmFlow(exactLogits(density, schedule.alpha, schedule.sigma)),
    ),
  );
  const divergence = { kind: 'exact' } as const;
  const run = { program, batchShape: { batch: 100, shape: [2] }, schedule, tolerance: 1e-4, divergence, seed: 6 };
  const { samples, logDensities, noiseSquares } = await flowSample(run, 400);
  const back = await flowLogDensity(run, samples);
  // The way back ends where the way there began, which is N(0, I).
  expect(Math.max(...noiseSquares.map((value, i) => Math.abs(value - back.noiseSquares[i]!)))).toBeLessThan(0.01);
  const { mean, standardError } = meanAndStandardError(Array.from(back.noiseSquares));
  expect(Math.abs(mean - 1)).toBeLessThan(4 * standardError);
  expect(Math.max(...logDensities.map((value, i) => Math.abs(value - back.logDensities[i]!)))).toBeLessThan(0.01);
  const truth = density.at(schedule.alpha[1]!, schedule.sigma[1]!).logProb(samples);
  expect(Math.max(...logDensities.map((value, i) => Math.abs(value - truth[i]!)))).toBeLessThan(0.05);
  const onTheRight = samples.filter((value, k) => k % 2 === 0 && value > 0).length / 400;
  expect(Math.abs(onTheRight - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / 400));
});

test('a Gaussian like the data takes the noise of the probes away, and any other leaves it unbiased', async () => {
  const density = densityFromSpec(correlatedPairs(4, 0.9));
  const x = density.at(schedule.alpha[1]!, schedule.sigma[1]!).sample(200, { seed: 4, purpose: 'x' });
  const { basis, components } = density;
  const withControl = (factor: number) => {
    const variance = components[0]!.variance.map((value) => factor * value);
    const control = { coordinates: (vectors: ArrayLike<number>) => basis.coordinates(vectors), variance };
    return exactFlow(density, schedule, x, {
      tolerance: 1e-3,
      divergence: { kind: 'hutchinson', probes: 2, control },
    });
  };
  const exact = await exactFlow(density, schedule, x, { tolerance: 1e-3 });
  const right = await withControl(1);
  for (const [i, error] of right.probeErrors!.entries()) {
    expect(error).toBeLessThan(1e-3);
    expect(Math.abs(right.logDensities[i]! - exact.logDensities[i]!)).toBeLessThan(0.02);
  }
  const other = await withControl(1.5);
  const { mean, standardError } = meanAndStandardError(
    other.logDensities.map((value, i) => value - exact.logDensities[i]!),
  );
  expect(Math.abs(mean)).toBeLessThan(4 * standardError);
});

test('a sample has the same density alone, among others, and in batches of any size', async () => {
  const density = densityFromSpec(toySpec('two'));
  const x = density.at(schedule.alpha[1]!, schedule.sigma[1]!).sample(9, { seed: 5, purpose: 'x' });
  const options = { tolerance: 1e-3, divergence: { kind: 'hutchinson', probes: 2 } } as const;
  const whole = await exactFlow(density, schedule, x, options);
  const batched = await exactFlow(density, schedule, x, { ...options, batch: 4 });
  expect(Array.from(batched.logDensities)).toEqual(Array.from(whole.logDensities));
  expect(batched.evaluations).toEqual(whole.evaluations);
});

test('the eager runtime gives the same densities', async () => {
  const density = densityFromSpec(toySpec('two'));
  const x = density.at(schedule.alpha[1]!, schedule.sigma[1]!).sample(3, { seed: 6, purpose: 'x' });
  const compiled = await exactFlow(density, schedule, x, { tolerance: 1e-3 });
  const classifier = exactLogits(density, schedule.alpha, schedule.sigma);
  const batchShape = { batch: 3, shape: [2] };
  const eager = await openBackend('tfjs', { threads: 1 });
  const program = await eager.compile(flowProgram('eager', batchShape, schedule, [], () => cdmFlow(classifier)));
  const run = { program, batchShape, schedule, tolerance: 1e-3, divergence: { kind: 'exact' }, seed: 3 } as const;
  const { logDensities } = await flowLogDensity(run, x);
  for (const [i, value] of logDensities.entries()) {
    expect(Math.abs(value - compiled.logDensities[i]!)).toBeLessThan(1e-3);
  }
});

test('a denoiser that is given t has a density too: here that of a Gaussian, for which the flow is linear', async () => {
  const { T } = schedule;
  const [mean, variance] = [0.4, 0.3];
  const [first, last] = [logSnr(schedule, 1), logSnr(schedule, T)];
  const denoiser: Denoiser = (x, t) => {
    const lambda = tf.reshape(tf.add(first, tf.mul(tf.sub(t, 1), (last - first) / (T - 1))), [-1, 1]);
    const alpha2 = tf.sigmoid(lambda);
    const deviation = tf.sub(x, tf.mul(tf.sqrt(alpha2), mean));
    const marginal = tf.add(tf.mul(alpha2, variance), tf.sub(1, alpha2));
    return tf.div(tf.mul(tf.sqrt(tf.sub(1, alpha2)), deviation), marginal);
  };
  const batchShape = { batch: 5, shape: [2] };
  const program = await backend.compile(flowProgram('ddm', batchShape, schedule, [], () => ddmFlow(denoiser)));
  const x = Float32Array.of(0.1, 0.4, -0.3, 1, 0.2, 0.5, 0.9, 0, 1.4, -0.7);
  const run = { program, batchShape, schedule, tolerance: 1e-6, divergence: { kind: 'exact' }, seed: 0 } as const;
  const { logDensities } = await flowLogDensity(run, x);
  // x_1 - alpha_1 m = (x_T - alpha_T m) dev_1 / dev_T, and x_T ~ N(0, I).
  const deviation = (t: number) => Math.hypot(schedule.alpha[t]! * Math.sqrt(variance), schedule.sigma[t]!);
  const scale = deviation(1) / deviation(T);
  const center = schedule.alpha[1]! * mean - schedule.alpha[T]! * mean * scale;
  const log = (value: number) => -(((value - center) / scale) ** 2) / 2 - Math.log(scale) - Math.log(2 * Math.PI) / 2;
  for (const [i, value] of logDensities.entries()) {
    expect(Math.abs(value - log(x[2 * i]!) - log(x[2 * i + 1]!))).toBeLessThan(2e-5);
  }
});
