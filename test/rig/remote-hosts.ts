// Where results are shared: a directory, each server that can be had here, and rclone. One host serves the tests of a file, each of
// which has a place of its own there.
import * as sdk from '@aws-sdk/client-s3';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { vi } from 'vitest';
import { DirectoryRemote } from '../../src/remote/directory.ts';
import { HttpRemote } from '../../src/remote/http.ts';
import { RcloneRemote } from '../../src/remote/rclone.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { S3Remote } from '../../src/remote/s3.ts';
import { missingForCeph, startCeph, type S3Keys } from './ceph.ts';
import { missingFor, startServer } from './servers.ts';
import { missingForSwift, startSwift } from './swift.ts';
import { temporaryDirectory } from './temporary.ts';

export interface RemotePlace {
  /** What a configuration says of it, without whom it trusts. */
  readonly declaration: string;
  /** Credentials, for a command. */
  readonly environment: Readonly<Record<string, string>>;
  /** Holds nothing. */
  readonly remote: Remote;
  /** The same by way of a proxy; null where no server is spoken to. */
  readonly through: ((proxy: string) => string) | null;
  /** Where it lies on this machine; null where a server keeps it in a way of its own. */
  readonly folder: string | null;
}

export interface RemoteHost extends AsyncDisposable {
  /** Without a path; null where it is no server. */
  readonly server: string | null;
  place(): Promise<RemotePlace>;
}

export const remoteHosts: Readonly<
  Record<string, { readonly missing: readonly string[]; start(): Promise<RemoteHost> }>
> = {
  'a directory': { missing: [], start: startDirectory },
  nginx: { missing: missingFor('nginx'), start: () => startHttp('nginx') },
  Apache: { missing: missingFor('apache'), start: () => startHttp('apache') },
  'Ceph by S3': { missing: missingForCeph(), start: () => startS3(startCeph) },
  'Swift by S3': { missing: missingForSwift(), start: () => startS3(startSwift) },
  rclone: { missing: existsSync('/usr/bin/rclone') ? [] : ['rclone'], start: startRclone },
};

function startDirectory(): Promise<RemoteHost> {
  return startFolders((folder) => ({ url: `file:${folder}`, remote: new DirectoryRemote(folder), environment: {} }));
}

/** Of what rclone reaches, a disk: each file system that it knows is behind the same commands. */
function startRclone(): Promise<RemoteHost> {
  const environment = { RCLONE_CONFIG: '/dev/null', RCLONE_CONFIG_DISK_TYPE: 'local' };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return startFolders((folder) => ({
    url: `rclone:disk:${folder}`,
    remote: new RcloneRemote(`disk:${folder}`),
    environment,
  }));
}

function startFolders(
  open: (folder: string) => Pick<RemotePlace, 'remote' | 'environment'> & { readonly url: string },
): Promise<RemoteHost> {
  const directory = temporaryDirectory();
  return Promise.resolve({
    server: null,
    place: counted((name) => {
      const folder = path.join(directory.path, name);
      mkdirSync(folder);
      const { url, ...rest } = open(folder);
      return { declaration: `url: '${url}'`, ...rest, through: null, folder };
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(directory[Symbol.dispose]()),
  });
}

async function startHttp(kind: 'nginx' | 'apache'): Promise<RemoteHost> {
  const server = await startServer(kind);
  const declared = (origin: string, name: string): string => `url: '${origin}/${name}/'`;
  const { origin } = new URL(server.url);
  return {
    server: origin,
    place: counted(async (name) => {
      const url = `${server.url}${name}/`;
      await fetch(url, { method: 'MKCOL' });
      return {
        declaration: declared(origin, name),
        environment: {},
        remote: new HttpRemote(url),
        through: (proxy) => declared(proxy, name),
        folder: path.join(server.root, name),
      };
    }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

interface Store extends AsyncDisposable {
  readonly endpoint: string;
  readonly keys: S3Keys;
}

async function startS3(start: () => Promise<Store>): Promise<RemoteHost> {
  const store = await start();
  const { endpoint, keys } = store;
  const environment = credentials(keys);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  await makeBucket(endpoint, 'lab-results');
  const declared = (at: string, url: string): string => `url: '${url}', endpoint: '${at}'`;
  return {
    server: endpoint,
    place: counted((name) => {
      const url = `s3://lab-results/${name}`;
      const remote = new S3Remote(sdk, url, { endpoint });
      const through = (proxy: string): string => declared(proxy, url);
      return { declaration: through(endpoint), environment, remote, through, folder: null };
    }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** For a command, which looks for them in its environment. */
export function credentials({ accessKey, secretKey }: S3Keys): Readonly<Record<string, string>> {
  return { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey };
}

/** With the credentials of this process's environment. */
export async function makeBucket(endpoint: string, name: string): Promise<void> {
  const client = new sdk.S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
  try {
    await client.send(new sdk.CreateBucketCommand({ Bucket: name }));
  } finally {
    client.destroy();
  }
}

function counted(place: (name: string) => RemotePlace | Promise<RemotePlace>): () => Promise<RemotePlace> {
  let count = 0;
  return async () => place(`place-${(count += 1)}`);
}

const { signal } = new AbortController();

export async function keysOf(remote: Remote): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of remote.list('', signal)) keys.push(key);
  return keys.sort();
}

export async function bytesAt(remote: Remote, key: string): Promise<Buffer> {
  using directory = temporaryDirectory();
  const file = path.join(directory.path, 'got');
  if (await remote.get(key, file, 1e9, { signal })) return readFileSync(file);
  throw new Error(`Nothing lies at ${key}`);
}

/** Puts something else in the place of what lies at a key; null is nothing. */
export async function replaceAt(remote: Remote, key: string, bytes: Uint8Array | null): Promise<void> {
  if (bytes === null) await remote.remove([key], signal);
  else await remote.put(key, bytes, { signal });
}
