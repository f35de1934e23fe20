// A data set as it travels between stages: training and test images in one safetensors file that also says what they
// are, where they come from and, where it is known, which density they follow.
import { readFileSync } from 'node:fs';
import type { DensitySpec } from '../distributions/spec.ts';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../tensor/safetensors.ts';

export type ImageShape = readonly [height: number, width: number, channels: number];

interface Description {
  readonly shape: ImageShape;
  /** Which images these are and what was done to them, for people. */
  readonly source: string;
  /** The law that they were drawn from. */
  readonly density?: DensitySpec;
  /** What each image is of. */
  readonly labels?: Labels;
}

/** Labels 0 .. count - 1, one for each image. */
export interface Labels {
  readonly count: number;
  readonly train: Uint8Array;
  readonly test: Uint8Array;
}

/** Real numbers as they are, [n, height, width, channels]. */
export interface ContinuousDataset extends Description {
  readonly kind: 'continuous';
  readonly train: Float32Array;
  readonly test: Float32Array;
}

/** Pixels 0 .. 255, [n, height, width, channels]: a density needs them dequantized, x = (pixel + u) / 128 - 1. */
export interface EightBitDataset extends Description {
  readonly kind: '8-bit';
  readonly train: Uint8Array;
  readonly test: Uint8Array;
}

export type Dataset = ContinuousDataset | EightBitDataset;

/** The bytes of a data set's file. Throws a RangeError if images are not whole. */
export function encodeDataset({ kind, shape, source, density, labels, train, test }: Dataset): Uint8Array {
  const imageSize = shape[0] * shape[1] * shape[2];
  const tensorOf = (name: string, data: Float32Array | Uint8Array): StoredTensor => {
    if (data.length === 0 || data.length % imageSize !== 0) {
      throw new RangeError(`encodeDataset: ${data.length} ${name} values are not images of ${shape.join('x')}`);
    }
    return { shape: [data.length / imageSize, ...shape], data };
  };
  return encodeSafetensors({
    tensors: {
      train: tensorOf('train', train),
      test: tensorOf('test', test),
      ...(labels && {
        'train-labels': { shape: [labels.train.length], data: labels.train },
        'test-labels': { shape: [labels.test.length], data: labels.test },
      }),
    },
    metadata: {
      kind,
      shape: JSON.stringify(shape),
      source,
      ...(density === undefined ? {} : { density: JSON.stringify(density) }),
      ...(labels && { labels: String(labels.count) }),
    },
  });
}

/** The data set in these bytes; throws an Error that names what is missing or inconsistent. */
export function decodeDataset(bytes: Uint8Array): Dataset {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { kind, source } = metadata;
  if (kind !== 'continuous' && kind !== '8-bit') {
    throw new Error(`Not a data set: its kind is ${JSON.stringify(kind)}, not "continuous" or "8-bit"`);
  }
  if (source === undefined) throw new Error('Not a data set: the metadata has no "source"');
  const shape = parseMetadata(metadata, 'shape');
  if (!Array.isArray(shape) || shape.length !== 3) {
    throw new Error(`Not a data set: its shape ${metadata['shape']} is not [height, width, channels]`);
  }
  const [train, test] = ['train', 'test'].map((name) => {
    const tensor = tensors[name];
    if (tensor === undefined) throw new Error(`Not a data set: no tensor "${name}"`);
    if (tensor.shape.length !== 4 || !shape.every((size, axis) => size === tensor.shape[axis + 1])) {
      throw new Error(
        `Damaged data set: "${name}" is [${tensor.shape.join(', ')}], its images are [${shape.join(', ')}]`,
      );
    }
    if (!(tensor.data instanceof (kind === '8-bit' ? Uint8Array : Float32Array))) {
      throw new Error(`Damaged data set: "${name}" holds ${tensor.data.constructor.name}, but its kind is "${kind}"`);
    }
    return tensor.data;
  });
  const labels = metadata['labels'] === undefined ? undefined : decodeLabels(Number(metadata['labels']), tensors);
  const description = {
    shape: shape as unknown as ImageShape,
    source,
    ...(metadata['density'] === undefined ? {} : { density: parseMetadata(metadata, 'density') as DensitySpec }),
    ...(labels && { labels }),
  };
  return { kind, train, test, ...description } as Dataset;
}

function decodeLabels(count: number, tensors: Readonly<Record<string, StoredTensor>>): Labels {
  const [train, test] = ['train', 'test'].map((part) => {
    const name = `${part}-labels`;
    const data = tensors[name]?.data;
    const images = tensors[part]!.shape[0];
    if (!(data instanceof Uint8Array) || data.length !== images || !data.every((label) => label < count)) {
      throw new Error(`Damaged data set: "${name}" are not ${images} labels below ${count}`);
    }
    return data;
  });
  return { count, train: train!, test: test! };
}

/** Reads a data set's file; a failure names the file. */
export function readDataset(path: string): Dataset {
  const bytes = readFileSync(path);
  try {
    return decodeDataset(bytes);
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
}

function parseMetadata(metadata: Readonly<Record<string, string>>, key: string): unknown {
  try {
    return JSON.parse(metadata[key] ?? 'null');
  } catch (cause) {
    throw new Error(`Not a data set: the metadata "${key}" is not JSON`, { cause });
  }
}
