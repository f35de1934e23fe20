// Whether a remote can be used, tried out.
import { ReproError } from '../error.ts';
import { checkRemote, type RemoteCheck } from '../remote/check.ts';
import { openRemote } from './open-remote.ts';
import { signingKey } from './push.ts';
import { withFolder } from './remote-status.ts';
import { explaining, never } from './transfer.ts';

export interface CheckedRemote extends RemoteCheck {
  /** Its name. */
  readonly remote: string;
  readonly url: string;
  /** Whether what is pushed is signed. */
  readonly signed: boolean;
  readonly canRead: boolean;
  readonly canPush: boolean;
  /** Why not, where it is for want of a key. */
  readonly unsigned: string | null;
}

export async function checkRemoteOf(
  root: string,
  name: string | undefined,
  { signal = never() }: { readonly signal?: AbortSignal } = {},
): Promise<CheckedRemote> {
  const opened = await openRemote(root, name);
  const key = await signingKey(root, opened).catch((error: unknown) => {
    if (error instanceof ReproError && error.code === 'no-key') return error;
    throw error;
  });
  const check = await withFolder((folder) =>
    explaining(opened, signal, () => checkRemote(opened.remote, folder, signal)),
  );
  const isRefused = key instanceof ReproError;
  const canRead = check.read === null;
  const canPush = canRead && check.write === null && check.killedUpload !== 'half a file' && !isRefused;
  const unsigned = isRefused ? key.message : null;
  return {
    remote: opened.name,
    url: opened.remote.url,
    canRead,
    canPush,
    signed: !isRefused && key !== null,
    unsigned,
    ...check,
  };
}
