// Deletes from a remote what no run that is kept there needs.
import { Fetcher } from '../remote/fetcher.ts';
import { RemoteCollection, type RemoteGarbage } from '../remote/garbage.ts';
import { modifiedAt, withProbe } from '../remote/probe.ts';
import type { Remote } from '../remote/remote.ts';
import { systemClock } from '../runner/process/clock.ts';
import { openStore } from '../store/store.ts';
import { openRemote } from './open-remote.ts';
import type { Place } from './places.ts';
import { loadPlan } from './plan.ts';
import { withFolder } from './remote-status.ts';
import { explaining, never } from './transfer.ts';

export interface RemoteGcOptions {
  readonly remote: string;
  readonly keep?: number;
  /** Days. */
  readonly olderThan?: number;
  /** Days within which nothing is deleted, named or not: somebody may be pushing. */
  readonly grace?: number;
  /** False only looks. */
  readonly delete?: boolean;
  readonly signal?: AbortSignal;
}

const usualGrace = 7;
const day = 24 * 3600 * 1000;

export async function collectRemote(place: Place, options: RemoteGcOptions): Promise<RemoteGarbage> {
  const { keep = null, olderThan, grace = usualGrace, signal = never() } = options;
  const { plan } = await loadPlan(place, {});
  const opened = await openRemote(place.root, options.remote);
  const store = openStore(place.root);
  return withFolder((temporary) =>
    explaining(opened, signal, async () => {
      const here = Date.parse(systemClock.now());
      const now = options.delete ? await remoteNow(opened.remote, here, signal) : here;
      const shared = { store, platforms: opened.platforms, signal, temporary };
      const reader = new Fetcher(opened.remote, { ...shared, trust: 'anyone' });
      const trusting = new Fetcher(opened.remote, { ...shared, trust: opened.trust });
      const collection = new RemoteCollection(reader, trusting, {
        project: plan.name,
        keep,
        since: olderThan === undefined ? null : new Date(here - olderThan * day).toISOString(),
        young: now - grace * day,
        unnamed: now - Math.max(grace, olderThan ?? 0) * day,
      });
      return options.delete ? collection.collect() : collection.find();
    }),
  );
}

/** By whichever clock it is earlier: ages are told by the remote's. */
async function remoteNow(remote: Remote, here: number, signal: AbortSignal): Promise<number> {
  return withProbe(remote, signal, async (key) => {
    await remote.put(key, Buffer.from('now'), { signal });
    return Math.min(here, (await modifiedAt(remote, key, signal)) ?? here);
  });
}
