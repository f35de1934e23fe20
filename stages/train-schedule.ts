// One CDM on several noise schedules, trained alike (Yadin et al., 2024, section 4.3); the cell says which.
import type { ScheduleSpec } from '../src/diffusion/schedule.ts';
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { trainImageModel, type ImageTrainingParams } from './shared/image-training.ts';
import { cdmRecipe, type CdmParams } from './shared/recipes.ts';

interface Params extends RuntimeParams {
  readonly schedules: CdmParams &
    Pick<ImageTrainingParams, 'network' | 'training'> & { readonly each: Readonly<Record<string, ScheduleSpec>> };
}

await runStage<Params>(async (stage) => {
  const { each, network, training, ...cdm } = stage.params.schedules;
  const name = String(stage.cell['schedule']);
  const schedule = each[name];
  if (schedule === undefined) throw new Error(`No schedule "${name}": add schedules.each.${name}`);
  const start = process.cpuUsage();
  await trainImageModel(stage, { schedule, network, training }, cdmRecipe(cdm));
  const { user, system } = process.cpuUsage(start);
  stage.report('seconds.training', {
    value: (user + system) / 1e6,
    unit: 's',
    kind: 'timing',
    better: 'lower',
    note: 'of processor time; less where a killed run went on',
  });
});
