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

/** A promise and what resolves it. */
function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe('Slots', () => {
  it('never gives out more than it has, serves in order, and lets a request for too many wait for all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 12 }),
        async (total, counts) => {
          const slots = new Slots({ cores: total });
          let held = 0;
          const order: number[] = [];
          await Promise.all(
            counts.map((count, i) =>
              slots.hold({ cores: count }, async () => {
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
    const slots = new Slots({ cores: 1 });
    await expect(slots.hold({ cores: 1 }, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await slots.hold({ cores: 1 }, () => Promise.resolve('y'))).toBe('y');
  });

  it('never gives out more of any resource than it has, and serves every request', async () => {
    const amounts = fc.record({ cores: fc.integer({ min: 1, max: 5 }), gpus: fc.nat({ max: 3 }) });
    await fc.assert(
      fc.asyncProperty(amounts, fc.array(amounts, { maxLength: 15 }), async (total, requests) => {
        const slots = new Slots(total);
        const held = { cores: 0, gpus: 0 };
        let served = 0;
        const change = (by: typeof held, sign: 1 | -1): void => {
          held.cores += sign * Math.min(by.cores, total.cores);
          held.gpus += sign * Math.min(by.gpus, total.gpus);
        };
        await Promise.all(
          requests.map((request, i) =>
            slots.hold(request, async () => {
              change(request, 1);
              expect(held.cores).toBeLessThanOrEqual(total.cores);
              expect(held.gpus).toBeLessThanOrEqual(total.gpus);
              for (let turn = 0; turn < i % 4; turn++) await Promise.resolve();
              change(request, -1);
              served++;
            }),
          ),
        );
        expect(served).toBe(requests.length);
      }),
      { numRuns: 100 },
    );
  });

  it('starves no large request, however many small ones keep coming', async () => {
    const slots = new Slots({ cores: 4, gpus: 1 });
    let isServed = false;
    let small = 0;
    // Each successor asks before its predecessor gives back: without reservation the large one would wait for the last.
    const keepBusy = (left: number): Promise<void> =>
      slots.hold({ cores: 1, gpus: left % 2 }, async () => {
        await Promise.resolve();
        if (isServed || left === 0) return;
        small++;
        void keepBusy(left - 1);
        await Promise.resolve();
      });
    const streams = [1000, 1001, 1002].map(keepBusy);
    const large = slots.hold({ cores: 4, gpus: 1 }, async () => {
      isServed = true;
      await Promise.resolve();
    });
    await Promise.all([...streams, large]);
    expect(isServed).toBe(true);
    expect(small).toBeLessThan(20);
  });

  it('lets a request pass one that waits, unless it takes what that one waits for', async () => {
    const slots = new Slots({ cores: 4, gpus: 1 });
    const order: string[] = [];
    let release = (): void => {};
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    const hold = (name: string, cores: number, gpus: number, until?: Promise<void>): Promise<void> =>
      slots.hold({ cores, gpus }, async () => {
        order.push(name);
        await until;
      });
    const all = [hold('gpu', 1, 1, isReleased), hold('next gpu', 2, 1), hold('one core', 1, 0, isReleased)];
    const late = [hold('two cores', 2, 0), hold('gpu too', 1, 1)];
    await Promise.resolve();
    expect(order).toEqual(['gpu', 'one core']);
    release();
    await Promise.all([...all, ...late]);
    expect([...order].sort()).toEqual(['gpu', 'gpu too', 'next gpu', 'one core', 'two cores']);
    expect(order.indexOf('next gpu')).toBeLessThan(order.indexOf('gpu too'));
  });

  it('gives requests that pass one that waits no more together than there is', async () => {
    const slots = new Slots({ cores: 4, gpus: 1 });
    const order: string[] = [];
    const hold = (name: string, cores: number, gpus: number, until?: Promise<void>): Promise<void> =>
      slots.hold({ cores, gpus }, async () => {
        order.push(name);
        await until;
      });
    const [gpu, cores, passing] = [gate(), gate(), gate()];
    const all = [hold('gpu', 0, 1, gpu.promise), hold('all cores', 4, 0, cores.promise), hold('next gpu', 0, 1)];
    // Both wait when the cores come back, and each would fit alone.
    all.push(hold('three cores', 3, 0, passing.promise), hold('three more', 3, 0));
    cores.resolve();
    await all[1];
    expect(order).toEqual(['gpu', 'all cores', 'three cores']);
    passing.resolve();
    gpu.resolve();
    await Promise.all(all);
    expect([...order].sort()).toEqual(['all cores', 'gpu', 'next gpu', 'three cores', 'three more']);
  });
});
