// One method of density-ratio estimation on one task: log p / N(0, I) learned from samples, against the truth on held-out
// points. All methods of a task have the same features and budget of steps and samples, and are measured on the same points
// (ratio-points.ts); they differ in what they train for.
import { readFileSync, writeFileSync } from 'node:fs';
import { densityFromSpec, type MixtureSpec } from '../src/distributions/spec.ts';
import { toySpec } from '../src/distributions/toys.ts';
import { evaluate, evaluationProgram } from '../src/diffusion/evaluate.ts';
import type { ScheduleSpec } from '../src/diffusion/schedule.ts';
import { runStage } from '../src/stage/index.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { decodeSafetensors } from '../src/tensor/safetensors.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { ratioMethod, type RatioNetworkSpec, type RatioSettings } from './shared/ratio-methods.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './shared/training.ts';

/** How the methods of a task are trained and evaluated. */
type Settings = RatioSettings & Omit<TrainingBudget, 'antithetic'>;

interface Params {
  readonly runtime: RuntimeParams;
  readonly schedule: ScheduleSpec;
  readonly ratios: Omit<Settings, 'schedule'> & {
    /** Network of each task, and its own of the settings; and its density, where its name is not one of distributions/toys.ts. */
    readonly tasks: Readonly<Record<string, RatioNetworkSpec & Partial<Settings> & { readonly density?: MixtureSpec }>>;
  };
}

const BATCH = 500;
/** Where the truth is in reach of the network, every report says so. */
const FAMILY = {
  quadratic: 'The network is quadratic in x and has the truth in its family, as the heads of TRE and DRE-infinity do',
  gaussian: 'The network is one Gaussian with free constants and has the truth in its family',
};

await runStage<Params>(async (stage) => {
  const { runtime, schedule, ratios } = stage.params;
  const name = String(stage.cell['task']);
  const own = ratios.tasks[name];
  if (own === undefined) throw new Error(`No parameters for the task "${name}": add ratios.tasks.${name}`);
  const density = densityFromSpec(own.density ?? toySpec(name));
  const { dim } = density;
  const settings = { schedule, ...ratios, ...own };
  const noise = { seed: stage.seed, purpose: 'ratio/noise' };
  const method = ratioMethod(String(stage.cell['method']), { dim, network: own, settings, noise });

  const backend = await openStageBackend(stage, runtime);
  const start = performance.now();
  const { state, log, taken } = await trainInStage(
    stage,
    backend,
    method.task,
    { batch: settings.batch, shape: [dim] },
    (step) => density.sample(settings.batch, { seed: stage.seed, purpose: 'ratio/data', step }),
    settings,
  );
  const trained = performance.now();
  writeFileSync(stage.output('log'), trainingCsv(log));

  const shape = { batch: BATCH, shape: [dim] };
  const program = await backend.compile(evaluationProgram(name, shape, method.task.parameters, method.model));
  program.load({ parameters: state['ema']! });
  const { x, exact } = readPoints(stage.input('points'));
  const ready = performance.now();
  const estimate = await method.logRatio((y, t) => evaluate(program, shape, y, t), x);
  const evaluated = performance.now();
  const errors = Array.from(exact, (value, i) => estimate[i]! - value);

  const report = (
    number: string,
    values: ArrayLike<number>,
    note: string,
    rest: { kind?: 'exact'; better?: 'lower' } = {},
  ) => {
    const { mean, standardError, n } = meanAndStandardError(values);
    stage.report(number, { value: mean, standardError, n, unit: 'nats', kind: 'estimate', note, ...rest });
  };
  const family = 'gaussian' in own ? `. ${FAMILY.gaussian}` : own.width === 0 ? `. ${FAMILY.quadratic}` : '';
  report('kl', estimate, `mean log ratio over held-out points of p. ${method.note}${family}`);
  report('kl-exact', exact, 'mean of the true log ratio over the same points', { kind: 'exact' });
  report('error-signed', errors, 'estimated - true log ratio, mean over the same points');
  report('error-mae', errors.map(Math.abs), '|estimated - true log ratio|, mean over the same points', {
    better: 'lower',
  });
  stage.report('nfe', {
    value: method.nfe,
    unit: 'evaluations',
    kind: 'exact',
    better: 'lower',
    note: 'for one log ratio',
  });
  const seconds = (number: string, milliseconds: number, note: string) => {
    stage.report(number, { value: milliseconds / 1000, unit: 's', kind: 'timing', better: 'lower', note });
  };
  const samples = `${taken} steps of ${settings.batch} samples, ${stage.threads} threads, other cells beside it`;
  // Of an execution that went on after a kill it would be the time of the rest.
  if (taken === settings.steps)
    seconds('seconds.training', trained - start, `${samples}: drawing them and compiling the step included`);
  seconds('seconds.evaluation', evaluated - ready, `all ${exact.length} held-out points, after compilation`);
});

/** What ratio-points.ts wrote: x [count, dim], and log p / N(0, I) at each. */
function readPoints(path: string): { x: Float32Array; exact: Float32Array } {
  const { x, logRatio } = decodeSafetensors(readFileSync(path)).tensors;
  return { x: x!.data as Float32Array, exact: logRatio!.data as Float32Array };
}
