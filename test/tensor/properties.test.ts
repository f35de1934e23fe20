// Kernels on shapes that nobody chose: values against float64, first and second derivatives also against eager tfjs and
// central differences.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tf } from '../../src/tensor/tf.ts';
import { checkDerivatives } from '../support/backends.ts';

const RUNS = { numRuns: 12 };
const size = fc.integer({ min: 1, max: 3 });
const shape = fc.array(size, { minLength: 1, maxLength: 4 });

/** Two shapes that broadcast: some sizes of either are one, and either lacks some leading axes. */
const broadcasting = shape.chain((full) => {
  const part = fc
    .tuple(fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }), fc.nat(full.length - 1))
    .map(([ones, skip]) => full.map((n, i) => (ones[i] ? 1 : n)).slice(skip));
  return fc.tuple(part, part);
});

const binary: Readonly<Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  squaredDifference: tf.squaredDifference,
  maximum: (a, b) => tf.maximum(tf.mul(a, 1.01), b),
  minimum: (a, b) => tf.minimum(tf.mul(a, 1.01), b),
  where: (a, b) => tf.where(tf.greater(tf.mul(a, 1.01), b), tf.mul(a, b), tf.sub(tf.square(b), a)),
};

test('two tensors of any shapes that broadcast', async () => {
  await fc.assert(
    fc.asyncProperty(broadcasting, fc.constantFrom(...Object.keys(binary)), ([a, b], name) =>
      checkDerivatives(binary[name]!, { shapes: [a, b], center: 2.5, tolerance: 5e-5 }),
    ),
    { numRuns: 25 },
  );
  expect.hasAssertions();
});

test('convolutions of any size, stride and padding', async () => {
  const sizes = fc.record({
    batch: size,
    height: fc.integer({ min: 2, max: 5 }),
    width: fc.integer({ min: 2, max: 5 }),
    from: fc.integer({ min: 1, max: 2 }),
    to: fc.integer({ min: 1, max: 2 }),
    rows: fc.integer({ min: 1, max: 3 }),
    columns: fc.integer({ min: 1, max: 3 }),
    strides: fc.tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(1, 2, 3)),
    pad: fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1, 2),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ batch, height, width, from, to, rows, columns, strides, pad }) => {
      fc.pre(pad !== 'valid' || (rows <= height && columns <= width));
      // tfjs takes a number for square filters and strides only.
      fc.pre(typeof pad !== 'number' || (pad < rows && rows === columns && strides[0] === strides[1]));
      const x = [batch, height, width, from];
      const f = (a: tf.Tensor, w: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
      await checkDerivatives(f, { shapes: [x, [rows, columns, from, to]], tolerance: 5e-5 });
    }),
    RUNS,
  );
  expect.hasAssertions();
});

test('products of matrices, transposed or not, over any leading axes', async () => {
  const sizes = fc.tuple(fc.array(size, { maxLength: 2 }), size, size, size, fc.boolean(), fc.boolean());
  await fc.assert(
    fc.asyncProperty(sizes, ([batch, m, k, n, transposeA, transposeB]) => {
      const a = [...batch, ...(transposeA ? [k, m] : [m, k])];
      const b = [...batch, ...(transposeB ? [n, k] : [k, n])];
      const f = (p: tf.Tensor, q: tf.Tensor) => tf.matMul(tf.square(p), q, transposeA, transposeB);
      return checkDerivatives(f, { shapes: [a, b], tolerance: 5e-5 });
    }),
    RUNS,
  );
  expect.hasAssertions();
});

/** A change of shape or a reduction, chosen by numbers: of any tensor. */
const moves: readonly ((x: tf.Tensor, pick: (below: number) => number) => tf.Tensor)[] = [
  (x, pick) => {
    const shift = pick(x.rank);
    return tf.transpose(x, x.shape.map((_, i) => (i + shift) % x.rank)); // prettier-ignore
  },
  (x, pick) => (x.rank > 4 ? x : tf.expandDims(x, pick(x.rank + 1))),
  (x) => tf.reshape(x, [-1, x.shape.at(-1)!]),
  (x, pick) => {
    const begin = x.shape.map((n) => pick(n));
    return tf.slice(x, begin, x.shape.map((n, i) => 1 + pick(n - begin[i]!))); // prettier-ignore
  },
  (x, pick) => (x.rank > 4 ? x : tf.pad(x, x.shape.map((): [number, number] => [pick(2), pick(2)]), 0.5)), // prettier-ignore
  (x, pick) => tf.reverse(x, pick(x.rank)),
  (x, pick) => tf.concat([x, tf.square(x)], pick(x.rank)),
  (x, pick) => (x.rank > 3 ? x : tf.tile(x, x.shape.map(() => 1 + pick(2)))), // prettier-ignore
  (x, pick) => (x.rank === 1 ? x : tf.sum(x, pick(x.rank), pick(2) === 0)),
  (x, pick) => (x.rank === 1 ? x : tf.mean(x, pick(x.rank), pick(2) === 0)),
  (x, pick) => tf.cumsum(x, pick(x.rank), pick(2) === 0, pick(2) === 0),
  (x, pick) => tf.mul(x, tf.sum(x, pick(x.rank), true)),
  (x) => tf.softmax(x),
];

test('chains of changes of shape, reductions and broadcasts', async () => {
  const steps = fc.array(fc.tuple(fc.nat(moves.length - 1), fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 })), {
    minLength: 2,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(shape, steps, (start, chosen) => {
      const f = (x: tf.Tensor): tf.Tensor =>
        chosen.reduce((value: tf.Tensor, [move, numbers]) => {
          let next = 0;
          return moves[move]!(value, (below) => numbers[next++ % numbers.length]! % below);
        }, tf.square(x));
      return checkDerivatives(f, { shapes: [start], spread: 0.5, tolerance: 5e-5 });
    }),
    { numRuns: 25 },
  );
  expect.hasAssertions();
});
