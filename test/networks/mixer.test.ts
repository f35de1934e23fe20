import { describe, expect, test } from 'vitest';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { cdmTask, trainingStep } from '../../src/diffusion/training-step.ts';
import { patchesOf } from '../../src/networks/encoder.ts';
import { cumsumHead, gaussianLogRatios } from '../../src/networks/heads.ts';
import { mixerClassifier, mixerDenoiser, type MixerShape } from '../../src/networks/mixer.ts';
import type { Parameter } from '../../src/tensor/flat.ts';
import { flatLayout, initialize, splitFlat } from '../../src/tensor/flat.ts';
import type { Tensors } from '../../src/tensor/program.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';
import { trace } from '../../src/tensor/trace.ts';
import { checkDerivatives } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';

const tiny: MixerShape = {
  imageSize: 4,
  inChannels: 2,
  patchSize: 2,
  width: 6,
  blocks: 2,
  groups: 3,
  octaves: [0, 2],
  energies: 3,
};
const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 3 });
const moments = { mean: new Array<number>(32).fill(0.2), variance: 0.6 };
const classifier = mixerClassifier(tiny, cumsumHead(schedule, moments));
const denoiser = mixerDenoiser(tiny, 3);
const images = (batch: number) => tf.tensor4d(normals({ seed: 2, purpose: 'x' }, batch * 32), [batch, 4, 4, 2]);

function weightsOf(parameters: readonly Parameter[], noise: number): Tensors {
  const layout = flatLayout(parameters);
  const random = normals({ seed: 3, purpose: 'weights' }, layout.size);
  const flat = initialize(parameters, { seed: 1, purpose: 'test' }).map((value, i) => value + noise * random[i]!);
  return splitFlat(layout, tf.tensor1d(flat));
}

