import fc from 'fast-check';
import { expect, test } from 'vitest';
import { steadyClock } from '../../../src/runner/process/clock.ts';

test('steadyClock() follows the wall clock forwards, and goes on at the pace of seconds where that is put back', () => {
  let [wall, seconds] = [Date.parse('2026-11-25T12:00:00Z'), 50];
  const clock = steadyClock(
    () => wall,
    () => seconds,
  );
  const pass = (wallSeconds: number, passed: number): string => {
    wall += wallSeconds * 1000;
    seconds += passed;
    return clock.now().slice(11, 19);
  };
  expect(pass(0, 0)).toBe('12:00:00');
  expect(pass(10, 10)).toBe('12:00:10');
  expect(pass(-3600, 5)).toBe('12:00:15');
  expect(pass(5, 5)).toBe('12:00:20');
  // The machine slept for two hours, which a monotonic clock does not count.
  expect(pass(7200, 1)).toBe('13:00:15');
});

test('steadyClock() never goes back, and no two of its moments are nearer than the seconds between them', () => {
  const step = fc.record({
    jump: fc.integer({ min: -1e9, max: 1e9 }),
    passed: fc.double({ min: 0, max: 1e4, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let [wall, seconds] = [1.7e12, 0];
      const clock = steadyClock(
        () => wall,
        () => seconds,
      );
      let before = Date.parse(clock.now());
      for (const { jump, passed } of steps) {
        wall += jump;
        seconds += passed;
        const now = Date.parse(clock.now());
        // Texts have whole milliseconds.
        expect(now - before).toBeGreaterThan(passed * 1000 - 1.001);
        before = now;
      }
    }),
  );
});
