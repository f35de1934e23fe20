import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schedule, Slots } from '../../src/runner/schedule.ts';

/** Random graphs in topological order: each cell depends on some before it. */
const graphs = fc
  .array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.constantFrom('done', 'done', 'done', 'failed')), {
    maxLength: 15,
  })
  .map((rows) =>
    rows.map(([picks, end], i) => ({
      id: String(i),
      dependsOn: i === 0 ? [] : [...new Set(picks.map((pick) => String(pick % i)))],
      end: end as 'done' | 'failed',
    })),
  );

describe('schedule', () => {
  it('visits exactly the cells above which nothing failed, each after all it depends on, and blocks the others once', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (cells) => {
        const finished = new Set<string>();
        const blocked = new Map<string, string>();
        await schedule(
          cells,
          async ({ id, dependsOn, end }) => {
            expect(dependsOn.every((other) => finished.has(other))).toBe(true);
            await Promise.resolve();
            if (end === 'done') finished.add(id);
            return end;
          },
          ({ id }, by) => {
            expect(blocked.has(id)).toBe(false);
            blocked.set(id, by);
          },
        );
        const bad = new Set<string>();
        for (const { id, dependsOn, end } of cells) {
          const isBlocked = dependsOn.some((other) => bad.has(other));
          if (isBlocked || end === 'failed') bad.add(id);
          expect(blocked.has(id)).toBe(isBlocked);
          expect(finished.has(id)).toBe(!isBlocked && end === 'done');
        }
        for (const by of blocked.values()) expect(cells[Number(by)]?.end).toBe('failed');
      }),
      { numRuns: 60 },
    );
  });

  it('rejects with what a visit throws', async () => {
    await expect(
      schedule(
        [{ id: 'a', dependsOn: [] }],
        () => Promise.reject(new Error('bug')),
        () => {},
      ),
    ).rejects.toThrow('bug');
  });
});

describe('Slots', () => {
  it('never gives out more than it has, serves in order, and lets a request for too many wait for all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 12 }),
        async (total, counts) => {
          const slots = new Slots(total);
          let held = 0;
          const order: number[] = [];
          await Promise.all(
            counts.map((count, i) =>
              slots.hold(count, async () => {
                order.push(i);
                held += Math.min(count, total);
                expect(held).toBeLessThanOrEqual(total);
                await Promise.resolve();
                held -= Math.min(count, total);
              }),
            ),
          );
          expect(order).toEqual(counts.map((_, i) => i));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives back what a failed action held', async () => {
    const slots = new Slots(1);
    await expect(slots.hold(1, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await slots.hold(1, () => Promise.resolve('y'))).toBe('y');
  });
});
