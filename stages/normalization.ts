// Is the one-shot density normalized? Its integral, by importance sampling with the true density as the proposal.
import { readDataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { at } from '../src/diffusion/schedule.ts';
import { compileModel } from '../src/models/compiled.ts';
import { logDensityProgram, readModel } from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { logMeanExp } from '../src/statistics/log-mean.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

interface Params extends RuntimeParams {
  readonly normalization: { readonly points: number };
}

const BATCH = 500;

await runStage<Params>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  if (dataset.density === undefined) throw new Error('An integral needs a proposal: these data have no known density');
  const density = densityFromSpec(dataset.density);
  const model = readModel(stage.input('cdm'));
  const { alpha, sigma } = model.schedule;
  const backend = await openStageBackend(stage);
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);

  for (const t of [0, 1]) {
    const law = density.at(at(alpha, t), at(sigma, t));
    const x = law.sample(stage.params.normalization.points, stage.stream('normalization/points', t));
    const estimate = await logDensity.evaluate(x, t);
    const errors = Array.from(law.logProb(x), (truth, i) => estimate[i]! - truth);
    reportIntegral(stage, t, errors);
  }
});

/** ln of E_p[p_hat / p], the integral of p_hat over the support of p, of log p_hat - log p; and how far to trust it. */
function reportIntegral(stage: Stage, t: number, errors: readonly number[]): void {
  const { value, standardError, n, effectiveShare, largestShare } = logMeanExp(errors);
  const level = `t${t}`;
  stage.report(`log-integral.${level}`, {
    value,
    standardError,
    n,
    unit: 'nats',
    kind: 'estimate',
    note: `ln of the integral of the one-shot p_${t}, 0 if normalized: ln E[p_hat / p] over samples of the true p_${t}`,
  });
  stage.report(`effective-share.${level}`, {
    value: effectiveShare,
    unit: '1',
    n,
    kind: 'estimate',
    note: 'effective share of the samples, (sum w)^2 / (n sum w^2): where it is small the integral is not to be trusted',
  });
  stage.report(`largest-weight.${level}`, {
    value: largestShare,
    unit: '1',
    n,
    kind: 'estimate',
    note: 'share of the sum of weights that the largest has',
  });
}
