// Paths of the probability-flow ODE (flow.ts), many at a time through one program, each with steps of its own.
import type { Program } from '../tensor/program.ts';
import { uniforms } from '../tensor/random.ts';
import { dimOf, type BatchShape } from './evaluate.ts';
import { interpolationAt, levelAt, type LevelAt } from './interpolation.ts';
import { dormandPrince } from './ode.ts';
import type { Schedule } from './schedule.ts';

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
  readonly divergence:
    | { readonly kind: 'exact' }
    | { readonly kind: 'hutchinson'; readonly probes: number; readonly control?: TraceControl };
  readonly seed: number;
}

/**
 * A Gaussian like the data, as a control variate of the trace: of its denoiser both the trace and what a probe finds are
 * known, so that a probe's error is only that of the difference. Any Gaussian leaves the estimate unbiased.
 */
export interface TraceControl {
  /** Coordinates of vectors in the orthonormal basis in which its covariance is diagonal. */
  coordinates(vectors: ArrayLike<number>): Float64Array;
  /** [dim], the variances there. */
  readonly variance: ArrayLike<number>;
}

/** From the first class to the last, where N(0, I) is, or back. */
type Direction = 'to-noise' | 'to-data';

/** Where a path ends. */
export interface FlowEnd {
  /** [dim] */
  readonly x: Float64Array;
  /** The integral of the divergence over t from 1 to T, by each random probe, or the exact one. */
  readonly gains: Float64Array;
  readonly evaluations: number;
}

/** Follows the paths from all x [count, ...shape]; the probes of path k are those of sample k. */
export async function followFlow(run: FlowRun, x: Float32Array, direction: Direction): Promise<FlowEnd[]> {
  const { batch, shape } = run.batchShape;
  const dim = dimOf(shape);
  const count = x.length / dim;
  if (!Number.isInteger(count)) throw new RangeError(`${x.length} values are not whole samples of ${dim}`);
  const ends = new Array<FlowEnd>(count);

  // As many paths at a time as the program takes samples; a path that has ended makes room for the next.
  const lanes: Lane[] = [];
  const advance = (lane: Omit<Lane, 'request'>, response?: FlowResponse): void => {
    const next = response === undefined ? lane.path.next() : lane.path.next(response);
    if (next.done) ends[lane.sample] = { ...next.value, evaluations: lane.evaluations };
    else lanes.push({ ...lane, request: next.value, evaluations: lane.evaluations + 1 });
  };
  for (let sample = 0; sample < count || lanes.length > 0;) {
    while (lanes.length < batch && sample < count) {
      const start = x.subarray(sample * dim, (sample + 1) * dim);
      advance({ sample, path: flowPath(run, start, sample, direction), evaluations: 0 });
      sample++;
    }
    const waiting = lanes.splice(0);
    const responses = await respond(run, waiting);
    for (const [row, lane] of waiting.entries()) advance(lane, responses[row]!);
  }
  return ends;
}

interface Lane {
  readonly sample: number;
  readonly path: Path;
  readonly request: FlowRequest;
  readonly evaluations: number;
}

/** What the program says at each of the lanes' requests, of which it takes no more than a batch. */
async function respond({ program, batchShape, schedule, divergence: kind }: FlowRun, lanes: readonly Lane[]) {
  const { batch, shape } = batchShape;
  const dim = dimOf(shape);
  const probes = kind.kind === 'exact' ? 1 : kind.probes;
  const classCount = schedule.T + 2;
  const inputs = {
    x: new Float32Array(batch * dim),
    probe: new Float32Array(probes * batch * dim),
    t: new Float32Array(batch).fill(1),
    alpha: new Float32Array(batch).fill(1),
    sigma: new Float32Array(batch).fill(1),
    classes: new Float32Array(batch * classCount),
  };
  for (const [row, { request }] of lanes.entries()) {
    inputs.x.set(request.x, row * dim);
    for (const [k, probe] of request.probes.entries()) inputs.probe.set(probe, (k * batch + row) * dim);
    inputs.t[row] = request.t;
    inputs.alpha[row] = request.alpha;
    inputs.sigma[row] = request.sigma;
    for (const [u, weight] of interpolationAt(schedule.T, request.t).weights) {
      inputs.classes[row * classCount + u] = weight;
    }
  }
  const { epsilon, divergence } = await program.run(inputs);
  return lanes.map((_, row) => ({
    epsilon: (epsilon as Float32Array).subarray(row * dim, (row + 1) * dim),
    divergences: Array.from({ length: probes }, (_, k) => divergence![k * batch + row]!),
  }));
}

