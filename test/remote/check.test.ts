// What `remote check` finds out, against real servers and a remote that does all wrong.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkRemote } from '../../src/remote/check.ts';
import { DirectoryRemote } from '../../src/remote/directory.ts';
import { HttpRemote } from '../../src/remote/http.ts';
import { RemoteFault } from '../../src/remote/remote.ts';
import { missingFor, startServer } from '../rig/servers.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const { signal } = new AbortController();
const fine = { read: null, write: null, list: null, remove: null, replaces: true, left: [] };
const files = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? entry.name : []));

test('a directory can do all, keeps nothing of an upload that is broken off, and has nothing of it left', async () => {
  using place = temporaryDirectory({});
  using here = temporaryDirectory({});
  const found = await checkRemote(new DirectoryRemote(place.path), here.path, signal);
  expect(found).toMatchObject({ ...fine, killedUpload: 'nothing' });
  expect(Math.abs(found.clockSeconds!)).toBeLessThan(60);
  expect(found.latencySeconds).toBeGreaterThan(0);
  expect(found.bytesPerSecond.up).toBeGreaterThan(0);
  expect(files(place.path)).toEqual([]);
});

test('one that is not there can do nothing, and one that half writes is told', async () => {
  using here = temporaryDirectory({});
  const absent = await checkRemote(new DirectoryRemote('/nonexistent/share'), here.path, signal);
  expect(absent).toMatchObject({ read: expect.stringContaining('is not there'), write: undefined });
  using place = temporaryDirectory({});
  const remote = new DirectoryRemote(place.path);
  const { put } = DirectoryRemote.prototype;
  remote.put = async function (key, what, transfer) {
    if (!key.endsWith('.killed')) return put.call(this, key, what, transfer);
    await put.call(this, key, readFileSync(what as string).subarray(0, 1000), { signal });
    throw new RemoteFault('unreachable', 'broken off');
  };
  expect(await checkRemote(remote, here.path, signal)).toMatchObject({ ...fine, killedUpload: 'half a file' });
  expect(files(place.path)).toEqual([]);
});

for (const name of ['nginx', 'apache'] as const) {
  const missing = missingFor(name);
  describe.skipIf(missing.length > 0)(`${name} (needs ${missing.join(' ') || 'nothing more'})`, () => {
    test('can do all, keeps nothing of an upload that is broken off, and has nothing of it left', async () => {
      await using server = await startServer(name);
      using here = temporaryDirectory({});
      const found = await checkRemote(new HttpRemote(server.url), here.path, signal);
      expect(found).toMatchObject(fine);
      expect(['nothing', 'the whole file']).toContain(found.killedUpload);
      expect(files(server.root)).toEqual([]);
    });
  });
}

const missing = missingFor('nginx');
test.skipIf(missing.length > 0)(
  `a server that may only be read can be read, and not be pushed to (needs ${missing.join(' ') || 'nothing more'})`,
  async () => {
    await using server = await startServer('nginx', 'limit_except GET HEAD PROPFIND { deny all; }');
    using here = temporaryDirectory({});
    const found = await checkRemote(new HttpRemote(server.url), here.path, signal);
    expect(found).toMatchObject({ read: null, write: expect.stringContaining('403'), remove: undefined });
  },
);
