// What cannot be traced fails at once, with the kernel, the line of the program and a way out.
import { describe, expect, test } from 'vitest';
import { kernelRules } from '../../src/tensor/kernels/index.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { trace } from '../../src/tensor/trace.ts';

/** The message of the error that tracing `run` on x of a shape ends with. */
function message(shape: readonly number[], run: (x: tf.Tensor) => tf.Tensor): string {
  const definition: ProgramDefinition = {
    name: 'test',
    state: {},
    inputs: { x: { shape, dtype: 'float32' } },
    run: (_, { x }) => ({ outputs: { y: run(x!) } }),
  };
  try {
    trace(definition);
  } catch (error) {
    return (error as Error).message;
  }
  return 'traced';
}

const image = [1, 4, 4, 2];
const ops: readonly [kernel: string, shape: readonly number[], run: (x: tf.Tensor) => tf.Tensor][] = [
  ['Atan2', [3], (x) => tf.atan2(x, x)],
  ['AvgPool', image, (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'same')],
  ['BatchToSpaceND', [4, 1, 1, 1], (x) => tf.batchToSpaceND(x, [2, 2], [[0, 0], [0, 0]])], // prettier-ignore
  ['Bincount', [3], (x) => tf.bincount(tf.cast(x, 'int32') as tf.Tensor1D, [] as unknown as tf.Tensor1D, 3)],
  ['Conv3D', [1, 3, 3, 3, 1], (x) => tf.conv3d(x as tf.Tensor5D, tf.ones([2, 2, 2, 1, 1]), 1, 'same')],
  ['Cumprod', [3], (x) => tf.cumprod(x)],
  ['DepthToSpace', [1, 2, 2, 4], (x) => tf.depthToSpace(x as tf.Tensor4D, 2)],
  ['DepthwiseConv2dNative', image, (x) => tf.depthwiseConv2d(x as tf.Tensor4D, tf.ones([2, 2, 2, 1]), 1, 'same')],
  ['Diag', [3], (x) => tf.diag(x)],
  ['Dilation2D', image, (x) => tf.dilation2d(x as tf.Tensor4D, tf.ones([2, 2, 2]), 1, 'same')],
  ['Einsum', [2, 2], (x) => tf.einsum('ij->ji', x)],
  [
    'FusedBatchNorm',
    image,
    (x) => tf.batchNorm4d(x as tf.Tensor4D, tf.ones([2]) as tf.Tensor1D, tf.ones([2]) as tf.Tensor1D),
  ],
  ['FusedConv2D', image, (x) => tf.fused.conv2d({ x: x as tf.Tensor4D, filter: tf.ones([1, 1, 2, 1]), strides: 1, pad: 'same', activation: 'relu' })], // prettier-ignore
  ['LRN', image, (x) => tf.localResponseNormalization(x as never)],
  ['MaxPool', image, (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'same')],
  ['MirrorPad', [3], (x) => tf.mirrorPad(x, [[1, 1]], 'reflect')],
  ['Multinomial', [3], (x) => tf.multinomial(x as tf.Tensor1D, 2)],
  ['ResizeBilinear', image, (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 8])],
  ['ResizeNearestNeighbor', image, (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [8, 8])],
  ['ScatterNd', [2], (x) => tf.scatterND(tf.tensor2d([0, 2], [2, 1], 'int32'), x, [4])],
  ['SearchSorted', [3], (x) => tf.searchSorted(x, x)],
  ['TensorScatterUpdate', [3], (x) => tf.tensorScatterUpdate(x, tf.tensor2d([0], [1, 1], 'int32'), tf.ones([1]))],
  ['TopK', [3], (x) => tf.topk(x, 2).values],
  ['Unique', [3], (x) => tf.unique(x).values],
  ['_FusedMatMul', [2, 2], (x) => tf.fused.matMul({ a: x, b: x, activation: 'relu' })],
  ['tf.gather with batchDims', [2, 3], (x) => tf.gather(x, tf.tensor2d([0, 1], [2, 1], 'int32'), 1, 1)],
  ['padded by a number', image, (x) => tf.conv2d(x as tf.Tensor4D, tf.ones([2, 2, 2, 1]), [1, 2], 1)],
  ['a dilated convolution', image, (x) => tf.conv2d(x as tf.Tensor4D, tf.ones([2, 2, 2, 1]), 1, 'same', 'NHWC', 2)],
];

describe('tracing refuses', () => {
  test.each(ops)('%s, with its line and what to write instead', (kernel, shape, run) => {
    const text = message(shape, run);
    expect(text).toContain(kernel);
    expect(text).toMatch(/unsupported\.test\.ts:\d+:\d+/);
    expect(text).toMatch(/use \S/);
  });

  test('no kernel without a way out', () => {
    for (const [kernel, rule] of Object.entries(kernelRules)) {
      if (typeof rule !== 'function') expect(rule.instead, kernel).toMatch(/^(tf\.|an? |real |random |shapes |operations |integer )/); // prettier-ignore
    }
    // Every kernel that the reference backend has is in the table.
    for (const { kernelName } of tf.getKernelsForBackend('cpu')) expect(Object.keys(kernelRules)).toContain(kernelName);
  });

  test('strings and complex numbers', () => {
    expect(message([2], (x) => tf.fft(tf.complex(x, x)))).toMatch(/Complex.*unsupported\.test\.ts:\d+.*use real/);
    expect(message([2], () => tf.tensor1d(['a']))).toMatch(/type string.*unsupported\.test\.ts:\d+/);
  });
});
