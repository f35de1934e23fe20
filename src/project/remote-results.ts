// A remote as a source of results for a run.
import { RemoteResults } from '../remote/results.ts';
import type { Store } from '../store/store.ts';
import { openRemote } from './open-remote.ts';

/** @param warn Is told of what is wrong with it */
export async function resultsOf(store: Store, name: string, warn: (message: string) => void): Promise<RemoteResults> {
  const { remote, trust, platforms } = await openRemote(store.root, name);
  return new RemoteResults(name, remote, { store, trust, platforms }, warn);
}
