// Servers for `npm run bench remote`, each new for every round, and what peers need to speak to it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingForCeph, startCeph } from '../test/rig/ceph.ts';
import { missingFor, startServer } from '../test/rig/servers.ts';

export interface Line {
  readonly program: string;
  readonly words: readonly string[];
}

export interface Server extends AsyncDisposable {
  /** Of a remote in our configuration. */
  readonly declaration: string;
  /** Credentials and addresses, for ours and for peers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests so far; null where the server does not count them. */
  requests(): number | null;
  /** By the peer's name: a directory to the server, and back into an empty one. */
  readonly peers: Readonly<Record<string, { push(directory: string): Line; fetch(directory: string): Line }>>;
}

const bucket = 'bench-results';

/** As many files at once as ours moves. */
const rclone = (from: string, to: string): Line => ({
  program: 'rclone',
  words: ['copy', '--transfers', '16', '--checkers', '16', from, to],
});

export const servers: Readonly<Record<string, { readonly missing: readonly string[]; start(): Promise<Server> }>> = {
  nginx: { missing: [...missingFor('nginx'), ...missingPeer('rclone')], start: startNginx },
  ceph: { missing: [...missingForCeph(), ...missingPeer('rclone')], start: startGateway },
};

function missingPeer(name: string): string[] {
  return isOnPath(name) ? [] : [name];
}

export function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name)));
}

async function startNginx(): Promise<Server> {
  const server = await startServer('nginx');
  const there = ':webdav:peer';
  return {
    declaration: `url: '${server.url}ours/'`,
    environment: { RCLONE_CONFIG: '/dev/null', RCLONE_WEBDAV_URL: server.url, RCLONE_WEBDAV_VENDOR: 'other' },
    requests: () => readFileSync(join(server.root, '../logs/access.log'), 'utf8').split('\n').length - 1,
    peers: { rclone: { push: (from) => rclone(from, there), fetch: (to) => rclone(there, to) } },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startGateway(): Promise<Server> {
  const { endpoint, keys, [Symbol.asyncDispose]: dispose } = await startCeph();
  const there = `:s3:${bucket}/peer`;
  const aws = (...words: string[]): Line => ({
    program: 'aws',
    words: ['s3', 'sync', '--only-show-errors', '--endpoint-url', endpoint, ...words],
  });
  return {
    declaration: `url: 's3://${bucket}/ours', endpoint: '${endpoint}'`,
    environment: {
      RCLONE_CONFIG: '/dev/null',
      RCLONE_S3_PROVIDER: 'Ceph',
      RCLONE_S3_ENDPOINT: endpoint,
      RCLONE_S3_ACCESS_KEY_ID: keys.accessKey,
      RCLONE_S3_SECRET_ACCESS_KEY: keys.secretKey,
      AWS_ACCESS_KEY_ID: keys.accessKey,
      AWS_SECRET_ACCESS_KEY: keys.secretKey,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    },
    requests: () => null,
    peers: {
      rclone: { push: (from) => rclone(from, there), fetch: (to) => rclone(there, to) },
      ...(isOnPath('aws') && {
        'aws s3 sync': {
          push: (from: string) => aws(from, `s3://${bucket}/aws`),
          fetch: (to: string) => aws(`s3://${bucket}/aws`, to),
        },
      }),
    },
    [Symbol.asyncDispose]: () => dispose(),
  };
}

/** Before anything is pushed. */
export const makeBucket: Line = { program: 'rclone', words: ['mkdir', `:s3:${bucket}`] };
