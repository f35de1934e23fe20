import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import path from 'node:path';
import * as sdk from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { S3Remote } from '../../src/remote/s3.ts';
import { type Ceph, missingForCeph, type S3Keys, startCeph } from '../rig/ceph.ts';
import { missingForSwift, type Swift, startSwift } from '../rig/swift.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { describeRemote, distinctBytes, listed, signal } from './contract.ts';

const missing = missingForCeph();
const missingSwift = missingForSwift();
let ceph: Ceph;
let swift: Swift;
let buckets = 0;

beforeAll(async () => {
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  await Promise.all([
    missing.length === 0 && startCeph().then((started) => (ceph = started)),
    missingSwift.length === 0 && startSwift().then((started) => (swift = started)),
  ]);
}, 180_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await ceph?.[Symbol.asyncDispose]();
  await swift?.[Symbol.asyncDispose]();
});

function ownerOf({ endpoint, keys }: { readonly endpoint: string; readonly keys: S3Keys }): sdk.S3Client {
  const credentials = { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey };
  return new sdk.S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
}

/** From now on, clients that are made have these credentials. */
function enter(keys: S3Keys | null): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys?.accessKey);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys?.secretKey);
}

async function makeBucket(owner = ownerOf(ceph)): Promise<string> {
  const Bucket = `bucket-${(buckets += 1)}`;
  await owner.send(new sdk.CreateBucketCommand({ Bucket }));
  return Bucket;
}

const open = (bucket: string, { endpoint = ceph.endpoint, patience = 60_000 } = {}): S3Remote =>
  new S3Remote(sdk, `s3://${bucket}/some/where`, { endpoint, patience });

for (const [name, lacking, server] of [
  ['s3 on Ceph', missing, () => ceph],
  ['s3 on Swift', missingSwift, () => swift],
] as const) {
  describeRemote(name, lacking, async () => {
    const owner = ownerOf(server());
    const bucket = await makeBucket(owner);
    enter(server().keys);
    const noParts = async (): Promise<void> => {
      const { Uploads } = await owner.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket }));
      expect(Uploads ?? []).toEqual([]);
    };
    return { remote: open(bucket, server()), [Symbol.asyncDispose]: noParts };
  });
}

