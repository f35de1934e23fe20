// What every kind of remote must do alike, each against a real server.
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Entry, Remote } from '../../src/remote/remote.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

export interface Place extends AsyncDisposable {
  /** Holds nothing. */
  readonly remote: Remote;
}

export const { signal } = new AbortController();
const key = 'v1/objects/ab/cd';

export async function listed(remote: Remote, folder: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of remote.list(folder, signal)) entries.push(entry);
  return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Bytes that are nowhere alike, so that a part in the wrong place is seen. */
export function distinctBytes(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE((Math.imul(at, 2_654_435_761) ^ at) >>> 0, at);
  return bytes;
}

/** @param missing Debian's packages that the server needs and that are not here. */
export function describeRemote(kind: string, missing: readonly string[], open: () => Promise<Place>): void {
  const needs = missing.map((each) => `, needs ${each}`).join('');
  describe.skipIf(missing.length > 0)(`a remote of the kind ${kind}${needs}`, () => {
    test('says what is there, and gives it back', async () => {
      await using place = await open();
      const { remote } = place;
      using here = temporaryDirectory({ one: 'first' });
      const at = (file: string): string => path.join(here.path, file);
      expect(await remote.has([key], signal)).toEqual(new Set());
      expect(await remote.get(key, at('none'), 10, { signal })).toBe(false);
      expect(existsSync(at('none'))).toBe(false);
      await remote.put(key, at('one'), { signal });
      await remote.put('v1/tags/t.json', Buffer.from('tag'), { signal });
      const asked = [key, 'v1/objects/ab/cf', 'v1/tags/t.json'];
      expect(await remote.has(asked, signal)).toEqual(new Set([key, 'v1/tags/t.json']));
      expect(await remote.get('v1/tags/t.json', at('tag'), 3, { signal })).toBe(true);
      expect(readdirSync(here.path).sort()).toEqual(['one', 'tag']);
    });

    test.each([0, 1, 5 * 1024 * 1024 + 1, 40_000_000])('gives back %d bytes as they were', async (size) => {
      await using place = await open();
      using here = temporaryDirectory({});
      const [from, to] = [path.join(here.path, 'from'), path.join(here.path, 'to')];
      const bytes = distinctBytes(size);
      writeFileSync(from, bytes);
      let [sent, taken] = [0, 0];
      await place.remote.put(key, from, { signal, onBytes: (count) => void (sent += count) });
      await place.remote.get(key, to, size, { signal, onBytes: (count) => void (taken += count) });
      expect(taken).toBe(size);
      // Apache takes the first one in vain, before there is a folder for it.
      expect([size, 2 * size]).toContain(sent);
      expect(bytes.equals(readFileSync(to))).toBe(true);
    });

    test('replaces what lies at a key', async () => {
      await using place = await open();
      using here = temporaryDirectory({});
      await place.remote.put(key, Buffer.from('old'), { signal });
      await place.remote.put(key, Buffer.from('newer'), { signal });
      expect((await listed(place.remote, '')).map(({ bytes }) => bytes)).toEqual([5]);
      expect(await place.remote.get(key, path.join(here.path, 'got'), 10, { signal })).toBe(true);
    });

    test('knows of many keys which are there', async () => {
      await using place = await open();
      const name = (index: number): string => {
        const hex = (Math.imul(index + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
        return `v1/objects/${hex.slice(0, 2)}/${hex.slice(2)}`;
      };
      const keys = Array.from({ length: 240 }, (_, index) => name(index));
      const put = keys.filter((_, index) => index % 3 === 0);
      await Promise.all(put.map((each) => place.remote.put(each, Buffer.from(each), { signal })));
      expect(await place.remote.has(keys, signal)).toEqual(new Set(put));
    });

    test('lists what lies below a folder, and removes it', async () => {
      await using place = await open();
      const { remote } = place;
      using here = temporaryDirectory({});
      expect(await listed(remote, 'v1/objects/')).toEqual([]);
      const before = Date.now();
      const keys = ['v1/objects/ab/cd', 'v1/objects/ab/ce', 'v1/objects/ac/00', 'v1/tags/t.json'];
      for (const [index, each] of keys.entries()) await remote.put(each, Buffer.alloc(index), { signal });
      const entries = await listed(remote, 'v1/objects/');
      expect(entries.map((entry) => [entry.key, entry.bytes])).toEqual([
        ['v1/objects/ab/cd', 0],
        ['v1/objects/ab/ce', 1],
        ['v1/objects/ac/00', 2],
      ]);
      // Whole seconds are what HTTP knows.
      for (const { modified } of entries) expect(modified).toBeGreaterThanOrEqual(before - (before % 1000));
      // Of the day when it was put, not when it was made.
      writeFileSync(path.join(here.path, 'old'), 'old');
      utimesSync(path.join(here.path, 'old'), 1e9, 1e9);
      await remote.put(keys.at(-1)!, path.join(here.path, 'old'), { signal });
      const [tag] = await listed(remote, 'v1/tags/');
      expect(tag!.modified).toBeGreaterThanOrEqual(before - (before % 1000));
      expect((await listed(remote, '')).map((entry) => entry.key)).toEqual(keys);
      await remote.remove(['v1/objects/ab/cd', 'v1/objects/ab/ff', 'v1/objects/ad/00'], signal);
      expect((await listed(remote, 'v1/objects/ab/')).map((entry) => entry.key)).toEqual(['v1/objects/ab/ce']);
      expect(await remote.has(keys, signal)).toEqual(new Set(keys.slice(1)));
    });

    test('removes a folder that holds nothing, and no other', async () => {
      await using place = await open();
      const { remote } = place;
      const probe = 'v1/probes/one';
      await remote.removeEmpty('v1/probes/', signal);
      for (let round = 0; round < 2; round++) {
        await remote.put(probe, Buffer.from('x'), { signal });
        await remote.removeEmpty('v1/probes/', signal);
        expect(await remote.has([probe], signal)).toEqual(new Set([probe]));
        await remote.remove([probe], signal);
        await remote.removeEmpty('v1/probes/', signal);
        expect(await listed(remote, '')).toEqual([]);
      }
    });

    test('does not take more bytes than may come, and leaves no part of them', async () => {
      await using place = await open();
      using here = temporaryDirectory({});
      await place.remote.put(key, Buffer.alloc(100_000), { signal });
      const get = place.remote.get(key, path.join(here.path, 'got'), 1000, { signal });
      await expect(get).rejects.toMatchObject({ name: 'RemoteFault', kind: 'damaged' });
      expect(readdirSync(here.path)).toEqual([]);
    });

    test('breaks off when told to, and leaves nothing of what was on its way', async () => {
      await using place = await open();
      const { remote } = place;
      using here = temporaryDirectory({});
      writeFileSync(path.join(here.path, 'large'), Buffer.alloc(40_000_000));
      const breaking = (): { readonly signal: AbortSignal; onBytes(): void } => {
        const stop = new AbortController();
        return { signal: stop.signal, onBytes: () => stop.abort(new Error('enough')) };
      };
      await expect(remote.put(key, path.join(here.path, 'large'), breaking())).rejects.toThrow();
      expect(await remote.has([key], signal)).toEqual(new Set());
      expect(await listed(remote, '')).toEqual([]);
      await remote.put(key, path.join(here.path, 'large'), { signal });
      await expect(remote.get(key, path.join(here.path, 'got'), 40_000_000, breaking())).rejects.toThrow();
      expect(readdirSync(here.path)).toEqual(['large']);
    });
  });
}
