// Garbage is given back when there is much of it.
import { expect, it } from 'vitest';
import { freeHeap } from '../../src/project/free-heap.ts';

it('gives back what nobody holds', () => {
  const held = Array.from({ length: 200 }, () => new Array<number>(2 ** 17).fill(0.5));
  const megabytes = (): number => process.memoryUsage().heapUsed / 2 ** 20;
  expect(megabytes()).toBeGreaterThan(200);
  freeHeap();
  const whileHeld = megabytes();
  expect(held).toHaveLength(200);
  held.length = 0;
  freeHeap();
  expect(whileHeld - megabytes()).toBeGreaterThan(150);
});
