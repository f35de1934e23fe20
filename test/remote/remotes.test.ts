// What every kind of remote must do alike, against real servers.
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DirectoryRemote } from '../../src/remote/directory.ts';
import { HttpRemote } from '../../src/remote/http.ts';
import type { Entry, Remote } from '../../src/remote/remote.ts';
import { missingFor, silentServer, startServer } from '../rig/servers.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

interface Place extends AsyncDisposable {
  readonly remote: Remote;
  readonly root: string;
}

const kinds: Readonly<Record<string, { readonly missing: string[]; open(): Promise<Place> }>> = {
  directory: {
    missing: [],
    open: () => {
      const directory = temporaryDirectory({});
      const dispose = (): Promise<void> => Promise.resolve(directory[Symbol.dispose]());
      const remote = new DirectoryRemote(directory.path);
      return Promise.resolve({ remote, root: directory.path, [Symbol.asyncDispose]: dispose });
    },
  },
  ...Object.fromEntries(
    (['nginx', 'apache'] as const).map((name) => [
      name,
      {
        missing: missingFor(name),
        open: async () => {
          const server = await startServer(name);
          if (name === 'apache')
            for (const folder of ['root', 'body']) chmodSync(path.join(server.root, '..', folder), 0o777);
          chmodSync(path.dirname(server.root), 0o755);
          const dispose = () => server[Symbol.asyncDispose]();
          return { remote: new HttpRemote(server.url), root: server.root, [Symbol.asyncDispose]: dispose };
        },
      },
    ]),
  ),
};
const { signal } = new AbortController();
const key = 'v1/objects/ab/cd';

for (const [name, { missing, open }] of Object.entries(kinds)) {
  describe.skipIf(missing.length > 0)(
    `a remote of the kind ${name}${missing.map((each) => `, needs ${each}`).join('')}`,
    () => {
      test('gives back what was put, and says what is there', async () => {
        await using place = await open();
        using here = temporaryDirectory({ one: 'first', two: 'x'.repeat(3_000_000) });
        const at = (file: string): string => path.join(here.path, file);
        expect(await place.remote.has([key], signal)).toEqual(new Set());
        expect(await place.remote.get(key, at('none'), 10, { signal })).toBe(false);
        expect(existsSync(at('none'))).toBe(false);
        await place.remote.put(key, at('one'), { signal });
        let moved = 0;
        await place.remote.put('v1/objects/ab/ce', at('two'), { signal, onBytes: (count) => void (moved += count) });
        expect(moved).toBe(3_000_000);
        await place.remote.put('v1/tags/t.json', Buffer.from('tag'), { signal });
        expect(await place.remote.has([key, 'v1/objects/ab/cf', 'v1/tags/t.json'], signal)).toEqual(
          new Set([key, 'v1/tags/t.json']),
        );
        expect(await place.remote.get('v1/objects/ab/ce', at('got'), 3_000_000, { signal })).toBe(true);
        expect(readFileSync(at('got'), 'utf8')).toBe(readFileSync(at('two'), 'utf8'));
      });

      test('replaces what lies at a key', async () => {
        await using place = await open();
        using here = temporaryDirectory({});
        await place.remote.put(key, Buffer.from('old'), { signal });
        await place.remote.put(key, Buffer.from('newer'), { signal });
        await place.remote.get(key, path.join(here.path, 'got'), 10, { signal });
        expect(readFileSync(path.join(here.path, 'got'), 'utf8')).toBe('newer');
      });

      test('lists what lies below a folder, and removes it', async () => {
        await using place = await open();
        const listed = async (folder: string) => {
          const entries: Entry[] = [];
          for await (const entry of place.remote.list(folder, signal)) entries.push(entry);
          return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
        };
        expect(await listed('v1/objects/')).toEqual([]);
        const before = Date.now();
        const keys = ['v1/objects/ab/cd', 'v1/objects/ab/ce', 'v1/objects/ac/00', 'v1/tags/t.json'];
        for (const [index, each] of keys.entries()) await place.remote.put(each, Buffer.alloc(index), { signal });
        const entries = await listed('v1/objects/');
        expect(entries.map((entry) => [entry.key, entry.bytes])).toEqual([
          ['v1/objects/ab/cd', 0],
          ['v1/objects/ab/ce', 1],
          ['v1/objects/ac/00', 2],
        ]);
        // Whole seconds are what HTTP knows.
        for (const { modified } of entries) expect(modified).toBeGreaterThanOrEqual(before - (before % 1000));
        expect((await listed('')).map((entry) => entry.key)).toEqual(keys);
        await place.remote.remove(['v1/objects/ab/cd', 'v1/objects/ab/ff', 'v1/objects/ad/00'], signal);
        expect((await listed('v1/objects/ab/')).map((entry) => entry.key)).toEqual(['v1/objects/ab/ce']);
        expect(await place.remote.has(keys, signal)).toEqual(new Set(keys.slice(1)));
      });

      test('does not take more bytes than may come, and leaves no part of them', async () => {
        await using place = await open();
        using here = temporaryDirectory({});
        await place.remote.put(key, Buffer.alloc(100_000), { signal });
        const get = place.remote.get(key, path.join(here.path, 'got'), 1000, { signal });
        await expect(get).rejects.toMatchObject({ name: 'RemoteFault', kind: 'damaged' });
        expect(readdirSync(here.path)).toEqual([]);
      });

      test('breaks off when told to, under no final name', async () => {
        await using place = await open();
        using here = temporaryDirectory({});
        writeFileSync(path.join(here.path, 'large'), Buffer.alloc(50_000_000));
        const stop = new AbortController();
        const put = place.remote.put(key, path.join(here.path, 'large'), {
          signal: stop.signal,
          onBytes: () => stop.abort(new Error('enough')),
        });
        await expect(put).rejects.toThrow();
        expect(await place.remote.has([key], signal)).toEqual(new Set());
      });
    },
  );
}

test('a directory that is not there is not made: the share may not be mounted', async () => {
  using here = temporaryDirectory({});
  const remote = new DirectoryRemote(path.join(here.path, 'share'));
  await expect(remote.put(key, Buffer.from('x'), { signal })).rejects.toMatchObject({ kind: 'unreachable' });
  expect(existsSync(path.join(here.path, 'share'))).toBe(false);
});

test.skipIf(missingFor('nginx').length > 0)('a server without PROPFIND cannot be listed, and it is said', async () => {
  await using server = await startServer('nginx', '} location /plain/ { dav_methods PUT;');
  const listing = new HttpRemote(`${server.url}plain/`).list('', signal)[Symbol.asyncIterator]().next();
  await expect(listing).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('cannot be listed'),
  });
});

test('a server that sends nothing is given up', async () => {
  using server = silentServer();
  using here = temporaryDirectory({});
  const remote = new HttpRemote(`http://127.0.0.1:${await server.port}/`, 200);
  const get = remote.get(key, path.join(here.path, 'got'), 10, { signal });
  await expect(get).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('nothing has moved'),
  });
  expect(readdirSync(here.path)).toEqual([]);
});
