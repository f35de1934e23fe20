// Trains a CDM on a toy whose density is known and measures it against the truth: the one-shot density, the weights of the
// modes, the posterior over noise levels, and the denoiser. Everything is measured on fresh points.
import { writeFileSync } from 'node:fs';
import { toySpec } from '../src/distributions/toys.ts';
import { densityFromSpec, type GaussianMixtureSpec } from '../src/distributions/spec.ts';
import type { GaussianMixture } from '../src/distributions/mixture.ts';
import { cdmDenoiser, logDensity } from '../src/diffusion/cdm.ts';
import { evaluate, evaluationProgram } from '../src/diffusion/evaluate.ts';
import { classGrid } from '../src/diffusion/sampler.ts';
import { at, scheduleFromSpec, type Schedule, type ScheduleSpec } from '../src/diffusion/schedule.ts';
import { cdmTask } from '../src/diffusion/training-step.ts';
import { smoothHead } from '../src/networks/heads.ts';
import { mlpClassifier, type MlpShape } from '../src/networks/mlp.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { momentsOfSamples } from '../src/statistics/moments.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { openBackend, type BackendName } from '../src/tensor/backend.ts';
import { normals } from '../src/tensor/random.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './training.ts';

/** Steps, batch and network of one toy; and its density, where its name is not one of distributions/toys.ts. */
type ToyParams = Pick<TrainingBudget, 'steps' | 'batch'> &
  Omit<MlpShape, 'dim'> & { readonly density?: GaussianMixtureSpec };

interface Params {
  readonly runtime: { readonly backend: BackendName };
  readonly schedule: ScheduleSpec;
  readonly toys: Omit<TrainingBudget, 'steps' | 'batch'> & {
    /** Nats per sample: `mse` multiplies the sum of squares over all dimensions. */
    readonly loss: { readonly ce: number; readonly mse: number };
    /** Cosines in t that the head combines. */
    readonly cosines: number;
    /** Fresh points that everything is measured on. */
    readonly points: number;
    readonly each: Readonly<Record<string, ToyParams>>;
  };
}

/** Points from which the head's closed-form Gaussian is estimated. */
const MOMENT_POINTS = 20_000;
const BATCH = 500;
const DENOISING_LEVELS = 20;

await runStage<Params>(async (stage) => {
  const { runtime, schedule: scheduleSpec, toys } = stage.params;
  const toy = String(stage.cell['toy']);
  const own = toys.each[toy];
  if (own === undefined) throw new Error(`No parameters for the toy "${toy}": add toys.each.${toy}`);
  const { seed } = stage;
  const spec = own.density ?? mixtureSpec(toy);
  const density = densityFromSpec(spec);
  const { dim } = density;
  const schedule = scheduleFromSpec(scheduleSpec);

  const known = density.sample(MOMENT_POINTS, { seed, purpose: 'toy/moments' });
  const head = smoothHead(schedule, momentsOfSamples(known, dim), toys.cosines);
  const classifier = mlpClassifier({ dim, ...own }, head);
  const weights = { ce: toys.loss.ce, mse: toys.loss.mse * dim };
  const backend = await openBackend(runtime.backend, { threads: stage.threads });
  const { state, log } = await trainInStage(
    stage,
    backend,
    cdmTask(classifier, schedule, weights),
    { batch: own.batch, shape: [dim] },
    (step) => density.sample(own.batch, { seed, purpose: 'toy/data', step }),
    { ...toys, ...own },
  );
  writeFileSync(stage.output('log'), trainingCsv(log));

  const shape = { batch: BATCH, shape: [dim] };
  const load = async (model: Parameters<typeof evaluationProgram>[3], name: string) => {
    const program = await backend.compile(evaluationProgram(name, shape, classifier.parameters, model));
    program.load({ parameters: state['ema']! });
    return (x: Float32Array, t: number) => evaluate(program, shape, x, t);
  };
  const logits = await load((w) => (x) => classifier.logits(w, x), 'toy logits');
  const logP = await load((w) => (x, t) => logDensity((y) => classifier.logits(w, y), schedule, x, t), 'toy density');
  const epsilonHat = await load((w) => cdmDenoiser((y) => classifier.logits(w, y), schedule), 'toy denoiser');

  const x = density.sample(toys.points, { seed, purpose: 'toy/points' });
  reportDensity(stage, spec, { x, truth: density.logProb(x), estimate: await logP(x, 0) });
  await reportPosteriorAndDenoiser(stage, { density, schedule, x, logits, epsilonHat });
});

function mixtureSpec(toy: string): GaussianMixtureSpec {
  const spec = toySpec(toy);
  if (spec.kind !== 'gaussian-mixture')
    throw new Error(`The toy "${toy}" has no modes to weigh: use two, ring or mix16`);
  return spec;
}

