import { expect, test } from 'vitest';
import { ddmFlow, flowLogDensity, flowProgram } from '../../src/diffusion/flow.ts';
import { guided, withinRange } from '../../src/diffusion/ddm.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { normals, uniforms } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const one = (value: number): tf.Tensor1D => tf.tensor1d([value]);

/** The image that a noise estimate leads to. */
const imageOf = (x: number, epsilon: number, alpha: number, sigma: number): number => (x - sigma * epsilon) / alpha;

function held(x: number, epsilon: number, alpha: number, sigma: number): number {
  const [value] = withinRange([-1, 1], tf.tensor2d([[epsilon]]), tf.tensor2d([[x]]), one(alpha), one(sigma)).dataSync();
  return value!;
}

test('withinRange() moves an image from without the range to its border', () => {
  // x_0 = (0.9 - 0.6 * -2) / 0.8 = 2.625: the estimate that leads to 1 is (0.9 - 0.8) / 0.6.
  expect(held(0.9, -2, 0.8, 0.6)).toBeCloseTo(1 / 6, 6);
  // x_0 = (-0.9 - 0.6 * 1) / 0.8 = -1.875.
  expect(held(-0.9, 1, 0.8, 0.6)).toBeCloseTo(-1 / 6, 6);
});

test('withinRange() leaves an estimate whose image lies in the range as it is, bit for bit', () => {
  for (const epsilon of normals({ seed: 1, purpose: 'epsilon' }, 50)) {
    expect(held(0.3 * epsilon, epsilon, 0.9, 0.3)).toBe(epsilon);
  }
});

test('withinRange() brings no estimate farther from the truth, whatever image of the range it was', () => {
  const u = uniforms({ seed: 2, purpose: 'cases' }, 4 * 300);
  let moved = 0;
  for (let k = 0; k < u.length; k += 4) {
    const sigma = Math.sin((Math.PI / 2) * (0.01 + 0.98 * u[k]!));
    const alpha = Math.sqrt(1 - sigma ** 2);
    const [truth, epsilon] = [2 * u[k + 1]! - 1, 6 * u[k + 2]! - 3];
    const x = alpha * truth + sigma * epsilon;
    const guess = epsilon + 4 * u[k + 3]! - 2;
    const after = held(x, guess, alpha, sigma);
    expect(Math.abs(after - epsilon)).toBeLessThanOrEqual(Math.abs(guess - epsilon) + 1e-4);
    expect(Math.abs(imageOf(x, after, alpha, sigma))).toBeLessThanOrEqual(1 + 1e-4);
    if (after !== Math.fround(guess)) moved++;
  }
  expect(moved).toBeGreaterThan(50);
});

test('each sample of a batch is held at its own noise level', () => {
  const x = tf.tensor2d([
    [0.9, 0],
    [0.9, 0],
  ]);
  const epsilon = tf.tensor2d([
    [-2, 0],
    [-2, 0],
  ]);
  const values = withinRange([-1, 1], epsilon, x, tf.tensor1d([0.8, 0.6]), tf.tensor1d([0.6, 0.8])).dataSync();
  expect([...values].map((value) => value.toFixed(5))).toEqual(['0.16667', '0.00000', '0.37500', '0.00000']);
});

test('the flow of a denoiser that is held everywhere is that of a Gaussian of no width at the border', async () => {
  const schedule = uniformLogSnr({ T: 60, logSnrMin: -9 });
  const { alpha, sigma, T } = schedule;
  const backend = await openBackend('cpu', { threads: 1 });
  const batchShape = { batch: 2, shape: [1] };
  // It takes every image to be 5 or more.
  const network = ddmFlow((x) => tf.sub(tf.mul(0, x), 1000));
  const program = await backend.compile(
    flowProgram(
      'held',
      batchShape,
      schedule,
      [],
      () => (x, level) => withinRange([-1, 1], network(x, level), x, level.alpha, level.sigma),
    ),
  );
  const x = Float32Array.of(0.9, 1.01);
  const run = { program, batchShape, schedule, tolerance: 1e-6, divergence: { kind: 'exact' }, seed: 0 } as const;
  const { logDensities } = await flowLogDensity(run, x);
  await program.dispose();
  // x_1 - alpha_1 = (x_T - alpha_T) sigma_1 / sigma_T, and x_T ~ N(0, 1).
  const scale = sigma[1]! / sigma[T]!;
  for (const [i, value] of logDensities.entries()) {
    const atNoise = (x[i]! - alpha[1]!) / scale + alpha[T]!;
    const exact = -(atNoise ** 2) / 2 - Math.log(scale) - Math.log(2 * Math.PI) / 2;
    expect(Math.abs(value - exact)).toBeLessThan(1e-4 * Math.abs(exact));
  }
});

test('guided() at w = 0 is the conditional model alone', () => {
  const [a, b] = [() => tf.tensor1d([3]), () => tf.tensor1d([1])];
  expect(guided(a, b, 0)(tf.tensor1d([0]), tf.tensor1d([1], 'int32')).dataSync()[0]).toBe(3);
  expect(guided(a, b, 2)(tf.tensor1d([0]), tf.tensor1d([1], 'int32')).dataSync()[0]).toBe(7);
});
