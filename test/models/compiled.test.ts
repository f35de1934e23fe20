// A compiled model: the shape of its batches is that of its program, and any number of samples goes through.
import { expect, test } from 'vitest';
import { evaluationProgram } from '../../src/diffusion/evaluate.ts';
import { compileModel } from '../../src/models/compiled.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { tf } from '../../src/tensor/tf.ts';
import { expectClose } from '../support/close.ts';

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

test('a batch that would take more memory than allowed is cut, and nothing else changes', async () => {
  const backend = await openBackend('cpu', { threads: 1 });
  // A sample of 2 numbers takes 2 x 500 in between.
  const wide = Float32Array.from({ length: 500 }, (_, i) => i / 500);
  const model = (x: tf.Tensor): tf.Tensor =>
    tf.sum(tf.sin(tf.matMul(tf.reshape(x, [-1, 1]), tf.tensor2d(wide, [1, 500]))), 1);
  const of = (batch: number) =>
    evaluationProgram('wide', { batch, shape: [2] }, [], () => (x) => tf.reshape(model(x), [-1, 2]));
  const whole = await compileModel(backend, of(100), new Float32Array());
  const cut = await compileModel(backend, of(100), new Float32Array(), 100_000);
  const one = await compileModel(backend, of(100), new Float32Array(), 1);
  expect(whole.batchShape.batch).toBe(100);
  // Two values of 4,000 bytes a sample at a time, and a little more.
  expect(cut.batchShape.batch).toBeGreaterThanOrEqual(10);
  expect(cut.batchShape.batch).toBeLessThanOrEqual(12);
  expect(cut.program.peakBytes).toBeLessThanOrEqual(100_000);
  expect(one.batchShape.batch).toBe(1);
  const x = Float32Array.from({ length: 2 * 31 }, (_, i) => Math.sin(i));
  const values = await whole.evaluate(x, 0);
  expectClose(await cut.evaluate(x, 0), values, 1e-5);
  expectClose(await one.evaluate(x, 0), values, 1e-5);
  for (const each of [whole, cut, one]) await each.dispose();
});
