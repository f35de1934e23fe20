import { describe, expect, test } from 'vitest';
import { cumsumHead } from '../../src/networks/heads.ts';
import {
  cifarUnet,
  halfUnetClassifier,
  unetClassifier,
  unetDenoiser,
  type UnetShape,
} from '../../src/networks/unet.ts';
import { flatLayout, initialize, splitFlat, type Parameter } from '../../src/tensor/flat.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const tiny: UnetShape = { imageSize: 4, inChannels: 2, channels: 4, mult: [1, 2], blocks: 1, groups: 2 };
const classes = 5;
const levels = { alpha: new Float64Array(classes), sigma: new Float64Array(classes) };

const conv = (from: number, to: number, area = 9) => area * from * to + to;
const block = (from: number, to: number, time: number) =>
  2 * from + conv(from, to) + time * to + (time && to) + 2 * to + conv(to, to) + (from === to ? 0 : conv(from, to, 1));

/** Random, so that nothing is zero-initialized. */
function randomWeights(parameters: readonly Parameter[], flat?: Float32Array) {
  const layout = flatLayout(parameters);
  return splitFlat(layout, tf.tensor1d(flat ?? randomFlat(parameters)));
}
function randomFlat(parameters: readonly Parameter[]): Float32Array {
  const { size } = flatLayout(parameters);
  const noise = normals({ seed: 3, purpose: 'weights' }, size);
  return initialize(parameters, { seed: 1, purpose: 'test' }).map((value, i) => value + 0.1 * noise[i]!);
}

