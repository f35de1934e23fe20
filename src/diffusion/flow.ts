// The density of the samples that the probability-flow ODE (Song et al., 2021) draws with a denoiser, by the change of
// variables along it. In t, with rho = sigma / alpha, the ODE is
//
//     dx/dt = sigma (d log rho / dt) epsilonHat(x, t) + (d log alpha / dt) x,    log p_1(x_1) = log N(x_T; 0, I) + integral of div,
//
// from the first class, where p_1 is, to the last, where the sampler starts from N(0, I).
import { flatLayout, splitFlat, type Parameter } from '../tensor/flat.ts';
import type { Program, ProgramDefinition, Tensors } from '../tensor/program.ts';
import { uniforms } from '../tensor/random.ts';
import { tf } from '../tensor/tf.ts';
import { denoiseAt, type Classifier } from './cdm.ts';
import type { Denoiser } from './ddm.ts';
import { dimOf, type BatchShape } from './evaluate.ts';
import { interpolationAt, levelAt, type LevelAt } from './interpolation.ts';
import { dormandPrince } from './ode.ts';
import type { Schedule } from './schedule.ts';
import { meanAndStandardError } from '../statistics/mean.ts';

/** A noise level between classes, for each sample: real t [batch], its weights of the classes, and sigma [batch]. */
export interface FlowLevel {
  readonly t: tf.Tensor1D;
  /** [batch, T+2]: weights of the classes whose logits make the logit of t. */
  readonly classes: tf.Tensor2D;
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
 * The program of the ODE: of x [batch, ...shape] at the levels t, sigma [batch] and classes [batch, T+2], the noise estimate
 * `epsilon` and its `divergence` [probes, batch] along each `probe` [probes, batch, ...shape], <probe, J probe> with J =
 * d epsilon / d x: of a probe with independent entries of mean 0 and variance 1 an unbiased estimate of the trace
 * (Hutchinson, 1989). The probes share the forward pass and all but the last backward pass.
 */
export function flowProgram(
  name: string,
  { batch, shape }: BatchShape,
  { T }: Schedule,
  parameters: readonly Parameter[],
  model: (weights: Tensors) => FlowDenoiser,
  probes = 1,
): ProgramDefinition {
  const layout = flatLayout(parameters);
  const float = (...size: number[]) => ({ shape: size, dtype: 'float32' }) as const;
  const samples = float(batch, ...shape);
  return {
    name,
    state: layout.size === 0 ? {} : { parameters: float(layout.size) },
    inputs: {
      x: samples,
      probe: float(probes, batch, ...shape),
      t: float(batch),
      sigma: float(batch),
      classes: float(batch, T + 2),
    },
    run({ parameters: flat }, { x, probe, t, sigma, classes }) {
      const weights = flat === undefined ? {} : splitFlat(layout, flat as tf.Tensor1D);
      const level = { t, sigma, classes } as FlowLevel;
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

export interface FlowRun {
  /** A `flowProgram` with its weights loaded. */
  readonly program: Program;
  readonly batchShape: BatchShape;
  readonly schedule: Schedule;
  /**
   * Of a step: root mean square error of x in units of sigma, to which log densities are sensitive, and error of the log
   * density in nats per dimension.
   */
  readonly tolerance: number;
  /**
   * `exact` takes one evaluation per dimension and a program of one probe; otherwise all of the program's `probes` are
   * random, of +-1. Those of a sample are its own, from the stream (seed, 'flow/probe', k), and stay the same along its path.
   */
  readonly divergence: { readonly kind: 'exact' } | { readonly kind: 'hutchinson'; readonly probes: number };
  readonly seed: number;
}

/** What `flowLogDensity` finds of each sample. */
export interface FlowDensities {
  /** log p_1, nats. */
  readonly logDensities: Float64Array;
  /** Standard error that the random probes leave in it, from how the probes differ; null of fewer than two. */
  readonly probeErrors: Float64Array | null;
  /** An evaluation is a forward, of a CDM a backward, and for each probe of the divergence another backward pass. */
  readonly evaluations: Int32Array;
}

/**
 * log p_1 of each sample x [count, ...shape]: exact up to the solver's and, with random probes, the divergence's error,
 * which has mean zero. Every sample has steps of its own: batching changes no result.
 */
export async function flowLogDensity(run: FlowRun, x: Float32Array): Promise<FlowDensities> {
  const { program, batchShape, schedule, divergence: kind } = run;
  const probes = kind.kind === 'exact' ? 1 : kind.probes;
  const { batch, shape } = batchShape;
  const dim = dimOf(shape);
  const count = x.length / dim;
  if (!Number.isInteger(count)) throw new RangeError(`${x.length} values are not whole samples of ${dim}`);
  const classCount = schedule.T + 2;
  const logDensities = new Float64Array(count);
  const probeErrors = probes > 1 ? new Float64Array(count) : null;
  const evaluations = new Int32Array(count);

  // As many paths at a time as the program takes samples; a path that has ended makes room for the next.
  const lanes: { sample: number; path: Path; request: FlowRequest }[] = [];
  const advance = (lane: { sample: number; path: Path }, response?: FlowResponse): void => {
    const next = response === undefined ? lane.path.next() : lane.path.next(response);
    if (next.done) {
      if (probeErrors === null) logDensities[lane.sample] = next.value[0]!;
      else {
        const { mean, standardError } = meanAndStandardError(next.value);
        logDensities[lane.sample] = mean;
        probeErrors[lane.sample] = standardError;
      }
    } else lanes.push({ ...lane, request: next.value });
  };
  for (let sample = 0; sample < count || lanes.length > 0;) {
    while (lanes.length < batch && sample < count) {
      advance({ sample, path: flowPath(run, x.subarray(sample * dim, (sample + 1) * dim), sample) });
      sample++;
    }
    const inputs = {
      x: new Float32Array(batch * dim),
      probe: new Float32Array(probes * batch * dim),
      t: new Float32Array(batch).fill(1),
      sigma: new Float32Array(batch),
      classes: new Float32Array(batch * classCount),
    };
    const waiting = lanes.splice(0);
    for (const [row, { request }] of waiting.entries()) {
      inputs.x.set(request.x, row * dim);
      for (const [k, probe] of request.probes.entries()) inputs.probe.set(probe, (k * batch + row) * dim);
      inputs.t[row] = request.t;
      inputs.sigma[row] = request.sigma;
      for (const [u, weight] of interpolationAt(schedule.T, request.t).weights) {
        inputs.classes[row * classCount + u] = weight;
      }
    }
    const { epsilon, divergence } = await program.run(inputs);
    for (const [row, lane] of waiting.entries()) {
      evaluations[lane.sample]!++;
      advance(lane, {
        epsilon: (epsilon as Float32Array).subarray(row * dim, (row + 1) * dim),
        divergences: Array.from({ length: probes }, (_, k) => divergence![k * batch + row]!),
      });
    }
  }
  return { logDensities, probeErrors, evaluations };
}

interface FlowRequest extends Pick<LevelAt, 'sigma'> {
  readonly x: Float64Array;
  readonly t: number;
  readonly probes: readonly Float32Array[];
}
interface FlowResponse {
  readonly epsilon: Float32Array;
  /** Along each probe. */
  readonly divergences: readonly number[];
}
type Path = Generator<FlowRequest, Float64Array, FlowResponse>;

/**
 * Follows one sample from the first class to the last; its state is x and, after it, the log density gained by each random
 * probe's divergence, of which the mean is held to the tolerance. Returns log p_1 by each of them, or the exact one.
 */
function* flowPath({ schedule, tolerance, divergence, seed }: FlowRun, x1: Float32Array, sample: number): Path {
  const dim = x1.length;
  // Probes of one evaluation each: an exact trace is the sum over the axes.
  const evaluated =
    divergence.kind === 'exact'
      ? Array.from({ length: dim }, (_, d) => [new Float32Array(dim).fill(1, d, d + 1)])
      : [
          Array.from({ length: divergence.probes }, (_, step) =>
            uniforms({ seed, purpose: 'flow/probe', step }, dim, sample * dim).map((u) => (u < 0.5 ? -1 : 1)),
          ),
        ];
  const gains = evaluated[0]!.length;
  const errorNorm = (error: Float64Array, t: number): number => {
    const { sigma } = levelAt(schedule, t);
    let squares = 0;
    for (let d = 0; d < dim; d++) squares += (error[d]! / sigma) ** 2;
    const ofLog = error.subarray(dim).reduce((a, b) => a + b) / gains;
    return Math.max(Math.sqrt(squares / dim), Math.abs(ofLog) / dim) / tolerance;
  };
  const start = new Float64Array(dim + gains);
  start.set(x1);
  const solver = dormandPrince(start, 1, schedule.T, errorNorm);
  let next = solver.next();
  while (!next.done) {
    const { t, y } = next.value;
    const { sigma, logRatioSlope, logAlphaSlope } = levelAt(schedule, t);
    const x = y.subarray(0, dim);
    const slope = new Float64Array(dim + gains);
    for (const [k, probes] of evaluated.entries()) {
      const { epsilon, divergences } = yield { x, t, sigma, probes };
      for (const [gain, value] of divergences.entries()) slope[dim + gain]! += sigma * logRatioSlope * value;
      if (k === 0) for (let d = 0; d < dim; d++) slope[d] = sigma * logRatioSlope * epsilon[d]!;
    }
    for (let d = 0; d < dim; d++) slope[d]! += logAlphaSlope * x[d]!;
    for (let gain = dim; gain < slope.length; gain++) slope[gain]! += dim * logAlphaSlope;
    next = solver.next(slope);
  }
  const end = next.value;
  let logStart = (-dim / 2) * Math.log(2 * Math.PI);
  for (let d = 0; d < dim; d++) logStart -= end[d]! ** 2 / 2;
  return end.slice(dim).map((gain) => logStart + gain);
}
