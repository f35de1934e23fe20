import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkGraph, countOps } from '../../src/tensor/graph.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { inputName, outputName, trace } from '../../src/tensor/trace.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { runOnce, scatter } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { interpret } from '../support/interpret.ts';

/** A step that fits any tensor, chosen by two numbers. */
type Step = (x: tf.Tensor, a: number, b: number) => tf.Tensor;
const axisOf = (x: tf.Tensor, a: number): number => a % x.rank;
const steps: Record<string, Step> = {
  transpose: (x, a) => tf.transpose(x, x.shape.map((_, i) => (i + a) % x.rank)),
  swap: (x, a, b) => {
    const perm = x.shape.map((_, i) => i);
    [perm[axisOf(x, a)], perm[axisOf(x, b)]] = [axisOf(x, b), axisOf(x, a)];
    return tf.transpose(x, perm);
  },
  flatten: (x) => tf.reshape(x, [-1, 1]),
  fold: (x, a) => {
    const divisor = [4, 3, 2, 1].find((n) => x.size % n === 0 && n <= 1 + (a % 4))!;
    return tf.reshape(x, [divisor, -1]);
  },
  split: (x, a) => {
    const axis = axisOf(x, a);
    const n = x.shape[axis]!;
    return n % 2 === 0 && x.rank < 5 ? tf.reshape(x, [...x.shape.slice(0, axis), 2, n / 2, ...x.shape.slice(axis + 1)]) : x;
  },
  widen: (x, a) => (x.rank < 5 ? tf.expandDims(x, a % (x.rank + 1)) : x),
  tile: (x, a) => (x.size > 200 ? x : tf.tile(x, x.shape.map((_, i) => (i === axisOf(x, a) ? 2 : 1)))),
  stretch: (x, a) => (x.size > 200 || x.rank > 4 ? x : tf.broadcastTo(tf.expandDims(x, 0), [2 + (a % 2), ...x.shape])),
  sum: (x, a) => tf.sum(x, axisOf(x, a), true),
  mean: (x, a) => (x.rank > 1 ? tf.mean(x, axisOf(x, a)) : x),
  slice: (x, a) => tf.slice(x, x.shape.map((n, i) => (i === axisOf(x, a) && n > 1 ? 1 : 0))),
  reverse: (x, a) => tf.reverse(x, axisOf(x, a)),
  pad: (x, a) => (x.size > 200 ? x : tf.pad(x, x.shape.map((_, i): [number, number] => (i === axisOf(x, a) ? [1, 0] : [0, 0])), 0.25)),
  concat: (x, a) => (x.size > 200 ? x : tf.concat([x, tf.mul(x, 2)], axisOf(x, a))),
  addRow: (x) => tf.add(x, tf.reshape(tf.linspace(0, 1, x.shape.at(-1)!), [-1])),
  center: (x, a) => tf.sub(x, tf.mean(x, axisOf(x, a), true)),
  cumsum: (x, a) => tf.cumsum(x, axisOf(x, a)),
  gram: (x) => { const m = tf.reshape(x, [x.shape[0]!, -1]); return x.shape[0]! > 12 ? x : tf.matMul(m, m, false, true); },
  scale: (x) => tf.mul(x, 1.5),
}; // prettier-ignore

test('any chain of shape operations gives what eager tfjs gives', async () => {
  const backends = await Promise.all((['tfjs', 'cpu'] as const).map((name) => openBackend(name, { threads: 1 })));
  const step = fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(11), fc.nat(11));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (chain) => {
      const definition: ProgramDefinition = {
        name: 'chain',
        state: {},
        inputs: { x: { shape: [2, 3, 4], dtype: 'float32' } },
        run: (_, { x }) => ({ outputs: { y: chain.reduce((value, [name, a, b]) => steps[name]!(value, a, b), x!) } }),
      };
      const graph = trace(definition);
      checkGraph(graph);
      const x = scatter(24, 5);
      const [eager, compiled] = await Promise.all(backends.map((backend) => runOnce(backend, definition, { x })));
      expectClose(interpret(graph, { [inputName('x')]: x })[outputName('y')]!, eager!['y']!, 1e-5, 'interpreted');
      expectClose(compiled!['y']!, eager!['y']!, 1e-5, 'compiled');
    }),
    { numRuns: 150 },
  );
});

test('a group norm through [n, h, w, groups, channels] moves no activations', () => {
  const definition: ProgramDefinition = {
    name: 'norm',
    state: {},
    inputs: { x: { shape: [2, 4, 4, 8], dtype: 'float32' }, w: { shape: [3, 3, 8, 8], dtype: 'float32' } },
    run(_, { x, w }) {
      const conv = (h: tf.Tensor): tf.Tensor => tf.conv2d(h as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
      const grouped = tf.reshape(conv(x!), [2, 4, 4, 2, 4]);
      const centered = tf.sub(grouped, tf.mean(grouped, [1, 2, 4], true));
      return { outputs: { y: tf.sum(conv(tf.reshape(centered, [2, 4, 4, 8])), [1, 2]) } };
    },
  };
  // Only the input and the filter are transposed.
  expect(countOps(trace(definition)).Transpose).toBe(2);
});
