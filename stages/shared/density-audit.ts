// What one can know of the error of a one-shot density without knowing the true one (docs/likelihoods.md).
import { dimOf } from '../../src/diffusion/evaluate.ts';
import { flowSample } from '../../src/diffusion/flow.ts';
import type { FlowRun, TraceControl } from '../../src/diffusion/flow-path.ts';
import { ancestralWeights, flowWeights, reverseVariances, type LogWeights } from '../../src/diffusion/normalizer.ts';
import { compileModel } from '../../src/models/compiled.ts';
import { denoisingProgram, logDensityProgram, odeProgram, type TrainedModel } from '../../src/models/model.ts';
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
  const divergence = isExact ? ({ kind: 'exact' } as const) : ({ kind: 'hutchinson', probes, ...(control && { control }) } as const);
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
