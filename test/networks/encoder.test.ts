import { describe, expect, test } from 'vitest';
import { cdmTask, initialTrainingState, trainingStep } from '../../src/diffusion/training-step.ts';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { encoderClassifier, patchesOf, type EncoderShape } from '../../src/networks/encoder.ts';
import { cumsumHead, gaussianLogRatios, smoothHead } from '../../src/networks/heads.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { flatLayout, initialize, splitFlat } from '../../src/tensor/flat.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';
import { checkDerivatives } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';

const tiny: EncoderShape = { imageSize: 4, inChannels: 2, patchSize: 2, width: 6, blocks: 2, groups: 3 };
const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 3 });
const moments = { mean: new Array<number>(32).fill(0.2), variance: 0.6 };
const network = encoderClassifier(tiny, smoothHead(schedule, moments, 4));
const layout = flatLayout(network.parameters);
const images = (batch: number) => tf.tensor4d(normals({ seed: 2, purpose: 'x' }, batch * 32), [batch, 4, 4, 2]);

/** Random, so that no branch is zero. */
function randomFlat(): Float32Array {
  const noise = normals({ seed: 3, purpose: 'weights' }, layout.size);
  return initialize(network.parameters, { seed: 1, purpose: 'test' }).map((value, i) => value + 0.2 * noise[i]!);
}

describe('patchesOf', () => {
  test('cuts images as a loop does, one row for each token and image', () => {
    const [batch, height, width, channels, size] = [2, 4, 6, 3, 2];
    const values = Float32Array.from({ length: batch * height * width * channels }, (_, i) => i);
    const expected: number[] = [];
    for (let top = 0; top < height; top += size) {
      for (let left = 0; left < width; left += size) {
        for (let image = 0; image < batch; image++) {
          for (let y = top; y < top + size; y++) {
            for (let x = left; x < left + size; x++) {
              for (let c = 0; c < channels; c++)
                expected.push(values[((image * height + y) * width + x) * channels + c]!);
            }
          }
        }
      }
    }
    tf.tidy(() => {
      const patches = patchesOf(tf.tensor4d(values, [batch, height, width, channels]), size);
      expect(patches.shape).toEqual([6 * batch, size * size * channels]);
      expect([...patches.dataSync()]).toEqual(expected);
    });
  });
});

