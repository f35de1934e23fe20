// Curves: bounded whatever is printed, in the order of the steps, and whole where a stage goes on from a checkpoint.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Curves } from '../../../src/runner/process/curves.ts';
import { parseCurves } from '../../../src/store/curves.ts';

const curvesOf = (curves: Curves) => parseCurves(curves.text() ?? '') ?? {};

test('a curve keeps its first point and its shape, and is no longer than 2000 points, however long it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), (steps) => {
      const curves = new Curves();
      for (let step = 0; step < steps; step++) curves.add({ step, metrics: { loss: 1 / (1 + step) } });
      const { loss = [] } = curvesOf(curves);
      expect(loss.length).toBeLessThanOrEqual(2000);
      expect(loss.length).toBeGreaterThanOrEqual(Math.min(steps, 1000));
      const gaps = new Set(loss.slice(1).map(([step], index) => step - loss[index]![0]));
      expect(loss[0]).toEqual([0, 1]);
      expect(gaps.size).toBeLessThanOrEqual(1);
      expect(loss.every(([step, value]) => value === 1 / (1 + step))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('what an earlier attempt did after the checkpoint is done again, what it did before stays', () => {
  const first = new Curves();
  for (const step of [1, 2, 3, 4]) first.add({ step, metrics: { loss: step, rate: 9 } });
  const second = new Curves(first.text()!);
  for (const step of [3, 4, 5]) second.add({ step, metrics: { loss: -step } });
  expect(curvesOf(second)).toEqual({
    loss: [
      [1, 1],
      [2, 2],
      [3, -3],
      [4, -4],
      [5, -5],
    ],
    rate: [
      [1, 9],
      [2, 9],
      [3, 9],
      [4, 9],
    ],
  });
});

test('a value that is no number is a gap, a name may be any, and a damaged file is none', () => {
  const curves = new Curves('{"format":"repro.curves/1","curves":{"loss":[[1]]}}');
  curves.add({ step: 1, metrics: { loss: Number.NaN, constructor: 2 } });
  expect(curvesOf(curves)).toEqual({ loss: [[1, null]], constructor: [[1, 2]] });
  expect(new Curves().text()).toBe(null);
});

test('a stage that prints ever new names keeps the first hundred', () => {
  const curves = new Curves();
  for (let i = 0; i < 500; i++) curves.add({ step: i, metrics: { [`m${i}`]: i } });
  expect(Object.keys(curvesOf(curves))).toHaveLength(100);
});
