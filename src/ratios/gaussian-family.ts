// The network of narrow and distant densities, where no perceptron reaches coefficients of 1e12: one Gaussian and a constant
// for each class. Every method learns the same few numbers from samples, and the truth is within reach of all of them.
import { logSnr, type Schedule } from '../diffusion/schedule.ts';
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { RatioNetwork } from './network.ts';
import { arc, type Scores, type ScoreNetwork } from './time-score.ts';

/** The location in units of the scale, so that its steps are as small as the scale has become; and the log of the scale. */
const location = (dim: number): Parameter => ({ name: 'gaussian/location', shape: [dim], init: { kind: 'zeros' } });
const logScale: Parameter = { name: 'gaussian/log-scale', shape: [], init: { kind: 'zeros' } };
const constants = (cosines: number): Parameter => ({ name: 'constants', shape: [cosines], init: { kind: 'zeros' } });

/** Log-SNRs beyond are as good as infinite: exp(-80) is the smallest float32 but for a few digits. */
const LIMIT = 80;

/**
 * Logits of x [batch, dim] that are quadratic for each class,
 *
 *     f(x)[t] = log N(x; alpha_t mu, v_t I) + <b, psi(t)>,    v_t = alpha_t^2 s^2 + sigma_t^2,
 *
 * up to a constant of x, with mu, s and b learned: psi_k(t) = cos(pi k t / (T+1)). It starts as log N(x; 0, I), as no method
 * knows more.
 */
export function gaussianClassifier(dim: number, schedule: Schedule, cosines: number): RatioNetwork {
  const classes = schedule.T + 2;
  const parameters = [location(dim), logScale, constants(cosines)] as const;
  const row = (values: ArrayLike<number>): tf.Tensor2D => tf.tensor2d(Float32Array.from(values), [1, classes]);
  const clipped = Float64Array.from({ length: classes }, (_, t) =>
    Math.max(-LIMIT, Math.min(LIMIT, logSnr(schedule, t))),
  );
  const logVariance = schedule.sigma.map((sigma) => (sigma === 0 ? -LIMIT : 2 * Math.log(sigma)));
  const psi = Float32Array.from({ length: cosines * classes }, (_, i) =>
    Math.cos((Math.PI * Math.floor(i / classes) * (i % classes)) / (classes - 1)),
  );
  return {
    parameters,
    logits(weights, x) {
      const [place, scale, b] = parameters.map(({ name }) => weights[name]!) as [tf.Tensor, tf.Scalar, tf.Tensor];
      // log v_t = log sigma_t^2 + softplus(2 log s + log-SNR): v_t itself, cubed in a second derivative, would overflow.
      const logV = tf.add(row(logVariance), tf.softplus(tf.add(tf.mul(2, scale), row(clipped))));
      const mu = tf.reshape(tf.mul(place, tf.exp(scale)), [1, dim, 1]);
      const gap = tf.sub(tf.reshape(x, [-1, dim, 1]), tf.mul(mu, tf.reshape(row(schedule.alpha), [1, 1, classes])));
      const energy = tf.mul(tf.sum(tf.square(gap), 1), tf.mul(0.5, tf.exp(tf.neg(logV))));
      const constant = tf.sub(
        tf.matMul(tf.reshape(b, [1, cosines]), tf.tensor2d(psi, [cosines, classes])),
        tf.mul(dim / 2, logV),
      );
      return tf.sub(constant, energy) as tf.Tensor2D;
    },
  };
}

/**
 * The scores of the same family along the arc (time-score.ts), where alpha = cos(angle), sigma = sin(angle):
 *
 *     time = d/dtime log N(x; alpha mu, v I) + <b, psi(time)>,    data = -(x - alpha mu) / v.
 */
