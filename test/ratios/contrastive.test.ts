import { expect, test } from 'vitest';
import { contrastiveNodes, contrastiveTask, levelLogRatio } from '../../src/ratios/contrastive.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const T = 40;
const schedule = uniformLogSnr({ T, sigmaMin: 0.03, logSnrMin: -6 });
const density = densityFromSpec({ kind: 'gaussian-mixture', means: [[-0.7, 0.1], [0.9, -0.4]], std: 0.4, weights: [2, 1] }); // prettier-ignore
const optimal = exactLogits(density, schedule.alpha, schedule.sigma);

test('with the optimal classifier the log ratio of two levels is the true one, on average over the noise', () => {
  const draws = 150;
  const nodes = contrastiveNodes(schedule, T);
  const [a, b] = [12, 25];
  for (const [point, zeta] of [
    [[0.8, -0.2], b],
    [[-0.3, 0.6], a],
  ] as const) {
    const z = Float32Array.from({ length: 2 * draws }, (_, i) => point[i % 2]!);
    const epsilon = normals({ seed: 1, purpose: 'noise', step: zeta }, draws * T * 2);
    const ratios = Array.from(
      tf.tidy(() =>
        levelLogRatio(optimal, schedule, nodes, {
          z: tf.tensor2d(z, [draws, 2]),
          zeta: tf.fill([draws], zeta, 'int32'),
          epsilon: tf.tensor2d(epsilon, [draws * T, 2]),
        }).dataSync(),
      ),
    );
    const noisy = density.at(schedule.alpha[zeta]!, schedule.sigma[zeta]!);
    const exact = density.logProb(point)[0]! - noisy.logProb(point)[0]!;
    const mean = ratios.reduce((sum, value) => sum + value, 0) / draws;
    const error = Math.sqrt(ratios.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / draws;
    // And the range of log-SNR that the classes leave out.
    expect(Math.abs(mean - exact), `${mean} for ${exact}`).toBeLessThan(4 * error + 0.02);
  }
});

test('a network that knows no data cannot tell levels apart: log 2; the optimal one tells a point from noise', () => {
  const point = densityFromSpec({ kind: 'gaussian-mixture', means: [[0.5, 0.5, 0.5, 0.5]], std: 0.03, weights: [1] });
  const dim = 4;
  const batch = 12 * T;
  const loss = (logits: (x: tf.Tensor) => tf.Tensor2D, step: number) =>
    tf.tidy(() => {
      const task = contrastiveTask({ parameters: [], logits: (_, x) => logits(x) }, schedule, T);
      const losses = task.loss(
        {},
        {
          x0: tf.tensor2d(point.sample(batch, { seed: 2, purpose: 'x0', step }), [batch, dim]),
          epsilon: tf.tensor2d(normals({ seed: 3, purpose: 'epsilon', step }, dim * batch), [batch, dim]),
          t: tf.tensor1d(
            Int32Array.from({ length: batch }, (_, i) => 1 + Math.floor((i * T) / batch)),
            'int32',
          ),
        },
      );
      const [total, mse, contrastive] = ['loss', 'mse', 'contrastive'].map((name) => losses[name]!.dataSync()[0]!); // prettier-ignore
      return { total: total!, squares: dim * mse!, contrastive: contrastive! };
    });
  // Of N(0, I) at every level: no part of it depends on x, but through zeros its gradient is there.
  const ignorant = loss((x) => tf.mul(0, tf.matMul(x as tf.Tensor2D, tf.ones([dim, T + 2]))), 1);
  expect(ignorant.contrastive).toBeCloseTo(Math.LN2, 5);
  const range = Math.log1p(-(0.03 ** 2)) - 2 * Math.log(0.03) + 6;
  expect(ignorant.total).toBeCloseTo((range / 2) * ignorant.squares + ignorant.contrastive, 3);
  expect(loss(exactLogits(point, schedule.alpha, schedule.sigma), 1).contrastive).toBeLessThan(Math.LN2 / 2);
});
