// Error bars of a one-shot density that need no truth: its integral from samples of the model itself, its variance from replicas,
// and hence its mean error and the corrected likelihood. Where the truth is known, it is said how far that is right.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { bitsPerDim, bitsPerDim8Bit } from '../src/diffusion/likelihood.ts';
import { testImages, trainImages } from '../src/models/images.ts';
import { averageOf, readModel } from '../src/models/model.ts';
import { traceControl } from '../src/models/trace-control.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { logMeanExp } from '../src/statistics/log-mean.ts';
import { halfVariances, varianceBetweenReplicas, varianceOf } from '../src/statistics/replicas.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import {
  auditModel,
  errorInterval,
  type AuditFile,
  type AuditParams,
  type AuditRow,
  type Estimate,
  type ModelAudit,
} from './shared/density-audit.ts';

interface Params extends RuntimeParams {
  readonly audit: AuditParams;
}

/** Training images from which the moments are estimated that auditing needs. */
const KNOWN = 5000;

/** Of numbers that are neither good nor bad. */
const nats = { unit: 'nats', kind: 'estimate', better: 'none' } as const;

/** A model, or the average of all: what is audited and reported under its name. */
interface Audited extends ModelAudit {
  readonly name: string;
  /** That of the error of one replica, as replicas differ; null of one model alone. */
  readonly seen: Estimate | null;
  /** Of how many replicas it is the average. */
  readonly replicas: number;
}

await runStage<Params>(async (stage) => {
  const { audit: params } = stage.params;
  const dataset = readDataset(stage.input('dataset'));
  const dim = dimOf(dataset.shape);
  const replicas = stage.inputs('models').map((path) => readModel(path));
  const known = trainImages(dataset, KNOWN, stage.stream('density-audit/known'));
  const data = {
    x: testImages(dataset, stage.stream('density-audit/dequantization')).subarray(0, params.points * dim),
    known,
    ...(dim > params.probes && { control: traceControl(known, dim) }),
  };
  const backend = await openStageBackend(stage);
  const models = replicas.length > 1 ? [...replicas, averageOf(replicas)] : replicas;
  const audits: ModelAudit[] = [];
  for (const [i, model] of models.entries()) {
    audits.push(await auditModel(backend, model, data, params, stage.seed + i));
    stage.progress({ step: audits.length, total: models.length, metrics: {} });
  }

  const audited = named(audits, replicas.length);
  if (audited[0]!.seen !== null) reportVariance(stage, audited[0]!.seen, replicas.length);
  const truth = dataset.density === undefined ? null : densityFromSpec(dataset.density).logProb(data.x);
  const rows = audited.map((own) => ({
    name: own.name,
    ...reportLikelihood(stage, dataset, own),
    ...(truth && reportTruth(stage, own, truth)),
  }));
  const pairs = halfVariances(audits.slice(0, replicas.length).map(({ logDensities }) => logDensities));
  const file: AuditFile = { cell: stage.cell, rows, halfVariances: pairs };
  writeFileSync(stage.output('audit'), `${JSON.stringify(file, null, 2)}\n`);
});

/** The replicas and, of several, their average. */
function named(audits: readonly ModelAudit[], replicas: number): Audited[] {
  const seen =
    replicas > 1 ? varianceBetweenReplicas(audits.slice(0, replicas).map(({ logDensities }) => logDensities)) : null;
  return audits.map((audit, i) =>
    i < replicas
      ? { name: `replica-${i}`, seen, replicas: 1, ...audit }
      : { name: 'average', seen, replicas, ...audit },
  );
}

function reportVariance(stage: Stage, variance: Estimate, replicas: number): void {
  const what = 'half the variance over points of the difference of two replicas';
  stage.report('variance', {
    ...variance,
    unit: 'nats^2',
    kind: 'estimate',
    better: 'lower',
    note: `of the error of log p_hat of one replica: ${what}, mean over the pairs of ${replicas}; what all get wrong alike is not in it`,
  });
}

