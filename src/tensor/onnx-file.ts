// Somebody else's network: an ONNX file with one input and features as its first output, run on the CPU.
import type * as Ort from 'onnxruntime-node';
import { loadRuntime, sessionOptions } from './session.ts';

export interface OnnxFile {
  /** `uint8` or `float32`, and its shape; a size that the file leaves open is null. */
  readonly input: { readonly dtype: 'float32' | 'uint8'; readonly shape: readonly (number | null)[] };
  /** The first output, [batch, …], of an input of that shape. */
  run(values: Float32Array | Uint8Array, shape: readonly number[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Opens the file. Throws an Error naming it when it does not have one float32 or uint8 input. */
export async function openOnnxFile(path: string, threads: number): Promise<OnnxFile> {
  const ort = await loadRuntime();
  let session: Ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(path, sessionOptions(threads));
  } catch (cause) {
    throw new Error(`Cannot open the network ${path}: ${(cause as Error).message}`, { cause });
  }
  const [input, ...others] = session.inputMetadata;
  if (input === undefined || others.length > 0 || !input.isTensor || !['float32', 'uint8'].includes(input.type)) {
    throw new Error(
      `The network ${path} must have one input, of float32 or uint8: it has ${session.inputNames.join(', ')}`,
    );
  }
  const dtype = input.type as 'float32' | 'uint8';
  return {
    input: { dtype, shape: input.shape.map((size) => (typeof size === 'number' ? size : null)) },
    async run(values, shape) {
      const results = await session.run({ [input.name]: new ort.Tensor(dtype, values, shape) });
      return results[session.outputNames[0]!]!.data as Float32Array;
    },
    dispose: () => session.release(),
  };
}