describe('unetClassifier', () => {
  const network = unetClassifier(tiny, cumsumHead(levels));

  test('has as many parameters as its drawing', () => {
    const trunk =
      conv(2, 4) +
      (block(4, 4, 0) + conv(4, 4) + block(4, 8, 0)) +
      2 * block(8, 8, 0) +
      // Skips: 8 and 4 (the halved image) at the lower level, then 4 and 4.
      (block(16, 8, 0) + block(12, 8, 0) + conv(8, 8)) +
      (block(12, 4, 0) + block(8, 4, 0));
    const end = 2 * 4 + conv(4, 8) + (8 * classes + classes);
    expect(flatLayout(network.parameters).size).toBe(trunk + end);
  });

  test('has the size of the peer in PyTorch at 32 channels, mult 1, 2, 2, T = 100', () => {
    const shape = { imageSize: 16, inChannels: 1, channels: 32, mult: [1, 2, 2], blocks: 1, groups: 8 };
    const large = unetClassifier(shape, cumsumHead({ alpha: new Float64Array(102), sigma: new Float64Array(102) }));
    let expected = conv(1, 32) + block(32, 32, 0) + conv(32, 32) + block(32, 64, 0) + conv(64, 64) + block(64, 64, 0);
    expected += 2 * block(64, 64, 0);
    expected += 2 * block(128, 64, 0) + conv(64, 64);
    expected += block(128, 64, 0) + block(96, 64, 0) + conv(64, 64);
    expected += block(96, 32, 0) + block(64, 32, 0);
    expected += 2 * 32 + conv(32, 64) + 64 * 102 + 102;
    expect(flatLayout(large.parameters).size).toBe(expected);
  });

  test('gives logits for each image that do not depend on the others', () => {
    tf.tidy(() => {
      const weights = randomWeights(network.parameters);
      const x = tf.randomNormal([3, 4, 4, 2], 0, 1, 'float32', 4);
      const logits = network.logits(weights, x);
      expect(logits.shape).toEqual([3, classes]);
      const alone = network.logits(weights, tf.slice(x, [1, 0, 0, 0], [1, 4, 4, 2])).dataSync();
      for (const [t, value] of alone.entries()) expect(logits.arraySync()[1]![t]).toBeCloseTo(value, 4);
    });
  });

  test('can be differentiated twice: the gradient of |grad_x F|^2 / 2 is that of differences', () => {
    const x = normals({ seed: 2, purpose: 'x' }, 32);
    const energy = (weights: Record<string, tf.Tensor>): tf.Scalar => {
      const F = (y: tf.Tensor) => {
        const logits = network.logits(weights, y);
        return tf.sum(tf.sub(logits.slice([0, 4], [-1, 1]), logits.slice([0, 1], [-1, 1])));
      };
      const input = tf.tensor4d(x, [1, 4, 4, 2]);
      // The gradient does not see the last bias; the logits themselves do.
      const logits = tf.sum(tf.square(network.logits(weights, input)));
      return tf.mul(0.5, tf.add(logits, tf.sum(tf.square(tf.grad(F)(input)))));
    };
    const flat = randomFlat(network.parameters);
    const at = (values: Float32Array) =>
      tf.tidy(() => energy(randomWeights(network.parameters, values)).dataSync()[0]!);
    const { entries } = flatLayout(network.parameters);
    const names = entries.map(({ name }) => name);
    const gradients = tf.tidy(() => {
      const weights = randomWeights(network.parameters, flat);
      const loss = (...values: tf.Tensor[]) => energy(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
      return tf
        .grads(loss)(names.map((name) => weights[name]!))
        .map((gradient) => gradient.dataSync().slice());
    });
    // Of every third parameter one element: the step balances rounding (energy is about 1e-6 exact) and curvature.
    const scale = Math.max(...gradients.flatMap((gradient) => Array.from(gradient, Math.abs)));
    const h = 5e-3;
    for (const [i, { offset, size }] of entries.entries()) {
      if (i % 3 !== 0) continue;
      const k = Math.floor(size / 2);
      const [up, down] = [flat.slice(), flat.slice()];
      up[offset + k]! += h;
      down[offset + k]! -= h;
      const slope = (at(up) - at(down)) / (2 * h);
      expect(Math.abs(gradients[i]![k]! - slope) / scale, names[i]).toBeLessThan(1e-2);
    }
  });
});

describe('unetDenoiser', () => {
  const network = unetDenoiser(tiny);

  test('has the parameters of the trunk with an embedding of t in every block', () => {
    const time = 16;
    const trunk =
      conv(2, 4) +
      (block(4, 4, time) + conv(4, 4) + block(4, 8, time)) +
      2 * block(8, 8, time) +
      (block(16, 8, time) + block(12, 8, time) + conv(8, 8)) +
      (block(12, 4, time) + block(8, 4, time));
    expect(flatLayout(network.parameters).size).toBe(trunk + (4 * 16 + 16) + (16 * 16 + 16) + 2 * 4 + conv(4, 2));
  });

  test('predicts zero at first, and then noise shaped like x that depends on t', () => {
    tf.tidy(() => {
      const x = tf.randomNormal([2, 4, 4, 2], 0, 1, 'float32', 4);
      const at = (weights: Record<string, tf.Tensor>, t: number) =>
        network.epsilon(weights, x, tf.fill([2], t, 'int32')).dataSync();
      const initial = splitFlat(
        flatLayout(network.parameters),
        tf.tensor1d(initialize(network.parameters, { seed: 1, purpose: 'test' })),
      );
      expect(Math.max(...at(initial, 3).map(Math.abs))).toBe(0);
      const weights = randomWeights(network.parameters);
      expect(at(weights, 3).length).toBe(64);
      expect(at(weights, 3)).not.toEqual(at(weights, 4));
    });
  });
});

describe('the whole U-Net of DDPM', () => {
  const whole: UnetShape = { ...tiny, attention: [2], dropout: 0.5, labels: 3 };
  const network = unetClassifier(whole, cumsumHead(levels));
  const x = () => tf.randomNormal([2, 4, 4, 2], 0, 1, 'float32', 4);
  const labelled = (...labels: number[]) => ({ label: tf.tensor1d(labels, 'int32') });

  test('has the parameters of google/ddpm-cifar10-32', () => {
    expect(flatLayout(unetDenoiser(cifarUnet).parameters).size).toBe(35_746_307);
  });

  test('drops what the masks say, each unit of every block once', () => {
    // Blocks of 4x4x4 (down, up, up) and 2x2x8 (down, two in the middle, up, up).
    expect(network.dropout).toEqual({ rate: 0.5, size: 3 * 64 + 5 * 32 });
    tf.tidy(() => {
      const weights = randomWeights(network.parameters);
      const logits = (masks?: tf.Tensor2D) =>
        network.logits(weights, x(), { ...labelled(0, 1), ...(masks && { masks }) }).dataSync();
      const { size } = network.dropout!;
      expect(logits(tf.ones([2, size]))).toEqual(logits());
      for (let unit = 0; unit < size; unit += 7) {
        const hole = tf.oneHot(tf.tensor1d([unit, -1], 'int32'), size, 0, 1, 'float32') as tf.Tensor2D;
        const changed = Array.from(logits(hole), (value, i) => value !== logits()[i]);
        expect(changed.slice(0, classes), `unit ${unit}`).toContain(true);
        expect(changed.slice(classes)).not.toContain(true);
      }
    });
    expect(unetClassifier(tiny, cumsumHead(levels)).dropout).toBeUndefined();
  });

  test('depends on the label of its own image, and on not knowing it', () => {
    tf.tidy(() => {
      for (const net of [network, unetDenoiser(whole)]) {
        const weights = randomWeights(net.parameters);
        const value = (...labels: number[]) =>
          'logits' in net
            ? net.logits(weights, x(), labelled(...labels)).dataSync()
            : net.epsilon(weights, x(), tf.fill([2], 1, 'int32'), labelled(...labels)).dataSync();
        const [a, b] = [value(0, 1), value(0, 3)];
        const half = a.length / 2;
        expect(a.slice(0, half)).toEqual(b.slice(0, half));
        expect(a.slice(half)).not.toEqual(b.slice(half));
        expect(() => ('logits' in net ? net.logits(weights, x()) : net.epsilon(weights, x(), tf.fill([2], 1, 'int32')))).toThrow('needs the label'); // prettier-ignore
      }
    });
  });

  test('refuses attention at a height it does not have', () => {
    expect(() => unetDenoiser({ ...tiny, attention: [8] })).toThrow('No level of the U-Net has the height 8');
  });
});

describe('halfUnetClassifier', () => {
  const head = cumsumHead(levels);
  const network = halfUnetClassifier(tiny, head);

  test('is the way down and the middle of the U-Net, with its end on the channels of the middle', () => {
    const down = conv(2, 4) + (block(4, 4, 0) + conv(4, 4) + block(4, 8, 0)) + 2 * block(8, 8, 0);
    const end = 2 * 8 + conv(8, 16) + (16 * classes + classes);
    expect(flatLayout(network.parameters).size).toBe(down + end);
    const whole = new Set(unetClassifier(tiny, head).parameters.map(({ name }) => name));
    expect(network.parameters.every(({ name }) => whole.has(name))).toBe(true);
  });

  test('gives logits for each image that do not depend on the others, and sees its label', () => {
    const conditional = halfUnetClassifier({ ...tiny, labels: 3, dropout: 0.5 }, head);
    expect(conditional.dropout).toEqual({ rate: 0.5, size: 64 + 3 * 32 });
    tf.tidy(() => {
      const x = tf.randomNormal([3, 4, 4, 2], 0, 1, 'float32', 4);
      const one = tf.slice(x, [1, 0, 0, 0], [1, 4, 4, 2]);
      const weights = randomWeights(conditional.parameters);
      const of = (labels: number[], images: tf.Tensor) =>
        conditional.logits(weights, images, { label: tf.tensor1d(labels, 'int32') }).arraySync();
      for (const [t, value] of of([2], one)[0]!.entries()) expect(of([0, 2, 3], x)[1]![t]).toBeCloseTo(value, 4);
      expect(of([2], one)).not.toEqual(of([1], one));
    });
  });
});

describe('what a shape chooses', () => {
  const initial = (shape: UnetShape) => {
    const { parameters } = unetClassifier(shape, cumsumHead(levels));
    const layout = flatLayout(parameters);
    const flat = initialize(parameters, { seed: 1, purpose: 'test' });
    return new Map(layout.entries.map(({ name, shape: size, offset, size: length }) => [name, { size, values: flat.subarray(offset, offset + length) }])); // prettier-ignore
  };

  test("with PyTorch's start every weight and bias is uniform within 1 / sqrt(fan in), and none is zero", () => {
    for (const [name, { size, values }] of initial({ ...tiny, attention: [2], init: 'pytorch' })) {
      if (!/weight$|bias$/.test(name)) continue;
      const kernel = initial({ ...tiny, attention: [2], init: 'pytorch' }).get(name.replace(/bias$/, 'weight'))!.size;
      const limit = 1 / Math.sqrt(kernel.slice(0, -1).reduce((a, b) => a * b, 1));
      const largest = Math.max(...values.map(Math.abs));
      expect(largest, `${name} [${size.join()}]`).toBeLessThanOrEqual(Math.fround(limit));
      expect(Math.min(...values.map(Math.abs)), name).toBeGreaterThan(0);
      if (values.length > 50) expect(largest / limit, name).toBeGreaterThan(0.9);
    }
  });

  test("with DDPM's start each branch and the end are zero at first", () => {
    const values = initial({ ...tiny, attention: [2] });
    for (const name of ['down/0/0/conv2/weight', 'middle/attention/out/weight', 'end/linear/weight', 'end/conv/bias'])
      expect(Math.max(...values.get(name)!.values.map(Math.abs)), name).toBe(0);
  });

  test('its epsilon reaches every norm: of the blocks, of attention, and of the end', () => {
    const shape: UnetShape = { ...tiny, attention: [2], init: 'pytorch' };
    tf.tidy(() => {
      const x = tf.randomNormal([1, 4, 4, 2], 0, 1, 'float32', 4);
      const logits = (normEpsilon?: number) => {
        const network = unetClassifier({ ...shape, ...(normEpsilon && { normEpsilon }) }, cumsumHead(levels));
        return network.logits(randomWeights(network.parameters), x).dataSync();
      };
      expect(logits(1e-5)).toEqual(logits());
      // Where epsilon is all of the variance nothing but the shifts of the norms is left: the image does not matter.
      const network = unetClassifier({ ...shape, normEpsilon: 1e20 }, cumsumHead(levels));
      const weights = randomWeights(network.parameters);
      const [a, b] = [x, tf.neg(x)].map((image) => network.logits(weights, image).dataSync());
      for (const [t, value] of a!.entries()) expect(b![t]).toBeCloseTo(value, 3);
    });
  });

  test('labels go through a short embedding and two linear layers, or through a table', () => {
    const size = (shape: UnetShape) => flatLayout(unetClassifier(shape, cumsumHead(levels)).parameters).size;
    const conditional: UnetShape = { ...tiny, labels: 3 };
    const table = size(conditional);
    expect(size({ ...conditional, labelEmbedding: 'table' })).toBe(table);
    expect(size({ ...conditional, labelEmbedding: 'mlp' })).toBe(
      table - 4 * 16 + 4 * 4 + (4 * 16 + 16) + (16 * 16 + 16),
    );
  });
});

test('a U-Net refuses images that it cannot halve', () => {
  expect(() => unetDenoiser({ ...tiny, imageSize: 6, mult: [1, 2, 2] })).toThrow('size 6 cannot be halved 2 times');
});
