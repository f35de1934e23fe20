// What `npm run bench tensor` measures: one entry of a table for each case, told to both sides word for word.
import { classGrid } from '../src/diffusion/sampler.ts';
import { scheduleFromSpec, type ScheduleSpec } from '../src/diffusion/schedule.ts';
import { balancedWeights, type LossWeights } from '../src/diffusion/loss.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import type { EncoderShape } from '../src/networks/encoder.ts';
import type { MlpShape } from '../src/networks/mlp.ts';
import type { UnetShape } from '../src/networks/unet.ts';

export type NetworkSpec =
  | ({ readonly kind: 'unet' } & UnetShape)
  | ({ readonly kind: 'mlp' } & MlpShape & SmoothHeadSpec)
  | ({ readonly kind: 'encoder' } & EncoderShape & SmoothHeadSpec);

/** The smooth head around an isotropic Gaussian whose mean is `mean` in every dimension. */
interface SmoothHeadSpec {
  readonly cosines: number;
  readonly mean: number;
  readonly variance: number;
}

/** One iteration: a training step, the one-shot NLL of many images, or sampling one batch by DDIM. */
export type Work =
  | { readonly kind: 'cdm-step' | 'ddm-step' }
  | { readonly kind: 'nll'; readonly images: number }
  | { readonly kind: 'ddim'; readonly steps: number };

export interface TensorCase {
  readonly name: string;
  readonly title: string;
  readonly work: Work;
  readonly network: NetworkSpec;
  readonly T: number;
  readonly batch: number;
  /** Iterations of a round: enough for a tenth of a second or more. */
  readonly iterations: number;
  /** The ratio, ours over the peer's, that we aim to stay below. */
  readonly target: number;
  /** The case whose milliseconds per image should be at least twice ours. */
  readonly half?: string;
}

/** A case with all that a side needs to know to compute the same numbers. */
export interface ResolvedCase extends TensorCase {
  readonly alpha: readonly number[];
  readonly sigma: readonly number[];
  readonly lossWeights: LossWeights;
  readonly learningRate: number;
  /** The classes that DDIM visits; empty for other work. */
  readonly grid: readonly number[];
}

const unet16 = {
  kind: 'unet',
  imageSize: 16,
  inChannels: 1,
  channels: 32,
  mult: [1, 2, 2],
  blocks: 1,
  groups: 8,
} as const;
const unet32 = { ...unet16, imageSize: 32, inChannels: 3, channels: 64 } as const;
const smooth = { cosines: 32, mean: 0.1, variance: 0.5 } as const;
const mlp = { kind: 'mlp', ...smooth } as const;
const encoder16 = {
  kind: 'encoder',
  ...smooth,
  imageSize: 16,
  inChannels: 1,
  patchSize: 4,
  width: 128,
  blocks: 4,
  groups: 8,
} as const;
const encoder32 = { ...encoder16, imageSize: 32, inChannels: 3, width: 256 } as const;

export const tensorCases: readonly TensorCase[] = [
  {
    name: 'cdm-unet-16',
    title: 'CDM U-Net step, 16x16x1, 32 channels, batch 32',
    work: { kind: 'cdm-step' },
    network: unet16,
    T: 100,
    batch: 32,
    iterations: 4,
    target: 1.5,
  },
  {
    name: 'cdm-unet-32',
    title: 'CDM U-Net step, 32x32x3, 64 channels, batch 16',
    work: { kind: 'cdm-step' },
    network: unet32,
    T: 100,
    batch: 16,
    iterations: 1,
    target: 1.5,
  },
  {
    name: 'cdm-encoder-16',
    title: 'CDM encoder step, 16x16x1, width 128, batch 32',
    work: { kind: 'cdm-step' },
    network: encoder16,
    T: 100,
    batch: 32,
    iterations: 20,
    target: 1,
    half: 'cdm-unet-16',
  },
  {
    name: 'cdm-encoder-32',
    title: 'CDM encoder step, 32x32x3, width 256, batch 16',
    work: { kind: 'cdm-step' },
    network: encoder32,
    T: 100,
    batch: 16,
    iterations: 4,
    target: 1,
    half: 'cdm-unet-32',
  },
  {
    name: 'cdm-mlp-2',
    title: 'CDM MLP step, d=2, width 128, batch 256',
    work: { kind: 'cdm-step' },
    network: { ...mlp, dim: 2, width: 128, depth: 4, inputScale: 4 },
    T: 100,
    batch: 256,
    iterations: 100,
    target: 0.5,
  },
  {
    name: 'cdm-mlp-320',
    title: 'CDM MLP step, d=320, width 512, T=200, batch 256',
    work: { kind: 'cdm-step' },
    network: { ...mlp, dim: 320, width: 512, depth: 3, inputScale: 1 },
    T: 200,
    batch: 256,
    iterations: 20,
    target: 0.7,
  },
  {
    name: 'ddm-unet-16',
    title: 'DDM U-Net step, 16x16x1, 32 channels, batch 32',
    work: { kind: 'ddm-step' },
    network: unet16,
    T: 100,
    batch: 32,
    iterations: 8,
    target: 1.3,
  },
  {
    name: 'nll-unet-16',
    title: 'One-shot NLL of 1,000 images, U-Net, 16x16x1',
    work: { kind: 'nll', images: 1000 },
    network: unet16,
    T: 100,
    batch: 100,
    iterations: 1,
    target: 1.5,
  },
  {
    name: 'nll-encoder-16',
    title: 'One-shot NLL of 1,000 images, encoder, 16x16x1',
    work: { kind: 'nll', images: 1000 },
    network: encoder16,
    T: 100,
    batch: 100,
    iterations: 4,
    target: 1,
  },
  {
    name: 'ddim-unet-16',
    title: 'DDIM of 64 images in 50 steps, CDM U-Net, 16x16x1',
    work: { kind: 'ddim', steps: 50 },
    network: unet16,
    T: 100,
    batch: 64,
    iterations: 1,
    target: 1.5,
  },
  {
    name: 'ddim-encoder-16',
    title: 'DDIM of 64 images in 50 steps, CDM encoder, 16x16x1',
    work: { kind: 'ddim', steps: 50 },
    network: encoder16,
    T: 100,
    batch: 64,
    iterations: 1,
    target: 1,
  },
];

export const scheduleOf = (T: number): ScheduleSpec => ({ kind: 'uniform-log-snr', T });

/** Shape of a sample: [dim] or [height, width, channels]. */
export function sampleShape(network: NetworkSpec): number[] {
  return network.kind === 'mlp' ? [network.dim] : [network.imageSize, network.imageSize, network.inChannels];
}

export function resolveCase(entry: TensorCase): ResolvedCase {
  const { T, work, network } = entry;
  const { alpha, sigma } = scheduleFromSpec(scheduleOf(T));
  return {
    ...entry,
    alpha: [...alpha],
    sigma: [...sigma],
    lossWeights: balancedWeights(dimOf(sampleShape(network))),
    learningRate: 2e-4,
    grid: work.kind === 'ddim' ? classGrid(T, work.steps) : [],
  };
}

/**
 * Floating point operations of an iteration by the usual count, in forward passes of one batch: a backward pass for the
 * input or for the weights costs as much as the forward pass, and a CDM's step runs back through its inner backward pass
 * as well: forward, inner backward, and for each of the two the gradients of its input and of its weights.
 */
export function forwardPasses({ work, batch }: TensorCase): number {
  switch (work.kind) {
    case 'ddm-step':
      return 3;
    case 'cdm-step':
      return 6;
    case 'nll':
      return work.images / batch;
    case 'ddim':
      return 2 * work.steps;
  }
}