function reportIntegrals(stage: Stage<Params>, { name, flow, ancestral, probeError }: Audited): void {
  const reportIntegral = (key: string, logWeights: Float64Array, over: string): void => {
    const { value, standardError, n, effectiveShare } = logMeanExp(logWeights);
    const note = `ln of the integral of p_hat, 0 if normalized: ${over}`;
    stage.report(`${key}.${name}`, { value, standardError, n, ...nats, note });
    const share = 'effective share of its samples: where it is small the integral is not to be trusted';
    const report = { value: effectiveShare, unit: '1', n, kind: 'estimate', note: share } as const;
    stage.report(`effective-share.${key}.${name}`, report);
  };
  const noise =
    probeError === 0 ? 'exact divergence' : `divergence by probes, which leave ${probeError.toPrecision(2)}`;
  reportIntegral('log-z', flow.clean, `over samples of the ODE and a last ancestral step, ${noise}`);
  reportIntegral('log-z-first', flow.first, 'the same of p_1_hat, over samples of the ODE');
  reportIntegral('log-z-ancestral', ancestral.clean, 'over ancestral chains');
  const { confidence } = stage.params.audit;
  stage.report(`log-z-at-least.${name}`, {
    value: logMeanExp(ancestral.clean).value + Math.log(1 - confidence),
    n: ancestral.clean.length,
    ...nats,
    note: `ln Z is above this with probability ${confidence}, by Markov's inequality for ancestral weights: above 0 it proves that p_hat flatters`,
  });
}

/** What is known of a model without the truth; returns its integral and the mean error that this and the variance foretell. */
function reportLikelihood(stage: Stage<Params>, dataset: Dataset, own: Audited): Omit<AuditRow, 'name'> {
  const { name, logDensities, flow, seen, replicas } = own;
  reportIntegrals(stage, own);
  const logZ = logMeanExp(flow.clean);
  const bits = (values: ArrayLike<number>): number[] => bitsOf(dataset, values);
  const lower = { unit: 'bits/dim', better: 'lower' } as const;
  const nll = stage.reportMean(`nll.${name}`, bits(logDensities), { ...lower, note: 'Eq. 10 at t = 0' });
  const perNat = 1 / (dimOf(dataset.shape) * Math.LN2);
  const reportCorrected = (key: string, correction: Estimate, note: string): void => {
    const standardError = Math.hypot(nll.standardError, correction.standardError * perNat);
    const value = nll.mean + correction.value * perNat;
    stage.report(`${key}.${name}`, { value, standardError, n: nll.n, ...lower, kind: 'estimate', note });
  };
  reportCorrected(
    'nll-normalized',
    logZ,
    'nll + ln Z: of the normalized density, so in expectation no less than the true one',
  );
  const found = { logZ: { value: logZ.value, standardError: logZ.standardError } };
  if (seen === null) return found;
  const half = 1 / (2 * replicas);
  const predicted = {
    value: logZ.value - half * seen.value,
    standardError: Math.hypot(logZ.standardError, half * seen.standardError),
  };
  const what = 'the mean of log p_hat - log p, to second order';
  stage.report(`error-predicted.${name}`, {
    ...predicted,
    ...nats,
    note: `ln Z - variance / 2: ${what}, if replicas err independently`,
  });
  const { low, high } = errorInterval(logZ, seen, stage.params.audit, replicas);
  const { correlation } = stage.params.audit;
  stage.report(`error-low.${name}`, {
    value: low,
    ...nats,
    note: `${what}: at least, errors correlating by ${correlation}`,
  });
  stage.report(`error-high.${name}`, { value: high, ...nats, note: `${what}: at most` });
  reportCorrected('nll-corrected', predicted, 'nll + ln Z - variance / 2: an estimate of the entropy of the data');
  return { ...found, predicted };
}

function bitsOf({ kind, shape }: Dataset, logDensities: ArrayLike<number>): number[] {
  const dim = dimOf(shape);
  return Array.from(logDensities, (value) => (kind === '8-bit' ? bitsPerDim8Bit(value, dim) : bitsPerDim(value, dim)));
}

/** The error of the same points, and its variance, where the truth is known. */
function reportTruth(stage: Stage, { name, logDensities }: Audited, truth: Float64Array): Pick<AuditRow, 'measured'> {
  const errors = Array.from(truth, (value, i) => logDensities[i]! - value);
  const note = 'log p_hat - log p, mean over points: the truth that error-predicted is to foretell';
  const {
    mean: value,
    standardError,
    n,
  } = stage.reportMean(`error-measured.${name}`, errors, {
    unit: 'nats',
    better: 'none',
    note,
  });
  stage.report(`variance-measured.${name}`, {
    value: varianceOf(errors),
    n,
    unit: 'nats^2',
    kind: 'estimate',
    better: 'lower',
    note: 'variance over points of log p_hat - log p',
  });
  return { measured: { value, standardError } };
}
