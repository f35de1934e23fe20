import { describe, expect, test } from 'vitest';
import { attention, conv2d, groupNorm, linear, silu, upsample2, type Layer } from '../../src/networks/layers.ts';
import { initialize, flatLayout, splitFlat } from '../../src/tensor/flat.ts';
import { tf } from '../../src/tensor/tf.ts';
import { checkDerivatives, scatter } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';

function weightsOf({ parameters }: Layer) {
  const values = initialize(parameters, { seed: 1, purpose: 'test' });
  return splitFlat(flatLayout(parameters), tf.tensor1d(values));
}

describe('silu', () => {
  const points = [-30, -4, -1, -0.1, 0, 0.3, 2, 7, 30];
  const s = (x: number) => 1 / (1 + Math.exp(-x));
  const first = (x: number) => s(x) + x * s(x) * (1 - s(x));
  const second = (x: number) => s(x) * (1 - s(x)) * (2 + x * (1 - 2 * s(x)));
  const sum = (f: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => tf.sum(f(x)) as tf.Scalar;

  test('has its value and its first and second derivatives', () => {
    const [value, slope, bend] = tf.tidy(() => {
      const x = tf.tensor1d(points);
      const slopeOf = tf.grad(sum(silu));
      return [silu(x).dataSync(), slopeOf(x).dataSync(), tf.grad(sum(slopeOf))(x).dataSync()];
    });
    for (const [i, x] of points.entries()) {
      expect(value![i]).toBeCloseTo(x * s(x), 5);
      expect(slope![i]).toBeCloseTo(first(x), 5);
      expect(bend![i]).toBeCloseTo(second(x), 5);
    }
  });

  test('passes on the gradient of what multiplies its derivative', () => {
    // d/da of sum (d/dx sum a silu(x))^2 / 2 = sum a silu'(x)^2: the double backward pass also goes through dy.
    const actual = tf.tidy(() => {
      const x = tf.tensor1d(points);
      const energy = (a: tf.Tensor) => {
        const slope = tf.grad((y) => tf.sum(tf.mul(a, silu(y))))(x);
        return tf.mul(0.5, tf.sum(tf.square(slope))) as tf.Scalar;
      };
      return tf
        .grad(energy)(tf.fill([points.length], 3))
        .dataSync();
    });
    for (const [i, x] of points.entries()) expect(actual[i]).toBeCloseTo(3 * first(x) ** 2, 4);
  });
});

test.each([undefined, 2])('groupNorm() with epsilon %s is group normalization by hand in float64', (epsilon) => {
  const [batch, size, channels, groups] = [2, 3, 6, 2];
  const layer = groupNorm('norm', channels, groups, epsilon);
  const values = Array.from({ length: batch * size * size * channels }, (_, i) => 5 + 3 * Math.sin(i * i));
  const [scale, shift] = [
    [1, 2, -1, 0.5, 1, 3],
    [0, 1, 0, -2, 0.5, 0],
  ] as const;
  const actual = tf.tidy(() =>
    layer
      .apply(
        { 'norm/scale': tf.tensor1d([...scale]), 'norm/shift': tf.tensor1d([...shift]) },
        tf.tensor4d(values, [batch, size, size, channels]),
      )
      .dataSync(),
  );
  const perImage = size * size * channels;
  for (const [i, value] of values.entries()) {
    const inGroup = (k: number) =>
      Math.floor(k / perImage) === Math.floor(i / perImage) &&
      Math.floor((k % channels) / 3) === Math.floor((i % channels) / 3);
    const group = values.filter((_, k) => inGroup(k));
    const mean = group.reduce((a, b) => a + b, 0) / group.length;
    const variance = group.reduce((a, b) => a + (b - mean) ** 2, 0) / group.length;
    const expected =
      ((value - mean) / Math.sqrt(variance + (epsilon ?? 1e-5))) * scale[i % channels]! + shift[i % channels]!;
    expect(actual[i]).toBeCloseTo(expected, 4);
  }
  expect(() => groupNorm('norm', 6, 4)).toThrow('6 channels are not 4 equal groups');
});

test('upsample2() repeats every pixel twice both ways and can be differentiated twice', () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
    const up = upsample2(x);
    expect(up.shape).toEqual([1, 4, 4, 2]);
    expect((up.arraySync() as number[][][][])[0]!.map((row) => row.map(([first]) => first))).toEqual([
      [1, 1, 3, 3],
      [1, 1, 3, 3],
      [5, 5, 7, 7],
      [5, 5, 7, 7],
    ]);
    const cubes = (y: tf.Tensor) => tf.sum(tf.pow(upsample2(y), 3));
    const second = tf
      .grad((y) => tf.sum(tf.grad(cubes)(y)))(x)
      .dataSync();
    expect(Array.from(second)).toEqual(Array.from(x.dataSync(), (value) => 4 * 6 * value));
  });
});

