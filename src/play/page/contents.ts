// What the page carries besides the model: test images, what the pipeline says of them, and where all of it comes from.
import { decodeSafetensors, encodeSafetensors } from '../../tensor/safetensors.ts';
import type { StreamKey } from '../../tensor/random.ts';

/** The files in the page, by name. */
export const files = {
  model: 'model.safetensors',
  contents: 'contents.safetensors',
  /** What tfjs computes with on a processor, for browsers that know 128-bit registers. */
  wasm: 'tfjs-backend-wasm-simd.wasm',
} as const;

export interface Contents extends Description {
  /** The first test images [n, h, w, c]. */
  readonly pixels: Uint8Array;
  /** What each of them is of; absent where nobody says. */
  readonly labels?: Uint8Array;
  /** log p_0 and log p_1 of all test images, nats, as the stage computed them; of a conditional model given their labels. */
  readonly logDensities: Float32Array;
  readonly logDensitiesFirst: Float32Array;
}

interface Description {
  readonly shape: readonly [height: number, width: number, channels: number];
  /** Which images these are. */
  readonly source: string;
  /** Dequantizes the test images. */
  readonly stream: StreamKey;
  /** The share of each label among the training images; absent where nobody says. */
  readonly frequencies?: readonly number[];
  readonly made: Provenance;
  readonly sampling: SamplingDefaults;
}

/** What leads from the page back to the run. */
export interface Provenance {
  /** The stage that wrote the page, its cell and its seed. */
  readonly stage: string;
  readonly cell: Readonly<Record<string, string | number | boolean>>;
  readonly seed: number;
  /** SHA-256 of the checkpoint's file, by which records and manifests name it. */
  readonly modelDigest: string;
  readonly datasetDigest: string;
  /** What computed the likelihoods that the page compares its own with. */
  readonly numbers: string;
}

export interface SamplingDefaults {
  readonly spacing: 'linspace' | 'leading';
  readonly ddpmSteps: number;
  readonly ddimSteps: number;
  readonly dpmSolverSteps: number;
  readonly dpmSolver: 'midpoint' | 'taylor';
}

export function encodeContents({ pixels, labels, logDensities, logDensitiesFirst, ...rest }: Contents): Uint8Array {
  const count = pixels.length / rest.shape.reduce((a, b) => a * b, 1);
  const description: Description = rest;
  return encodeSafetensors({
    tensors: {
      pixels: { shape: [count, ...rest.shape], data: pixels },
      log_density: { shape: [logDensities.length], data: logDensities },
      log_density_t1: { shape: [logDensitiesFirst.length], data: logDensitiesFirst },
      ...(labels && { labels: { shape: [labels.length], data: labels } }),
    },
    metadata: { description: JSON.stringify(description) },
  });
}

export function decodeContents(bytes: Uint8Array): Contents {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const labels = tensors['labels']?.data as Uint8Array | undefined;
  return {
    ...(JSON.parse(metadata['description']!) as Description),
    pixels: tensors['pixels']!.data as Uint8Array,
    logDensities: tensors['log_density']!.data as Float32Array,
    logDensitiesFirst: tensors['log_density_t1']!.data as Float32Array,
    ...(labels && { labels }),
  };
}
