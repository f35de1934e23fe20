// A remote as a source of results for a run, and as where its own go.
import { exitCode, ReproError } from '../error.ts';
import { Pusher } from '../remote/pusher.ts';
import { RemoteResults } from '../remote/results.ts';
import { RunPush } from '../remote/run-push.ts';
import type { Emit } from '../runner/event.ts';
import type { RunResult } from '../runner/result.ts';
import { openStore, type Store } from '../store/store.ts';
import { type OpenRemote, openRemote } from './open-remote.ts';
import { keptRun, signingKey } from './push.ts';

export interface RemoteOptions {
  /** Name of a remote that is asked for results which are not here. */
  readonly remote?: string;
  /** Push what is computed to that remote, or to the only one, while the run goes on; when it is complete, the run. */
  readonly push?: boolean;
}

export interface Elsewhere {
  readonly results: RemoteResults;
  readonly push: RunPush | null;
  /** Pushes what is to be pushed of a run whose manifest is written. */
  finish(result: RunResult): Promise<void>;
}

interface Surroundings {
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export async function openElsewhere(
  store: Store,
  { remote: name, push: isPushed = false }: RemoteOptions,
  { emit, signal }: Surroundings,
): Promise<Elsewhere> {
  const warn = (message: string): void => emit({ kind: 'warning', stage: null, message });
  const opened = await openRemote(store.root, name);
  const { remote, trust, platforms } = opened;
  const results = new RemoteResults(opened.name, remote, { store, trust, platforms }, warn);
  const pusher = isPushed ? await openPusher(opened, store, signal, warn) : null;
  const push = pusher && new RunPush(pusher, { signal, warn, damaged: results.damaged });
  const finish = async ({ outcome, runId }: RunResult): Promise<void> => {
    if (push === null) return;
    if (push.waiting > 0) emit({ kind: 'pushing', remote: opened.name, results: push.waiting });
    // Nobody asks for a run that has not all its numbers; its results are there for the next.
    await push.finish(outcome === 'complete' ? await keptRun(store, runId) : null, results.given);
    const { records, objects, bytes } = push.pushed;
    if (records > 0) emit({ kind: 'pushed', remote: opened.name, results: records, objects, bytes });
  };
  return { results, push, finish };
}

/** Null, and said, where what is pushed would be of use to nobody. */
async function openPusher(
  opened: OpenRemote,
  store: Store,
  signal: AbortSignal,
  warn: (message: string) => void,
): Promise<Pusher | null> {
  try {
    return new Pusher(opened.remote, { store, key: await signingKey(store.root, opened), signal });
  } catch (error) {
    if (!(error instanceof ReproError) || error.code !== 'no-key') throw error;
    const hint = error.hint === undefined ? '' : `; ${error.hint}`;
    warn(`Nothing is pushed: ${error.message}${hint}`);
    return null;
  }
}

/** Pushes a run that was complete before, unless it is there: one question. What goes wrong is said. */
export async function pushUnlessThere(
  root: string,
  run: string,
  { remote: name }: RemoteOptions,
  { emit, signal }: Surroundings,
): Promise<void> {
  const warn = (message: string): void => emit({ kind: 'warning', stage: null, message });
  const opened = await openRemote(root, name);
  const store = openStore(root);
  const pusher = await openPusher(opened, store, signal, warn);
  try {
    if (pusher === null || (await pusher.has(run))) return;
    await pusher.run(await keptRun(store, run));
  } catch (error) {
    if (signal.aborted)
      throw new ReproError('interrupted', 'Interrupted', { exit: exitCode.interrupted, cause: error });
    return warn(`The run is not pushed: ${(error as Error).message}`);
  }
  const { records, objects, bytes } = pusher.pushed;
  emit({ kind: 'pushed', remote: opened.name, results: records, objects, bytes });
}