describe('attention()', () => {
  const [channels, groups] = [4, 2];
  const layer = attention('a', channels, groups);
  const shapes = [[2, 2, 3, channels], ...layer.parameters.map(({ shape }) => shape)];
  const weighted = (values: readonly tf.Tensor[]) =>
    Object.fromEntries(layer.parameters.map(({ name }, i) => [name, values[i]!]));

  test('mixes the values of all pixels by the softmax of query times key, and adds the image', () => {
    const [x, ...values] = shapes.map((shape, i) =>
      scatter(
        shape.reduce((a, b) => a * b, 1),
        i,
      ),
    );
    const norm = groupNorm('a/norm', channels, groups);
    const [actual, normal] = tf.tidy(() => {
      const tensors = values.map((data, i) => tf.tensor(data, [...shapes[i + 1]!]));
      const image = tf.tensor(x!, [...shapes[0]!]);
      return [layer.apply(weighted(tensors), image).dataSync(), norm.apply(weighted(tensors), image).dataSync()];
    });
    const [pixels, batch] = [6, 2];
    const named = Object.fromEntries(layer.parameters.map(({ name }, i) => [name, values[i]!]));
    const map = (part: string, input: ArrayLike<number>, row: number, to: number) => {
      let sum = named[`a/${part}/bias`]![to]!;
      for (let c = 0; c < channels; c++)
        sum += input[row * channels + c]! * named[`a/${part}/weight`]![c * channels + to]!;
      return sum;
    };
    const all = [...Array(channels).keys()];
    const expected = new Float64Array(x!.length);
    for (let b = 0; b < batch; b++) {
      for (let i = b * pixels; i < (b + 1) * pixels; i++) {
        const rows = Array.from({ length: pixels }, (_, j) => b * pixels + j);
        const scores = rows.map((j) => all.reduce((sum, c) => sum + map('query', normal!, i, c) * map('key', normal!, j, c), 0) / 2); // prettier-ignore
        const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
        const mixed = all.map((c) => rows.reduce((sum, j, k) => sum + (Math.exp(scores[k]!) / total) * map('value', normal!, j, c), 0)); // prettier-ignore
        for (const c of all) expected[i * channels + c] = x![i * channels + c]! + map('out', mixed, 0, c);
      }
    }
    expectClose(actual!, expected, 1e-5);
  });

  test('has two derivatives, eager and compiled', async () => {
    await checkDerivatives((x, ...values) => layer.apply(weighted(values), x!), { shapes, tolerance: 1e-4 });
    expect.hasAssertions();
  });

  test('leaves the image alone at first', () => {
    tf.tidy(() => {
      const x = tf.randomNormal([2, 3, 3, channels], 0, 1, 'float32', 4);
      expect(layer.apply(weightsOf(layer), x).dataSync()).toEqual(x.dataSync());
    });
  });
});

test('linear() and conv2d() map shapes as they say, and start as their init says', () => {
  tf.tidy(() => {
    const image = tf.ones([2, 8, 8, 3]);
    const half = conv2d('c', 3, 5, { stride: 2 });
    expect(half.apply(weightsOf(half), image).shape).toEqual([2, 4, 4, 5]);
    const zero = conv2d('c', 3, 5, { size: 1, init: 'zeros' });
    expect(
      zero
        .apply(weightsOf(zero), image)
        .dataSync()
        .every((value) => value === 0),
    ).toBe(true);

    const average = linear('l', 300, 500);
    const { 'l/weight': weight, 'l/bias': bias } = weightsOf(average);
    const variance = tf.mean(tf.square(weight!)).dataSync()[0]!;
    expect(variance / (2 / 800)).toBeCloseTo(1, 1);
    expect(tf.max(tf.abs(bias!)).dataSync()[0]).toBe(0);
    const input = linear('l', 4, 500, 'fan-in');
    expect(tf.max(tf.abs(weightsOf(input)['l/bias']!)).dataSync()[0]).toBeCloseTo(0.5, 1);
    expect(() => average.apply({ 'l/weight': weight! }, tf.ones([1, 300]))).toThrow('No weight "l/bias"');
  });
});
