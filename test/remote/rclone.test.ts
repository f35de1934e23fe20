import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as sdk from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { rcloneDaemon } from '../../src/remote/rclone-daemon.ts';
import { RcloneRemote } from '../../src/remote/rclone.ts';
import { type Ceph, missingForCeph, startCeph } from '../rig/ceph.ts';
import { Rig } from '../rig/rig.ts';
import { missingForSshd, type Sshd, startSshd } from '../rig/sshd.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { describeRemote, type Place, signal } from './contract.ts';

const missing = existsSync('/usr/bin/rclone') ? [] : ['rclone'];
const missingBoth = [...missing, ...missingForSshd()];
const missingCeph = [...missing, ...missingForCeph()];
const needs = missing.map((each) => `, needs ${each}`).join('');

let sshd: Sshd;
let ceph: Ceph;
let buckets = 0;
beforeAll(async () => {
  vi.stubEnv('RCLONE_CONFIG', '/dev/null');
  configure('disk', { type: 'local' });
  // It must not reach rclone, whose S3 it breaks.
  vi.stubEnv('AWS_CA_BUNDLE', '/nonexistent');
  if (missingBoth.length === 0) {
    sshd = await startSshd();
    const { port, user, key, hostKey } = sshd;
    configure('lab', { type: 'sftp', host: '127.0.0.1', port: String(port), user, key_file: key });
    configure('stranger', { type: 'sftp', host: '127.0.0.1', port: String(port), user, key_file: hostKey });
  }
  if (missingCeph.length === 0) {
    ceph = await startCeph();
    const { accessKey: access_key_id, secretKey: secret_access_key } = ceph.keys;
    const { endpoint } = ceph;
    configure('ceph', { type: 's3', provider: 'Ceph', endpoint, access_key_id, secret_access_key });
  }
}, 180_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await sshd?.[Symbol.asyncDispose]();
  await ceph?.[Symbol.asyncDispose]();
});

/** A remote of rclone's configuration. */
function configure(name: string, settings: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(settings)) {
    vi.stubEnv(`RCLONE_CONFIG_${name.toUpperCase()}_${key.toUpperCase()}`, value);
  }
}

function placeOf(name: string): Promise<Place> {
  const directory = temporaryDirectory({});
  return Promise.resolve({
    remote: new RcloneRemote(`${name}:${directory.path}`),
    [Symbol.asyncDispose]: () => Promise.resolve(directory[Symbol.dispose]()),
  });
}

describeRemote('rclone, in a directory', missing, () => placeOf('disk'));
describeRemote('rclone, over SFTP', missingBoth, () => placeOf('lab'));
describeRemote('rclone, with S3 on Ceph', missingCeph, async () => {
  const Bucket = `bucket-${(buckets += 1)}`;
  const { accessKey: accessKeyId, secretKey: secretAccessKey } = ceph.keys;
  const credentials = { accessKeyId, secretAccessKey };
  const owner = new sdk.S3Client({ endpoint: ceph.endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  await owner.send(new sdk.CreateBucketCommand({ Bucket }));
  return { remote: new RcloneRemote(`ceph:${Bucket}/some/where`), [Symbol.asyncDispose]: () => Promise.resolve() };
});

describe.skipIf(missing.length > 0)(`rclone${needs}`, () => {
  test('says what its own configuration does not have', async () => {
    await expect(new RcloneRemote('nobody:x').has(['v1/x'], signal)).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('rclone’s configuration has no "nobody"'),
    });
  });

  test.skipIf(missingBoth.length > 0)('says who is refused', async () => {
    using here = temporaryDirectory({});
    const put = new RcloneRemote(`stranger:${here.path}`).put('v1/x', Buffer.from('x'), { signal });
    await expect(put).rejects.toMatchObject({ name: 'RemoteFault', kind: 'refused' });
    expect(readdirSync(here.path)).toEqual([]);
  });

  test.skipIf(missingBoth.length > 0)('tries again where a busy server turns its connection away', async () => {
    using here = temporaryDirectory({});
    let turnedAway = 0;
    const door = createServer((client) => {
      client.on('error', () => {});
      if ((turnedAway += 1) <= 3) return client.resetAndDestroy();
      const server = connect(sshd.port, '127.0.0.1');
      client.pipe(server).pipe(client);
    }).listen(0, '127.0.0.1');
    await once(door, 'listening');
    const { port } = door.address() as AddressInfo;
    // The daemon has its configuration already: this one is in the place's name.
    const remote = new RcloneRemote(
      `:sftp,host=127.0.0.1,port=${port},user=${sshd.user},key_file="${sshd.key}":${here.path}`,
    );
    await remote.put('v1/x', Buffer.from('x'), { signal });
    expect(await remote.has(['v1/x'], signal)).toEqual(new Set(['v1/x']));
    expect(turnedAway).toBeGreaterThan(3);
    door.close();
  });

  test('lets in nobody who does not know its password', async () => {
    const { url, authorization } = await rcloneDaemon();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const ask = async (headers: Readonly<Record<string, string>>, place: string): Promise<number> => {
      const answer = await fetch(`${url}${place}`, { headers, method: place.startsWith('[') ? 'GET' : 'POST' });
      await answer.body?.cancel();
      return answer.status;
    };
    for (const place of ['core/version', 'operations/list', encodeURI('[disk:/etc]/passwd')]) {
      expect(await ask({}, place)).toBe(401);
      expect(await ask({ authorization: `Basic ${btoa('repro:')}` }, place)).toBe(401);
    }
    expect(await ask({ authorization }, 'core/version')).toBe(200);
  });

  test('that has died is started again', async () => {
    using here = temporaryDirectory({});
    const remote = new RcloneRemote(`disk:${here.path}`);
    const before = await rcloneDaemon();
    process.kill(childOf(childOf(process.pid, 'sh'), 'rclone'), 'SIGKILL');
    while ((await rcloneDaemon().catch(() => before)) === before) await delay(10);
    await remote.put('v1/x', Buffer.from('x'), { signal });
    expect(await remote.has(['v1/x'], signal)).toEqual(new Set(['v1/x']));
  });

  test.each(['is killed', 'ends'])('ends where the process %s that started it', async (how) => {
    using here = temporaryDirectory({});
    const { child, rclone } = await userOf(here.path);
    if (how === 'is killed') child.kill('SIGKILL');
    else child.stdin.write('end\n');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(how === 'is killed' ? null : 0);
    while (isAlive(rclone)) await delay(10);
  });

  test('that is not installed is said to be so', async () => {
    using here = temporaryDirectory({});
    symlinkSync('/bin/sh', path.join(here.path, 'sh'));
    const child = spawn(process.execPath, ['--import', 'tsx', user, here.path], {
      env: { ...process.env, PATH: here.path },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text));
    await once(child, 'close');
    expect(said).toContain('rclone is not installed here');
  });
});

