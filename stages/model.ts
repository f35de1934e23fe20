// The two image models of this experiment: how parameters become networks, and how a checkpoint becomes a model again.
import { readFileSync, writeFileSync } from 'node:fs';
import { cdmDenoiser, logDensity } from '../src/diffusion/cdm.ts';
import { evaluationProgram, type BatchShape } from '../src/diffusion/evaluate.ts';
import { scheduleFromSpec, type Schedule, type ScheduleSpec } from '../src/diffusion/schedule.ts';
import { cumsumHead, type DataMoments } from '../src/networks/heads.ts';
import type { ClassifierNetwork, DenoiserNetwork } from '../src/networks/network.ts';
import { unetClassifier, unetDenoiser, type UnetShape } from '../src/networks/unet.ts';
import type { ProgramDefinition } from '../src/tensor/program.ts';
import { decodeSafetensors, encodeSafetensors } from '../src/tensor/safetensors.ts';

/** Everything but the weights: what a checkpoint says of itself. */
export interface ModelSpec {
  readonly kind: 'cdm' | 'ddm';
  readonly schedule: ScheduleSpec;
  readonly unet: UnetShape;
  /** The isotropic Gaussian whose logits the classifier adds to its own, or null for the paper's head. */
  readonly baseline: DataMoments | null;
}

export interface TrainedModel {
  readonly spec: ModelSpec;
  readonly schedule: Schedule;
  /** The moving average of the weights, one flat vector. */
  readonly weights: Float32Array;
}

/** The classifier of a `cdm` spec. */
export function classifierOf({ unet, schedule, baseline }: ModelSpec): ClassifierNetwork {
  return unetClassifier(unet, cumsumHead(scheduleFromSpec(schedule), baseline ?? undefined));
}

/** The noise predictor of a `ddm` spec. */
export function denoiserOf({ unet }: ModelSpec): DenoiserNetwork {
  return unetDenoiser(unet);
}

/** E[eps | x_t = x] of either model: inputs x [batch, h, w, c] and t, output `value` like x. */
export function denoisingProgram({ spec, schedule }: TrainedModel, batch: number): ProgramDefinition {
  const shape = batchShapeOf(spec, batch);
  if (spec.kind === 'ddm') {
    const network = denoiserOf(spec);
    return evaluationProgram(
      'ddm denoiser',
      shape,
      network.parameters,
      (weights) => (x, t) => network.epsilon(weights, x, t),
    );
  }
  const network = classifierOf(spec);
  return evaluationProgram('cdm denoiser', shape, network.parameters, (weights) =>
    cdmDenoiser((x) => network.logits(weights, x), schedule),
  );
}

/** log p_t(x) of a CDM by Theorem 3.2, nats: inputs x [batch, h, w, c] and t, output `value` [batch]. */
export function logDensityProgram({ spec, schedule }: TrainedModel, batch: number): ProgramDefinition {
  const network = classifierOf(spec);
  return evaluationProgram(
    'cdm log density',
    batchShapeOf(spec, batch),
    network.parameters,
    (weights) => (x, t) => logDensity((input) => network.logits(weights, input), schedule, x, t),
  );
}

export function batchShapeOf({ unet }: ModelSpec, batch: number): BatchShape {
  return { batch, shape: [unet.imageSize, unet.imageSize, unet.inChannels] };
}

export function writeModel(path: string, spec: ModelSpec, weights: Float32Array): void {
  const tensors = { weights: { shape: [weights.length], data: weights } };
  writeFileSync(path, encodeSafetensors({ tensors, metadata: { model: JSON.stringify(spec) } }));
}

/** Reads what `writeModel` wrote; throws an Error naming the file for anything else. */
export function readModel(path: string): TrainedModel {
  const { tensors, metadata } = decodeSafetensors(readFileSync(path));
  const weights = tensors['weights']?.data;
  if (metadata['model'] === undefined || !(weights instanceof Float32Array)) {
    throw new Error(`Not a model checkpoint: ${path}`);
  }
  const spec = JSON.parse(metadata['model']) as ModelSpec;
  return { spec, schedule: scheduleFromSpec(spec.schedule), weights };
}
