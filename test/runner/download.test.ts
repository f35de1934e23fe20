// Downloads from a local server that drops connections, changes its mind, or lies.
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { download } from '../../src/runner/download.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { openStore } from '../../src/store/store.ts';
import { everyFlip, everyTruncation } from '../rig/damage.ts';
import { serveFlaky } from '../rig/flaky-server.ts';
import type { ServerOptions } from '../rig/flaky-server.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const body = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
const digest = digestBytes(body);
const partOf = (root: string): string => join(root, '.repro/downloads', `${digest.slice(7)}.part`);
const never = new AbortController().signal;

/** Serves `body`, or another content. */
const serve = (limits: readonly number[], options: ServerOptions & { readonly content?: Buffer } = {}) =>
  serveFlaky(options.content ?? body, limits, options);

describe('download', () => {
  it('puts a file into the store and leaves nothing else', async () => {
    using directory = temporaryDirectory();
    await using server = await serve([]);
    const store = openStore(directory.path);
    await download(store, server.url, digest, never);
    expect(store.objects.readBytes(digest)?.equals(body)).toBe(true);
    expect(fs.readdirSync(join(directory.path, '.repro/downloads'))).toEqual([]);
  });

  it('goes on where a connection was cut, within a call and in a later one', async () => {
    using directory = temporaryDirectory();
    // A hundred thousand bytes, then three answers without any, then the rest.
    await using server = await serve([100_000, 50_000, 0, 0, 0], { part: partOf(directory.path) });
    const first = download(openStore(directory.path), server.url, digest, never);
    await expect(first).rejects.toMatchObject({
      code: 'download-failed',
      hint: expect.stringMatching(/goes on after \d+ bytes/) as string,
    });
    const store = openStore(directory.path);
    await download(store, server.url, digest, never);
    expect(store.objects.readBytes(digest)?.equals(body)).toBe(true);
    const offsets = server.requests.map(({ range }) => Number(/\d+/.exec(range ?? '0')![0]));
    expect(offsets[0]).toBe(0);
    expect(offsets.at(-1)).toBe(150_000);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  });

  it('begins again when the file at the address is another one by now', async () => {
    using directory = temporaryDirectory();
    await using server = await serve([100_000], { etag: (request) => `"v${request}"` });
    const store = openStore(directory.path);
    await download(store, server.url, digest, never);
    expect(store.objects.readBytes(digest)?.equals(body)).toBe(true);
  });

  it('does not resume what it cannot tell apart, and still ends', async () => {
    using directory = temporaryDirectory();
    await using server = await serve([100_000], { etag: () => null });
    await download(openStore(directory.path), server.url, digest, never);
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  it('refuses bytes with another digest, saying both', async () => {
    using directory = temporaryDirectory();
    await using server = await serve([], { content: Buffer.from('something else') });
    const store = openStore(directory.path);
    const found = digestBytes('something else');
    await expect(download(store, server.url, digest, never)).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: expect.stringContaining(`${found}, expected ${digest}`) as string,
    });
    expect(store.objects.has(digest)).toBe(false);
    expect(fs.readdirSync(join(directory.path, '.repro/downloads'))).toEqual([]);
  });

  it('says what the server said, and that nobody listens', async () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const server = createServer((_request, response) => response.writeHead(404).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    await expect(download(store, url, digest, never)).rejects.toThrow(/the server answered 404/);
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
    await expect(download(store, url, digest, never)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('ends with the right bytes, whatever happened on the disk to what had arrived', async () => {
    using directory = temporaryDirectory();
    const part = partOf(directory.path);
    await using server = await serve([100_000, 0, 0, 0], { part });
    await expect(download(openStore(directory.path), server.url, digest, never)).rejects.toThrow();
    const [bytes, state] = [fs.readFileSync(part), fs.readFileSync(`${part}.json`)];
    const damagedStates = [...everyTruncation(state, 101), ...everyFlip(state, 101)];
    for (const [i, damaged] of damagedStates.entries()) {
      fs.writeFileSync(part, bytes);
      fs.writeFileSync(`${part}.json`, damaged);
      const store = openStore(directory.path);
      await download(store, server.url, digest, never);
      expect(store.objects.readBytes(digest)?.equals(body), String(i)).toBe(true);
      fs.rmSync(store.objects.path(digest), { force: true });
    }
    bytes[5] = bytes[5]! ^ 1;
    fs.writeFileSync(part, bytes);
    fs.writeFileSync(`${part}.json`, state);
    const store = openStore(directory.path);
    await expect(download(store, server.url, digest, never)).rejects.toMatchObject({ code: 'download-failed' });
    await download(store, server.url, digest, never);
    expect(store.objects.readBytes(digest)?.equals(body)).toBe(true);
  });
});

describe('a stage with a url input', () => {
  it('gets the file under its name, downloaded once', async () => {
    await using server = await serve([1000]);
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: url
params: { n: 1 }
stages:
  a:
    run: [sh, -c, 'cp ../inputs/data/set.bin out.bin']
    params: [n]
    inputs: { data: { url: '${server.url}', sha256: ${digest.slice(7)} } }
    outputs: { out: out.bin }
`,
    });
    const { stages } = await rig.run();
    expect(stages[0]).toMatchObject({ status: 'computed', sources: { data: server.url } });
    expect(stages[0]?.record?.outputs['out']?.digest).toBe(digest);
    const asked = server.requests.length;
    expect((await rig.run({ overrides: { n: 2 } })).statuses).toEqual(['a computed']);
    expect(server.requests.length).toBe(asked);
  });
});
