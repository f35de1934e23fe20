// A cell as a task of listr2. All tasks begin at once, so that their order is the runner's and not listr2's, and wait.
import { type ListrTask, ListrTaskState } from 'listr2';
import type { BoundedRenderer } from './bounded-renderer.ts';
import { ProgressMeter } from '../../live/progress-meter.ts';

export interface Row {
  readonly meter: ProgressMeter;
  start(): void;
  queue(): void;
  say(text: string): void;
  /** Ends the task. */
  settle(outcome: 'done' | 'failed' | 'skipped', text: string): void;
}

/** @param rows Where its row is found, from when it has begun until it is settled. */
export function cellTask(cell: string, rows: Map<string, Row>): ListrTask<unknown, typeof BoundedRenderer> {
  return {
    title: cell,
    task: (_, { task }) =>
      new Promise<void>((resolve, reject) => {
        task.state$ = ListrTaskState.WAITING;
        rows.set(cell, {
          meter: new ProgressMeter(),
          start: () => (task.state$ = ListrTaskState.STARTED),
          queue: () => (task.state$ = ListrTaskState.PAUSED),
          say: (text) => (task.title$ = text),
          settle(outcome, text) {
            rows.delete(cell);
            task.title$ = text;
            if (outcome === 'failed') return reject(new Error(text));
            // listr2 completes only what has started.
            task.state$ = outcome === 'done' ? ListrTaskState.STARTED : ListrTaskState.SKIPPED;
            resolve();
          },
        });
      }),
  };
}
