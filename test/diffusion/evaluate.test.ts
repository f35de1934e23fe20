import { expect, test } from 'vitest';
import { evaluate, evaluationProgram } from '../../src/diffusion/evaluate.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { tf } from '../../src/tensor/tf.ts';

const backend = await openBackend('tfjs', { threads: 1 });
const batchShape = { batch: 3, shape: [2] };

test.each([1, 3, 7])('evaluate() returns the value of each of %i samples, filling up the last batch', async (count) => {
  const definition = evaluationProgram('sums', batchShape, [], () => (x, t) => tf.add(tf.sum(x, 1), t));
  const x = Float32Array.from({ length: 2 * count }, (_, i) => i);
  const values = await evaluate(await backend.compile(definition), batchShape, x, 5);
  expect(Array.from(values)).toEqual(Array.from({ length: count }, (_, i) => 4 * i + 1 + 5));
});

test('an evaluation program reads its weights from the flat vector', async () => {
  const parameters = [
    { name: 'a', shape: [2], init: { kind: 'zeros' } },
    { name: 'b', shape: [1], init: { kind: 'zeros' } },
  ] as const;
  const program = await backend.compile(
    evaluationProgram(
      'linear',
      batchShape,
      parameters,
      ({ a, b }) =>
        (x) =>
          tf.add(tf.mul(x, a!), b!),
    ),
  );
  program.load({ parameters: Float32Array.of(2, 3, 10) });
  expect(Array.from(await evaluate(program, batchShape, Float32Array.of(1, 1, -1, 2), 0))).toEqual([12, 13, 8, 16]);
});

test('evaluate() refuses half a sample', async () => {
  const program = await backend.compile(evaluationProgram('x', batchShape, [], () => (x) => x));
  await expect(evaluate(program, batchShape, new Float32Array(3), 0)).rejects.toThrow('3 values');
});
