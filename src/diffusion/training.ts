// The training loop of CDM and DDM, of toys and images. All that a step needs is drawn from streams keyed by (seed,
// purpose, step), so a run that stops and resumes takes the same steps, bit for bit, as one that does not.
import type { HostTensors, Program } from '../tensor/program.ts';
import { normals, uniforms, type StreamKey } from '../tensor/random.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../tensor/safetensors.ts';
import { dimOf, type BatchShape } from './evaluate.ts';
import { initialTrainingState, type TrainingTask } from './training-step.ts';

/** Linear warm-up over `warmup` steps to `peak`, then a cosine decay that reaches 0 after `steps` steps, or drops. */
export interface LearningRate {
  readonly peak: number;
  readonly warmup: number;
  readonly steps: number;
  /** Instead of the cosine: multiplied by `factor` after each `every` steps. */
  readonly drops?: { readonly every: number; readonly factor: number } | null | undefined;
}

/** A row of the log: the losses of the batch of this step, and its learning rate. */
export interface TrainingRow {
  readonly step: number;
  readonly learningRate: number;
  readonly losses: Readonly<Record<string, number>>;
}

/** Where a training run is between two steps: all that it needs to go on, in however many parts it runs its batches. */
export interface TrainingProgress {
  /** Steps taken. */
  readonly step: number;
  /** The state of the training step: `parameters`, moments and `ema`. */
  readonly state: HostTensors;
  /** One row for each step taken. */
  readonly log: readonly TrainingRow[];
}

/** A training run. Its program is `trainingStep(task, batchShape, …, accumulate)`, compiled. */
export interface TrainingRun {
  readonly task: TrainingTask;
  readonly program: Program;
  /** Of the whole batch of a step. */
  readonly batchShape: BatchShape;
  /** In how many parts a batch is run, for batches that are larger than memory allows; default 1. */
  readonly accumulate?: number;
  /** Each clean sample stands in two rows, with noise of opposite sign (`stepInputs`); default false. */
  readonly antithetic?: boolean;
  /** The clean data of a step, [batch, ...shape], or half as many if antithetic: a function of the step alone. */
  readonly data: (step: number) => Float32Array;
  /** What the samples of `data` are of: for a conditional network. */
  readonly labels?: (step: number) => Int32Array;
  readonly seed: number;
  readonly learningRate: LearningRate;
  /** Decay of the moving average; in the first steps at most k / (k + 10), so that it forgets the initial weights. */
  readonly emaDecay: number;
  /** Called after every step; it may render or drop what it gets. */
  readonly onStep?: (row: TrainingRow) => void;
  /** Called with the progress so far after every `every` steps. */
  readonly checkpoint?: { readonly every: number; readonly save: (progress: TrainingProgress) => void | Promise<void> };
}

/** A run before its first step. */
export function startTraining(task: TrainingTask, seed: number): TrainingProgress {
  return { step: 0, state: initialTrainingState(task.parameters, seed), log: [] };
}

/** Takes the steps after `start` up to and including step `to`. Throws an Error naming the step whose loss is not finite. */
export async function train(run: TrainingRun, start: TrainingProgress, to: number): Promise<TrainingProgress> {
  const { task, program, accumulate = 1, onStep, checkpoint } = run;
  const gradient = new Float32Array(start.state['parameters']!.length);
  program.load(accumulate === 1 ? start.state : { ...start.state, gradient });
  const log = [...start.log];
  const together = Math.max(1, Math.floor((program.together?.count ?? 1) / accumulate));
  for (let taken = start.step; taken < to;) {
    const nextSave = checkpoint ? checkpoint.every * (Math.floor(taken / checkpoint.every) + 1) : Infinity;
    const steps = Array.from({ length: Math.min(together, to - taken, nextSave - taken) }, (_, i) => taken + 1 + i);
    for (const [i, losses] of (await takeSteps(run, steps)).entries()) {
      const step = steps[i]!;
      const row = { step, learningRate: learningRateAt(run.learningRate, step), losses };
      if (!Number.isFinite(losses['loss'])) {
        const rate = row.learningRate.toPrecision(3);
        throw new Error(
          `Training of the ${task.name} diverged: loss ${losses['loss']} at step ${step}, learning rate ${rate}`,
        );
      }
      log.push(row);
      onStep?.(row);
    }
    taken = steps.at(-1)!;
    if (checkpoint && taken === nextSave)
      await checkpoint.save({ step: taken, state: await readState(program), log: [...log] });
  }
  return { step: Math.max(start.step, to), state: await readState(program), log };
}

