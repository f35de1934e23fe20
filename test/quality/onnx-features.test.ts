import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onnxFeatures } from '../../src/quality/onnx-features.ts';
import { exportOnnx } from '../../src/tensor/export.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { expectClose } from '../support/close.ts';

/** A stand-in for Inception: the mean of every color, and the value in the middle. */
const network =
  (size: number) =>
  (batch: number): ProgramDefinition => ({
    name: 'stand-in',
    state: {},
    inputs: { x: { shape: [batch, 3, size, size], dtype: 'float32' } },
    run: (_, { x }) => {
      const middle = tf.reshape(tf.slice(x!, [0, 0, size / 2, size / 2], [-1, 3, 1, 1]), [-1, 3]);
      return { outputs: { features: tf.concat([tf.mean(x!, [2, 3]), middle], 1) } };
    },
  });

test('onnxFeatures gives a network of one size resized images, colors first', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'network.onnx');
  writeFileSync(path, exportOnnx(network(4), {}, {}));
  // Two images of 2x2 pixels in three colors; enlarged twice, the pixel at (2, 2) is 3/4 of the way to the last in both.
  const images = Float32Array.from({ length: 24 }, (_, i) => i / 12 - 1);
  const { values, dim } = await onnxFeatures(path, images, [2, 2, 3], 1);
  expect(dim).toBe(6);
  const expected = [0, 1].flatMap((image) => {
    const pixel = (y: number, x: number, color: number): number => images[image * 12 + (y * 2 + x) * 3 + color]!;
    const colors = [0, 1, 2];
    const mean = colors.map((c) => (pixel(0, 0, c) + pixel(0, 1, c) + pixel(1, 0, c) + pixel(1, 1, c)) / 4);
    const near = [0.25, 0.75];
    const middle = colors.map((c) =>
      [0, 1].reduce((sum, y) => sum + [0, 1].reduce((row, x) => row + near[y]! * near[x]! * pixel(y, x, c), 0), 0),
    );
    return [...mean, ...middle];
  });
  expectClose(values, expected, 1e-6);

  // Gray images are the same in three colors, and a batch may end anywhere.
  const gray = await onnxFeatures(path, new Float32Array(35 * 16).fill(0.5), [4, 4, 1], 1);
  expectClose(gray.values, new Float32Array(35 * 6).fill(0.5), 1e-6);
});

test('a file that is no network of images is refused by name', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'network.onnx');
  writeFileSync(path, 'not a network');
  await expect(onnxFeatures(path, new Float32Array(4), [2, 2, 1], 1)).rejects.toThrow(
    /Cannot open the network .*network\.onnx/,
  );
  const flat: ProgramDefinition = {
    name: 'flat',
    state: {},
    inputs: { x: { shape: [2, 4], dtype: 'float32' } },
    run: (_, { x }) => ({ outputs: { y: tf.neg(x!) } }),
  };
  writeFileSync(path, exportOnnx(flat, {}, {}));
  await expect(onnxFeatures(path, new Float32Array(4), [2, 2, 1], 1)).rejects.toThrow(
    /must take \[n, 3, h, w\].*\[2, 4\]/,
  );
});
