// Which jobs go together.
import { describe, expect, it } from 'vitest';
import { planBatches } from '../../src/cluster/batches.ts';
import type { StageJob } from '../../src/runner/process/executor.ts';

interface Item {
  readonly job: StageJob;
  readonly isAlone: boolean;
}
const item = (expectedSeconds: number | null, more: Partial<StageJob> = {}, isAlone = false): Item => ({
  job: {
    id: 's',
    program: '/bin/true',
    words: [],
    directory: '/',
    environment: {},
    passed: [],
    log: '',
    control: '',
    outputs: [],
    timeoutSeconds: null,
    resources: { cpus: 1, memoryBytes: 0, gpus: 0 },
    expectedSeconds,
    ...more,
  },
  isAlone,
});
const several = (number: number, make: () => Item): Item[] => Array.from({ length: number }, make);
const sizes = (items: readonly Item[], parallel = 1, grouping = { underSeconds: 120, size: 30 }): number[][] =>
  planBatches(items, { grouping, mostTasks: 500, parallel }).map(({ tasks }) => tasks.map((task) => task.length));

describe('planBatches()', () => {
  it('puts jobs that want the same into one submission, and each that is new or long into a task of its own', () => {
    expect(sizes([item(null), item(500), item(null)])).toEqual([[1, 1, 1]]);
    expect(sizes([item(null), item(null, { resources: { cpus: 2, memoryBytes: 0, gpus: 0 } })])).toEqual([[1], [1]]);
    expect(sizes([item(null, { timeoutSeconds: 60 }), item(null)])).toEqual([[1], [1]]);
  });

  it('lets short jobs share tasks, none of which is larger than it may be', () => {
    expect(sizes(several(61, () => item(0.05)))).toEqual([[21, 20, 20]]);
    expect(sizes([...several(4, () => item(1)), item(1, {}, true)])).toEqual([[1, 4]]);
  });

  it('lets no task of short jobs take much longer than what counts as short', () => {
    expect(sizes(several(30, () => item(60)))).toEqual([Array.from({ length: 15 }, () => 2)]);
  });

  it('spreads them over as many tasks as run at once, while each has something to do', () => {
    expect(
      sizes(
        several(30, () => item(2)),
        4,
      ),
    ).toEqual([[8, 8, 7, 7]]);
    expect(
      sizes(
        several(30, () => item(0.1)),
        4,
      ),
    ).toEqual([[30]]);
  });

  it('asks for the time of the longest task, and for none where a stage has no limit', () => {
    const times = (items: readonly Item[]): (number | null)[] =>
      planBatches(items, { grouping: { underSeconds: 120, size: 30 }, mostTasks: 500, parallel: 1 }).map(
        ({ timeSeconds }) => timeSeconds,
      );
    expect(times([item(1), item(1)])).toEqual([null]);
    expect(times([item(1, { timeoutSeconds: 600 }), item(1, { timeoutSeconds: 600 })])).toEqual([663]);
  });

  it('makes several submissions of more tasks than one may have', () => {
    const batches = planBatches(
      several(7, () => item(null)),
      { grouping: null, mostTasks: 3, parallel: 1 },
    );
    expect(batches.map(({ tasks }) => tasks.length)).toEqual([3, 3, 1]);
  });
});
