import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { HttpRemote } from '../../src/remote/http.ts';
import { serveFlaky, serveWith } from '../rig/flaky-server.ts';
import { missingFor, silentServer, startServer } from '../rig/servers.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { describeRemote, distinctBytes, signal } from './contract.ts';

for (const name of ['nginx', 'apache'] as const) {
  describeRemote(name, missingFor(name), async () => {
    const server = await startServer(name);
    return { remote: new HttpRemote(server.url), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  });
}

test.skipIf(missingFor('nginx').length > 0)('a server without PROPFIND cannot be listed, and it is said', async () => {
  await using server = await startServer('nginx', '} location /plain/ { dav_methods PUT;');
  const listing = new HttpRemote(`${server.url}plain/`).list('', signal)[Symbol.asyncIterator]().next();
  await expect(listing).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('cannot be listed'),
  });
});

test.each([
  [500, 'not-taken', 'unreachable'],
  [501, 'refused', 'refused'],
  [507, 'full', 'full'],
  [503, 'unreachable', 'unreachable'],
])('an answer of %d to what is put is "%s", to what is asked for "%s"', async (status, put, got) => {
  using here = temporaryDirectory({});
  await using server = await serveWith((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end());
  });
  const remote = new HttpRemote(new URL('.', server.url).href);
  await expect(remote.put('v1/x', Buffer.from('x'), { signal })).rejects.toMatchObject({ kind: put });
  const get = remote.get('v1/x', path.join(here.path, 'got'), 10, { signal });
  await expect(get).rejects.toMatchObject({ kind: got });
});

test('a server that sends nothing is given up', async () => {
  using server = silentServer();
  using here = temporaryDirectory({});
  const remote = new HttpRemote(`http://127.0.0.1:${await server.port}/`, 200);
  const get = remote.get('v1/x', path.join(here.path, 'got'), 10, { signal });
  await expect(get).rejects.toMatchObject({
    kind: 'silent',
    message: expect.stringContaining('nothing has moved'),
  });
  expect(readdirSync(here.path)).toEqual([]);
});

test('a download that falls silent is given up, and leaves no part of it', async () => {
  using here = temporaryDirectory({});
  await using server = await serveWith((_, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half');
  });
  const remote = new HttpRemote(new URL('.', server.url).href, 300);
  const get = remote.get('set.bin', path.join(here.path, 'got'), 1000, { signal });
  await expect(get).rejects.toMatchObject({
    kind: 'silent',
    message: expect.stringContaining('nothing has moved'),
  });
  expect(readdirSync(here.path)).toEqual([]);
});

test('what is put on a connection that the server has just ended is put again', async () => {
  const put: string[] = [];
  const used = new WeakSet<object>();
  let ended = 0;
  await using server = await serveWith((request, response) => {
    const { socket } = request;
    if (used.has(socket)) return void ((ended += 1), socket.destroy());
    used.add(socket);
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => response.writeHead(201, { 'content-length': 0 }).end(() => put.push(body)));
  });
  const remote = new HttpRemote(new URL('.', server.url).href);
  for (const text of ['one', 'two', 'three']) await remote.put(`v1/${text}`, Buffer.from(text), { signal });
  expect(ended).toBeGreaterThan(0);
  expect(put).toEqual(['one', 'two', 'three']);
});

const content = distinctBytes(6_000_000);

/** Gets `content` from a server whose connections break, into a file. */
async function getBroken(limits: readonly number[], etag: (request: number) => string | null) {
  using here = temporaryDirectory({});
  const file = path.join(here.path, 'got');
  await using server = await serveFlaky(content, limits, { part: file, etag });
  const remote = new HttpRemote(new URL('.', server.url).href);
  const failure = await remote.get('set.bin', file, content.length, { signal }).then(
    () => null,
    (error: unknown) => error,
  );
  const got = failure === null ? readFileSync(file) : null;
  return {
    failure,
    isSame: got?.equals(content) ?? false,
    ranges: server.requests.map(({ range }) => range),
    left: readdirSync(here.path),
  };
}

test('a download goes on where its connection broke', async () => {
  const { isSame, ranges } = await getBroken([2_000_000, 1_500_000, 100_000], () => '"v1"');
  expect(isSame).toBe(true);
  expect(ranges).toEqual([undefined, 'bytes=2000000-', 'bytes=3500000-', 'bytes=3600000-']);
});

test('a download starts again where another file lies at its key now, or the file has no name', async () => {
  const changed = await getBroken([2_000_000], (request) => `"v${request}"`);
  expect(changed.isSame).toBe(true);
  const nameless = await getBroken([2_000_000], () => null);
  expect(nameless.isSame).toBe(true);
  expect(nameless.ranges).toEqual([undefined, undefined]);
});

test('a download that breaks again and again with nothing gained is given up, and leaves no file', async () => {
  const { failure, ranges, left } = await getBroken([5, 5, 5, 5, 5], () => '"v1"');
  expect(failure).toMatchObject({ kind: 'unreachable' });
  expect(ranges).toHaveLength(3);
  expect(left).toEqual([]);
});
