// The methods at their authors' parametrizations: losses that are least at closed forms, and closed forms against differences.
import { describe, expect, test } from 'vitest';
import { positionsAmong, scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { correlatedPairs, twoModes } from '../../src/distributions/toys.ts';
import { bridgesTask, featureBridges, quadraticBridges } from '../../src/ratios/bridges.ts';
import { conditionalTimeLoss, featureTimeScore } from '../../src/ratios/conditional-time-score.ts';
import {
  conditionalPathTask,
  covariancePathTask,
  inverse,
  pathScores,
  timeScoreAt,
} from '../../src/ratios/covariance-path.ts';
import { dualScoreLoss, featureEnergy, gaussianEnergy } from '../../src/ratios/energy.ts';
import { fewLevelsTask, groupCrossEntropy } from '../../src/ratios/few-levels.ts';
import { gaussLegendre } from '../../src/ratios/quadrature.ts';
import { arc } from '../../src/ratios/time-score.ts';
import type { Tensors } from '../../src/tensor/program.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const rho = 0.8;
const dim = 4;
const pairs = densityFromSpec(correlatedPairs(dim, rho));
const key = { seed: 5, purpose: 'test' };
/** Theta of the pairs: their covariance less the identity. */
const theta = (scale = 1) => {
  const r = rho * scale;
  return tf.tensor2d([0, r, 0, 0, r, 0, 0, 0, 0, 0, 0, r, 0, 0, r, 0], [dim, dim]);
};

function batchOf(count: number, classes: number) {
  return {
    x0: tf.tensor2d(pairs.sample(count, key), [count, dim]),
    epsilon: tf.tensor2d(normals({ ...key, purpose: 'noise' }, count * dim), [count, dim]),
    t: tf.tensor1d(Int32Array.from({ length: count }, (_, i) => Math.floor((i * classes) / count))),
  };
}

/** The loss of a one-parameter family at less than, at, and more than the truth. */
function expectLeastAtOne(loss: (scale: number) => number): void {
  const [below, best, above] = [loss(0.8), loss(1), loss(1.2)];
  expect(best).toBeLessThan(below);
  expect(best).toBeLessThan(above);
}

describe('TRE with a function for each bridge', () => {
  const bridges = 3;
  const network = quadraticBridges(dim, bridges);
  /** Form and constant of log N(0, A) / N(0, B), A and B blocks [[1, r], [r, 1]]. */
  const exact = (scale: number): Tensors => {
    const r = (k: number) => (1 - (k / bridges) ** 2) * rho;
    const block = (c: number) => [1 / (1 - c * c), -c / (1 - c * c)];
    const forms = Array.from({ length: bridges }, (_, k) => {
      const [a, b] = [block(r(k)), block(r(k + 1))];
      const [on, off] = [0, 1].map((i) => (scale * (b[i]! - a[i]!)) / 2) as [number, number];
      return [on, off, 0, 0, off, on, 0, 0, 0, 0, on, off, 0, 0, off, on];
    });
    const constants = Array.from({ length: bridges }, (_, k) => {
      return (-scale * (Math.log(1 - r(k) ** 2) - Math.log(1 - r(k + 1) ** 2))) / dim;
    });
    return {
      'bridges/form': tf.tensor3d(forms.flat(), [bridges, dim, dim]),
      'bridges/slope': tf.zeros([bridges, dim, 1]),
      'bridges/constant': tf.tensor2d(constants, [bridges, 1]),
    };
  };

  test('the sum over bridges is the log ratio of the ends, in one evaluation', () => {
    const x = pairs.sample(8, key);
    const total = tf.tidy(() => network.total(exact(1), tf.tensor2d(x, [8, dim])).dataSync());
    pairs.logProb(x).forEach((logP, i) => {
      const norm = x.subarray(i * dim, (i + 1) * dim).reduce((sum, value) => sum + value ** 2, 0);
      expect(total[i]).toBeCloseTo(logP + (dim * Math.log(2 * Math.PI) + norm) / 2, 4);
    });
  });

  test('the loss is least at the exact forms', () => {
    expectLeastAtOne((scale) =>
      tf.tidy(() => bridgesTask(network).loss(exact(scale), batchOf(1000, 1)).loss.dataSync()[0]!),
    );
  });

  test('an output of a shared trunk is asked of its own bridge alone, and total adds all', () => {
    tf.tidy(() => {
      const trunk = {
        parameters: [],
        apply: (_: Tensors, x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, tf.tensor2d([1, 10], [1, 2])),
      };
      const own = featureBridges(trunk, 2);
      expect(own.ratios({}, tf.tensor3d([1, 2, 3, 4], [2, 2, 1])).arraySync()).toEqual([[1, 2], [30, 40]]); // prettier-ignore
      expect([...own.total({}, tf.tensor2d([1, 2], [2, 1])).dataSync()]).toEqual([11, 22]);
    });
  });
});

describe('one matrix for the whole path', () => {
  test('Newton inverts, with the gradient of the inverse', () => {
    tf.tidy(() => {
      const a = tf.tensor3d([2, 0.9, 0.9, 0.5, 1, 0, 0, 3], [2, 2, 2]);
      const expected = [0.5 / 0.19, -0.9 / 0.19, -0.9 / 0.19, 2 / 0.19, 1, 0, 0, 1 / 3];
      inverse(a)
        .dataSync()
        .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
      // d tr(S) = -tr(S dA S).
      const gradient = tf
        .grad((m: tf.Tensor) => tf.sum(tf.mul(inverse(m as tf.Tensor3D), tf.eye(2))))(a)
        .dataSync();
      expect(gradient[7]).toBeCloseTo(-1 / 9, 4);
      expect(gradient[4]).toBeCloseTo(-1, 4);
    });
  });

  test('scores, slope and divergence are those of N(0, I + time^2 Theta)', () => {
    tf.tidy(() => {
      const x = tf.tensor3d(normals(key, 3 * dim), [1, 3, dim]);
      const at = (time: number) => pathScores(theta(), x, tf.tensor1d([time]));
      const { time, timeByDimension, slope, data, divergence } = at(0.7);
      const log = (t: number) => pairs.at(t, Math.sqrt(1 - t * t)).logProb(x.dataSync() as Float32Array);
      const [ahead, behind] = [log(0.7 + 1e-4), log(0.7 - 1e-4)];
      time.dataSync().forEach((value, i) => expect(value).toBeCloseTo((ahead[i]! - behind[i]!) / 2e-4, 3));
      tf.sum(timeByDimension, 2)
        .dataSync()
        .forEach((value, i) => expect(value).toBeCloseTo(time.dataSync()[i]!, 5));
      const difference = tf.div(tf.sub(at(0.71).time, at(0.69).time), 0.02).dataSync();
      slope
        .dataSync()
        .forEach((value, i) => expect(Math.abs(value - difference[i]!)).toBeLessThan(0.02 + 0.01 * Math.abs(value)));
      const r = 0.49 * rho;
      expect(divergence.dataSync()[0]).toBeCloseTo(-dim / (1 - r * r), 3);
      const [a, b] = x.dataSync();
      expect(data.dataSync()[0]).toBeCloseTo(-(a! - r * b!) / (1 - r * r), 4);
    });
  });

  test('joint and conditional score matching are least at the covariance of the data', () => {
    for (const task of [covariancePathTask(dim), conditionalPathTask(dim)]) {
      expectLeastAtOne((scale) =>
        tf.tidy(() => {
          // A few times a batch: all of them, in as many batches.
          const losses = Array.from({ length: 6 }, (_, k) => {
            const { x0, epsilon } = batchOf(400, 1);
            const t = Int32Array.from({ length: 400 }, (_, i) => Math.floor(((i / 400 + k / 24) % 1) * 4096));
            return task.loss({ theta: theta(scale) }, { x0, epsilon, t: tf.tensor1d(t) }).loss.dataSync()[0]!;
          });
          return losses.reduce((sum, loss) => sum + loss, 0) / 6;
        }),
      );
    }
  });

  test('the integral of its time score is the log ratio', () => {
    const x = pairs.sample(4, key);
    const { nodes, weights } = gaussLegendre(24);
    const sums = new Float64Array(4);
    nodes.forEach((node, k) => {
      const score = tf.tidy(() =>
        timeScoreAt({ theta: theta() }, tf.tensor2d(x, [4, dim]), tf.scalar(node)).dataSync(),
      );
      score.forEach((value, i) => (sums[i]! += weights[k]! * value));
    });
    pairs.logProb(x).forEach((logP, i) => {
      const norm = x.subarray(i * dim, (i + 1) * dim).reduce((sum, value) => sum + value ** 2, 0);
      expect(sums[i]).toBeCloseTo(logP + (dim * Math.log(2 * Math.PI) + norm) / 2, 3);
    });
  });
});

/** log N(0, v I) along the arc less log N(0, I), on the line. */
const line = (v: number) => (x: tf.Tensor, at: tf.Tensor1D) => {
  const { angle } = arc(at, 0);
  const variance = tf.squeeze(tf.add(tf.mul(v, tf.square(tf.cos(angle))), tf.square(tf.sin(angle))), [1]);
  const square = tf.sum(tf.square(x), 1);
  return tf.mul(0.5, tf.sub(tf.sub(square, tf.div(square, variance)), tf.log(variance))) as tf.Tensor1D;
};
function lineBatch(v: number, count: number, classes: number) {
  const x0 = normals(key, count).map((z) => Math.sqrt(v) * z);
  const t = Int32Array.from({ length: count }, (_, i) => Math.floor((i * classes) / count));
  const epsilon = normals({ ...key, purpose: 'noise' }, count);
  return { x0: tf.tensor2d(x0, [count, 1]), epsilon: tf.tensor2d(epsilon, [count, 1]), t: tf.tensor1d(t) };
}

describe('dual and conditional time scores', () => {
  test('both terms of dual score matching are least at the exact energy', () => {
    const losses = (v: number) =>
      tf.tidy(() => {
        const { space, time } = dualScoreLoss(line(v), lineBatch(0.25, 8000, 4096), 0, 1);
        return [space!.dataSync()[0]!, time!.dataSync()[0]!] as const;
      });
    for (const term of [0, 1] as const) expectLeastAtOne((scale) => losses(0.25 * scale)[term]);
  });

  test('so is conditional time score matching at the exact time score', () => {
    const score = (v: number) => (x: tf.Tensor, at: tf.Tensor1D) =>
      tf.expandDims(tf.grad((time: tf.Tensor) => line(v)(x, time as tf.Tensor1D))(at), 1) as tf.Tensor2D;
    // x depends on the times of the batch: its own are drawn apart, so that the derivative is the partial one.
    const apart = (v: number) => (x: tf.Tensor, at: tf.Tensor1D) =>
      score(v)(tf.tensor(x.dataSync(), x.shape), tf.tensor1d(at.dataSync()));
    expectLeastAtOne((scale) =>
      tf.tidy(() => conditionalTimeLoss(apart(0.25 * scale), lineBatch(0.25, 8000, 4096), 0).loss.dataSync()[0]!),
    );
  });

  test('an energy is 0 at the noise, whatever its weights, and one of a Gaussian is its log ratio', () => {
    tf.tidy(() => {
      const trunk = { parameters: [], apply: (_: Tensors, x: tf.Tensor) => tf.tile(x, [1, 3]) };
      const own = featureEnergy(trunk, 1, 3, 0);
      const x = tf.tensor2d([-1.5, 0.2], [2, 1]);
      const weights = { 'energy/bias': tf.tensor1d([5, -2, 3]) };
      own.energy(weights, x, tf.ones([2])).dataSync().forEach((value) => expect(Math.abs(value)).toBeLessThan(1e-5)); // prettier-ignore
      expect(Math.abs(own.energy(weights, x, tf.zeros([2])).dataSync()[0]!)).toBeGreaterThan(1);
      const gaussian = gaussianEnergy(1, 3, 0);
      const scale = Math.log(0.1);
      const values = {
        'gaussian/location': tf.tensor1d([20]),
        'gaussian/log-scale': tf.scalar(scale),
        constants: tf.zeros([3]),
      };
      // log N(x; 2, .01) / N(x; 0, 1) at x = 1.9.
      const [value] = gaussian.energy(values, tf.tensor2d([1.9], [1, 1]), tf.zeros([1])).dataSync();
      expect(value).toBeCloseTo(-scale - 0.5 + 1.9 ** 2 / 2, 3);
      expect(gaussian.energy(values, x, tf.ones([2])).dataSync()[0]).toBeCloseTo(0, 4);
    });
  });

  test('a vector of time scores has one entry for each dimension', () => {
    tf.tidy(() => {
      const trunk = { parameters: [], apply: (_: Tensors, x: tf.Tensor) => tf.tile(x, [1, 2]) };
      const own = featureTimeScore(trunk, 2, 2);
      const value = own.vector({ 'time/bias': tf.zeros([4]) }, tf.tensor2d([1, 2], [1, 2]), tf.tensor1d([0.5]));
      // psi(1/2) = (1, 0): the first feature of each dimension.
      value.dataSync().forEach((each) => expect(each).toBeCloseTo(1, 5));
    });
  });
});

describe('classification among few levels', () => {
  test('a sample is compared with the classes of its group alone', () => {
    tf.tidy(() => {
      // Rows 0 and 2 are of one group, of classes 0 and 2; rows 1 and 3 of another, of classes 1 and 3.
      const logits = tf.tensor2d([0, 9, 1, 9, 9, 0, 9, 0, 2, 9, 0, 9, 9, 0, 9, 3], [4, 4]);
      const loss = groupCrossEntropy(logits, tf.tensor1d([0, 1, 2, 3], 'int32'), 2).dataSync()[0]!;
      const terms = [1, 0, 2, -3].map((gap) => Math.log1p(Math.exp(gap)));
      expect(loss).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 4, 5);
    });
  });

  test('the loss is least at the exact logits', () => {
    const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 30, sigmaMin: 0.01, logSnrMin: -9 });
    const density = densityFromSpec(twoModes());
    const exact = exactLogits(density, schedule.alpha, schedule.sigma);
    const count = 400;
    const batch = {
      x0: tf.tensor2d(density.sample(count, key), [count, 2]),
      epsilon: tf.tensor2d(normals({ ...key, purpose: 'noise' }, 2 * count), [count, 2]),
      t: tf.tensor1d(
        Int32Array.from({ length: count }, (_, i) => Math.floor((i * 32) / count)),
        'int32',
      ),
    };
    const task = (scale: number) =>
      fewLevelsTask({ parameters: [], logits: (_, x) => tf.mul(scale, exact(x)) }, schedule, 4, { ce: 1, mse: 2 });
    expectLeastAtOne((scale) => tf.tidy(() => task(scale).loss({}, batch).loss.dataSync()[0]!));
    expect(() => fewLevelsTask({ parameters: [], logits: (_, x) => exact(x) }, schedule, 1, { ce: 1, mse: 1 })).toThrow(
      RangeError,
    );
  });
});

test('levels of one schedule lie among the classes of another, and its own at t / (T+1)', () => {
  const own = scheduleFromSpec({ kind: 'uniform', T: 9 });
  positionsAmong(own, own).forEach((position, t) => expect(position).toBeCloseTo(t / 10, 12));
  const others = scheduleFromSpec({ kind: 'uniform-log-snr', T: 20, sigmaMin: 0.01, logSnrMin: -9 });
  const positions = positionsAmong(own, others);
  expect([positions[0], positions[21]]).toEqual([0, 1]);
  for (let t = 1; t <= 21; t++) expect(positions[t]).toBeGreaterThan(positions[t - 1]!);
});
