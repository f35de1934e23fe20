import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatFlat, flatLayout, initialize, splitFlat, type Parameter } from '../../src/tensor/flat.ts';
import { tf } from '../../src/tensor/tf.ts';

const parameters: Parameter[] = [
  { name: 'weight', shape: [30, 20], init: { kind: 'normal', std: 0.1 } },
  { name: 'bias', shape: [20], init: { kind: 'zeros' } },
  { name: 'scale', shape: [], init: { kind: 'ones' } },
  { name: 'table', shape: [4, 5, 10], init: { kind: 'uniform', limit: 2 } },
];
const key = { seed: 7, purpose: 'init' };

test('flatLayout puts the parameters one after the other', () => {
  const layout = flatLayout(parameters);
  expect(layout.size).toBe(821);
  expect(layout.entries.map(({ name, offset, size }) => [name, offset, size])).toEqual([
    ['weight', 0, 600],
    ['bias', 600, 20],
    ['scale', 620, 1],
    ['table', 621, 200],
  ]);
});

test('flatLayout refuses repeated and empty parameters', () => {
  expect(() => flatLayout([parameters[0]!, parameters[0]!])).toThrow('two parameters are called "weight"');
  expect(() => flatLayout([{ ...parameters[0]!, shape: [3, 0] }])).toThrow('"weight" of shape [3, 0] is empty');
});

test("splitFlat and concatFlat are each other's inverse for any shapes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      (shapes) => {
        const layout = flatLayout(shapes.map((shape, i) => ({ name: `p${i}`, shape, init: { kind: 'zeros' } })));
        const values = Float32Array.from({ length: layout.size }, (_, i) => i);
        tf.tidy(() => {
          const pieces = splitFlat(layout, tf.tensor1d(values));
          for (const { name, shape, offset } of layout.entries) {
            expect(pieces[name]!.shape).toEqual(shape);
            expect(pieces[name]!.flatten().dataSync()[0]).toBe(offset);
          }
          expect(concatFlat(layout, pieces).dataSync()).toEqual(values);
        });
      },
    ),
    { numRuns: 30 },
  );
});

test('concatFlat names a tensor that is missing', () => {
  expect(() => concatFlat(flatLayout(parameters), {})).toThrow('no tensor "weight"');
});

test("initialize follows each parameter's own rule", () => {
  const flat = initialize(parameters, key);
  const weight = flat.subarray(0, 600);
  const std = Math.sqrt(weight.reduce((sum, w) => sum + w * w, 0) / 600);
  expect(Math.abs(std - 0.1)).toBeLessThan((4 * 0.1) / Math.sqrt(1200));
  expect(flat.subarray(600, 620).every((value) => value === 0)).toBe(true);
  expect(flat[620]).toBe(1);
  const table = flat.subarray(621);
  expect(Math.min(...table)).toBeGreaterThanOrEqual(-2);
  expect(Math.min(...table)).toBeLessThan(-1.8);
  expect(Math.max(...table)).toBeLessThan(2);
  expect(Math.max(...table)).toBeGreaterThan(1.8);
});

test('initialize leaves the others alone when a parameter is added, and follows the seed', () => {
  const flat = initialize(parameters, key);
  const extended = initialize([{ name: 'new', shape: [3], init: { kind: 'ones' } }, ...parameters], key);
  expect(extended.subarray(3)).toEqual(flat);
  expect(initialize(parameters, { ...key, seed: 8 })).not.toEqual(flat);
});