describe('mixerClassifier', () => {
  test('starts as the Gaussian of its head', () => {
    tf.tidy(() => {
      const logits = classifier.logits(weightsOf(classifier.parameters, 0), images(3));
      expect(logits.arraySync()).toEqual(
        gaussianLogRatios(moments, schedule, tf.reshape(images(3), [3, 32])).arraySync(),
      );
    });
  });

  test('gives the logits of each image whatever the others', () => {
    tf.tidy(() => {
      const weights = weightsOf(classifier.parameters, 0.2);
      const logits = classifier.logits(weights, images(3));
      const alone = classifier.logits(weights, tf.slice(images(3), [1, 0, 0, 0], [1, 4, 4, 2]));
      expectClose(alone.dataSync(), tf.slice(logits, [1, 0], [1, 5]).dataSync(), 1e-5);
    });
  });

  test('its energies are inner products with the image: constant images of the tokens make a linear function', () => {
    const plain = mixerClassifier({ ...tiny, blocks: 0 }, cumsumHead(schedule));
    const weights = weightsOf(plain.parameters, 0.2);
    tf.tidy(() => {
      const zero = (name: string) => tf.zerosLike(weights[name]!);
      const silent = ['perceptron/weight', 'perceptron/bias', 'energies/weight'];
      const linear = { ...weights, ...Object.fromEntries(silent.map((name) => [name, zero(name)])) };
      const actual = plain.logits(linear, images(1));
      // <x, U_k> with U_k the bias, the same in every patch.
      const bias = tf.reshape(weights['energies/bias']!, [3, 8]);
      const patches = tf.sum(patchesOf(images(1), 2), 0, true);
      const energies = tf.matMul(patches as tf.Tensor2D, bias as tf.Tensor2D, false, true);
      const units = tf.add(tf.matMul(energies, weights['units/weight'] as tf.Tensor2D), weights['units/bias']!);
      expectClose(actual.dataSync(), tf.cumsum(units, 1).dataSync(), 1e-5);
    });
  });

  test('fades a wave by what noise of the estimated level leaves of it', () => {
    // One pixel, of one patch: with sigma forced to 0.1, sin(4 pi x) fades by exp(-(4 pi 0.1)^2 / 2).
    const shape: MixerShape = { imageSize: 1, inChannels: 1, patchSize: 1, width: 1, blocks: 0, groups: 1, octaves: [2], energies: 1 }; // prettier-ignore
    const one = mixerClassifier(shape, cumsumHead(schedule));
    const weights = weightsOf(one.parameters, 0);
    tf.tidy(() => {
      const set = (values: Record<string, number[]>): Tensors =>
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, tf.reshape(tf.tensor1d(value), weights[name]!.shape)]),
        );
      const forced = {
        ...weights,
        position: tf.zerosLike(weights['position']!),
        'perceptron/weight': tf.zerosLike(weights['perceptron/weight']!),
        ...set({
          'noise/power': [-0.4],
          'noise/sigma/bias': [Math.log(0.1)],
          'embed/weight': [0, 1, 0],
          'embed/bias': [0],
          'energies/weight': [1],
          'energies/bias': [0],
          'perceptron/bias': [0],
          'units/weight': [1, 0, 0, 0, 0],
        }),
      };
      for (const x of [0.05, 0.3, -0.7]) {
        const logit = one.logits(forced, tf.tensor4d([x], [1, 1, 1, 1])).dataSync()[0]!;
        expect(logit).toBeCloseTo(x * Math.sin(4 * Math.PI * x) * Math.exp(-((4 * Math.PI * 0.1) ** 2) / 2), 5);
      }
    });
  });

  test('has first and second derivatives, in x and in its weights, eager and compiled', async () => {
    const shape = {
      imageSize: 2,
      inChannels: 1,
      patchSize: 1,
      width: 1,
      blocks: 1,
      groups: 1,
      octaves: [-1],
      energies: 1,
    };
    const small = mixerClassifier(shape, cumsumHead(scheduleFromSpec({ kind: 'uniform-log-snr', T: 1 })));
    const layout = flatLayout(small.parameters);
    // Its noise estimate is wide by design: these weights move both ways, the others stand.
    const moved = new Set(['embed/weight', 'energies/weight', 'units/weight', 'noise/power']);
    const standing = { seed: 1, purpose: 'test' };
    const flat = initialize(small.parameters, standing);
    const entries = layout.entries.filter(({ name }) => moved.has(name));
    const size = entries.reduce((sum, entry) => sum + entry.size, 0);
    await checkDerivatives(
      (x, values) => {
        const own = entries.map(({ name, shape: of }, i) => {
          const offset = entries.slice(0, i).reduce((sum, entry) => sum + entry.size, 0);
          return [name, tf.reshape(tf.slice(values, [offset], [entries[i]!.size]), of as number[])];
        });
        return small.logits({ ...splitFlat(layout, tf.tensor1d(flat)), ...Object.fromEntries(own) } as Tensors, x);
      },
      { shapes: [[2, 2, 2, 1], [size]] },
    );
  });

  test('a conditional one answers by the label, and says when it is missing', () => {
    const conditional = mixerClassifier({ ...tiny, labels: 2 }, cumsumHead(schedule));
    tf.tidy(() => {
      const weights = weightsOf(conditional.parameters, 0.2);
      const logits = (label: number) =>
        conditional.logits(weights, images(1), { label: tf.tensor1d([label], 'int32') });
      expect(tf.max(tf.abs(tf.sub(logits(0), logits(1)))).dataSync()[0]).toBeGreaterThan(1e-3);
      expect(() => conditional.logits(weights, images(1))).toThrow('needs the label');
    });
  });

  test.each([[[]], [[0, 2]]])('with the octaves %j every weight has a gradient, as training needs', (octaves) => {
    const network = mixerClassifier({ ...tiny, octaves }, cumsumHead(schedule, moments));
    const step = trainingStep(cdmTask(network, schedule, { ce: 1, mse: 32 }), { batch: 2, shape: [4, 4, 2] }, {});
    expect(() => trace(step)).not.toThrow();
  });

  test('refuses shapes that cannot be', () => {
    expect(() => mixerClassifier({ ...tiny, patchSize: 3 }, cumsumHead(schedule))).toThrow('cannot be cut');
    expect(() => mixerClassifier({ ...tiny, groups: 4 }, cumsumHead(schedule))).toThrow('not 4 equal groups');
  });
});

describe('mixerDenoiser', () => {
  test('predicts nothing at first, then something shaped like x that depends on t', () => {
    tf.tidy(() => {
      const at = (noise: number, t: number) =>
        denoiser.epsilon(weightsOf(denoiser.parameters, noise), images(2), tf.fill([2], t, 'int32') as tf.Tensor1D);
      expect(tf.max(tf.abs(at(0, 1))).dataSync()[0]).toBe(0);
      expect(at(0.2, 1).shape).toEqual([2, 4, 4, 2]);
      expect(tf.max(tf.abs(tf.sub(at(0.2, 1), at(0.2, 3)))).dataSync()[0]).toBeGreaterThan(1e-3);
    });
  });

  test('puts each patch back where it was cut', () => {
    // Without blocks, and with an embedding that keeps the values, each token ends in its own patch.
    const shape: MixerShape = {
      imageSize: 4,
      inChannels: 2,
      patchSize: 2,
      width: 8,
      blocks: 0,
      groups: 1,
      octaves: [],
    };
    const plain = mixerDenoiser(shape, 3);
    tf.tidy(() => {
      const weights = weightsOf(plain.parameters, 0);
      const kept = {
        ...weights,
        'embed/weight': tf.eye(8),
        'embed/bias': tf.zeros([8]),
        position: tf.zerosLike(weights['position']!),
        'out/weight': tf.eye(8),
        'out/bias': tf.zeros([8]),
      };
      const x = images(3);
      expect(plain.epsilon(kept, x, tf.zeros([3], 'int32') as tf.Tensor1D).arraySync()).toEqual(x.arraySync());
    });
  });
});
