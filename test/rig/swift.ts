// A Swift of one machine on loopback with its S3 interface (s3api) and users of its own (tempauth), on one directory.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { answering } from './answering.ts';
import type { S3Keys } from './ceph.ts';
import { freePorts } from './ports.ts';
import { temporaryDirectory } from './temporary.ts';

export interface Swift extends AsyncDisposable {
  /** Of its S3 interface, without a slash at the end; buckets are addressed by path. */
  readonly endpoint: string;
  readonly keys: S3Keys;
  /** Of the proxy, to be stopped (SIGSTOP) and continued. */
  readonly pid: number;
}

const kinds = ['account', 'container', 'object'] as const;

/** Debian's packages that are not here, of those that it needs. */
export function missingForSwift(): string[] {
  const missing = ['proxy', ...kinds].filter((kind) => !existsSync(`/usr/bin/swift-${kind}-server`));
  return missing.map((kind) => `swift-${kind}`);
}

export async function startSwift(): Promise<Swift> {
  const temporary = temporaryDirectory();
  const directory = temporary.path;
  mkdirSync(path.join(directory, 'devices/one'), { recursive: true });
  const ports = await freePorts(4);
  const [proxy] = ports as [number];
  const servers: ChildProcess[] = [];
  const start = (kind: string, text: string): ChildProcess => {
    const file = path.join(directory, `${kind}.conf`);
    writeFileSync(file, text);
    // A server ends with the process that tests, however that ends.
    const line = ['--pdeathsig', 'KILL', `swift-${kind}-server`, file];
    const child = spawn('setpriv', line, { cwd: directory, stdio: 'ignore', detached: true });
    servers.push(child);
    return child;
  };
  const end = async (): Promise<void> => {
    // Nothing of it is kept, so nothing need be written.
    for (const child of servers) {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit');
    }
    temporary[Symbol.dispose]();
  };
  try {
    await Promise.all(kinds.map((kind, index) => buildRing(directory, kind, ports[index + 1]!)));
    const behind = kinds.map((kind, index) => start(kind, storage(directory, kind, ports[index + 1]!)));
    const front = start('proxy', proxyServer(directory, proxy));
    const all = [front, ...behind];
    await Promise.all(ports.map((port, index) => answering(`http://127.0.0.1:${port}/`, all[index]!)));
    const endpoint = `http://127.0.0.1:${proxy}`;
    const keys = { accessKey: 'lab:ci', secretKey: 'secret' };
    return { endpoint, keys, pid: front.pid!, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where things lie: all of them on the one device. */
async function buildRing(directory: string, kind: string, port: number): Promise<void> {
  const build = (...words: string[]) =>
    promisify(execFile)('swift-ring-builder', [`${kind}.builder`, ...words], { cwd: directory });
  await build('create', '4', '1', '1');
  await build('add', `r1z1-127.0.0.1:${port}/one`, '1');
  await build('rebalance');
}

function common(directory: string, port: number): string {
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
user = ${execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()}
swift_dir = ${directory}
workers = 0
`;
}

function storage(directory: string, kind: string, port: number): string {
  return `${common(directory, port)}devices = ${directory}/devices
mount_check = false
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
`;
}

function proxyServer(directory: string, port: number): string {
  const filters = ['catch_errors', 'gatekeeper', 'cache', 'listing_formats', 's3api', 'tempauth', 'slo', 'copy'];
  const settings: Readonly<Record<string, string>> = {
    // Nobody listens there: it asks for a cache, and lives without what is in it.
    cache: 'memcache_servers = 127.0.0.1:9\n',
    s3api: 'location = us-east-1\n',
    tempauth: 'user_lab_ci = secret .admin\n',
  };
  return `${common(directory, port)}[pipeline:main]
pipeline = ${filters.join(' ')} proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
${filters.map((name) => `[filter:${name}]\nuse = egg:swift#${name === 'cache' ? 'memcache' : name}\n${settings[name] ?? ''}`).join('')}`;
}