/** Takes steps, each in `accumulate` runs on a part of its batch; the losses are those of the whole batches. */
async function takeSteps(run: TrainingRun, steps: readonly number[]): Promise<Record<string, number>[]> {
  const { program, accumulate = 1 } = run;
  const { count, run: runAll } = program.together ?? { count: 1, run: async ([one]: readonly HostTensors[]) => [await program.run(one!)] }; // prettier-ignore
  const outputs: HostTensors[] = [];
  let runs: HostTensors[] = [];
  for (const step of steps) {
    const inputs = stepInputs(run, step);
    const masks = masksOf(run, step);
    for (let part = 0; part < accumulate; part++) {
      runs.push({ ...(accumulate === 1 ? inputs : partOf(inputs, part, accumulate)), ...masks(part) });
      if (runs.length < count && !(step === steps.at(-1) && part === accumulate - 1)) continue;
      outputs.push(...(await runAll(runs)));
      runs = [];
    }
  }
  return steps.map((_, i) => meanLosses(outputs.slice(i * accumulate, (i + 1) * accumulate)));
}

function meanLosses(parts: readonly HostTensors[]): Record<string, number> {
  const names = Object.keys(parts[0]!);
  const mean = (name: string): number => parts.reduce((sum, part) => sum + part[name]![0]!, 0) / parts.length;
  // Losses are float32, as a checkpoint keeps them.
  return Object.fromEntries(names.map((name) => [name, Math.fround(mean(name))]));
}

function partOf(inputs: HostTensors, part: number, parts: number): HostTensors {
  const cut = (name: string): Float32Array | Int32Array => {
    const values = inputs[name]!;
    const size = values.length / parts;
    return values.slice(part * size, (part + 1) * size);
  };
  return {
    ...inputs,
    x0: cut('x0'),
    epsilon: cut('epsilon'),
    t: cut('t'),
    ...(inputs['label'] && { label: cut('label') }),
    isLast: Int32Array.of(Number(part === parts - 1)),
  };
}

/** The dropout masks of each part of a step's batch, made when it is its turn: they are larger than the batch. */
function masksOf({ task, batchShape, accumulate = 1, seed }: TrainingRun, step: number): (part: number) => HostTensors {
  const { dropout } = task;
  if (dropout === undefined) return () => ({});
  const rows = batchShape.batch / accumulate;
  const key = { seed, purpose: 'train/dropout', step };
  return (part) => ({ masks: dropoutMasks(dropout, key, part * rows, rows) });
}

/** The masks [count, size] of the samples from `first` on: 0 with probability `rate`, else 1 / (1 - rate). */
export function dropoutMasks(
  { size, rate }: NonNullable<TrainingTask['dropout']>,
  key: StreamKey,
  first: number,
  count: number,
): Float32Array {
  const masks = uniforms(key, count * size, first * size);
  const kept = 1 / (1 - rate);
  for (let i = 0; i < masks.length; i++) masks[i] = masks[i]! < rate ? 0 : kept;
  return masks;
}

/** The state between steps, where an accumulated gradient is zero and need not be kept. */
async function readState(program: Program): Promise<HostTensors> {
  const { gradient: _, ...state } = await program.read();
  return state;
}

