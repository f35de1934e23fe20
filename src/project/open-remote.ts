// The remotes of a project by their names. A client is loaded when one of its kind is opened.
import { exitCode, ReproError } from '../error.ts';
import { suggestion } from '../pipeline/suggest.ts';
import type { Trust } from '../remote/envelope.ts';
import { thisPlatform } from '../remote/keys.ts';
import type { Remote } from '../remote/remote.ts';
import type { RemoteDeclaration } from '../schema/types.ts';
import { loadConfig } from './config.ts';
import { readKeyFile } from './key-file.ts';

export interface OpenRemote {
  readonly name: string;
  readonly remote: Remote;
  /** What is taken of it. */
  readonly trust: Trust;
  readonly platforms: readonly string[];
}

/**
 * A remote that is configured; the only one, where none is named.
 * @throws {ReproError} `no-remote` or `bad-remote` (usage)
 */
export async function openRemote(root: string, name?: string): Promise<OpenRemote> {
  const { remotes } = await loadConfig(root);
  const names = Object.keys(remotes);
  const chosen = name ?? (names.length === 1 ? names[0]! : undefined);
  if (chosen === undefined || !Object.hasOwn(remotes, chosen)) {
    const message = chosen === undefined ? 'No remote is named' : `There is no remote "${chosen}"`;
    throw new ReproError('no-remote', message, {
      exit: exitCode.usage,
      hint:
        names.length === 0
          ? 'name one in repro.config.yaml: remotes: { team: { url: file:/mnt/share/results } }'
          : ((chosen === undefined ? undefined : suggestion(chosen, names)) ??
            `choose with --remote: ${names.join(', ')}`),
    });
  }
  const declaration = remotes[chosen]!;
  const remote = await remoteAt(chosen, declaration.url);
  return {
    name: chosen,
    remote,
    trust: await trustOf(chosen, declaration),
    platforms: [thisPlatform(), ...(declaration.platforms ?? [])],
  };
}

async function remoteAt(name: string, url: string): Promise<Remote> {
  if (url.startsWith('file:')) {
    const { DirectoryRemote } = await import('../remote/directory.ts');
    return new DirectoryRemote(url.slice('file:'.length));
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.username || parsed?.password) {
    throw badRemote(
      name,
      'has credentials in its address',
      'put them into ~/.netrc, or a token into REPRO_REMOTE_TOKEN',
    );
  }
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(parsed?.hostname ?? '');
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isHere)) {
    const { HttpRemote } = await import('../remote/http.ts');
    return new HttpRemote(url);
  }
  if (parsed?.protocol === 'http:') throw badRemote(name, 'would be read without encryption', 'use https:');
  throw badRemote(name, `has an address of no known kind: ${url}`, 'use file: or https:');
}

function badRemote(name: string, why: string, hint: string): ReproError {
  return new ReproError('bad-remote', `Remote "${name}" ${why}`, { exit: exitCode.usage, hint });
}

/** A directory is trusted as whoever may write there is; a server only with the keys that are listed. */
async function trustOf(name: string, { url, trust }: RemoteDeclaration): Promise<Trust> {
  if (trust === 'anyone' || (trust === undefined && url.startsWith('file:'))) return 'anyone';
  if (Array.isArray(trust)) return Promise.all(trust.map((file) => readKeyFile(file, 'public')));
  throw badRemote(name, 'says of nobody that its results are trusted', 'list public keys: trust: [keys/ci.pem]');
}