describe.skipIf(missing.length > 0)(`s3 on Ceph${missing.map((each) => `, needs ${each}`).join('')}`, () => {
  beforeEach(() => enter(ceph.keys));
  afterEach(() => void vi.useRealTimers());

  test('says who is refused, and why', async () => {
    const bucket = await makeBucket();
    enter(await ceph.addUser('stranger'));
    const refused = { name: 'RemoteFault', kind: 'refused' };
    await expect(open(bucket).has(['v1/x'], signal)).rejects.toMatchObject(refused);
    await expect(open(bucket).put('v1/x', Buffer.from('x'), { signal })).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/403 AccessDenied/),
    });
    enter({ ...ceph.keys, secretKey: 'wrong' });
    await expect(open(bucket).put('v1/x', Buffer.from('x'), { signal })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('SignatureDoesNotMatch'),
    });
    enter(null);
    await expect(open(bucket).put('v1/x', Buffer.from('x'), { signal })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('there are no credentials'),
    });
  });

  test('says that a bucket is not there', async () => {
    await expect(open('nowhere').put('v1/x', Buffer.from('x'), { signal })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('there is no such bucket'),
    });
  });

  test('says that a quota is used up', async () => {
    const bucket = await makeBucket();
    const scope = ['--quota-scope=bucket', '--uid=lab', `--bucket=${bucket}`];
    await ceph.admin('quota', 'set', ...scope, '--max-objects=1');
    await ceph.admin('quota', 'enable', ...scope);
    await open(bucket).put('v1/x', Buffer.from('x'), { signal });
    await expect(open(bucket).put('v1/y', Buffer.from('y'), { signal })).rejects.toMatchObject({ kind: 'full' });
  });

  test('works where the clock of this machine is wrong by an hour', async () => {
    const remote = open(await makeBucket());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    await remote.put('v1/x', Buffer.from('x'), { signal });
    expect(await remote.has(['v1/x'], signal)).toEqual(new Set(['v1/x']));
  });

  test('gives a gateway up that is silent', async () => {
    const bucket = await makeBucket();
    process.kill(ceph.pid, 'SIGSTOP');
    try {
      const silent = { kind: 'silent', message: expect.stringContaining('nothing has moved') };
      const remote = open(bucket, { patience: 500 });
      await expect(remote.has(['v1/x'], signal)).rejects.toMatchObject(silent);
      using here = temporaryDirectory({});
      await expect(remote.get('v1/x', path.join(here.path, 'x'), 10, { signal })).rejects.toMatchObject(silent);
    } finally {
      process.kill(ceph.pid, 'SIGCONT');
    }
  });

  test('knows of more keys than one list has', async () => {
    const remote = open(await makeBucket());
    const name = (index: number): string => `v1/objects/${String(index % 7).padStart(2, '0')}/${index}`;
    const keys = Array.from({ length: 1200 }, (_, index) => name(index));
    const put = keys.slice(0, 1100);
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < put.length) await remote.put(put[next++]!, Buffer.from('x'), { signal });
    };
    await Promise.all(Array.from({ length: 16 }, work));
    expect(await remote.has(keys, signal)).toEqual(new Set(put));
    expect(await remote.has(keys.slice(1090), signal)).toEqual(new Set(put.slice(1090)));
    expect((await listed(remote, 'v1/')).map(({ key }) => key)).toEqual([...put].sort());
  });

  test('lists uploads that were begun and never completed, and removes them', async () => {
    const bucket = await makeBucket();
    const place = { Bucket: bucket, Key: 'some/where/v1/objects/ab/cd' };
    await ownerOf(ceph).send(new sdk.CreateMultipartUploadCommand(place));
    const [entry] = await listed(open(bucket), 'v1/objects/');
    expect(entry?.key).toMatch(/^v1\/objects\/ab\/cd~./);
    await open(bucket).remove([entry!.key], signal);
    expect(await listed(open(bucket), '')).toEqual([]);
  });

  test('gives a download up that falls silent, and leaves no part of it', async () => {
    const bucket = await makeBucket();
    await open(bucket).put('v1/x', Buffer.alloc(6_000_000), { signal });
    await using proxy = await cuttingProxy(Number(new URL(ceph.endpoint).port), [1_000_000], 'silence');
    using here = temporaryDirectory({});
    const remote = open(bucket, { ...proxy, patience: 2000 });
    const get = remote.get('v1/x', path.join(here.path, 'got'), 6_000_000, { signal });
    await expect(get).rejects.toMatchObject({
      kind: 'silent',
      message: expect.stringContaining('nothing has moved'),
    });
    expect(readdirSync(here.path)).toEqual([]);
  });

  test('goes on with a download where its connection broke', async () => {
    const bucket = await makeBucket();
    const bytes = distinctBytes(9_000_000);
    await open(bucket).put('v1/x', bytes, { signal });
    await using proxy = await cuttingProxy(Number(new URL(ceph.endpoint).port), [3_000_000, 2_000_000]);
    using here = temporaryDirectory({});
    const file = path.join(here.path, 'got');
    let taken = 0;
    const transfer = { signal, onBytes: (count: number) => void (taken += count) };
    expect(await open(bucket, proxy).get('v1/x', file, bytes.length, transfer)).toBe(true);
    expect(bytes.equals(readFileSync(file))).toBe(true);
    expect(proxy.connections()).toBe(3);
    expect(taken).toBe(bytes.length);
    expect(readdirSync(here.path)).toEqual(['got']);
  });
});

/** Passes on to a port; the i-th connection is cut, or falls silent, when so many bytes have come back. */
async function cuttingProxy(port: number, limits: readonly number[], then: 'cut' | 'silence' = 'cut') {
  let connections = 0;
  const server = createServer((client) => {
    const limit = limits[connections++] ?? Infinity;
    const upstream = connect(port, '127.0.0.1');
    let passed = 0;
    const end = (): void => {
      client.destroySoon();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      client.write(chunk);
      if (passed >= limit && then === 'cut') end();
      if (passed >= limit) upstream.pause();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await Promise.resolve();
    },
  };
}
