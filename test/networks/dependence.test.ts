import { expect, test } from 'vitest';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { dependenceNetwork } from '../../src/networks/dependence.ts';
import { flatLayout, initialize, splitFlat } from '../../src/tensor/flat.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 6, sigmaMin: 0.05, logSnrMin: -6 });
const shape = { width: 8, depth: 1, inputScale: 2, squares: 3, cosines: 4 };
const key = { seed: 1, purpose: 'test' };
const weightsOf = (network: { parameters: Parameters<typeof flatLayout>[0] }) =>
  splitFlat(flatLayout(network.parameters), tf.tensor1d(initialize(network.parameters, key)));

/** log N(value; mean, variance), nats. */
const logNormal = (value: number, mean: number, variance: number): number =>
  -((value - mean) ** 2) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2;

test('before training the dependence is that of Gaussian pairs at every noise level, and the marginal says nothing', () => {
  const correlations = [0.9, -0.3];
  const network = dependenceNetwork({ dimX: 3, dimY: 2, ...shape }, schedule, correlations);
  const weights = weightsOf(network);
  const [x, y] = [normals(key, 12), normals({ ...key, step: 1 }, 8)];
  const given = [tf.tensor2d(y, [4, 2]), tf.tensor2d(x, [4, 3])] as const;
  const logits = network.dependence(weights, ...given).dataSync();
  const classes = schedule.T + 2;
  for (let i = 0; i < 4; i++) {
    for (let t = 0; t < classes; t++) {
      const expected = correlations.reduce((sum, rho, k) => {
        const slope = schedule.alpha[t]! * rho;
        const value = y[i * 2 + k]!;
        return sum + logNormal(value, slope * x[i * 3 + k]!, 1 - slope ** 2) - logNormal(value, 0, 1);
      }, 0);
      expect(logits[i * classes + t]).toBeCloseTo(expected, 4);
    }
  }
  const marginal = network.marginal!(weights, given[0]).dataSync();
  for (const value of marginal) expect(value).toBeCloseTo(0, 6);
});

test('on the line there is no marginal to learn, and no parameter for it', () => {
  const network = dependenceNetwork({ dimX: 2, dimY: 1, ...shape }, schedule, []);
  expect(network.marginal).toBeNull();
  expect(network.parameters.every(({ name }) => name.startsWith('dependence/'))).toBe(true);
  const logits = network.dependence(weightsOf(network), tf.tensor2d([[0.3]]), tf.tensor2d([[1, 2]]));
  expect(logits.shape).toEqual([1, schedule.T + 2]);
  for (const value of logits.dataSync()) expect(value).toBeCloseTo(0, 6);
});
