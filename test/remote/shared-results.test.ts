// Two projects and a remote between them: one pushes, the other computes nothing; and whatever is wrong with the remote, the
// other has right results.
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { buildManifest } from '../../src/manifest/manifest.ts';
import { DirectoryRemote } from '../../src/remote/directory.ts';
import type { Trust } from '../../src/remote/envelope.ts';
import { HttpRemote } from '../../src/remote/http.ts';
import { thisPlatform } from '../../src/remote/keys.ts';
import { type Pushed, Pusher } from '../../src/remote/pusher.ts';
import type { Remote } from '../../src/remote/remote.ts';
import { RemoteResults } from '../../src/remote/results.ts';
import { readEnvironment } from '../../src/runner/environment.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { openStore } from '../../src/store/store.ts';
import { Rig } from '../rig/rig.ts';
import { missingFor, startServer } from '../rig/servers.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const files = {
  'pipeline.yaml': `name: shared
seed: 1
stages:
  make:
    run: [node, make.mjs]
    code: [make.mjs]
    outputs: { data: data.txt, many: many/ }
  measure:
    run: [node, measure.mjs]
    code: [measure.mjs]
    inputs: { data: make.data }
    numbers: numbers.json
`,
  'make.mjs': `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const { outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.data, 'some data');
mkdirSync(outputs.many + '/deep', { recursive: true });
for (const i of [1, 2, 3]) writeFileSync(outputs.many + '/deep/' + i, 'file ' + i);
console.log('made');
`,
  'measure.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(numbers, JSON.stringify({ length: { value: readFileSync(inputs.data).length, unit: 'bytes', kind: 'exact' } }));
