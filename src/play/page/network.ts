// The model that the page carries, computing in this browser.
import { denoise } from '../../diffusion/cdm.ts';
import { bitsPerDim8Bit } from '../../diffusion/likelihood.ts';
import { dimOf, type BatchShape } from '../../diffusion/evaluate.ts';
import { ddimStep, type SamplingRun } from '../../diffusion/sampler.ts';
import { compileModel, type CompiledModel } from '../../models/compiled.ts';
import {
  batchShapeOf,
  classifierOf,
  denoisingProgram,
  heldNoise,
  logDensityProgram,
  readModel,
  type TrainedModel,
} from '../../models/model.ts';
import { logSoftmax } from '../../statistics/log-softmax.ts';
import type { Backend } from '../../tensor/backend.ts';
import { EagerProgram } from '../../tensor/eager.ts';
import { flatLayout, splitFlat } from '../../tensor/flat.ts';
import type { Program, ProgramDefinition } from '../../tensor/program.ts';
import { tf } from '../../tensor/tf.ts';
import { files } from './contents.ts';

/** What tfjs computes with. */
export type Engine = 'wasm' | 'cpu' | 'webgl';

/** What the classifier says of one image with noise. */
export interface Look {
  /** p(t | x_t) of the classes 0 .. T+1. */
  readonly posterior: Float64Array;
  /** The image without its noise [h, w, c] (Eq. 8). */
  readonly denoised: Float32Array;
}

export class Network {
  readonly model: TrainedModel;
  readonly engine: Engine;
  readonly batchShape: BatchShape;
  readonly dim: number;
  /** How many labels it knows; undefined for an unconditional one. */
  readonly labels: number | undefined;
  readonly #backend: Backend;
  readonly #logDensity: CompiledModel;
  readonly #look: Program;
  #denoiser: { readonly guidance: number; readonly compiled: CompiledModel } | undefined;

  private constructor(model: TrainedModel, engine: Engine, backend: Backend, logDensity: CompiledModel, look: Program) {
    this.model = model;
    this.engine = engine;
    this.batchShape = batchShapeOf(model.spec, 1);
    this.dim = dimOf(this.batchShape.shape);
    this.labels = classifierOf(model.spec).labels;
    this.#backend = backend;
    this.#logDensity = logDensity;
    this.#look = look;
  }

  static async open(engine: Engine): Promise<Network> {
    const model = readModel(files.model);
    const backend = browserBackend(engine);
    const logDensity = await compileModel(backend, logDensityProgram(model, 1), model.weights);
    const look = await backend.compile(lookProgram(model));
    look.load({ parameters: model.weights });
    return new Network(model, engine, backend, logDensity, look);
  }

  /** log p_t of one image x [h, w, c], nats (Eq. 10); of a conditional model given the label. */
  async logDensity(x: Float32Array, t: number, label?: number): Promise<number> {
    const [value] = await this.#logDensity.evaluate(x, t, this.#given(label));
    return value!;
  }

  bits(logDensity: number): number {
    return bitsPerDim8Bit(logDensity, this.dim);
  }

  /** One forward and one backward pass at x_t. */
  async look(x: Float32Array, t: number, label?: number): Promise<Look> {
    const given = this.#given(label);
    const { logits, epsilonHat } = await this.#look.run({ x, t: Int32Array.of(t), ...(given && { label: given }) });
    const posterior = logSoftmax(logits!, logits!.length).map(Math.exp);
    return { posterior, denoised: this.denoised(x, epsilonHat!, t) };
  }

  /** The estimate of x_0, which is where DDIM's step to t = 0 leads. */
  denoised(x: Float32Array, epsilonHat: ArrayLike<number>, t: number): Float32Array {
    const { onX, onEpsilon } = ddimStep(this.model.schedule, t, 0);
    return x.map((value, k) => onX * value + onEpsilon * epsilonHat[k]!);
  }

  /** What a sampler is given, with guidance of weight w; compiled once for each w. */
  async denoiser(guidance: number): Promise<Pick<SamplingRun, 'denoiser' | 'batchShape' | 'schedule'>> {
    if (this.#denoiser?.guidance !== guidance) {
      await this.#denoiser?.compiled.dispose();
      const definition = denoisingProgram(this.model, 1, { guidance });
      this.#denoiser = { guidance, compiled: await compileModel(this.#backend, definition, this.model.weights) };
    }
    const { program, batchShape } = this.#denoiser.compiled;
    return { denoiser: program, batchShape, schedule: this.model.schedule };
  }

  /** What a conditional model is told; its number of labels stands for "not known". */
  #given(label: number | undefined): Int32Array | undefined {
    return this.labels === undefined ? undefined : Int32Array.of(label ?? this.labels);
  }
}

/** Logits and noise estimate of one pass: inputs x [1, h, w, c], t and perhaps label; outputs `logits` and `epsilonHat`. */
function lookProgram(model: TrainedModel): ProgramDefinition {
  const { spec, schedule } = model;
  const network = classifierOf(spec);
  const layout = flatLayout(network.parameters);
  const { shape } = batchShapeOf(spec, 1);
  return {
    name: 'look',
    state: { parameters: { shape: [layout.size], dtype: 'float32' } },
    inputs: {
      x: { shape: [1, ...shape], dtype: 'float32' },
      t: { shape: [1], dtype: 'int32' },
      ...(network.labels !== undefined && { label: { shape: [1], dtype: 'int32' } as const }),
    },
    run({ parameters }, { x, t, label }) {
      const weights = splitFlat(layout, parameters as tf.Tensor1D);
      const given = label && { label: label as tf.Tensor1D };
      const classifier = (input: tf.Tensor): tf.Tensor2D => network.logits(weights, input, given);
      const { logits, epsilonHat } = denoise(classifier, schedule, x!, t as tf.Tensor1D);
      return { outputs: { logits, epsilonHat: heldNoise(model, epsilonHat, x!, t as tf.Tensor1D) } };
    },
  };
}

function browserBackend(engine: Engine): Backend {
  return {
    name: 'tfjs',
    threads: 1,
    versions: { '@tensorflow/tfjs-core': tf.version_core },
    description: engine,
    compile: (definition) => Promise.resolve(new EagerProgram(definition, engine)),
  };
}
