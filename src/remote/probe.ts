// A key of one's own in a remote, to try things with. It is removed again, with its folder, whatever happens.
import { randomUUID } from 'node:crypto';
import type { Remote } from './remote.ts';

export const probeFolder = 'v1/probes/';

/** Does something with a key that nobody else has. */
export async function withProbe<T>(remote: Remote, signal: AbortSignal, act: (key: string) => Promise<T>): Promise<T> {
  const key = `${probeFolder}${randomUUID()}`;
  try {
    return await act(key);
  } finally {
    await remote.remove([key], signal).catch(() => {});
    await remote.removeEmpty(probeFolder, signal).catch(() => {});
  }
}

/** When the remote says that a key was put, in milliseconds since 1970; null where it is not there. @throws {RemoteFault} */
export async function modifiedAt(remote: Remote, key: string, signal: AbortSignal): Promise<number | null> {
  let found: number | null = null;
  for await (const entry of remote.list(probeFolder, signal)) if (entry.key === key) found = entry.modified;
  return found;
}
