// Trains a CDM on a toy whose density is known and measures it against the truth: the one-shot density, the weights of the
// modes, the posterior over noise levels, and the denoiser. Everything is measured on fresh points.
import { runStage } from '../src/stage/index.ts';
import { openStageBackend } from './shared/backend.ts';
import { compileToy } from './shared/learned-toy.ts';
import {
  reportDensity,
  reportModes,
  reportMutualInformation,
  reportNormalizer,
  reportPosteriorAndDenoiser,
  reportSamplerDensity,
} from './shared/toy-measures.ts';
import { trainToy, type ToyStageParams } from './shared/toys.ts';

await runStage<ToyStageParams>(async (stage) => {
  const { points } = stage.params.toys;
  const backend = await openStageBackend(stage);
  const { spec, density, schedule, classifier, weights } = await trainToy(stage, backend);

  const toy = await compileToy(backend, density, schedule, classifier, weights);
  const x = density.sample(points, stage.stream('toy/points'));
  const errors = await reportDensity(stage, toy, x);
  if (spec.kind === 'gaussian-mixture') reportModes(stage, spec, x, errors);
  if (spec.kind === 'correlated-pairs') await reportMutualInformation(stage, spec, toy, x);
  await reportNormalizer(stage, toy, points);
  await reportSamplerDensity(stage, toy, x);
  await reportPosteriorAndDenoiser(stage, toy, x);
});