const large = {
  'pipeline.yaml': `name: large
stages:
  large:
    run: [node, large.mjs]
    code: [large.mjs]
    outputs: { data: data.bin }
`,
  'large.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.data, Buffer.alloc(12_000_000, 'large'));
`,
};

test.skipIf(missingBoth.length > 0)(
  `a push by rclone that is killed leaves nothing half-written, and the next one completes it${needs}`,
  async () => {
    using there = temporaryDirectory({});
    const config = { 'repro.config.yaml': `remotes: { team: { url: 'rclone:lab:${there.path}', trust: anyone } }\n` };
    const ours = Object.entries(process.env).filter(([name]) => name.startsWith('RCLONE_'));
    const environment = Object.fromEntries(ours) as Readonly<Record<string, string>>;
    await using here = await Rig.create({ ...large, ...config });
    await here.repro('run');
    const push = here.startWith({ environment: { ...environment, RCLONE_BWLIMIT: '1M' } }, 'push');
    const written = (): string[] => readdirSync(there.path, { recursive: true, encoding: 'utf8' });
    while (!written().some((name) => name.includes('.part~'))) await delay(20);
    push.signal('SIGKILL');
    await push.result;
    const final = written().filter((name) => statSync(path.join(there.path, name)).isFile() && !name.includes('~'));
    expect(final.filter((name) => !name.includes('/objects/'))).toEqual([]);
    for (const name of final) expect(statSync(path.join(there.path, name)).size).toBeLessThan(12_000_000);
    expect(await here.startWith({ environment }, 'push').result).toMatchObject({ code: 0, stderr: '' });

    await using other = await Rig.create({ ...large, ...config });
    expect(await other.startWith({ environment }, 'fetch').result).toMatchObject({ code: 0, stderr: '' });
    expect((await other.repro('run')).stdout).toContain('(1 restored)');
  },
  180_000,
);

const user = path.join(import.meta.dirname, '../rig/rclone-user.ts');

/** A process that has asked rclone something, and goes on until it is told to end. */
async function userOf(directory: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', user, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return { child, rclone: childOf(childOf(child.pid!, 'sh'), 'rclone') };
}

/** The newest process of a name that another one started. */
function childOf(parent: number, name: string): number {
  const children = readdirSync('/proc')
    .filter((each) => /^\d+$/.test(each))
    .filter((each) => {
      const [, called, state, of] = /^\d+ \((.*)\) (\w) (\d+)/.exec(statusOf(each)) ?? [];
      return called === name && state !== 'Z' && Number(of) === parent;
    });
  return Math.max(...children.map(Number));
}

const isAlive = (pid: number): boolean => /\) [^Z]/.test(statusOf(String(pid)));

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