/** The learning rate of step k = 1, 2, …. */
export function learningRateAt({ peak, warmup, steps, drops }: LearningRate, step: number): number {
  if (step <= warmup) return (peak * step) / warmup;
  if (drops) return peak * drops.factor ** Math.floor((step - 1) / drops.every);
  const progress = Math.min(1, (step - warmup) / (steps - warmup));
  return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
}

/**
 * What a step is given. In antithetic pairs, alpha x0 + sigma eps and alpha x0 - sigma eps at the same class, eps and -eps
 * cancel in the gradient of the squared error where the two points are close: what is left of the noise in it is of order
 * sigma. Without pairs it is of order one at every level, and most of it at those where eps cannot be predicted.
 */
function stepInputs(run: TrainingRun, step: number): HostTensors {
  const { task, batchShape, antithetic = false, data, labels, seed, learningRate, emaDecay } = run;
  const { batch, shape } = batchShape;
  const { first, count } = task.classes;
  const drawn = antithetic ? batch / 2 : batch;
  const x0 = data(step);
  const epsilon = normals({ seed, purpose: 'train/noise', step }, drawn * dimOf(shape));
  const t = stratifiedClasses({ seed, purpose: 'train/class', step }, drawn, count).map((k) => first + k);
  const label = labels?.(step);
  return {
    x0: antithetic ? concat(x0, x0) : x0,
    epsilon: antithetic
      ? concat(
          epsilon,
          epsilon.map((value) => -value),
        )
      : epsilon,
    t: antithetic ? Int32Array.of(...t, ...t) : t,
    ...(label && { label: antithetic ? Int32Array.of(...label, ...label) : label }),
    learningRate: Float32Array.of(learningRateAt(learningRate, step)),
    step: Float32Array.of(step),
    emaDecay: Float32Array.of(Math.min(emaDecay, step / (step + 10))),
  };
}

function concat(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/**
 * `batch` classes in 0 .. count-1, each uniform, together as evenly spread as can be (Kingma et al., "Variational
 * diffusion models", 2021, I.1): how often a class occurs in a run is then no longer noise in its estimated density.
 */
export function stratifiedClasses(key: StreamKey, batch: number, count: number): Int32Array {
  const [offset] = uniforms(key, 1);
  return Int32Array.from({ length: batch }, (_, i) => Math.floor(((offset! + i / batch) % 1) * count));
}

const STATE = 'state/';
const LOG = 'log/';

/** The progress of a run as a safetensors file. */
export function encodeProgress({ step, state, log }: TrainingProgress): Uint8Array {
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, data] of Object.entries(state)) tensors[STATE + name] = { shape: [data.length], data };
  for (const name of Object.keys(log[0]?.losses ?? {})) {
    tensors[LOG + name] = { shape: [log.length], data: Float32Array.from(log, ({ losses }) => losses[name]!) };
  }
  return encodeSafetensors({ tensors, metadata: { step: String(step) } });
}

/** Reads what `encodeProgress` wrote, for the run with this learning rate. Throws an Error for anything else. */
export function decodeProgress(bytes: Uint8Array, learningRate: LearningRate): TrainingProgress {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const step = Number(metadata['step']);
  if (!Number.isSafeInteger(step) || step < 0) throw new Error(`Not a training checkpoint: step ${metadata['step']}`);
  const columns = Object.entries(tensors).filter(([name]) => name.startsWith(LOG));
  for (const [name, { data }] of columns) {
    if (data.length !== step)
      throw new Error(`Not a training checkpoint: ${data.length} rows of ${name} at step ${step}`);
  }
  const log = Array.from({ length: step }, (_, i) => ({
    step: i + 1,
    learningRate: learningRateAt(learningRate, i + 1),
    losses: Object.fromEntries(columns.map(([name, { data }]) => [name.slice(LOG.length), data[i]!])),
  }));
  const state: HostTensors = {};
  for (const [name, { data }] of Object.entries(tensors)) {
    if (name.startsWith(STATE)) state[name.slice(STATE.length)] = data as Float32Array;
  }
  return { step, state, log };
}
