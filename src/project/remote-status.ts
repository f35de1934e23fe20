// What of a plan would come from a remote. Nothing is written into the store, and no lock is needed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Plan } from '../pipeline/plan.ts';
import { Fetcher } from '../remote/fetcher.ts';
import { findThere } from '../remote/there.ts';
import { freezePlan } from '../runner/freeze.ts';
import { inspectCells } from '../runner/inspect.ts';
import type { CellInspection } from '../runner/result.ts';
import type { Store } from '../store/store.ts';
import { openRemote } from './open-remote.ts';
import { explaining } from './transfer.ts';

export interface RemoteStatus {
  readonly cells: readonly CellInspection[];
  /** What there is of no use, as sentences. */
  readonly damage: readonly string[];
}

export async function inspectWithRemote(
  plan: Plan,
  store: Store,
  name: string,
  signal: AbortSignal,
): Promise<RemoteStatus> {
  const opened = await openRemote(store.root, name);
  const frozen = await freezePlan(plan, store, 'look');
  const there = await withFolder((temporary) => {
    const fetcher = new Fetcher(opened.remote, { ...opened, store, signal, temporary });
    return explaining(opened, signal, () => findThere(fetcher, plan, frozen));
  });
  return { cells: await inspectCells(plan, frozen, store, there.cells), damage: there.damage };
}

/** A folder for what is only read: that of the store belongs to the holder of its lock. */
export async function withFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'repro-'));
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