export function gaussianScores(dim: number, cosines: number, pathwise: boolean, stretch: number): ScoreNetwork {
  const parameters = [location(dim), logScale, constants(cosines)] as const;
  return {
    parameters,
    scores(weights: Tensors, x: tf.Tensor, at: tf.Tensor1D): Scores {
      const [place, scale, b] = parameters.map(({ name }) => weights[name]!) as [tf.Tensor, tf.Scalar, tf.Tensor];
      const { angle, speed, acceleration } = arc(at, stretch);
      const [alpha, sigma] = [tf.cos(angle), tf.sin(angle)];
      const s2 = tf.exp(tf.mul(2, scale));
      const mu = tf.reshape(tf.mul(place, tf.exp(scale)), [1, dim]);
      const v = tf.add(tf.mul(tf.square(alpha), s2), tf.square(sigma));
      // v'/v and v''/v, of which each factor is of a size that float32 has.
      const spread = tf.mul(2, tf.sub(1, s2));
      const turn = tf.div(tf.mul(spread, tf.mul(alpha, sigma)), v);
      const rate = tf.mul(turn, speed);
      const bowl = tf.mul(spread, tf.sub(tf.square(alpha), tf.square(sigma)));
      const curvature = tf.add(tf.div(tf.mul(bowl, tf.square(speed)), v), tf.mul(turn, acceleration));
      // With d = x - alpha mu: d' = sigma mu angle' and d'' = alpha mu angle'^2 + sigma mu angle'', all divided by sqrt(v).
      const unit = tf.sqrt(v);
      const d = tf.div(tf.sub(x, tf.mul(alpha, mu)), unit);
      const d1 = tf.div(tf.mul(tf.mul(sigma, speed), mu), unit);
      const d2 = tf.div(tf.mul(tf.add(tf.mul(alpha, tf.square(speed)), tf.mul(sigma, acceleration)), mu), unit);
      const dot = (p: tf.Tensor, q: tf.Tensor) => tf.sum(tf.mul(p, q), 1, true);
      const [dd, dd1] = [dot(d, d), dot(d, d1)];
      const frequency = tf.reshape(tf.mul(Math.PI, tf.range(0, cosines)), [1, cosines]);
      const phase = tf.mul(tf.reshape(at, [-1, 1]), frequency);
      const along = (values: tf.Tensor) => tf.sum(tf.mul(tf.reshape(b, [1, cosines]), values), 1, true);
      const time = tf.add(tf.sub(tf.mul(0.5, tf.mul(tf.sub(dd, dim), rate)), dd1), along(tf.cos(phase)));
      // d/dtime of half of (|d|^2 - dim) v'/v, and of -d.d', with 1/v differentiated too.
      const ofKernel = tf.add(
        tf.mul(2, tf.mul(dd1, rate)),
        tf.sub(tf.mul(0.5, tf.mul(tf.sub(dd, dim), curvature)), tf.mul(tf.sub(dd, dim / 2), tf.square(rate))),
      );
      const slope = tf.add(
        tf.sub(ofKernel, tf.add(dot(d1, d1), dot(d, d2))),
        along(tf.neg(tf.mul(frequency, tf.sin(phase)))),
      );
      const scores = { time: tf.squeeze(time, [1]) as tf.Tensor1D, slope: tf.squeeze(slope, [1]) as tf.Tensor1D };
      return pathwise ? { ...scores, data: tf.neg(tf.div(d, unit)) } : scores;
    },
  };
}

/** log N(x; alpha mu, v I) / N(x; 0, I) of the same family, [batch], at angles [batch, 1] of the arc; it starts at 0. */
export function gaussianAlongArc(dim: number): {
  readonly parameters: readonly Parameter[];
  readonly ratio: (weights: Tensors, x: tf.Tensor, angle: tf.Tensor) => tf.Tensor1D;
} {
  const parameters = [location(dim), logScale] as const;
  return {
    parameters,
    ratio(weights, x, angle) {
      const [place, scale] = parameters.map(({ name }) => weights[name]!) as [tf.Tensor, tf.Scalar];
      const mu = tf.reshape(tf.mul(place, tf.exp(scale)), [1, dim]);
      const logOfSquare = (value: tf.Tensor): tf.Tensor => tf.log(tf.maximum(tf.square(value), Math.exp(-LIMIT)));
      const [alpha2, sigma2] = [logOfSquare(tf.cos(angle)), logOfSquare(tf.sin(angle))];
      // log v = log sigma^2 + softplus(2 log s + log-SNR), as in the classifier.
      const logV = tf.add(sigma2, tf.softplus(tf.add(tf.mul(2, scale), tf.sub(alpha2, sigma2))));
      const gap = tf.sum(tf.square(tf.sub(x, tf.mul(tf.cos(angle), mu))), 1, true);
      const energy = tf.mul(0.5, tf.sub(tf.sum(tf.square(x), 1, true), tf.mul(gap, tf.exp(tf.neg(logV)))));
      return tf.squeeze(tf.sub(energy, tf.mul(dim / 2, logV)), [1]);
    },
  };
}
