// Results that come from a remote: those of a run, of a stage, or of all that the plan needs.
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { isRecorded } from '../manifest/lineage.ts';
import { Fetcher } from '../remote/fetcher.ts';
import { fetchPlanned } from '../remote/planned.ts';
import { Meter } from '../remote/progress.ts';
import { RemoteFault } from '../remote/remote.ts';
import { fetchManifest, fetchRun, fetchTag, isRunId, type Missing, type RemoteRun, tagsThere } from '../remote/runs.ts';
import { freezePlan } from '../runner/freeze.ts';
import { type PublishedCell, publishedCell, Publisher } from '../runner/outputs/publish.ts';
import { systemClock } from '../runner/process/clock.ts';
import type { Plan } from '../pipeline/plan.ts';
import type { Manifest, StageRecord } from '../schema/types.ts';
import { writeAtomically, writeInProject } from '../store/atomic-write.ts';
import { nameRun } from '../store/run-id.ts';
import { openStore, type Store } from '../store/store.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { readTag } from './named-manifest.ts';
import { openRemote } from './open-remote.ts';
import { latestManifest, manifestPath, type Place, tagFolder } from './places.ts';
import { explaining, never, type TransferOptions, withLock } from './transfer.ts';

export interface PullOptions extends TransferOptions {
  /** False leaves artifacts and the latest manifest as they are: what comes is in the store alone. */
  readonly publish?: boolean;
  /** Is told of what had to be moved out of the way. */
  readonly onMoved?: (message: string) => void;
}

export interface Pulled {
  readonly remote: string;
  /** That of a run; null where stages were asked for. */
  readonly manifest: Manifest | null;
  /** Cells whose results can be used now. */
  readonly results: readonly string[];
  /** Objects that went over the line, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  readonly missing: readonly Missing[];
}

interface Pulling {
  readonly fetcher: Fetcher;
  readonly publish: boolean;
  readonly onMoved: (message: string) => void;
}

/**
 * Brings results from a remote into the store, and publishes their artifacts: those of a run by its id or a tag, which then
 * is the latest; those of a stage or a cell with all that it needs; or all that the plan needs.
 * @throws {ReproError} `no-manifest`, `ambiguous-name` (usage), `remote-failed`
 */
export async function pull(place: Place, name: string | undefined, options: PullOptions = {}): Promise<Pulled> {
  const { signal = never(), publish = true, onMoved = () => {}, onProgress } = options;
  const { remote, trust, platforms, name: remoteName } = await openRemote(place.root, options.remote);
  const store = openStore(place.root);
  const meter = new Meter(onProgress);
  const fetcher = new Fetcher(remote, { store, trust, platforms, signal, meter });
  const pulling = { fetcher, publish, onMoved };
  const pulled = await withLock(store, signal, () =>
    explaining({ name: remoteName }, signal, async () => {
      const { meaning, run } = await find(place, name, options, fetcher);
      const found =
        meaning.kind === 'run' ? await pullRun(pulling, meaning.name, run!) : await pullPlan(pulling, meaning.plan);
      store.save();
      return found;
    }),
  );
  const { done: objects, bytes } = meter.progress;
  return { remote: remoteName, objects, bytes, ...pulled };
}

/** What a word means, with the run where it is one. */
async function find(
  place: Place,
  word: string | undefined,
  options: PullOptions,
  fetcher: Fetcher,
): Promise<{ meaning: Meaning; run: RemoteRun | null }> {
  const found = new Map<string, RemoteRun | null>();
  const runOf = async (name: string): Promise<RemoteRun | null> => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const id = isRunId(name) ? name : await fetchTag(fetcher, name);
    const run = id === null ? null : await fetchManifest(fetcher, id);
    if (run === null && id !== null && id !== name) {
      throw new RemoteFault('damaged', `tag "${name}" names run ${id}, which is not there`);
    }
    found.set(name, run);
    return run;
  };
  const {
    remote,
    options: { signal },
  } = fetcher;
  const meaning = await meaningOf(place, word, options, {
    has: async (name) => (await runOf(name)) !== null,
    names: () => tagsThere(remote, signal),
    what: 'run or tag',
  });
  const run = meaning.kind === 'run' ? await runOf(meaning.name) : null;
  if (meaning.kind === 'run' && run === null) {
    throw new ReproError('no-manifest', `There is no run or tag "${meaning.name}"`, { exit: exitCode.usage });
  }
  return { meaning, run };
}

type Found = Pick<Pulled, 'manifest' | 'results' | 'missing'>;

async function pullRun({ fetcher, publish, onMoved }: Pulling, name: string, run: RemoteRun): Promise<Found> {
  const { store } = fetcher.options;
  const { manifest, text } = run;
  const { records, missing } = await fetchRun(fetcher, run, publish);
  if (publish) {
    const cells = manifest.stages.filter(isRecorded).flatMap(({ id }) => publishedCell(id) ?? []);
    await publishAll(store, manifest.run.id, cells, records, onMoved);
  }
  keepManifest(store, manifest, text, publish);
  if (name !== manifest.run.id) await keepTag(store, name, manifest.run.id, onMoved);
  return { manifest, results: [...records.keys()], missing };
}

async function pullPlan({ fetcher, publish, onMoved }: Pulling, plan: Plan): Promise<Found> {
  const { store } = fetcher.options;
  const { records, missing } = await fetchPlanned(fetcher, plan, await freezePlan(plan, store));
  if (publish) await publishAll(store, nameRun(store, systemClock.now()), plan.cells, records, onMoved);
  return { manifest: null, results: [...records.keys()], missing };
}

async function publishAll(
  store: Store,
  run: string,
  cells: readonly PublishedCell[],
  records: ReadonlyMap<string, StageRecord>,
  onMoved: (message: string) => void,
): Promise<void> {
  const publisher = new Publisher(store, run);
  for (const cell of cells) {
    const record = records.get(cell.id);
    if (record) await publisher.publish(cell, record, (message) => onMoved(`${cell.id}: ${message}`));
  }
  publisher.save();
}

function keepManifest(store: Store, manifest: Manifest, text: string, isLatest: boolean): void {
  const kept = path.join(store.root, manifestPath(manifest.run.id));
  writeAtomically(store.fileSystem, kept, text, { temporary: store.temporary, durable: true });
  if (isLatest) writeInProject(store.fileSystem, store.root, latestManifest, Buffer.from(text));
}

async function keepTag(store: Store, name: string, run: string, onMoved: (message: string) => void): Promise<void> {
  // A tag whose file says nothing is mended.
  const before = await readTag(store.root, name).catch(() => null);
  if (before !== null && before !== run) onMoved(`tag "${name}" named run ${before} here, and names ${run} now`);
  const file = path.join(store.root, tagFolder, `${name}.json`);
  writeAtomically(store.fileSystem, file, `${JSON.stringify({ run })}\n`, {
    temporary: store.temporary,
    durable: true,
  });
}
