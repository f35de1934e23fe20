import { describe, expect, test } from 'vitest';
import { fuseSums } from '../../src/tensor/gemm.ts';
import { checkGraph, countOps } from '../../src/tensor/graph.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
import { compile } from '../../src/tensor/session.ts';
import { tf } from '../../src/tensor/tf.ts';
import { inputName, outputName, trace } from '../../src/tensor/trace.ts';
import { scatter } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { interpret } from '../support/interpret.ts';

/** a [3, 4] times b [4, 5] plus what `sum` makes of the product and c. */
const definition = (
  shape: readonly number[],
  sum: (product: tf.Tensor, c: tf.Tensor) => tf.Tensor,
): ProgramDefinition => ({
  name: 'sums',
  state: {},
  inputs: Object.fromEntries(
    Object.entries({ a: [3, 4], b: [4, 5], c: shape }).map(([name, s]) => [name, { shape: s, dtype: 'float32' }]),
  ),
  run: (_, { a, b, c }) => ({ outputs: { y: sum(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), c!) } }),
});

async function check(program: ProgramDefinition): Promise<Partial<Record<string, number>>> {
  const graph = trace(program);
  const fused = fuseSums(graph);
  checkGraph(fused);
  const inputs = Object.fromEntries(
    Object.entries(program.inputs).map(([name, { shape }], i) => [name, scatter(shape.reduce((m, n) => m * n, 1), i)]), // prettier-ignore
  );
  const named = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [inputName(name), values]));
  const expected = interpret(graph, named)[outputName('y')]!;
  expectClose(interpret(fused, named)[outputName('y')]!, expected, 1e-12);
  const compiled = await compile(program, 1);
  expectClose((await compiled.run(inputs))['y']!, expected, 1e-5);
  await compiled.dispose();
  return countOps(fused);
}

describe('fuseSums', () => {
  test.each([[[5]], [[1, 5]], [[3, 1]], [[3, 5]], [[]]])(
    'takes a value of shape %j into the product',
    async (shape) => {
      const ops = await check(definition(shape, (product, c) => tf.add(product, c)));
      expect(ops).toMatchObject({ Gemm: 1 });
      expect(ops).not.toHaveProperty('Add');
      expect(ops).not.toHaveProperty('MatMul');
    },
  );

  test('adds a chain of products to one another', async () => {
    const ops = await check(
      definition([3, 5], (product, c) => tf.add(tf.add(product, c), tf.matMul(c as tf.Tensor2D, tf.eye(5)))),
    );
    expect(ops).toMatchObject({ Gemm: 2 });
    expect(ops).not.toHaveProperty('Add');
  });

  test('keeps a product that is used elsewhere too, and a sum that is larger than the product', async () => {
    const twice = await check(definition([3, 5], (product, c) => tf.mul(tf.add(product, c), product)));
    expect(twice).toMatchObject({ Add: 1, MatMul: 1 });
    const larger = await check(definition([2, 3, 5], (product, c) => tf.add(product, c)));
    expect(larger).toMatchObject({ Add: 1, MatMul: 1 });
  });
});
