// The two image models of this experiment: how parameters become networks, and how a checkpoint becomes a model again.
import { cdmDenoiser, logDensity } from '../diffusion/cdm.ts';
import { guided, withinRange, type Denoiser, type ValueRange } from '../diffusion/ddm.ts';
import { evaluationProgram, type BatchShape } from '../diffusion/evaluate.ts';
import { cdmFlow, ddmFlow, flowProgram, type FlowDenoiser } from '../diffusion/flow.ts';
import { scheduleFromSpec, type Schedule, type ScheduleSpec } from '../diffusion/schedule.ts';
import { averageClassifier } from '../networks/average.ts';
import { encoderClassifier, type EncoderShape } from '../networks/encoder.ts';
import { energyClassifier, type EnergyShape } from '../networks/energy.ts';
import {
  cumsumHead,
  scaledHead,
  smoothHead,
  type DataMoments,
  type Head,
  type PrincipalGaussian,
} from '../networks/heads.ts';
import { labelLogRatios, type LabelGaussians } from '../networks/label-gaussians.ts';
import { mixerClassifier, mixerDenoiser, type MixerShape } from '../networks/mixer.ts';
import { mlpClassifier, type MlpShape } from '../networks/mlp.ts';
import type { ClassifierNetwork, Conditions, DenoiserNetwork, NoiseLevels } from '../networks/network.ts';
import { pixelsClassifier, type PixelsShape } from '../networks/pixels.ts';
import { halfUnetClassifier, unetClassifier, unetDenoiser, type UnetShape } from '../networks/unet.ts';
import { flatLayout, splitFlat } from '../tensor/flat.ts';
import type { BatchedDefinition, Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { readWeights, writeWeights } from './weights-file.ts';

/** Everything but the weights: what a checkpoint says of itself. */
export interface ModelSpec {
  readonly kind: 'cdm' | 'ddm';
  readonly schedule: ScheduleSpec;
  readonly network: NetworkSpec;
  /** How a classifier makes logits; null for a denoiser. */
  readonly head: HeadSpec | null;
  /** A denoiser that is not told t: it is given 0 at every noise level. */
  readonly isBlind?: boolean;
  /** Of clean images: denoised ones are held within it. Without it they are what the network says. */
  readonly range?: ValueRange;
}

export type NetworkSpec = TrainableNetworkSpec | AverageSpec;

/** Classifiers of the same images and schedule, whose mean logits are the logits; it has no head of its own. */
export interface AverageSpec extends ImageSize {
  readonly kind: 'average';
  readonly members: readonly ModelSpec[];
}

/** One network. */
export type TrainableNetworkSpec =
  | ({ readonly kind: 'unet' | 'half-unet' } & UnetShape)
  | ({ readonly kind: 'encoder' } & EncoderShape)
  | ({ readonly kind: 'pixels' } & PixelsShape)
  | ({ readonly kind: 'mixer' } & MixerShape)
  | ({ readonly kind: 'mlp' } & ImageSize & Omit<MlpShape, 'dim'>)
  | ({ readonly kind: 'energy' } & ImageSize & Omit<EnergyShape, 'dim'>);

type ImageSize = Pick<UnetShape, 'imageSize' | 'inChannels'>;

export type HeadSpec =
  /** `baseline` is the isotropic Gaussian whose logits are added, or null for the paper's head. */
  | { readonly kind: 'cumsum'; readonly baseline: DataMoments | null }
  | { readonly kind: 'smooth'; readonly moments: DataMoments; readonly cosines: number }
  /** A conditional one may know the Gaussians of the labels, too. */
  | { readonly kind: 'scaled'; readonly baseline: PrincipalGaussian; readonly labels?: LabelGaussians };

export interface TrainedModel {
  readonly spec: ModelSpec;
  readonly schedule: Schedule;
  /** The moving average of the weights, one flat vector. */
  readonly weights: Float32Array;
}

/** The classifier of a `cdm` spec. */
export function classifierOf({ network, schedule, head }: ModelSpec): ClassifierNetwork {
  if (network.kind === 'average') return averageClassifier(network.members.map(classifierOf));
  if (head === null) throw new TypeError('A denoiser is no classifier: it has no head');
  const levels = scheduleFromSpec(schedule);
  const classifier = classifierWith(network, headOf(head, levels));
  if (head.kind !== 'scaled' || head.labels === undefined) return classifier;
  return onLabelGaussians(classifier, head.labels, head.baseline, levels);
}

function classifierWith(network: TrainableNetworkSpec, head: Head): ClassifierNetwork {
  const dim = network.imageSize ** 2 * network.inChannels;
  switch (network.kind) {
    case 'unet':
      return unetClassifier(network, head);
    case 'half-unet':
      return halfUnetClassifier(network, head);
    case 'encoder':
      return encoderClassifier(network, head);
    case 'pixels':
      return pixelsClassifier(network, head);
    case 'mixer':
      return mixerClassifier(network, head);
    case 'mlp': {
      const mlp = mlpClassifier({ ...network, dim }, head);
      return { ...mlp, logits: (weights, x) => mlp.logits(weights, tf.reshape(x, [-1, dim])) };
    }
    case 'energy':
      return energyClassifier({ ...network, dim }, head);
  }
}

/** A conditional classifier that starts from the Gaussian of the label, where it is known. */
function onLabelGaussians(
  classifier: ClassifierNetwork,
  labels: LabelGaussians,
  overall: PrincipalGaussian,
  levels: NoiseLevels,
): ClassifierNetwork {
  return {
    ...classifier,
    logits(weights, x, given) {
      const flat = tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;
      return tf.add(classifier.logits(weights, x, given), labelLogRatios(labels, overall, levels, flat, given));
    },
  };
}

function headOf(head: HeadSpec, schedule: Schedule): Head {
  switch (head.kind) {
    case 'cumsum':
      return cumsumHead(schedule, head.baseline ?? undefined);
    case 'smooth':
      return smoothHead(schedule, head.moments, head.cosines);
    case 'scaled':
      return scaledHead(schedule, head.baseline);
  }
}

/** The noise predictor of a `ddm` spec. */
export function denoiserOf({ network, schedule, isBlind = false }: ModelSpec): DenoiserNetwork {
  if (network.kind !== 'unet' && network.kind !== 'mixer') {
    throw new TypeError(`A denoiser must be a U-Net or a mixer, not "${network.kind}"`);
  }
  const denoiser = network.kind === 'mixer' ? mixerDenoiser(network, schedule.T) : unetDenoiser(network);
  if (!isBlind) return denoiser;
  return { ...denoiser, epsilon: (weights, x, t, given) => denoiser.epsilon(weights, x, tf.zerosLike(t), given) };
}

/**
 * E[eps | x_t = x] of either model: inputs x [batch, h, w, c] and t, of a conditional model `label` (as evaluationProgram);
 * output `value` like x. With `guidance` w other than 0 it is guided by the same network's own unconditional estimate.
 */
export function denoisingProgram(
  { spec, schedule }: TrainedModel,
  batch: number,
  { guidance = 0 }: { readonly guidance?: number } = {},
): BatchedDefinition {
  const network = spec.kind === 'cdm' ? classifierOf(spec) : denoiserOf(spec);
  const { labels } = network;
  if (guidance !== 0 && labels === undefined) throw new TypeError('A model without labels cannot be guided by them');
  const denoiserGiven = (weights: Tensors, given: Conditions): Denoiser =>
    'logits' in network
      ? cdmDenoiser((x) => network.logits(weights, x, given), schedule)
      : (x, t) => network.epsilon(weights, x, t, given);
  const model = (weights: Tensors) => (x: tf.Tensor, t: tf.Tensor1D, given: Conditions) => {
    const conditional = denoiserGiven(weights, given);
    const unknown = (): Conditions => ({ label: tf.fill([x.shape[0]!], labels!, 'int32') as tf.Tensor1D });
    const denoiser = guidance === 0 ? conditional : guided(conditional, denoiserGiven(weights, unknown()), guidance);
    return heldNoise({ spec, schedule }, denoiser(x, t), x, t);
  };
  const shape = batchShapeOf(spec, batch);
  return evaluationProgram(`${spec.kind} denoiser`, shape, network.parameters, model, labels !== undefined);
}

/** The noise estimate at x [batch, h, w, c] of the classes t [batch], held within the range of clean images where the model has one. */
export function heldNoise(
  { spec: { range }, schedule }: Pick<TrainedModel, 'spec' | 'schedule'>,
  epsilonHat: tf.Tensor,
  x: tf.Tensor,
  t: tf.Tensor1D,
): tf.Tensor {
  if (range === undefined) return epsilonHat;
  const levels = (values: ArrayLike<number>): tf.Tensor1D => tf.gather(tf.tensor1d(Float32Array.from(values)), t);
  return withinRange(range, epsilonHat, x, levels(schedule.alpha), levels(schedule.sigma));
}

/**
 * log p_t(x) of a CDM by Theorem 3.2, nats; of a conditional one log p_t(x | label): inputs x [batch, h, w, c], t and,
 * where there is one, label; output `value` [batch].
 */
export function logDensityProgram({ spec, schedule }: TrainedModel, batch: number): BatchedDefinition {
  const network = classifierOf(spec);
  return evaluationProgram(
    'cdm log density',
    batchShapeOf(spec, batch),
    network.parameters,
    (weights) => (x, t, given) => logDensity((input) => network.logits(weights, input, given), schedule, x, t),
    network.labels !== undefined,
  );
}

/** f(x) of a CDM: input x [batch, h, w, c] (t is ignored), output `value` [batch, T+2]. */
export function logitsProgram({ spec }: TrainedModel, batch: number): BatchedDefinition {
  const network = classifierOf(spec);
  return evaluationProgram(
    'cdm logits',
    batchShapeOf(spec, batch),
    network.parameters,
    (weights) => (x) => network.logits(weights, x),
  );
}

/** The probability-flow ODE of either model, its divergence along random probes (flow.ts). */
export function odeProgram({ spec, schedule }: TrainedModel, batch: number, probes: number): BatchedDefinition {
  const shape = batchShapeOf(spec, batch);
  const { range } = spec;
  const held = (denoiser: FlowDenoiser): FlowDenoiser =>
    range === undefined ? denoiser : (x, level) => withinRange(range, denoiser(x, level), x, level.alpha, level.sigma);
  if (spec.kind === 'ddm') {
    const network = denoiserOf(spec);
    const model = (weights: Tensors): FlowDenoiser => held(ddmFlow((x, t) => network.epsilon(weights, x, t)));
    return flowProgram('ddm flow', shape, schedule, network.parameters, model, probes);
  }
  const network = classifierOf(spec);
  const model = (weights: Tensors): FlowDenoiser => held(cdmFlow((x) => network.logits(weights, x)));
  return flowProgram('cdm flow', shape, schedule, network.parameters, model, probes);
}

/** Batches of the images that a model is of: [batch, h, w, c]. */
export function batchShapeOf({ network }: ModelSpec, batch: number): BatchShape {
  return { batch, shape: [network.imageSize, network.imageSize, network.inChannels] };
}

/** The mean of the logits of trained classifiers, as one. A RangeError for different schedules or images, or none. */
export function averageOf(models: readonly TrainedModel[]): TrainedModel {
  const [first] = models;
  if (first === undefined) throw new RangeError('An average needs at least one classifier');
  const { imageSize, inChannels } = first.spec.network;
  const isLike = ({ spec: { schedule, network } }: TrainedModel): boolean =>
    JSON.stringify(schedule) === JSON.stringify(first.spec.schedule) &&
    network.imageSize === imageSize &&
    network.inChannels === inChannels;
  if (!models.every(isLike)) throw new RangeError('Classifiers to average must be of the same images and schedule');
  const weights = new Float32Array(models.reduce((sum, model) => sum + model.weights.length, 0));
  let offset = 0;
  for (const model of models) {
    weights.set(model.weights, offset);
    offset += model.weights.length;
  }
  const network = { kind: 'average', imageSize, inChannels, members: models.map(({ spec }) => spec) } as const;
  return { spec: { ...first.spec, network, head: null }, schedule: first.schedule, weights };
}

/** The logits of a trained classifier as a function of x alone: its weights are constants. */
export function fixedLogits(model: TrainedModel): (x: tf.Tensor) => tf.Tensor2D {
  const network = classifierOf(model.spec);
  const layout = flatLayout(network.parameters);
  return (x) => network.logits(splitFlat(layout, tf.tensor1d(model.weights)), x);
}

/** Writes a model as one file: its spec, and the flat vector of its weights. */
export const writeModel = (path: string, spec: ModelSpec, weights: Float32Array): void =>
  writeWeights(path, 'model', spec, weights);

/** Reads what `writeModel` wrote; throws an Error naming the file for anything else. */
export function readModel(path: string): TrainedModel {
  const { spec, weights } = readWeights<ModelSpec>(path, 'model');
  return { spec, schedule: scheduleFromSpec(spec.schedule), weights };
}
