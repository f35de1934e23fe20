// The density of the samples that the probability-flow ODE (Song et al., 2021) draws with a denoiser, by the change of
// variables along it. In t, with rho = sigma / alpha, the ODE is
//
//     dx/dt = sigma (d log rho / dt) epsilonHat(x, t) + (d log alpha / dt) x,    log p_1(x_1) = log N(x_T; 0, I) + integral of div,
//
// from the first class, where p_1 is, to the last, where the sampler starts from N(0, I).
import { meanAndStandardError } from '../statistics/mean.ts';
import { flatLayout, splitFlat, type Parameter } from '../tensor/flat.ts';
import type { BatchedDefinition, Tensors } from '../tensor/program.ts';
import { normals } from '../tensor/random.ts';
import { tf } from '../tensor/tf.ts';
import { denoiseAt, type Classifier } from './cdm.ts';
import type { Denoiser } from './ddm.ts';
import { dimOf, type BatchShape } from './evaluate.ts';
import { followFlow, type FlowRun } from './flow-path.ts';
import type { Schedule } from './schedule.ts';

/** A noise level between classes, for each sample: real t [batch], its weights of the classes, alpha and sigma [batch]. */
export interface FlowLevel {
  readonly t: tf.Tensor1D;
  /** [batch, T+2]: weights of the classes whose logits make the logit of t. */
  readonly classes: tf.Tensor2D;
  readonly alpha: tf.Tensor1D;
  readonly sigma: tf.Tensor1D;
}

/** E[eps | x] at levels between classes. */
export type FlowDenoiser = (x: tf.Tensor, level: FlowLevel) => tf.Tensor;

/** Eq. 8 with the logit of a real t interpolated from those of the classes around it: no more than one evaluation. */
export function cdmFlow(classifier: Classifier): FlowDenoiser {
  return (x, { classes, sigma }) => denoiseAt(classifier, x, classes, sigma).epsilonHat;
}

/** A DDM is given the real t itself. */
export function ddmFlow(denoiser: Denoiser): FlowDenoiser {
  return (x, { t }) => denoiser(x, t);
}

/**
 * The program of the ODE: of x [batch, ...shape] at the levels t, alpha, sigma [batch] and classes [batch, T+2], the noise estimate
 * `epsilon` and its `divergence` [probes, batch] along each `probe` [probes, batch, ...shape], <probe, J probe> with J =
 * d epsilon / d x: of a probe with independent entries of mean 0 and variance 1 an unbiased estimate of the trace
 * (Hutchinson, 1989). The probes share the forward pass and all but the last backward pass.
 */
export function flowProgram(
  name: string,
  { batch, shape }: BatchShape,
  schedule: Pick<Schedule, 'T'>,
  parameters: readonly Parameter[],
  model: (weights: Tensors) => FlowDenoiser,
  probes = 1,
): BatchedDefinition {
  const layout = flatLayout(parameters);
  const float = (...size: number[]) => ({ shape: size, dtype: 'float32' }) as const;
  const samples = float(batch, ...shape);
  return {
    name,
    withBatch: (fewer) => flowProgram(name, { batch: fewer, shape }, schedule, parameters, model, probes),
    state: layout.size === 0 ? {} : { parameters: float(layout.size) },
    inputs: {
      x: samples,
      probe: float(probes, batch, ...shape),
      t: float(batch),
      alpha: float(batch),
      sigma: float(batch),
      classes: float(batch, schedule.T + 2),
    },
    run({ parameters: flat }, { x, probe, t, alpha, sigma, classes }) {
      const weights = flat === undefined ? {} : splitFlat(layout, flat as tf.Tensor1D);
      const level = { t, alpha, sigma, classes } as FlowLevel;
      const denoiser = (value: tf.Tensor): tf.Tensor => model(weights)(value, level);
      const axes = shape.map((_, axis) => axis + 1);
      const along = tf.unstack(probe!).map((direction) => {
        const { value, grad } = tf.valueAndGrad(denoiser)(x!, direction);
        return { value, divergence: tf.sum(tf.mul(grad, direction), axes) };
      });
      return { outputs: { epsilon: along[0]!.value, divergence: tf.stack(along.map(({ divergence }) => divergence)) } };
    },
  };
}

/** What the ODE says of each sample. */
export interface FlowDensities {
  /** log p_1, nats. */
  readonly logDensities: Float64Array;
  /** Standard error that the random probes leave in it, from how the probes differ; null of fewer than two. */
  readonly probeErrors: Float64Array | null;
  /** Mean square of the path's end in noise, over its dimensions: about 1 where the ODE does turn the data into N(0, I). */
  readonly noiseSquares: Float64Array;
  /** An evaluation is a forward, of a CDM a backward, and for each probe of the divergence another backward pass. */
  readonly evaluations: Int32Array;
}

/**
 * log p_1 of each sample x [count, ...shape]: exact up to the solver's and, with random probes, the divergence's error,
 * which has mean zero. Every sample has steps of its own: batching changes no result.
 */
export async function flowLogDensity(run: FlowRun, x: Float32Array): Promise<FlowDensities> {
  const ends = await followFlow(run, x, 'to-noise');
  return densitiesOf(ends.map(({ x: end, gains, evaluations }) => ({ atNoise: end, gains, evaluations })));
}

/**
 * Samples x_1 [count, ...shape] of the ODE from x_T ~ N(0, I), of the stream (seed, 'flow/start'), and log p_1 of each, found
 * on its way.
 */
export async function flowSample(run: FlowRun, count: number): Promise<FlowDensities & { samples: Float32Array }> {
  const dim = dimOf(run.batchShape.shape);
  const start = normals({ seed: run.seed, purpose: 'flow/start' }, count * dim);
  const ends = await followFlow(run, start, 'to-data');
  const samples = new Float32Array(start.length);
  for (const [i, { x }] of ends.entries()) samples.set(x, i * dim);
  const paths = ends.map(({ gains, evaluations }, i) => {
    return { atNoise: start.subarray(i * dim, (i + 1) * dim), gains, evaluations };
  });
  return { samples, ...densitiesOf(paths) };
}

/** log N(x_T; 0, I) and what the path gains, of each of its probes. */
function densitiesOf(
  paths: readonly { atNoise: ArrayLike<number>; gains: Float64Array; evaluations: number }[],
): FlowDensities {
  const hasErrors = paths.some(({ gains }) => gains.length > 1);
  const logDensities = new Float64Array(paths.length);
  const probeErrors = hasErrors ? new Float64Array(paths.length) : null;
  const noiseSquares = new Float64Array(paths.length);
  for (const [i, { atNoise, gains }] of paths.entries()) {
    let square = 0;
    for (let d = 0; d < atNoise.length; d++) square += atNoise[d]! ** 2;
    noiseSquares[i] = square / atNoise.length;
    const logStart = -(atNoise.length * Math.log(2 * Math.PI) + square) / 2;
    if (probeErrors === null) logDensities[i] = logStart + gains[0]!;
    else {
      const { mean, standardError } = meanAndStandardError(gains.map((gain) => logStart + gain));
      logDensities[i] = mean;
      probeErrors[i] = standardError;
    }
  }
  const evaluations = Int32Array.from(paths, (path) => path.evaluations);
  return { logDensities, probeErrors, noiseSquares, evaluations };
}
