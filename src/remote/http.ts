// `https:` remotes: PUT, GET and HEAD, as nginx and Apache with WebDAV know them.
import { createWriteStream, promises as fs } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { counting, streamOf } from './counting.ts';
import { Idle, usualPatience } from './idle.ts';
import { authorizationFor } from './netrc.ts';
import { inParallel } from './parallel.ts';
import { type Entry, type FaultKind, type Remote, RemoteFault, type Transfer } from './remote.ts';

/** Bytes of the list of one folder. */
const mostListing = 200_000_000;

const propfind = `<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getlastmodified/></prop></propfind>`;

export class HttpRemote implements Remote {
  readonly url: string;
  readonly #base: URL;
  readonly #authorization: string | null;
  readonly #patience: number;

  /**
   * @param url Without credentials; those are in `REPRO_REMOTE_TOKEN` or in `~/.netrc`.
   * @param patience Milliseconds without a byte after which a request is given up.
   */
  constructor(url: string, patience = usualPatience) {
    this.#patience = patience;
    this.url = url;
    this.#base = new URL(url.endsWith('/') ? url : `${url}/`);
    this.#authorization = authorizationFor(this.#base.hostname);
  }

  async has(keys: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const there = new Set<string>();
    await inParallel(keys, async (key) => {
      using idle = new Idle(signal, this.#patience);
      const answer = await this.#ask(key, { method: 'HEAD' }, idle);
      if (answer.ok) there.add(key);
      else if (!isAbsent(answer)) throw this.#faultOf(answer, key);
    });
    return there;
  }

  async get(key: string, file: string, mostBytes: number, { signal, onBytes }: Transfer): Promise<boolean> {
    using idle = new Idle(signal, this.#patience);
    const answer = await this.#ask(key, { headers: { 'accept-encoding': 'identity' } }, idle);
    if (isAbsent(answer)) {
      await answer.body?.cancel();
      return false;
    }
    if (!answer.ok) throw this.#faultOf(answer, key);
    const moved = (count: number): void => {
      idle.moved();
      onBytes?.(count);
    };
    try {
      const target = createWriteStream(file, { flags: 'wx' });
      const body = Readable.fromWeb(answer.body ?? new ReadableStream());
      await pipeline(body, counting(mostBytes, this.url, moved), target, { signal: idle.signal });
      return true;
    } catch (error) {
      await fs.rm(file, { force: true });
      throw this.#brokenBy(error, idle, file);
    }
  }

  async put(key: string, what: string | Uint8Array, { signal, onBytes }: Transfer): Promise<void> {
    let answer = await this.#put(key, what, { signal, ...(onBytes && { onBytes }) });
    // Apache wants the folder first; nginx makes it.
    if (answer.status === 409 || answer.status === 404) {
      await this.#makeFolders(key, signal);
      answer = await this.#put(key, what, { signal, ...(onBytes && { onBytes }) });
    }
    if (!answer.ok) throw this.#faultOf(answer, key);
  }

  async #put(key: string, what: string | Uint8Array, { signal, onBytes }: Transfer): Promise<Response> {
    using idle = new Idle(signal, this.#patience);
    const size = typeof what === 'string' ? (await fs.stat(what)).size : what.length;
    const moved = (count: number): void => {
      idle.moved();
      onBytes?.(count);
    };
    const body = streamOf(what).compose(counting(Infinity, this.url, moved));
    const headers = { 'content-length': String(size), 'content-type': 'application/octet-stream' };
    // `duplex` is not in the types of every version of Node.
    const request = { method: 'PUT', headers, body: Readable.toWeb(body), duplex: 'half' };
    const answer = await this.#ask(key, request as RequestInit, idle);
    await answer.body?.cancel();
    return answer;
  }

  async #makeFolders(key: string, signal: AbortSignal): Promise<void> {
    const parts = key.split('/').slice(0, -1);
    for (const index of parts.keys()) {
      using idle = new Idle(signal, this.#patience);
      const folder = `${parts.slice(0, index + 1).join('/')}/`;
      const answer = await this.#ask(folder, { method: 'MKCOL' }, idle);
      await answer.body?.cancel();
      // 405: it is there.
      if (!answer.ok && answer.status !== 405) throw this.#faultOf(answer, folder);
    }
  }

  async *list(folder: string, signal: AbortSignal): AsyncGenerator<Entry> {
    const { readListing } = await import('./webdav.ts');
    const waiting = [folder];
    while (waiting.length > 0) {
      const found: Entry[] = [];
      await inParallel(waiting.splice(0), async (each) => {
        const text = await this.#propfind(each, signal);
        if (text === null) return;
        const listing = readListing(text, new URL(each, this.#base), each);
        if (listing === null) throw new RemoteFault('damaged', `${this.url} sent no list of "${each}"`);
        waiting.push(...listing.folders);
        found.push(...listing.files);
      });
      yield* found;
    }
  }

  /** The answer, in XML; null where there is no such folder. */
  async #propfind(folder: string, signal: AbortSignal): Promise<string | null> {
    using idle = new Idle(signal, this.#patience);
    const headers = { depth: '1', 'content-type': 'application/xml' };
    const answer = await this.#ask(folder, { method: 'PROPFIND', headers, body: propfind }, idle);
    if (answer.status === 207) return await this.#textOf(answer, idle);
    await answer.body?.cancel();
    if (isAbsent(answer)) return null;
    if (![200, 400, 405, 501].includes(answer.status)) throw this.#faultOf(answer, folder);
    throw new RemoteFault('refused', `${this.url} cannot be listed: it does not know WebDAV's PROPFIND`);
  }

  async #textOf(answer: Response, idle: Idle): Promise<string> {
    const chunks: Uint8Array[] = [];
    try {
      const body = Readable.fromWeb(answer.body ?? new ReadableStream());
      const counted = body.compose(counting(mostListing, this.url, () => idle.moved()));
      for await (const chunk of counted as AsyncIterable<Uint8Array>) chunks.push(chunk);
    } catch (error) {
      throw this.#brokenBy(error, idle);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  async remove(keys: readonly string[], signal: AbortSignal): Promise<void> {
    await inParallel(keys, async (key) => {
      using idle = new Idle(signal, this.#patience);
      const answer = await this.#ask(key, { method: 'DELETE' }, idle);
      await answer.body?.cancel();
      if (!answer.ok && !isAbsent(answer)) throw this.#faultOf(answer, key);
    });
  }

  async #ask(key: string, request: RequestInit, idle: Idle): Promise<Response> {
    const headers = new Headers(request.headers);
    if (this.#authorization !== null) headers.set('authorization', this.#authorization);
    const address = new URL(key, this.#base);
    try {
      // A redirection could lead the credentials elsewhere.
      return await fetch(address, { ...request, headers, signal: idle.signal, redirect: 'error' });
    } catch (error) {
      throw this.#brokenBy(error, idle);
    }
  }

  #brokenBy(error: unknown, idle: Idle, ours?: string): unknown {
    if (error instanceof RemoteFault) return error;
    if (idle.reason) return new RemoteFault('unreachable', `${this.url}: ${idle.reason.message}`, error);
    if (idle.signal.aborted) return error;
    const { code, path, cause, message } = error as NodeJS.ErrnoException & { cause?: Error };
    if (code !== undefined && path !== undefined && path === ours) return error;
    return new RemoteFault('unreachable', `${this.url}: ${cause?.message || message}`, error);
  }

  #faultOf({ status, statusText }: Response, key: string): RemoteFault {
    const kind: FaultKind =
      status === 507 || status === 413 ? 'full' : [401, 403, 405, 407].includes(status) ? 'refused' : 'unreachable';
    return new RemoteFault(kind, `${this.url} answered ${status} ${statusText} for ${key}`);
  }
}

const isAbsent = ({ status }: Response): boolean => status === 404 || status === 410;
