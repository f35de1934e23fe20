import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockConvolutions } from '../../src/tensor/blocked.ts';
import { checkGraph, countOps } from '../../src/tensor/graph.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { inputName, outputName, trace } from '../../src/tensor/trace.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { checkDerivatives, runOnce, scatter } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { interpret } from '../support/interpret.ts';

type Padding = 'same' | 'valid' | number;
const conv = (strides: number, pad: Padding) => (x: tf.Tensor, w: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);

describe('conv2d has its value and two derivatives', () => {
  test.each<[string, number, Padding, number[], number[]]>([
    ['3x3, same', 1, 'same', [2, 4, 3, 2], [3, 3, 2, 3]],
    ['3x3, valid', 1, 'valid', [1, 4, 4, 2], [3, 3, 2, 1]],
    ['3x3, stride 2, same', 2, 'same', [2, 4, 4, 1], [3, 3, 1, 2]],
    ['3x3, stride 2, same, odd', 2, 'same', [1, 5, 5, 1], [3, 3, 1, 2]],
    ['2x2, stride 2, valid, a row left over', 2, 'valid', [1, 5, 4, 1], [2, 2, 1, 2]],
    ['1x1', 1, 'same', [2, 3, 2, 2], [1, 1, 2, 3]],
    ['1x1, stride 2', 2, 'same', [1, 4, 4, 2], [1, 1, 2, 2]],
    ['explicit padding', 1, 2, [1, 3, 3, 1], [3, 3, 1, 2]],
    ['2x3', 1, 'same', [1, 4, 4, 1], [2, 3, 1, 2]],
  ])('%s', async (_, strides, pad, x, w) => {
    await checkDerivatives(conv(strides, pad), { shapes: [x, w] });
    expect.hasAssertions();
  });
});

test('a network with convolutions, upsampling, skips and a norm has two derivatives', async () => {
  const network = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => {
    const h = tf.sigmoid(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'));
    const repeated = tf.mul(tf.reshape(h, [1, 2, 1, 2, 1, 2]), tf.ones([1, 1, 2, 1, 2, 1]));
    const up = tf.concat([tf.reshape(repeated, [1, 4, 4, 2]), x], 3);
    const norm = tf.sub(up, tf.mean(up, [1, 2], true));
    return tf.mul(norm, tf.rsqrt(tf.add(tf.mean(tf.square(norm), [1, 2], true), 0.1)));
  };
  await checkDerivatives(network, { shapes: [[1, 4, 4, 1], [3, 3, 1, 2]], tolerance: 1e-4 }); // prettier-ignore
  expect.hasAssertions();
});

/** A convolution, its gradients, and the derivative of the filter gradient by both of its inputs. */
function program(x: readonly number[], w: readonly number[], strides: number, pad: Padding): ProgramDefinition {
  return {
    name: 'conv',
    state: {},
    inputs: { x: { shape: x, dtype: 'float32' }, w: { shape: w, dtype: 'float32' } },
    run(_, { x: image, w: filter }) {
      const loss = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => tf.sum(tf.square(conv(strides, pad)(a, b)));
      const { value, grads } = tf.valueAndGrads((a: tf.Tensor, b: tf.Tensor) => loss(a, b))([image!, filter!]);
      const second = tf.grad((a: tf.Tensor) =>
        tf.sum(tf.square(tf.grads((p: tf.Tensor, q: tf.Tensor) => loss(p, q))([a, filter!])[1]!)),
      )(image!);
      return { outputs: { value, dx: grads[0]!, dw: grads[1]!, second } };
    },
  };
}

const shapes = fc.record({
  batch: fc.constantFrom(1, 2, 8, 9),
  height: fc.integer({ min: 3, max: 6 }),
  width: fc.integer({ min: 3, max: 6 }),
  inChannels: fc.constantFrom(1, 3, 8, 11, 16),
  outChannels: fc.constantFrom(1, 4, 8, 17),
  size: fc.integer({ min: 1, max: 3 }),
  strides: fc.constantFrom(1, 2),
  pad: fc.constantFrom<Padding>('same', 'valid', 1),
});

test('blocked convolutions equal plain ones, whatever the sizes', async () => {
  const backend = await openBackend('cpu', { threads: 2 });
  await fc.assert(
    fc.asyncProperty(shapes, async ({ batch, height, width, inChannels, outChannels, size, strides, pad }) => {
      fc.pre(pad !== 1 || size > 1);
      const x = [batch, height, width, inChannels];
      const w = [size, size, inChannels, outChannels];
      const definition = program(x, w, strides, pad);
      const values = {
        x: scatter(batch * height * width * inChannels, 1),
        w: scatter(size * size * inChannels * outChannels, 2),
      };
      const results = await runOnce(backend, definition, values);
      const graph = trace(definition);
      const expected = interpret(graph, { [inputName('x')]: values.x, [inputName('w')]: values.w });
      for (const [name, actual] of Object.entries(results))
        expectClose(actual, expected[outputName(name)]!, 1e-5, name);
    }),
    { numRuns: 30 },
  );
});

test('blockConvolutions() changes no value and leaves no plain convolution', () => {
  const definition = program([8, 5, 4, 9], [3, 3, 9, 10], 1, 'same');
  const graph = trace(definition);
  const inputs = { [inputName('x')]: scatter(8 * 20 * 9, 1), [inputName('w')]: scatter(9 * 90, 2) };
  const expected = interpret(graph, inputs);
  const blocked = blockConvolutions(graph, 8);
  checkGraph(blocked);
  expect(countOps(blocked).Conv).toBeUndefined();
  expect(countOps(blocked).BlockedConv).toBe(countOps(graph).Conv);
  for (const [name, values] of Object.entries(interpret(blocked, inputs)))
    expectClose(values, expected[name]!, 1e-12, name);
});

test('activations keep channels first: a chain of convolutions transposes only filters, inputs and outputs', () => {
  const definition: ProgramDefinition = {
    name: 'chain',
    state: {},
    inputs: { x: { shape: [2, 4, 4, 8], dtype: 'float32' }, w: { shape: [3, 3, 8, 8], dtype: 'float32' } },
    run(_, { x, w }) {
      let h = x!;
      for (let i = 0; i < 4; i++) {
        h = tf.mul(tf.relu(conv(1, 'same')(h, w!)), tf.mean(h, [1, 2], true));
        h = tf.sub(h, tf.mean(h, 3, true));
      }
      return { outputs: { h } };
    },
  };
  expect(countOps(trace(definition)).Transpose).toBe(3);
});
