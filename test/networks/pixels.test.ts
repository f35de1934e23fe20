import { expect, test } from 'vitest';
import { cumsumHead } from '../../src/networks/heads.ts';
import { pixelsClassifier } from '../../src/networks/pixels.ts';
import { flatLayout, splitFlat } from '../../src/tensor/flat.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

test('the logits of an image are the sum of those of its pixels by the root of their number, in any order', () => {
  const head = cumsumHead({ alpha: new Float64Array(5), sigma: new Float64Array(5) });
  const shape = { imageSize: 2, inChannels: 3, width: 6, depth: 1, inputScale: 2 };
  const [image, pixel] = [pixelsClassifier(shape, head), pixelsClassifier({ ...shape, imageSize: 1 }, head)];
  const layout = flatLayout(image.parameters);
  const x = normals({ seed: 1, purpose: 'x' }, 2 * 12);
  tf.tidy(() => {
    const weights = splitFlat(layout, tf.tensor1d(normals({ seed: 2, purpose: 'weights' }, layout.size)));
    const whole = image.logits(weights, tf.tensor4d(x, [2, 2, 2, 3])).arraySync();
    const each = pixel.logits(weights, tf.tensor4d(x, [8, 1, 1, 3])).arraySync();
    for (const i of [0, 1]) {
      for (const t of [0, 1, 2, 3, 4]) {
        const sum = [0, 1, 2, 3].reduce((total, k) => total + each[4 * i + k]![t]! / 2, 0);
        expect(whole[i]![t]).toBeCloseTo(sum, 3);
      }
    }
    const turned = image.logits(weights, tf.reverse(tf.reshape(tf.tensor4d(x, [2, 2, 2, 3]), [2, 4, 3]), 1).reshape([2, 2, 2, 3])); // prettier-ignore
    for (const [t, value] of turned.arraySync()[1]!.entries()) expect(value).toBeCloseTo(whole[1]![t]!, 3);
  });
});
