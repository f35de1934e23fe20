// Downloads from a local server that drops connections, changes its mind, or lies.
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ReproError } from '../../../src/error.ts';
import { download, type DownloadBounds } from '../../../src/runner/download/download.ts';
import { digestBytes } from '../../../src/store/digest.ts';
import { openStore } from '../../../src/store/store.ts';
import { everyFlip, everyTruncation } from '../../rig/damage.ts';
import { serveFlaky, serveWith } from '../../rig/flaky-server.ts';
import type { ServerOptions } from '../../rig/flaky-server.ts';
import { Rig } from '../../rig/rig.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

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

describe('a server without end', () => {
  const bounds: DownloadBounds = { size: 1_000_000, least: { bytes: 1000, window: 60_000 } };
  const hasty: DownloadBounds = { ...bounds, least: { bytes: 1000, window: 100 } };
  const from = (url: string, root: string): Promise<void> => download(openStore(root), url, digest, never, bounds);
  const forEver = (response: ServerResponse, bytes: number, pause: number): void => {
    const timer = setInterval(() => response.write(Buffer.alloc(bytes)), pause);
    response.on('close', () => clearInterval(timer));
  };

  it.each<[string, Record<string, string>]>([
    ['sends bytes for ever', {}],
    ['packs what unpacks to more', { 'content-encoding': 'gzip' }],
    ['says that it has more', { 'content-length': '1000001' }],
  ])('that %s is left at the bound, and nothing of it is kept', async (_, headers) => {
    using directory = temporaryDirectory();
    await using server = await serveWith((_request, response) => {
      response.writeHead(200, headers);
      if ('content-encoding' in headers) response.end(gzipSync(Buffer.alloc(5_000_000)));
      else forEver(response, 100_000, 1);
    });
    await expect(from(server.url, directory.path)).rejects.toMatchObject({
      code: 'download-too-large',
      message: `"${server.url}" is larger than 1000000 bytes, or never ends`,
      hint: expect.stringContaining('declared by its path') as string,
    });
    expect(fs.readdirSync(join(directory.path, '.repro/downloads'))).toEqual([]);
  });

  it('that has more than fits on the disk is told so before it is asked for more', async () => {
    using directory = temporaryDirectory();
    await using server = await serveWith((_request, response) => {
      response.writeHead(200, { 'content-length': String(2 ** 52) });
      forEver(response, 1000, 1);
    });
    const endless = { ...bounds, size: 2 ** 53 };
    await expect(download(openStore(directory.path), server.url, digest, never, endless)).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/has no room .* 4503599627370496 bytes, of which 0 have arrived/) as string,
    });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['says nothing', () => {}],
    ['says what comes, and sends nothing', (response) => response.writeHead(200, { etag: '"1"' }).flushHeaders()],
    ['sends a byte now and then', (response) => forEver(response.writeHead(200, { etag: '"1"' }), 1, 5)],
  ])('that %s is left after some attempts', async (_, answer) => {
    using directory = temporaryDirectory();
    let requests = 0;
    await using server = await serveWith((_request, response) => {
      requests++;
      answer(response);
    });
    await expect(download(openStore(directory.path), server.url, digest, never, hasty)).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/sent \d+ bytes in 0.1 seconds, fewer than 1000/) as string,
    });
    expect(requests).toBe(3);
  });

  it('that brings a byte with each connection is left after some attempts', async () => {
    using directory = temporaryDirectory();
    await using server = await serve([1, 1, 1, 1, 1, 1], { part: partOf(directory.path) });
    await expect(from(server.url, directory.path)).rejects.toMatchObject({
      code: 'download-failed',
      hint: 'Run again: it goes on after 3 bytes',
    });
  });

  it('that leads from address to address is left', async () => {
    using directory = temporaryDirectory();
    let requests = 0;
    await using server = await serveWith((_request, response) => {
      response.writeHead(302, { location: `/${++requests}` }).end();
    });
    await expect(from(server.url, directory.path)).rejects.toThrow(/redirect count exceeded/);
  });

  it('that sends more than it says ends in an error, not in wrong bytes', async () => {
    using directory = temporaryDirectory();
    const { port } = await (async () => {
      const server = createTcpServer((socket) => {
        socket.on('error', () => {});
        socket.end(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n'), body]));
      });
      server.listen(0, '127.0.0.1').unref();
      await once(server, 'listening');
      return server.address() as AddressInfo;
    })();
    await expect(from(`http://127.0.0.1:${port}/x`, directory.path)).rejects.toBeInstanceOf(ReproError);
    expect(openStore(directory.path).objects.has(digest)).toBe(false);
  });

  it.each([0, 1])('is left when the run is interrupted (%d bytes at a time)', async (bytes) => {
    using directory = temporaryDirectory();
    const interrupt = new AbortController();
    await using server = await serveWith((_request, response) => {
      if (bytes > 0) forEver(response.writeHead(200), bytes, 1);
      setTimeout(() => interrupt.abort(new Error('interrupted')), 20);
    });
    const slow = download(openStore(directory.path), server.url, digest, interrupt.signal);
    await expect(slow).rejects.toThrow('interrupted');
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
    const { cells } = await rig.run();
    expect(cells[0]).toMatchObject({ status: 'computed', sources: { data: server.url } });
    expect(cells[0]?.record?.outputs['out']?.digest).toBe(digest);
    const asked = server.requests.length;
    expect((await rig.run({ overrides: { n: 2 } })).statuses).toEqual(['a computed']);
    expect(server.requests.length).toBe(asked);
  });
});