describe('encoderClassifier', () => {
  test('has as many parameters as its drawing', () => {
    const linear = (inputs: number, outputs: number) => inputs * outputs + outputs;
    const [tokens, width] = [4, 6];
    const block = 3 * tokens * tokens + linear(width, 2 * width) + linear(2 * width, width);
    const features = 2 * linear(width, width) + linear(width, 4);
    expect(layout.size).toBe(linear(8, width) + tokens * width + 2 * block + features + 4);
  });

  test('starts as the Gaussian of its head', () => {
    tf.tidy(() => {
      const x = images(3);
      const initial = tf.tensor1d(initialize(network.parameters, { seed: 1, purpose: 'test' }));
      const logits = network.logits(splitFlat(layout, initial), x);
      expect(logits.shape).toEqual([3, 5]);
      expect(logits.arraySync()).toEqual(gaussianLogRatios(moments, schedule, tf.reshape(x, [3, 32])).arraySync());
    });
  });

  test('gives the logits of each image whatever the others and their order', () => {
    tf.tidy(() => {
      const weights = splitFlat(layout, tf.tensor1d(randomFlat()));
      const x = images(3);
      const logits = network.logits(weights, x);
      const reversed = network.logits(weights, tf.reverse(x, 0));
      expectClose(tf.reverse(reversed, 0).dataSync(), logits.dataSync(), 1e-5);
      const alone = network.logits(weights, tf.slice(x, [1, 0, 0, 0], [1, 4, 4, 2]));
      expectClose(alone.dataSync(), tf.slice(logits, [1, 0], [1, 5]).dataSync(), 1e-5);
    });
  });

  test('tells where patches are', () => {
    tf.tidy(() => {
      const weights = splitFlat(layout, tf.tensor1d(randomFlat()));
      const x = images(1);
      // The halves of a periodic shift: the same patches, elsewhere.
      const shifted = tf.concat([tf.slice(x, [0, 2, 0, 0], [1, 2, 4, 2]), tf.slice(x, [0, 0, 0, 0], [1, 2, 4, 2])], 1);
      const difference = tf.sub(network.logits(weights, x), network.logits(weights, shifted));
      expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeGreaterThan(1e-2);
    });
  });

  test('keeps the amplitude of x: where nothing else is learned, energies are quadratic in it', () => {
    const plain = encoderClassifier({ ...tiny, blocks: 0 }, cumsumHead(schedule));
    const { entries, size } = flatLayout(plain.parameters);
    const flat = initialize(plain.parameters, { seed: 1, purpose: 'test' });
    for (const { name, offset, size: length } of entries) {
      if (name.startsWith('perceptron')) flat.fill(0, offset, offset + length);
      if (name === 'units/weight') flat.fill(1, offset, offset + length);
    }
    tf.tidy(() => {
      const weights = splitFlat(flatLayout(plain.parameters), tf.tensor1d(flat));
      const at = (scale: number) => plain.logits(weights, tf.mul(images(2), scale));
      // Third differences of a quadratic vanish, and its second differences are those of |x|^2.
      const third = tf.addN([at(3), tf.mul(-3, at(2)), tf.mul(3, at(1)), tf.mul(-1, at(0))]);
      const second = tf.addN([at(2), tf.mul(-2, at(1)), at(0)]);
      expect(size).toBe(flat.length);
      expect(tf.max(tf.abs(third)).dataSync()[0]).toBeLessThan(1e-3);
      expect(tf.min(second).dataSync()[0]).toBeGreaterThan(1);
    });
  });

  test('has first and second derivatives, in x and in its weights, eager and compiled', async () => {
    // As small as can be with several of everything: each number is moved both ways.
    const shape = { imageSize: 2, inChannels: 1, patchSize: 1, width: 2, blocks: 1, groups: 2 };
    const small = encoderClassifier(shape, smoothHead(schedule, { mean: [0.1, 0, -0.2, 0.3], variance: 0.6 }, 2));
    const smallLayout = flatLayout(small.parameters);
    await checkDerivatives((x, flat) => small.logits(splitFlat(smallLayout, flat as tf.Tensor1D), x), {
      shapes: [[2, 2, 2, 1], [smallLayout.size]],
    });
  });

  test('takes the same training steps eager and compiled', async () => {
    const task = cdmTask(network, schedule, { ce: 1, mse: 32 });
    const step = trainingStep(task, { batch: 2, shape: [4, 4, 2] }, { beta1: 0.9, beta2: 0.99 });
    const after = async (name: 'tfjs' | 'cpu') => {
      const program = await (await openBackend(name, { threads: 1 })).compile(step);
      program.load({ ...initialTrainingState(network.parameters, 1), parameters: randomFlat() });
      for (const k of [1, 2]) {
        await program.run({
          x0: normals({ seed: 4, purpose: 'x0', step: k }, 64),
          epsilon: normals({ seed: 4, purpose: 'epsilon', step: k }, 64),
          t: Int32Array.of(k, 3),
          learningRate: Float32Array.of(1e-3),
          step: Float32Array.of(k),
          emaDecay: Float32Array.of(0.9),
        });
      }
      const { parameters, firstMoment } = await program.read();
      await program.dispose();
      return { parameters: parameters!, firstMoment: firstMoment! };
    };
    const [eager, compiled] = [await after('tfjs'), await after('cpu')];
    expectClose(compiled.firstMoment, eager.firstMoment, 1e-4);
    expect(eager.firstMoment.filter((value) => value === 0).length).toBe(0);
  });

  test('refuses shapes that do not fit, by name', () => {
    const head = cumsumHead(schedule);
    expect(() => encoderClassifier({ ...tiny, patchSize: 3 }, head)).toThrow(
      'size 4 cannot be cut into patches of size 3',
    );
    expect(() => encoderClassifier({ ...tiny, groups: 4 }, head)).toThrow('6 channels are not 4 equal groups');
    tf.tidy(() => {
      const weights = splitFlat(layout, tf.tensor1d(randomFlat()));
      const message = 'x must be [batch, 4, 4, 2], got [3,2,4,4]';
      expect(() => network.logits(weights, tf.ones([3, 2, 4, 4]))).toThrow(message);
      expect(() => network.logits(weights, tf.ones([3, 32]))).toThrow('got [3,32]');
    });
  });
});
