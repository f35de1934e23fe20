// One training step as a program: loss, its gradient (for a CDM through a gradient: double back-propagation), Adam, EMA.
import { adamStep, type AdamOptions } from '../tensor/adam.ts';
import { emaStep } from '../tensor/ema.ts';
import { concatFlat, flatLayout, initialize, splitFlat, type Parameter } from '../tensor/flat.ts';
import type { HostTensors, ProgramDefinition, Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { BatchShape } from './evaluate.ts';
import { distillationLoss } from './distillation.ts';
import { cdmLoss, ddmLoss, labelLoss, type Losses, type LossWeights, type NoisedBatch } from './loss.ts';
import type { Schedule } from './schedule.ts';

/** What is trained: parameters, the loss as a function of them, and the classes that t is drawn from. */
export interface TrainingTask {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly loss: (weights: Tensors, batch: NoisedBatch) => Losses;
  /** t is uniform on first .. first + count - 1. */
  readonly classes: { readonly first: number; readonly count: number };
  /** Units of a sample that training drops, and how often; absent without dropout. */
  readonly dropout?: { readonly size: number; readonly rate: number } | undefined;
  /** How many labels a conditional network knows; absent without. */
  readonly labels?: number | undefined;
}

/** What a task needs of a network besides its function. */
type Trainable = Pick<TrainingTask, 'parameters' | 'dropout' | 'labels'>;
/** What a network is given besides the image and its class. */
type Given = Pick<NoisedBatch, 'label' | 'masks'>;

/** Trains a noise-level classifier by Algorithm 1, on all classes 0..T+1. */
export function cdmTask(
  network: Trainable & { logits: (weights: Tensors, x: tf.Tensor, given: Given) => tf.Tensor2D },
  schedule: Schedule,
  weights: LossWeights,
): TrainingTask {
  return {
    name: 'cdm',
    ...trainable(network),
    loss: (values, batch) => cdmLoss((x) => network.logits(values, x, batch), schedule, batch, weights),
    classes: { first: 0, count: schedule.T + 2 },
  };
}

/** Trains a noise-level classifier on what another says of noisy data (`distillationLoss`), on all classes 0..T+1. */
export function distillationTask(
  student: Trainable & { logits: (weights: Tensors, x: tf.Tensor, given: Given) => tf.Tensor2D },
  teacher: (x: tf.Tensor) => tf.Tensor2D,
  schedule: Schedule,
  weights: LossWeights,
): TrainingTask {
  return {
    name: 'distilled cdm',
    ...trainable(student),
    loss: (values, batch) => {
      return distillationLoss((x) => student.logits(values, x, batch), teacher, schedule, batch, weights);
    },
    classes: { first: 0, count: schedule.T + 2 },
  };
}

/** Trains a noise predictor by DDPM's simple loss, on the classes 1..T that a sampler visits. */
export function ddmTask(
  network: Trainable & { epsilon: (weights: Tensors, x: tf.Tensor, t: tf.Tensor1D, given: Given) => tf.Tensor },
  schedule: Schedule,
): TrainingTask {
  return {
    name: 'ddm',
    ...trainable(network),
    loss: (values, batch) => ddmLoss((x, t) => network.epsilon(values, x, t, batch), schedule, batch),
    classes: { first: 1, count: schedule.T },
  };
}

/** Trains a classifier of clean images, without noise: t is 0 throughout. */
export function labelTask(
  network: Trainable & { logits: (weights: Tensors, x: tf.Tensor) => tf.Tensor2D },
): TrainingTask {
  return {
    name: 'classifier of images',
    ...trainable(network),
    loss: (values, batch) => labelLoss((x) => network.logits(values, x), batch),
    classes: { first: 0, count: 1 },
  };
}

const trainable = ({ parameters, dropout, labels }: Trainable): Trainable => ({ parameters, dropout, labels });

/**
 * The program of a training step. State: `parameters`, Adam's moments and `ema`, flat vectors. Inputs: clean data `x0` and
 * noise `epsilon` [batch, ...shape], classes `t` [batch], and the scalars `learningRate`, `step` (from 1) and `emaDecay`;
 * for a conditional network `label` [batch], for one that drops units `masks` [batch, dropout.size]. Outputs: the losses,
 * scalars.
 *
 * With `accumulate` = k > 1 a step is k runs, on a k-th of the batch each: the program takes batch/k samples, the state
 * `gradient` (zero between steps) adds up what they ask for, and the scalar input `isLast` is 1 in the run that updates
 * and 0 before. Losses are means over the batch, so the gradient is the whole batch's. Throws a RangeError unless k
 * divides the batch.
 */
export function trainingStep(
  task: TrainingTask,
  { batch, shape }: BatchShape,
  adam: AdamOptions,
  accumulate = 1,
): ProgramDefinition {
  if (!Number.isInteger(batch / accumulate)) {
    throw new RangeError(`A batch of ${batch} cannot be accumulated in ${accumulate} equal parts`);
  }
  const layout = flatLayout(task.parameters);
  const vector = { shape: [layout.size], dtype: 'float32' } as const;
  const rows = batch / accumulate;
  const samples = { shape: [rows, ...shape], dtype: 'float32' } as const;
  const scalar = { shape: [], dtype: 'float32' } as const;
  const isWhole = accumulate === 1;
  return {
    name: `${task.name} training step`,
    state: {
      parameters: vector,
      firstMoment: vector,
      secondMoment: vector,
      ema: vector,
      ...(isWhole ? {} : { gradient: vector }),
    },
    inputs: {
      x0: samples,
      epsilon: samples,
      t: { shape: [rows], dtype: 'int32' },
      ...(task.labels === undefined ? {} : { label: { shape: [rows], dtype: 'int32' } as const }),
      ...(task.dropout && { masks: { shape: [rows, task.dropout.size], dtype: 'float32' } as const }),
      learningRate: scalar,
      step: scalar,
      emaDecay: scalar,
      ...(isWhole ? {} : { isLast: { shape: [], dtype: 'int32' } }),
    },
    run(state, inputs) {
      const { parameters, firstMoment, secondMoment, ema } = state as Record<string, tf.Tensor1D>;
      const { learningRate, step, emaDecay } = inputs as Record<string, tf.Scalar>;
      const { x0, epsilon, t, label, masks } = inputs;
      const noised = { x0, epsilon, t, ...(label && { label }), ...(masks && { masks }) } as NoisedBatch;
      const weights = splitFlat(layout, parameters!);
      const { losses, gradients } = lossesAndGradients((values) => task.loss(values, noised), weights);
      const own = concatFlat(layout, gradients);
      const gradient = isWhole ? own : (tf.add(state['gradient']!, tf.div(own, accumulate)) as tf.Tensor1D);
      const adamState = { parameters: parameters!, firstMoment: firstMoment!, secondMoment: secondMoment! };
      const moved = adamStep(adamState, gradient, learningRate!, step!, adam);
      const next: Tensors = { ...moved, ema: emaStep(ema!, moved.parameters, emaDecay!) };
      return { state: isWhole ? next : whereLast(inputs['isLast']!, next, state, gradient), outputs: losses };
    },
  };
}

/** The state after one of several runs of a step: the last moves on and starts a new gradient, the others keep theirs. */
function whereLast(isLast: tf.Tensor, next: Tensors, state: Tensors, gradient: tf.Tensor): Tensors {
  const condition = tf.cast(isLast, 'bool');
  const entries = Object.entries({ ...next, gradient: tf.zerosLike(gradient) });
  return Object.fromEntries(
    entries.map(([name, value]) => [name, tf.where(condition, value, name === 'gradient' ? gradient : state[name]!)]),
  );
}

/** The state of a training step before step 1, its parameters drawn from the stream (seed, 'initial'). */
export function initialTrainingState(parameters: readonly Parameter[], seed: number): HostTensors {
  const initial = initialize(parameters, { seed, purpose: 'initial' });
  const zeros = new Float32Array(initial.length);
  return { parameters: initial, firstMoment: zeros, secondMoment: zeros.slice(), ema: initial.slice() };
}

/** All losses, and the gradient of `loss` with respect to each of the weights. */
function lossesAndGradients(
  loss: (weights: Tensors) => Losses,
  weights: Tensors,
): { losses: Tensors; gradients: Tensors } {
  const names = Object.keys(weights);
  const watched: [string, tf.Tensor][] = [];
  const { grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
    const losses = loss(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
    // tfjs disposes of all that is made in here but the value returned, unless it is kept.
    for (const [name, value] of Object.entries(losses)) watched.push([name, tf.keep(value)]);
    return losses.loss;
  })(names.map((name) => weights[name]!));
  const losses = Object.fromEntries(watched.map(([name, value]) => [name, value.clone()]));
  for (const [, value] of watched) value.dispose();
  return { losses, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])) };
}
