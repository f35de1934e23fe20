// What one can know of the error of a one-shot density without knowing the true one (docs/likelihoods.md).
import { dimOf } from '../../src/diffusion/evaluate.ts';
import { flowSample } from '../../src/diffusion/flow.ts';
import type { FlowRun, TraceControl } from '../../src/diffusion/flow-path.ts';
import { ancestralWeights, flowWeights, reverseVariances, type LogWeights } from '../../src/diffusion/normalizer.ts';
import { compileModel } from '../../src/models/compiled.ts';
import { denoisingProgram, logDensityProgram, odeProgram, type TrainedModel } from '../../src/models/model.ts';
import { studentQuantile } from '../../src/statistics/student.ts';
import type { Backend } from '../../src/tensor/backend.ts';

export interface AuditParams {
  /** Test points of which the likelihood is estimated. */
  readonly points: number;
  /** Of the ODE, from which Z is estimated, and the tolerance of its solver. */
  readonly samples: number;
  readonly tolerance: number;
  /** Random probes of the divergence; in as few dimensions or fewer it is exact. */
  readonly probes: number;
  /** Ancestral ones, from which Z is estimated again and bounded from below. */
  readonly chains: number;
  /** Clean points from which the variances of their steps are estimated. */
  readonly variancePoints: number;
  /** Of the intervals and of the bound, such as 0.95. */
  readonly confidence: number;
  /** The errors of replicas may correlate by as much: the intervals are wide enough for the variance that this hides. */
  readonly correlation: number;
}

/**
 * Where the mean of log p_hat - log p lies, to second order: log Z less half a variance between the one that is seen, half that of
 * the difference of two replicas, and the one that there is if their errors correlate by up to `correlation`; of one replica or
 * of the average of `replicas`. Both ends go further out by what chance leaves open of them.
 */
export function errorInterval(
  logZ: Estimate,
  seen: Estimate,
  { confidence, correlation }: Pick<AuditParams, 'confidence' | 'correlation'>,
  replicas = 1,
): { readonly low: number; readonly high: number } {
  // Of estimates that are means of hundreds.
  const quantile = studentQuantile((1 + confidence) / 2, 1000);
  const hidden = (1 + (replicas - 1) * correlation) / (1 - correlation);
  const end = (factor: number, sign: number): number => {
    const half = factor / (2 * replicas);
    return logZ.value - half * seen.value + sign * quantile * Math.hypot(logZ.standardError, half * seen.standardError);
  };
  return { low: end(hidden, -1), high: end(1, 1) };
}

/** What a model says of itself. */
export interface ModelAudit {
  /** Log density of clean data at each test point, in one shot, nats. */
  readonly logDensities: Float64Array;
  /** ln W over the ODE's samples, and over ancestral ones. */
  readonly flow: LogWeights;
  readonly ancestral: LogWeights;
  /** Standard error that random probes leave in a log density of the ODE, root mean square; 0 where it is exact. */
  readonly probeError: number;
}

export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** A model in the output of an audit; without `predicted` if it is alone, without `measured` where the truth is not known. */
export interface AuditRow {
  readonly name: string;
  readonly logZ: Estimate;
  readonly predicted?: Estimate;
  readonly measured?: Estimate;
}

/** The output of an audit: its replicas in their order and, of several, their average. */
export interface AuditFile {
  readonly cell: Readonly<Record<string, string | number | boolean>>;
  readonly rows: readonly AuditRow[];
  /** Of each pair of replicas, `halfVariances`. */
  readonly halfVariances: readonly (readonly number[])[];
}

const BATCH = 100;

/** Audits a classifier: `x` are test points, `known` other clean points, both [count, …], `control` a Gaussian like the data. */
export async function auditModel(
  backend: Backend,
  model: TrainedModel,
  { x, known, control }: { x: Float32Array; known: Float32Array; control?: TraceControl },
  params: AuditParams,
  seed: number,
): Promise<ModelAudit> {
  const { schedule } = model;
  const density = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const denoiser = await compileModel(backend, denoisingProgram(model, BATCH), model.weights);
  const dim = dimOf(density.batchShape.shape);
  const own = { schedule, dim, logDensity: density.evaluate, denoiser: denoiser.evaluate, seed };
  const variances = await reverseVariances(own, known.subarray(0, params.variancePoints * dim));
  const run = { ...own, variances };

  const isExact = dim <= params.probes;
  const probes = isExact ? 1 : params.probes;
  const ode = await compileModel(backend, odeProgram(model, BATCH, probes), model.weights);
  const divergence = isExact
    ? ({ kind: 'exact' } as const)
    : ({ kind: 'hutchinson', probes, ...(control && { control }) } as const);
  const { program, batchShape } = ode;
  const flowRun: FlowRun = { program, batchShape, schedule, tolerance: params.tolerance, divergence, seed };
  const samples = await flowSample(flowRun, params.samples);
  const errors = samples.probeErrors ?? new Float64Array(params.samples);
  const audit = {
    logDensities: Float64Array.from(await density.evaluate(x, 0)),
    flow: await flowWeights(run, samples),
    ancestral: await ancestralWeights(run, params.chains),
    probeError: Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length),
  };
  for (const compiled of [density, denoiser, ode]) await compiled.dispose();
  return audit;
}
