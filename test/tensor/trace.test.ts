import { describe, expect, test } from 'vitest';
import { checkGraph, countOps, graphText } from '../../src/tensor/graph.ts';
import { encodeOnnx } from '../../src/tensor/onnx.ts';
import type { ProgramDefinition, Tensors, TensorSpec } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { trace } from '../../src/tensor/trace.ts';

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
const program = (inputs: Record<string, TensorSpec>, run: (inputs: Tensors) => Tensors): ProgramDefinition => ({
  name: 'test',
  state: {},
  inputs,
  run: (_, given) => ({ outputs: run(given) }),
});

/** A classifier's loss through the gradient of its logits, as a CDM has it. */
const twice = program({ x: float(4, 3), w: float(3, 5) }, ({ x, w }) => {
  const loss = (weights: tf.Tensor): tf.Scalar => {
    const logits = (y: tf.Tensor): tf.Tensor => tf.cumsum(tf.tanh(tf.matMul(y, weights)), 1);
    const gradient = tf.grad((y: tf.Tensor) => tf.sum(tf.slice(logits(y), [0, 4], [4, 1])))(x!);
    return tf.add(tf.mean(tf.square(tf.sub(gradient, x!))), tf.mean(logits(x!)));
  };
  return { gradient: tf.grad(loss)(w!) };
});

describe('trace()', () => {
  test('records the same graph and the same bytes each time', () => {
    const [first, second] = [trace(twice), trace(twice)];
    expect(graphText(first)).toBe(graphText(second));
    expect(Buffer.from(encodeOnnx(first)).equals(Buffer.from(encodeOnnx(second)))).toBe(true);
  });

  test('records a double gradient as few operations', async () => {
    const graph = trace(twice);
    checkGraph(graph);
    await expect(graphText(graph)).toMatchFileSnapshot('../golden/tensor/double-gradient.txt');
  });

  test('leaves the tfjs backend and its tensors as they were', () => {
    tf.tidy(() => tf.ones([2]).dataSync());
    const [backend, count] = [tf.getBackend(), tf.memory().numTensors];
    trace(twice);
    expect(tf.getBackend()).toBe(backend);
    expect(tf.memory().numTensors).toBe(count);
    expect(() => trace(program({}, () => ({ y: tf.fft(tf.complex([1], [2])) })))).toThrow();
    expect(tf.getBackend()).toBe(backend);
    expect(tf.memory().numTensors).toBe(count);
  });

  test('does nothing for uniform constants, transposes, broadcasts and repeated work', () => {
    const graph = trace(
      program({ x: float(2, 3), b: float(3) }, ({ x, b }) => {
        const one = tf.ones([2, 3]);
        const same = tf.add(tf.mul(tf.transpose(tf.transpose(x!)), one), tf.zeros([2, 3]));
        const wide = tf.tile(tf.reshape(b!, [1, 3]), [2, 1]);
        return { y: tf.add(same, wide), z: tf.add(tf.sub(x!, tf.neg(b!)), tf.mul(0, tf.exp(x!))) };
      }),
    );
    expect(countOps(graph)).toEqual({ Add: 1, Input: 2 });
    expect(graph.outputs[0]!.value).toBe(graph.outputs[1]!.value);
  });

  test('keeps gradients of sums and means small', () => {
    const graph = trace(
      program({ x: float(64, 8) }, ({ x }) => ({ y: tf.grad((z: tf.Tensor) => tf.mean(tf.mul(z, 3)))(x!) })),
    );
    expect(countOps(graph)).toEqual({ Constant: 1, Expand: 1, Input: 1 });
  });

  test('names the kernel, the line and the way out of what it cannot record', () => {
    const message = (run: (inputs: Tensors) => Tensors): string => {
      try {
        trace(program({ x: float(1, 4, 4, 1) }, run));
      } catch (error) {
        return (error as Error).message;
      }
      return 'traced';
    };
    expect(message(({ x }) => ({ y: tf.maxPool(x as tf.Tensor4D, 2, 2, 'same') }))).toMatch(
      /Cannot trace the kernel "MaxPool" at \S*trace\.test\.ts:\d+:\d+: use tf\.mean or tf\.max over a reshape/,
    );
    expect(message(({ x }) => ({ y: tf.scalar(x!.dataSync()[0]!) }))).toMatch(
      /Cannot read the values.*trace\.test\.ts:\d+/,
    );
    const outside = tf.tensor1d([1, 2]);
    expect(message(({ x }) => ({ y: tf.add(tf.sum(x!), outside) }))).toMatch(
      /made outside the program.*trace\.test\.ts:\d+/,
    );
    outside.dispose();
  });

  test('refuses state that is not what was declared', () => {
    const declare = (run: ProgramDefinition['run']): ProgramDefinition => ({
      name: 'p',
      state: { w: float(2) },
      inputs: {},
      run,
    });
    expect(() => trace(declare(({ w }) => ({ state: { w: tf.sum(w!) }, outputs: {} })))).toThrow(
      'Program "p" returns the state "w" as float32[], declared as float32[2]',
    );
    expect(() => trace(declare(({ w }) => ({ state: { v: w! }, outputs: {} })))).toThrow(
      'returns the state "v", which it does not declare',
    );
  });
});
