// Trains a CDM on a toy whose density is known and measures it against the truth: the one-shot density, the weights of the
// modes, the posterior over noise levels, and the denoiser. Everything is measured on fresh points.
import { writeFileSync } from 'node:fs';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { scheduleFromSpec, type ScheduleSpec } from '../src/diffusion/schedule.ts';
import { cdmTask } from '../src/diffusion/training-step.ts';
import { classifierOf, writeModel } from '../src/models/model.ts';
import { runStage } from '../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { compileToy } from './shared/learned-toy.ts';
import {
  reportDensity,
  reportModes,
  reportMutualInformation,
  reportNormalizer,
  reportPosteriorAndDenoiser,
  reportSamplerDensity,
} from './shared/toy-measures.ts';
import { resolveToy, toyData, toyModel, type ToysParams } from './shared/toys.ts';
import { trainInStage, trainingCsv } from './shared/training.ts';

interface Params extends RuntimeParams {
  readonly schedule: ScheduleSpec;
  readonly toys: ToysParams;
}

await runStage<Params>(async (stage) => {
  const { toys } = stage.params;
  const { spec, own } = resolveToy(String(stage.cell['toy']), toys.each);
  const density = densityFromSpec(spec);
  const { dim } = density;
  const training = { schedule: stage.params.schedule, ...toys, ...own };

  const clean = training.antithetic ? training.batch / 2 : training.batch;
  const { known, batches } = toyData(stage, density, clean, training.pool);
  const model = toyModel(training, own, known, dim);
  const schedule = scheduleFromSpec(model.schedule);
  const classifier = classifierOf(model);
  const weights = { ce: training.loss.ce, mse: training.loss.mse * dim };
  const backend = await openStageBackend(stage);
  const { state, log } = await trainInStage(
    stage,
    backend,
    cdmTask(classifier, schedule, weights),
    { batch: training.batch, shape: [dim] },
    batches,
    training,
  );
  writeFileSync(stage.output('log'), trainingCsv(log));
  writeModel(stage.output('checkpoint'), model, state['ema'] as Float32Array);

  const toy = await compileToy(backend, density, schedule, classifier, state['ema'] as Float32Array);
  const x = density.sample(toys.points, stage.stream('toy/points'));
  const errors = await reportDensity(stage, toy, x);
  if (spec.kind === 'gaussian-mixture') reportModes(stage, spec, x, errors);
  if (spec.kind === 'correlated-pairs') await reportMutualInformation(stage, spec, toy, x);
  await reportNormalizer(stage, toy, toys.points);
  await reportSamplerDensity(stage, toy, x);
  await reportPosteriorAndDenoiser(stage, toy, x);
});