interface FlowRequest extends Pick<LevelAt, 'alpha' | 'sigma'> {
  readonly x: Float64Array;
  readonly t: number;
  readonly probes: readonly Float32Array[];
}
interface FlowResponse {
  readonly epsilon: Float32Array;
  /** Along each probe. */
  readonly divergences: readonly number[];
}
type Path = Generator<FlowRequest, Omit<FlowEnd, 'evaluations'>, FlowResponse>;

/**
 * Follows one path; its state is x and, after it, the log density gained by each random probe's divergence, of which the mean
 * is held to the tolerance. The solver's time is t, or -t on the way to the data: it only goes forward.
 */
function* flowPath(run: FlowRun, start: Float32Array, sample: number, direction: Direction): Path {
  const { schedule, tolerance } = run;
  const { T } = schedule;
  const dim = start.length;
  const evaluated = probesOf(run, dim, sample);
  const corrections = correctionsOf(run, evaluated[0]!);
  const gains = evaluated[0]!.length;
  const sign = direction === 'to-noise' ? 1 : -1;
  const level = (time: number): LevelAt & { t: number } => {
    const t = Math.min(T, Math.max(1, sign * time));
    return { t, ...levelAt(schedule, t) };
  };
  const errorNorm = (error: Float64Array, time: number): number => {
    const { sigma } = level(time);
    let squares = 0;
    for (let d = 0; d < dim; d++) squares += (error[d]! / sigma) ** 2;
    const ofLog = error.subarray(dim).reduce((a, b) => a + b) / gains;
    return Math.max(Math.sqrt(squares / dim), Math.abs(ofLog) / dim) / tolerance;
  };
  const state = new Float64Array(dim + gains);
  state.set(start);
  const [from, to] = sign > 0 ? [1, T] : [-T, -1];
  const solver = dormandPrince(state, from, to, errorNorm);
  let next = solver.next();
  while (!next.done) {
    const { t, alpha, sigma, logRatioSlope, logAlphaSlope } = level(next.value.t);
    const x = next.value.y.subarray(0, dim);
    const slope = new Float64Array(dim + gains);
    for (const [k, probes] of evaluated.entries()) {
      const { epsilon, divergences } = yield { x, t, alpha, sigma, probes };
      for (const [gain, value] of divergences.entries()) slope[dim + gain]! += sigma * logRatioSlope * value;
      if (k === 0) for (let d = 0; d < dim; d++) slope[d] = sign * sigma * logRatioSlope * epsilon[d]!;
    }
    for (let d = 0; d < dim; d++) slope[d]! += sign * logAlphaSlope * x[d]!;
    const correction = corrections(alpha, sigma);
    for (let gain = 0; gain < gains; gain++) {
      slope[dim + gain]! += sigma * logRatioSlope * correction[gain]! + dim * logAlphaSlope;
    }
    next = solver.next(slope);
  }
  return { x: next.value.subarray(0, dim), gains: next.value.slice(dim) };
}

/** The probes of each evaluation at a point: all the random ones in one, or an axis in each, whose sum is an exact trace. */
function probesOf({ divergence, seed }: FlowRun, dim: number, sample: number): Float32Array[][] {
  if (divergence.kind === 'exact')
    return Array.from({ length: dim }, (_, d) => [new Float32Array(dim).fill(1, d, d + 1)]);
  const signs = (step: number): Float32Array =>
    uniforms({ seed, purpose: 'flow/probe', step }, dim, sample * dim).map((u) => (u < 0.5 ? -1 : 1));
  return [Array.from({ length: divergence.probes }, (_, step) => signs(step))];
}

/** What the control adds to the divergence along each probe, tr J - <probe, J probe>, at a noise level; zeros without one. */
function correctionsOf(
  { divergence }: FlowRun,
  probes: readonly Float32Array[],
): (alpha: number, sigma: number) => Float64Array {
  const control = divergence.kind === 'exact' ? undefined : divergence.control;
  if (control === undefined) return () => new Float64Array(probes.length);
  const { variance } = control;
  // Of its denoiser J is sigma / (alpha^2 variance + sigma^2) along each of the axes, of which a unit vector has 1.
  const missing = probes.map((probe) => control.coordinates(probe).map((c) => 1 - c ** 2));
  return (alpha, sigma) =>
    Float64Array.from(missing, (own) =>
      own.reduce((sum, share, d) => sum + (share * sigma) / (alpha ** 2 * variance[d]! + sigma ** 2), 0),
    );
}
