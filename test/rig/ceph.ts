// A Ceph of one machine on loopback with an S3 gateway (RGW): a monitor, an OSD that keeps its objects in memory, radosgw.
// It takes some seconds to start, so one serves all tests of a file.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { answering } from './answering.ts';
import { freePorts } from './ports.ts';
import { temporaryDirectory } from './temporary.ts';

export interface S3Keys {
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface Ceph extends AsyncDisposable {
  /** Of its S3 gateway, without a slash at the end; buckets are addressed by path. */
  readonly endpoint: string;
  /** Of a user who may make buckets. */
  readonly keys: S3Keys;
  /** Of the gateway, to be stopped (SIGSTOP) and continued. */
  readonly pid: number;
  /** What `radosgw-admin` prints: quotas, users. */
  admin(...words: string[]): Promise<string>;
  /** Another user, with no rights to the buckets of the first. */
  addUser(name: string): Promise<S3Keys>;
}

const needs = [
  ['ceph-mon', '/usr/bin/ceph-mon'],
  ['ceph-osd', '/usr/bin/ceph-osd'],
  ['ceph-common', '/usr/bin/ceph'],
  ['radosgw', '/usr/bin/radosgw'],
] as const;

/** Debian's packages that are not here, of those that it needs. Nothing of it must be root. */
export function missingForCeph(): string[] {
  return needs.filter(([, file]) => !existsSync(file)).map(([name]) => name);
}

export async function startCeph(): Promise<Ceph> {
  const temporary = temporaryDirectory();
  const directory = temporary.path;
  for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) mkdirSync(path.join(directory, name));
  const [first, second, gateway] = (await freePorts(3)) as [number, number, number];
  const cluster = randomUUID();
  const file = path.join(directory, 'ceph.conf');
  writeFileSync(file, configuration(directory, cluster, [first, second], gateway));
  writeFileSync(path.join(directory, 'keyring'), keyring());
  const ask = async (program: string, ...words: string[]): Promise<string> =>
    (await promisify(execFile)(program, ['-c', file, ...words], { cwd: directory })).stdout;

  const daemons: ChildProcess[] = [];
  const start = (program: string, ...words: string[]): ChildProcess => {
    // A daemon ends with the process that tests, however that ends.
    const line = ['--pdeathsig', 'KILL', program, '-c', file, '-f', ...words];
    const child = spawn('setpriv', line, { cwd: directory, stdio: 'ignore', detached: true });
    daemons.push(child);
    return child;
  };
  const end = async (): Promise<void> => {
    // Nothing of it is kept, so nothing need be written.
    for (const child of daemons.toReversed()) {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit');
    }
    temporary[Symbol.dispose]();
  };
  const addUser = async (name: string): Promise<S3Keys> => {
    const keys = { accessKey: `${name}-key`, secretKey: randomBytes(20).toString('hex') };
    const words = [`--uid=${name}`, `--display-name=${name}`, `--access-key=${keys.accessKey}`];
    await ask('radosgw-admin', '-n', 'client.rgw.a', 'user', 'create', ...words, `--secret=${keys.secretKey}`);
    return keys;
  };
  try {
    const addresses = `[v2:127.0.0.1:${first},v1:127.0.0.1:${second}]`;
    await ask('monmaptool', '--create', '--addv', 'a', addresses, '--fsid', cluster, 'monmap');
    await ask('ceph-mon', '--mkfs', '-i', 'a', '--monmap', 'monmap', '--keyring', 'keyring');
    start('ceph-mon', '-i', 'a');
    const osd = randomUUID();
    await ask('ceph', 'osd', 'new', osd);
    await ask('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd);
    start('ceph-osd', '-i', '0');
    const radosgw = start('radosgw', '-n', 'client.rgw.a');
    const endpoint = `http://127.0.0.1:${gateway}`;
    await answering(endpoint, radosgw);
    return {
      endpoint,
      keys: await addUser('lab'),
      pid: radosgw.pid!,
      admin: (...words) => ask('radosgw-admin', '-n', 'client.rgw.a', ...words),
      addUser,
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function configuration(
  directory: string,
  cluster: string,
  monitor: readonly [number, number],
  gateway: number,
): string {
  return `[global]
fsid = ${cluster}
mon host = [v2:127.0.0.1:${monitor[0]},v1:127.0.0.1:${monitor[1]}]
public addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = ${directory}/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 5000
auth allow insecure global id reclaim = false
log file = ${directory}/log/$name.log
admin socket = ${directory}/run/$name.asok
pid file = ${directory}/run/$name.pid
run dir = ${directory}/run
setuser match path =
[mon]
mon data = ${directory}/mon
mon initial members = a
mon data avail warn = 1
mon data avail crit = 1
[mon.a]
host = localhost
[osd]
osd objectstore = memstore
memstore device bytes = 3221225472
osd data = ${directory}/osd
osd class load list = *
osd class default list = *
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:${gateway} tcp_nodelay=1
rgw data = ${directory}/rgw
rgw dns name = localhost
debug rgw = 0
`;
}

/** Who may do what: a daemon that lets everybody in would be no test of credentials. */
function keyring(): string {
  const all = '"allow *"';
  const entries: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'mon.': { mon: all },
    'client.admin': { mon: all, osd: all },
    'osd.0': { mon: '"allow profile osd"', osd: all },
    'client.rgw.a': { mon: '"allow rwx"', osd: '"allow rwx"' },
  };
  const rights = (caps: Readonly<Record<string, string>>): string =>
    Object.entries(caps)
      .map(([service, right]) => `caps ${service} = ${right}\n`)
      .join('');
  return Object.entries(entries)
    .map(([name, caps]) => `[${name}]\nkey = ${cephKey()}\n${rights(caps)}`)
    .join('');
}

/** As `ceph-authtool --gen-print-key` makes it: type, time, length, then sixteen bytes that nobody knows. */
function cephKey(): string {
  const head = Buffer.alloc(12);
  head.writeUInt16LE(1, 0);
  head.writeUInt32LE(Math.floor(Date.now() / 1000), 2);
  head.writeUInt16LE(16, 10);
  return Buffer.concat([head, randomBytes(16)]).toString('base64');
}
