// Logits of the optimal classifier for isotropic Gaussian data N(0, v I): log p_t(x) = log N(x; 0, (alpha_t^2 v + sigma_t^2) I).
import { expect, test } from 'vitest';
import { at, scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { levelDensities, unlikenessScores } from '../../src/diffusion/unlikeness.ts';
import { auroc } from '../../src/statistics/auroc.ts';
import { normals } from '../../src/tensor/random.ts';

const dim = 16;
const [own, other] = [0.05, 0.02];
const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 60, sigmaMin: 0.01, logSnrMin: -9 });
const classes = schedule.T + 2;

const images = (variance: number, count: number, seed: number): Float32Array =>
  normals({ seed, purpose: 'test' }, count * dim).map((value) => value * Math.sqrt(variance));
const squaresOf = (x: Float32Array): number[] =>
  Array.from({ length: x.length / dim }, (_, i) =>
    x.subarray(i * dim, (i + 1) * dim).reduce((sum, value) => sum + value ** 2, 0),
  );
const logNormal = (square: number, variance: number): number =>
  -square / (2 * variance) - (dim / 2) * Math.log(2 * Math.PI * variance);
const varianceOf = (t: number): number => at(schedule.alpha, t) ** 2 * own + at(schedule.sigma, t) ** 2;
/** Up to a function of x, which logits leave open. */
const logitsOf = (x: Float32Array): Float64Array =>
  Float64Array.from(squaresOf(x).flatMap((square) => Array.from({ length: classes }, (_, t) => 3 * square + logNormal(square, varianceOf(t))))); // prettier-ignore
const densitiesOf = (x: Float32Array) => levelDensities(logitsOf(x), classes, x);

test('levelDensities are the densities of all levels', () => {
  const x = images(own, 3, 1);
  const { values } = densitiesOf(x);
  for (const [i, square] of squaresOf(x).entries()) {
    for (let t = 0; t < classes; t++) expect(values[i * classes + t]).toBeCloseTo(logNormal(square, varianceOf(t)), 9);
  }
});

test('each score is what its definition makes of |x|^2, of which all densities are functions here', () => {
  const training = images(own, 500, 2);
  const scores = unlikenessScores(densitiesOf(training));
  const x = images(other, 50, 3);
  const [usual, squares] = [squaresOf(training), squaresOf(x)];
  const mean = usual.reduce((sum, value) => sum + value, 0) / usual.length;
  const variance = usual.reduce((sum, value) => sum + (value - mean) ** 2, 0) / usual.length;
  const of = Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, score(densitiesOf(x))]));
  for (const [i, square] of squares.entries()) {
    expect(of['typicality']![i]).toBeCloseTo(Math.abs(square - mean) / (2 * own), 8);
    // A covariance of rank one, but for the ridge: the squared distance in |x|^2, of each of 32 classes a share in its trace.
    expect(of['levels']![i]! / ((square - mean) ** 2 / variance)).toBeCloseTo(1, 4);
    const logs = Array.from({ length: classes }, (_, t) => logNormal(square, varianceOf(t)));
    const total = logs.reduce((sum, log) => sum + Math.exp(log - logs[0]!), 0);
    expect(of['clean']![i]).toBeCloseTo(Math.log(total), 8);
    expect(of['posterior']![i]).toBeGreaterThan(0);
  }
  // Of the training images themselves the distance averages to the rank.
  const usualLevels = scores['levels']!(densitiesOf(training));
  expect(usualLevels.reduce((sum, value) => sum + value, 0) / usual.length).toBeCloseTo(1, 4);
});

test('narrower images are likelier than the data, by the chance that F exceeds the ratio of variances, and yet not typical', () => {
  const scores = unlikenessScores(densitiesOf(images(own, 500, 2)));
  const [inside, outside] = [images(own, 1000, 4), images(other, 1000, 5)];
  const [a, b] = [densitiesOf(inside), densitiesOf(outside)];
  const negative = (values: Float64Array): number[] => Array.from({ length: 1000 }, (_, i) => -values[i * classes]!);
  const likelihood = auroc(negative(b.values), negative(a.values));
  // P(other |u|^2 > own |v|^2) = 1 - I_x(8, 8), x = own / (own + other): the chance of 7 successes or fewer in 15.
  const p = own / (own + other);
  let [expected, chance] = [0, (1 - p) ** 15];
  for (let k = 0; k < 8; k++) {
    expected += chance;
    chance *= ((15 - k) / (k + 1)) * (p / (1 - p));
  }
  expect(Math.abs(likelihood.value - expected)).toBeLessThan(4 * likelihood.standardError);
  expect(expected).toBeLessThan(0.05);
  const of = (name: string): number => auroc(scores[name]!(b), scores[name]!(a)).value;
  expect(of('typicality')).toBeGreaterThan(0.8);
  // Both grow with the distance of |x|^2 from its mean.
  expect(of('levels')).toBeCloseTo(of('typicality'), 5);
  expect(of('posterior')).toBeGreaterThan(0.5);
});
