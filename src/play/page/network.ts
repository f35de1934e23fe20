// The model that the page carries, computing in this browser.
import { bitsPerDim8Bit, dequantize } from '../../diffusion/likelihood.ts';
import { dimOf } from '../../diffusion/evaluate.ts';
import { compileModel, type CompiledModel } from '../../models/compiled.ts';
import { batchShapeOf, classifierOf, logDensityProgram, readModel, type TrainedModel } from '../../models/model.ts';
import type { Backend } from '../../tensor/backend.ts';
import { EagerProgram } from '../../tensor/eager.ts';
import type { StreamKey } from '../../tensor/random.ts';
import { files } from './contents.ts';

export class Network {
  readonly model: TrainedModel;
  readonly backend: Backend;
  readonly dim: number;
  /** How many labels it knows; undefined for an unconditional one. */
  readonly labels: number | undefined;
  readonly #logDensity: CompiledModel;

  private constructor(model: TrainedModel, backend: Backend, logDensity: CompiledModel) {
    this.model = model;
    this.backend = backend;
    this.dim = dimOf(batchShapeOf(model.spec, 1).shape);
    this.labels = classifierOf(model.spec).labels;
    this.#logDensity = logDensity;
  }

  /** @param engine tfjs's name of a registered backend */
  static async open(engine: string): Promise<Network> {
    const model = readModel(files.model);
    const backend = browserBackend(engine);
    return new Network(model, backend, await compileModel(backend, logDensityProgram(model, 1), model.weights));
  }

  /** log p_t of one image x [h, w, c], nats (Eq. 10); of a conditional model given the label. */
  async logDensity(x: Float32Array, t: number, label?: number): Promise<number> {
    const [value] = await this.#logDensity.evaluate(x, t, label === undefined ? undefined : Int32Array.of(label));
    return value!;
  }

  bits(logDensity: number): number {
    return bitsPerDim8Bit(logDensity, this.dim);
  }
}

function browserBackend(engine: string): Backend {
  return {
    name: 'tfjs',
    threads: 1,
    versions: {},
    description: engine,
    compile: (definition) => Promise.resolve(new EagerProgram(definition, engine)),
  };
}

/** One of the images [n, h, w, c] as the stage dequantized it. */
export function dequantized(pixels: Uint8Array, dim: number, index: number, stream: StreamKey): Float32Array {
  return dequantize(pixels.subarray(index * dim, (index + 1) * dim), stream, index * dim);
}
