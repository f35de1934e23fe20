// The remotes of a project by their names. A client is loaded when one of its kind is opened.
import path from 'node:path';
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
  const remote = await remoteAt(chosen, declaration);
  return {
    name: chosen,
    remote,
    trust: await trustOf(chosen, declaration),
    platforms: [thisPlatform(), ...(declaration.platforms ?? [])],
  };
}

async function remoteAt(name: string, { url, endpoint, region }: RemoteDeclaration): Promise<Remote> {
  const scheme = url.slice(0, url.indexOf(':') + 1);
  if (scheme !== 's3:' && (endpoint ?? region) !== undefined) {
    throw badRemote(name, 'has an endpoint or a region', 'only addresses of s3: take them');
  }
  if (scheme === 'file:') {
    const folder = url.slice(scheme.length);
    if (!path.isAbsolute(folder) || folder.startsWith('//'))
      throw badRemote(name, `names no directory of this machine: ${url}`, 'use file:PATH');
    const { DirectoryRemote } = await import('../remote/directory.ts');
    return new DirectoryRemote(folder);
  }
  if (scheme === 's3:') {
    checkServer(name, url, 'they are taken from where the SDK of AWS looks for them: the environment or ~/.aws');
    if (endpoint !== undefined) checkServer(name, endpoint, 'they belong into the environment or ~/.aws');
    const sdk = await loaded(name, '@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
    const { S3Remote } = await import('../remote/s3.ts');
    return new S3Remote(sdk, url, {
      ...(endpoint !== undefined && { endpoint }),
      ...(region !== undefined && { region }),
    });
  }
  if (scheme === 'rclone:') {
    const place = url.slice(scheme.length);
    // Rclone takes settings there, too, passwords among them.
    if (!/^[\w.+@ -]+:/.test(place))
      throw badRemote(
        name,
        'names nothing of rclone’s configuration',
        'use rclone:NAME:PATH, and "rclone config" for all settings',
      );
    const { RcloneRemote } = await import('../remote/rclone.ts');
    return new RcloneRemote(place);
  }
  if (scheme === 'https:' || scheme === 'http:') {
    checkServer(name, url, 'put them into ~/.netrc, or a token into REPRO_REMOTE_TOKEN');
    const { HttpRemote } = await import('../remote/http.ts');
    return new HttpRemote(url);
  }
  throw badRemote(name, `has an address of no known kind: ${url}`, 'use file:, https:, s3: or rclone:');
}

/** @param where Credentials belong. */
function checkServer(name: string, address: string, where: string): void {
  // What is none may have a password in it, and is not shown.
  if (!URL.canParse(address) || new URL(address).hostname === '')
    throw badRemote(name, 'has an address that is none', 'use https://HOST/PATH or s3://BUCKET/PREFIX');
  const { protocol, hostname, username, password, search, hash } = new URL(address);
  if (username || password) throw badRemote(name, 'has credentials in its address', where);
  if (search || hash)
    throw badRemote(name, 'has more than a path in its address', `leave "?" and "#" out; credentials: ${where}`);
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol === 'http:' && !isHere) throw badRemote(name, 'would be read without encryption', 'use https:');
}

/** A package that only some remotes need, and that is installed by hand. */
async function loaded<T>(name: string, packageName: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error as Error).message.includes(`'${packageName}'`)) throw error;
    throw badRemote(name, `needs the package ${packageName}`, `npm install ${packageName}`);
  }
}

function badRemote(name: string, why: string, hint: string): ReproError {
  return new ReproError('bad-remote', `Remote "${name}" ${why}`, { exit: exitCode.usage, hint });
}

/** A directory is trusted as whoever may write there is; a server only with the keys that are listed. */
async function trustOf(name: string, { url, trust }: RemoteDeclaration): Promise<Trust> {
  if (trust === 'anyone' || (trust === undefined && url.startsWith('file:'))) return 'anyone';
  if (Array.isArray(trust)) return Promise.all(trust.map((file) => readKeyFile(file, 'public')));
  throw badRemote(name, 'says of nobody that its results are trusted', 'list public keys: trust: [keys/ci.pub.pem]');
}
