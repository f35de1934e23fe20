// A stage that hands the measures of toys a classifier in closed form: the optimal one, or one whose class 0 is `shift` nats
// too likely everywhere, which is wrong by exactly that.
import { densityFromSpec, type CorrelatedPairsSpec, type GaussianMixtureSpec } from '../../src/distributions/spec.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import { scheduleFromSpec, type ScheduleSpec } from '../../src/diffusion/schedule.ts';
import { runStage } from '../../src/stage/index.ts';
import { tf } from '../../src/tensor/tf.ts';
import { openStageBackend, type RuntimeParams } from '../../stages/shared/backend.ts';
import { compileToy } from '../../stages/shared/learned-toy.ts';
import {
  reportDensity,
  reportModes,
  reportMutualInformation,
  reportNormalizer,
  reportPosteriorAndDenoiser,
} from '../../stages/shared/toy-measures.ts';

interface Params extends RuntimeParams {
  readonly schedule: ScheduleSpec;
  readonly spec: GaussianMixtureSpec | CorrelatedPairsSpec;
  readonly points: number;
  readonly shift: number;
}

await runStage<Params>(async (stage) => {
  const { schedule: scheduleSpec, spec, points, shift } = stage.params;
  const density = densityFromSpec(spec);
  const schedule = scheduleFromSpec(scheduleSpec);
  const exact = exactLogits(density, schedule.alpha, schedule.sigma);
  const offset = Float32Array.from(schedule.alpha, (_, t) => (t === 0 ? shift : 0));
  const classifier = {
    parameters: [],
    logits: (_weights: object, x: tf.Tensor): tf.Tensor2D => tf.add(exact(x), tf.tensor1d(offset)),
  };
  const toy = await compileToy(await openStageBackend(stage), density, schedule, classifier, new Float32Array());
  const x = density.sample(points, stage.stream('toy/points'));
  const errors = await reportDensity(stage, toy, x);
  if (spec.kind === 'gaussian-mixture') reportModes(stage, spec, x, errors);
  else await reportMutualInformation(stage, spec, toy, x);
  await reportNormalizer(stage, toy, points);
  await reportPosteriorAndDenoiser(stage, toy, x);
});