/** NLL, its error, and the weights of the modes. */
function reportDensity(
  stage: Stage,
  { means, weights }: GaussianMixtureSpec,
  { x, truth, estimate }: { x: Float32Array; truth: Float64Array; estimate: Float32Array },
): void {
  const nats = { unit: 'nats', kind: 'estimate' } as const;
  const errors = Array.from(truth, (value, i) => estimate[i]! - value);
  const report = (
    name: string,
    values: readonly number[],
    rest: { kind?: 'exact'; better?: 'lower'; note: string },
  ) => {
    const { mean, standardError, n } = meanAndStandardError(values);
    stage.report(name, { ...nats, value: mean, standardError, n, ...rest });
  };
  report(
    'nll',
    Array.from(estimate, (value) => -value),
    { better: 'lower', note: 'one-shot, Eq. 10 at t = 0' },
  );
  report(
    'nll-exact',
    Array.from(truth, (value) => -value),
    { kind: 'exact', note: 'the true density on the same points' },
  );
  report('nll-error-signed', errors, { note: 'log p_hat - log p, mean over points' });
  report('nll-error-mae', errors.map(Math.abs), { better: 'lower', note: '|log p_hat - log p|, mean over points' });

  // Importance weights p_hat / p turn points of the truth into points of the model.
  const dim = means[0]!.length;
  const mass = new Float64Array(means.length);
  for (const [i, error] of errors.entries()) mass[nearest(means, x, i * dim)]! += Math.exp(error);
  const total = mass.reduce((a, b) => a + b, 0);
  const trueTotal = weights.reduce((a, b) => a + b, 0);
  const lightest = weights.indexOf(Math.min(...weights));
  const n = errors.length;
  stage.report('mode-weight', {
    value: mass[lightest]! / total,
    unit: '1',
    n,
    kind: 'estimate',
    note: `mass of the lightest mode under p_hat, self-normalized importance sampling; the truth is ${weights[lightest]! / trueTotal}`,
  });
  stage.report('mode-weight-error', {
    value: Math.max(...weights.map((weight, k) => Math.abs(mass[k]! / total - weight / trueTotal))),
    unit: '1',
    n,
    kind: 'estimate',
    better: 'lower',
    note: 'largest error of a mode weight',
  });
}

/** KL of the exact p(t | x_t) from the network's, and the squared error of the denoiser beyond the optimal one's. */
async function reportPosteriorAndDenoiser(
  stage: Stage,
  {
    density,
    schedule,
    x,
    logits,
    epsilonHat,
  }: {
    density: GaussianMixture;
    schedule: Schedule;
    x: Float32Array;
    logits: (x: Float32Array, t: number) => Promise<Float32Array>;
    epsilonHat: (x: Float32Array, t: number) => Promise<Float32Array>;
  },
): Promise<void> {
  const { T } = schedule;
  const classes = T + 2;
  const { dim } = density;
  const levels = [0, ...classGrid(T, DENOISING_LEVELS).toReversed(), T + 1];
  const perLevel = Math.floor(x.length / dim / levels.length);
  const marginals = Array.from({ length: classes }, (_, t) =>
    t === 0 ? density : density.at(at(schedule.alpha, t), at(schedule.sigma, t)),
  );
  const divergences: number[] = [];
  const excess: number[] = [];
  for (const [i, t] of levels.entries()) {
    const [alpha, sigma] = [at(schedule.alpha, t), at(schedule.sigma, t)];
    const clean = x.subarray(i * perLevel * dim, (i + 1) * perLevel * dim);
    const epsilon = normals({ seed: stage.seed, purpose: 'toy/noise', step: t }, clean.length);
    const xt = clean.map((value, k) => alpha * value + sigma * epsilon[k]!);
    const predicted = await logits(xt, t);
    const exact = marginals.map((marginal) => marginal.logProb(xt));
    for (let k = 0; k < perLevel; k++) {
      divergences.push(
        divergence(
          exact.map((logProb) => logProb[k]!),
          predicted.subarray(k * classes, (k + 1) * classes),
        ),
      );
    }
    if (t === 0 || t === T + 1) continue;
    const [estimate, optimal] = [await epsilonHat(xt, t), density.posteriorNoise(xt, alpha, sigma)];
    for (let k = 0; k < perLevel; k++) {
      let sum = 0;
      for (let d = k * dim; d < (k + 1) * dim; d++) sum += (estimate[d]! - optimal[d]!) ** 2;
      excess.push(sum / dim);
    }
  }
  const kl = meanAndStandardError(divergences);
  stage.report('posterior-kl', {
    value: kl.mean,
    standardError: kl.standardError,
    n: kl.n,
    unit: 'nats',
    kind: 'estimate',
    better: 'lower',
    note: `KL(p(t|x_t) || network), mean over ${levels.length} noise levels`,
  });
  const mse = meanAndStandardError(excess);
  stage.report('mse-excess', {
    value: mse.mean,
    standardError: mse.standardError,
    n: mse.n,
    unit: '1',
    kind: 'estimate',
    better: 'lower',
    note: `squared distance per dimension to the Bayes-optimal denoiser, mean over ${DENOISING_LEVELS} noise levels`,
  });
}

/** KL(softmax a || softmax b), nats. */
function divergence(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [normA, normB] = [logSumExp(a), logSumExp(b)];
  let sum = 0;
  for (let t = 0; t < a.length; t++) {
    const logA = a[t]! - normA;
    sum += Math.exp(logA) * (logA - (b[t]! - normB));
  }
  return sum;
}

function logSumExp(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - largest);
  return largest + Math.log(sum);
}

/** Index of the mean nearest to the point of x at `offset`. */
function nearest(means: readonly (readonly number[])[], x: Float32Array, offset: number): number {
  const distances = means.map((mean) => mean.reduce((sum, value, d) => sum + (x[offset + d]! - value) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}