`,
};
const { signal } = new AbortController();
const ours = generateKeyPairSync('ed25519');
const theirs = generateKeyPairSync('ed25519');

/** Runs the project and pushes the run. */
async function push(remote: Remote, key = ours.privateKey): Promise<Pushed> {
  await using rig = await Rig.create(files);
  const result = await rig.run();
  expect(result.statuses).toEqual(['make computed', 'measure computed']);
  const plan = rig.plan();
  const manifest = buildManifest(plan, result, {
    pipelineDigest: digestBytes(rig.read('pipeline.yaml')),
    git: null,
    gitGaps: [],
    environment: readEnvironment(),
    references: new Map(),
  });
  const run = { manifest, text: canonicalJson(manifest), tags: [] };
  const pusher = new Pusher(remote, { store: openStore(rig.root), key, signal });
  await pusher.run(run);
  return pusher.pushed;
}

/** Runs the same project somewhere else, with the remote. */
async function runWith(remote: Remote, trust: Trust = [ours.publicKey]) {
  await using rig = await Rig.create(files);
  const store = openStore(rig.root);
  const warnings: string[] = [];
  const options = { store, trust, platforms: [thisPlatform()] };
  const elsewhere = new RemoteResults('team', remote, options, (message) => void warnings.push(message));
  const { statuses, cells } = await rig.run({ elsewhere, store });
  expect(rig.read('artifacts/make/data.txt')).toBe('some data');
  expect(rig.list('artifacts/make/many')).toEqual(['deep/1', 'deep/2', 'deep/3']);
  expect(cells[1]!.record!.numbers['length']!.value).toBe(9);
  expect(rig.list('.repro/quarantine')).toEqual([]);
  return { statuses, warnings, fetched: elsewhere.given.size };
}

const all = (folder: string, part: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes(part))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();

const computed = ['make computed', 'measure computed'];
const restored = ['make restored', 'measure restored'];

describe('a directory that is shared', () => {
  test('gives all results, whoever is trusted with them', async () => {
    using place = temporaryDirectory();
    const remote = new DirectoryRemote(place.path);
    expect(await push(remote)).toMatchObject({ records: 2, leftOut: [] });
    expect(await runWith(remote)).toEqual({ statuses: restored, warnings: [], fetched: 2 });
    expect((await runWith(remote, 'anyone')).statuses).toEqual(restored);
  });

  test('has been given what is there, not what was sent in vain', async () => {
    using place = temporaryDirectory();
    const remote = new DirectoryRemote(place.path);
    const { put } = DirectoryRemote.prototype;
    // As Apache, which takes a file in vain before there is a folder for it.
    remote.put = async function (key, what, transfer) {
      transfer.onBytes?.(1_000_000);
      return put.call(this, key, what, transfer);
    };
    const { objects, bytes } = await push(remote);
    const sizes = all(place.path, 'objects').map((file) => readFileSync(file).length);
    expect([objects, bytes]).toEqual([sizes.length, sizes.reduce((sum, size) => sum + size)]);
  });

  test('is not asked for what is there already', async () => {
    using place = temporaryDirectory();
    const remote = new DirectoryRemote(place.path);
    await push(remote);
    expect(await push(remote)).toMatchObject({ objects: 0, bytes: 0, records: 0 });
  });

  test.each([
    [
      'by another key',
      () => push(new DirectoryRemote(where), theirs.privateKey),
      'is signed by no key that is trusted',
    ],
    ['by nobody', () => push(new DirectoryRemote(where), null as never), 'is not signed'],
  ])('gives nothing that is signed %s', async (_, pushing, why) => {
    using place = temporaryDirectory();
    where = place.path;
    await pushing();
    const { statuses, warnings } = await runWith(new DirectoryRemote(place.path));
    expect(statuses).toEqual(computed);
    expect(warnings).toEqual([expect.stringContaining(why)]);
  });
  let where = '';

  test('with a flipped bit, a truncated or a lost object gives what is whole, and the rest is computed', async () => {
    for (const harm of [
      (file: string) => void writeFileSync(file, Buffer.from(readFileSync(file)).fill(1, 0, 1)),
      (file: string) => void writeFileSync(file, readFileSync(file).subarray(0, -1)),
      (file: string) => void writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('more')])),
      (file: string) => void rmSync(file),
    ]) {
      using place = temporaryDirectory();
      const remote = new DirectoryRemote(place.path);
      await push(remote);
      const [data] = all(place.path, 'objects').filter((file) => readFileSync(file, 'utf8') === 'some data');
      chmodSync(data!, 0o644);
      harm(data!);
      const { statuses, warnings } = await runWith(remote);
      expect(statuses).toEqual(['make computed', 'measure restored']);
      expect(warnings).toEqual([expect.stringContaining('make: ')]);
    }
  });

  test('whose records were swapped or edited gives none of them', async () => {
    for (const harm of [
      ([one, two]: string[]) => {
        renameSync(one!, `${one!}.kept`);
        renameSync(two!, one!);
        renameSync(`${one!}.kept`, two!);
      },
      (each: string[]) => {
        for (const file of each) {
          const envelope = JSON.parse(readFileSync(file, 'utf8')) as { payload: string };
          const record = Buffer.from(envelope.payload, 'base64').toString().replace('"value":9', '"value":8');
          const payload = Buffer.from(record.replaceAll('"seconds":', '"seconds":1')).toString('base64');
          writeFileSync(file, JSON.stringify({ ...envelope, digest: undefined, payload }));
        }
      },
      (each: string[]) => each.forEach((file) => writeFileSync(file, '[]')),
    ]) {
      using place = temporaryDirectory();
      const remote = new DirectoryRemote(place.path);
      await push(remote);
      harm(all(place.path, 'records'));
      expect((await runWith(remote)).statuses).toEqual(computed);
    }
  });

  test('that is gone is said once, and everything is computed', async () => {
    const { statuses, warnings } = await runWith(new DirectoryRemote('/nonexistent/share'));
    expect(statuses).toEqual(computed);
    expect(warnings).toEqual([expect.stringContaining('is not there')]);
  });
});

const missing = missingFor('nginx');
describe.skipIf(missing.length > 0)(`a server (needs ${missing.join(' ') || 'nothing more'})`, () => {
  test('gives all results; stopped for a while or for good it costs nothing but them', async () => {
    await using server = await startServer('nginx');
    await push(new HttpRemote(server.url));
    expect((await runWith(new HttpRemote(server.url))).statuses).toEqual(restored);
    await server[Symbol.asyncDispose]();
    const { statuses, warnings } = await runWith(new HttpRemote(server.url));
    expect(statuses).toEqual(computed);
    expect(warnings).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });

  test('that hangs is waited for once, and everything is computed', async () => {
    await using server = await startServer('nginx');
    await push(new HttpRemote(server.url));
    const worker = Number(readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8'));
    process.kill(worker, 'SIGSTOP');
    try {
      const remote = new HttpRemote(server.url, 500);
      const get = vi.spyOn(remote, 'get');
      const { statuses, warnings } = await runWith(remote);
      expect(statuses).toEqual(computed);
      expect(warnings).toEqual([expect.stringContaining('nothing has moved')]);
      expect(get).toHaveBeenCalledTimes(1);
    } finally {
      process.kill(worker, 'SIGCONT');
    }
  });

  test('that may only be read refuses a push by name', async () => {
    await using server = await startServer('nginx', 'limit_except GET HEAD { deny all; }');
    await expect(push(new HttpRemote(server.url))).rejects.toMatchObject({ kind: 'refused' });
  });
});
