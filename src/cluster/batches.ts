// Which jobs are submitted together: one call for all that want the same, and one task for several that are known to be short.
import type { StageJob } from '../runner/process/executor.ts';

export interface Grouping {
  /** Seconds; jobs that took less the last time are short. */
  readonly underSeconds: number;
  /** Jobs of one task, at most. */
  readonly size: number;
}

export interface BatchPlan<Item> {
  /** The items of each task, which run one after another. */
  readonly tasks: readonly (readonly Item[])[];
  readonly timeSeconds: number | null;
}

/** Whether a job may share a task with others. */
export function isShort(
  { job: { expectedSeconds }, isAlone }: { readonly job: StageJob; readonly isAlone: boolean },
  grouping: Grouping | null,
): boolean {
  return grouping !== null && !isAlone && expectedSeconds !== null && expectedSeconds < grouping.underSeconds;
}

/** Beside the limits of its stages, for what a task does itself. */
const marginSeconds = 60;

/**
 * Puts jobs into as few submissions as possible.
 * @param parallel How many tasks are known to run at once: short jobs are spread over as many.
 */
export function planBatches<Item extends { readonly job: StageJob; readonly isAlone: boolean }>(
  items: readonly Item[],
  { grouping, mostTasks, parallel }: { grouping: Grouping | null; mostTasks: number; parallel: number },
): BatchPlan<Item>[] {
  const alike = new Map<string, Item[]>();
  for (const item of items) {
    const { resources, timeoutSeconds } = item.job;
    const key = JSON.stringify([resources, timeoutSeconds]);
    alike.set(key, [...(alike.get(key) ?? []), item]);
  }
  return [...alike.values()].flatMap((same) => {
    const [short, others] = [true, false].map((wanted) => same.filter((item) => isShort(item, grouping) === wanted));
    const tasks = [...others!.map((item) => [item]), ...(grouping ? spread(short!, grouping, parallel) : [])];
    return chunks(tasks, mostTasks).map((some) => ({ tasks: some, timeSeconds: timeOf(some) }));
  });
}

/** A task that takes less is not worth its place in the queue. */
const leastSeconds = 10;

/**
 * Over so many tasks that none has more than `size` jobs, or takes much longer than what counts as short; and over as many as
 * run at once, if there is something to do for each.
 */
function spread<Item extends { readonly job: StageJob }>(
  items: readonly Item[],
  { size, underSeconds }: Grouping,
  parallel: number,
): Item[][] {
  const seconds = items.reduce((sum, { job }) => sum + (job.expectedSeconds ?? 0), 0);
  const wide = Math.min(parallel, Math.ceil(seconds / leastSeconds));
  const number = Math.min(
    items.length,
    Math.max(wide, Math.ceil(items.length / size), Math.ceil(seconds / underSeconds)),
  );
  const tasks: Item[][] = Array.from({ length: number }, () => []);
  for (const [index, item] of items.entries()) tasks[index % number]!.push(item);
  return tasks;
}

/** Of the longest task. Those after the first in a task are short: they have what they took before, twice, and not their limit. */
function timeOf(tasks: readonly (readonly { readonly job: StageJob }[])[]): number | null {
  const times = tasks.map((items) => {
    const limit = items[0]?.job.timeoutSeconds ?? null;
    if (limit === null) return null;
    return limit + marginSeconds + items.slice(1).reduce((sum, { job }) => sum + 1 + 2 * (job.expectedSeconds ?? 0), 0);
  });
  return times.some((time) => time === null) ? null : Math.max(...(times as number[]));
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
