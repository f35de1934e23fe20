// A compiled model: the shape of its batches is that of its program, and any number of samples goes through.
import { expect, test } from 'vitest';
import { evaluationProgram } from '../../src/diffusion/evaluate.ts';
import { compileModel } from '../../src/models/compiled.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { tf } from '../../src/tensor/tf.ts';

const shape = { batch: 2, shape: [2, 1] };

test('compileModel() evaluates with the weights it was given, whatever the number of samples', async () => {
  const parameters = [{ name: 'scale', shape: [1], init: { kind: 'zeros' } }] as const;
  const definition = evaluationProgram(
    'scaled',
    shape,
    parameters,
    ({ scale }) =>
      (x, t) =>
        tf.add(tf.mul(x, scale!), tf.reshape(tf.cast(t, 'float32'), [-1, 1, 1])),
  );
  const model = await compileModel(await openBackend('cpu', { threads: 1 }), definition, Float32Array.of(10));
  expect(model.batchShape).toEqual(shape);
  expect(await model.evaluate(Float32Array.of(1, 2, 3, 4, 5, 6), 7)).toEqual(Float32Array.of(17, 27, 37, 47, 57, 67));
  await model.dispose();
});

test('compileModel() takes a closed form, which has no weights', async () => {
  const definition = evaluationProgram('squares', shape, [], () => (x) => tf.square(x));
  const model = await compileModel(await openBackend('cpu', { threads: 1 }), definition, new Float32Array());
  expect(await model.evaluate(Float32Array.of(3, 4), 0)).toEqual(Float32Array.of(9, 16));
  await model.dispose();
});
