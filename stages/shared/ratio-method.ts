// What a method of density-ratio estimation is: what it trains, and how the log ratio p / N(0, I) follows.
import type { ScheduleSpec } from '../../src/diffusion/schedule.ts';
import type { TrainingTask } from '../../src/diffusion/training-step.ts';
import type { MlpShape } from '../../src/networks/mlp.ts';
import type { Tensors } from '../../src/tensor/program.ts';
import type { StreamKey } from '../../src/tensor/random.ts';
import type { tf } from '../../src/tensor/tf.ts';

/** What a task learns with: a perceptron, or the Gaussian family of ratios/gaussian-family.ts. */
export type RatioNetworkSpec = Omit<MlpShape, 'dim'> | { readonly gaussian: true };

export interface RatioSettings {
  readonly schedule: ScheduleSpec;
  readonly cosines: number;
  /** Logistic classifiers of TRE, and where their waymarks are: even in sigma, as published, or in class. */
  readonly bridges: number;
  readonly waymarks: 'sigma' | 'class';
  /** Noise levels that DiffCLF tells apart at a time. */
  readonly levels: number;
  /** Of the time score in dual score matching, in units of its authors' weight. */
  readonly timeWeight: number;
  /** Nodes of the integral over time, and how far time is stretched towards the data. */
  readonly nodes: number;
  readonly stretch: number;
  /** Antithetic pairs of noise at each level, of the denoiser's integral. */
  readonly pairs: number;
  /** Noise levels at which the contrastive loss takes the integral, of one sample each. */
  readonly contrastiveNodes: number;
}

/** One task: the dimensions of its points, what it learns with, and the stream of noise of methods that draw some. */
export interface RatioProblem {
  readonly dim: number;
  readonly network: RatioNetworkSpec;
  readonly settings: RatioSettings;
  readonly noise: StreamKey;
}

/** Values [count] or [count, dim] of a model at the points x [count, dim] of one class or node. */
export type AtClass = (x: Float32Array, t: number) => Promise<Float32Array>;

/** What a method trains, and how its log ratio is evaluated: [count] of x [count, dim], nats. */
export interface RatioMethod {
  readonly task: TrainingTask;
  /** What candidates of its settings are compared by, on held-out samples, where their own losses differ in kind; else `task`. */
  readonly criterion?: TrainingTask | undefined;
  /** Evaluations of the network, or of it and its gradient, for one log ratio. */
  readonly nfe: number;
  /** The model whose values at a class or node make up the log ratio. */
  readonly model: (weights: Tensors) => (x: tf.Tensor, t: tf.Tensor1D) => tf.Tensor;
  readonly logRatio: (model: AtClass, x: Float32Array) => Promise<ArrayLike<number>>;
  readonly note: string;
}

/** Whether squares are all there is: then the truth is a quadratic form, and a method may have a form of its own. */
export const isQuadratic = (network: RatioNetworkSpec): boolean => 'width' in network && network.width === 0;
