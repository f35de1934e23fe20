// `https:` remotes: PUT, GET and HEAD, as nginx and Apache with WebDAV know them.
import { promises as fs } from 'node:fs';
import { Readable } from 'node:stream';
import { counting, streamOf } from './counting.ts';
import { Idle, usualPatience } from './idle.ts';
import { authorizationFor } from './netrc.ts';
import { inParallel } from './parallel.ts';
import { type Arrived, type Arriving, receive } from './receive.ts';
import { type Entry, type FaultKind, type Remote, RemoteFault, type Transfer } from './remote.ts';
import type { Listing } from './webdav.ts';

/** Of a request whose connection ends before an answer: a server ends idle ones, maybe just when we use one again. */
const mostTries = 3;
const connectionEnded = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** Bytes of the list of one folder. */
const mostListing = 200_000_000;

const propfind = `<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getlastmodified/></prop></propfind>`;

export class HttpRemote implements Remote {
  readonly url: string;
  readonly #base: URL;
  readonly #authorization: string | null;
  readonly #patience: number;
  /** Those that were made, or are there. */
  readonly #folders = new Map<string, Promise<void>>();
  #wantsFolders = false;

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
      const answer = await this.#ask(key, () => ({ method: 'HEAD' }), idle);
      if (answer.ok) there.add(key);
      else if (!isAbsent(answer)) throw this.#faultOf(answer, key);
    });
    return there;
  }

  async get(key: string, file: string, mostBytes: number, transfer: Transfer): Promise<boolean> {
    const source = {
      url: this.url,
      patience: this.#patience,
      ask: (arrived: Arrived | null, idle: Idle) => this.#getFrom(key, arrived, idle),
      faultOf: (error: unknown, idle: Idle) => this.#brokenBy(error, idle),
    };
    return await receive(source, file, mostBytes, transfer);
  }

  async #getFrom(key: string, arrived: Arrived | null, idle: Idle): Promise<Arriving | null> {
    const rest = arrived && { range: `bytes=${arrived.offset}-`, 'if-range': arrived.version };
    const answer = await this.#ask(key, () => ({ headers: { 'accept-encoding': 'identity', ...rest } }), idle);
    if (!answer.ok) await answer.body?.cancel();
    if (isAbsent(answer)) return null;
    // It ends where the rest would begin.
    if (answer.status === 416 && rest) return await this.#getFrom(key, null, idle);
    if (!answer.ok) throw this.#faultOf(answer, key);
    const [, first, whole] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? [];
    const offset = answer.status === 206 ? Number(first) : 0;
    const length = answer.status === 206 ? whole : answer.headers.get('content-length');
    const body = Readable.fromWeb(answer.body ?? new ReadableStream());
    return { body, offset, version: versionOf(answer), bytes: length ? Number(length) : null };
  }

  async put(key: string, what: string | Uint8Array, transfer: Transfer): Promise<void> {
    if (this.#wantsFolders) await this.#makeFolders(key, transfer.signal);
    let answer = await this.#put(key, what, transfer);
    // Apache wants the folder first; nginx makes it.
    if (answer.status === 409 || answer.status === 404) {
      this.#wantsFolders = true;
      await this.#makeFolders(key, transfer.signal);
      answer = await this.#put(key, what, transfer);
    }
    if (!answer.ok) throw this.#notTaken(answer, key);
  }

  async #put(key: string, what: string | Uint8Array, { signal, onBytes }: Transfer): Promise<Response> {
    using idle = new Idle(signal, this.#patience);
    const size = typeof what === 'string' ? (await fs.stat(what)).size : what.length;
    const moved = (count: number): void => {
      idle.moved();
      onBytes?.(count);
    };
    const headers = { 'content-length': String(size), 'content-type': 'application/octet-stream' };
    const request = (): RequestInit => {
      const body = Readable.toWeb(streamOf(what).compose(counting(Infinity, this.url, moved)));
      // `duplex` is not in the types of every version of Node.
      return { method: 'PUT', headers, body, duplex: 'half' } as RequestInit;
    };
    const answer = await this.#ask(key, request, idle);
    await answer.body?.cancel();
    return answer;
  }

  async #makeFolders(key: string, signal: AbortSignal): Promise<void> {
    const parts = key.split('/').slice(0, -1);
    for (const index of parts.keys()) {
      const folder = `${parts.slice(0, index + 1).join('/')}/`;
      const made = this.#folders.get(folder) ?? this.#makeFolder(folder, signal);
      this.#folders.set(folder, made);
      await made.catch((error: unknown) => {
        this.#folders.delete(folder);
        throw error;
      });
    }
  }

  async #makeFolder(folder: string, signal: AbortSignal): Promise<void> {
    using idle = new Idle(signal, this.#patience);
    const answer = await this.#ask(folder, () => ({ method: 'MKCOL' }), idle);
    await answer.body?.cancel();
    // 405: it is there.
    if (!answer.ok && answer.status !== 405) throw this.#notTaken(answer, folder);
  }

  async *list(folder: string, signal: AbortSignal): AsyncGenerator<Entry> {
    const waiting = [folder];
    while (waiting.length > 0) {
      const found: Entry[] = [];
      await inParallel(waiting.splice(0), async (each) => {
        const listing = await this.#listing(each, signal);
        if (listing === null) return;
        waiting.push(...listing.folders);
        found.push(...listing.files);
      });
      yield* found;
    }
  }

  /** What lies in a folder itself; null where there is no such folder. */
  async #listing(folder: string, signal: AbortSignal): Promise<Listing | null> {
    const { readListing } = await import('./webdav.ts');
    const text = await this.#propfind(folder, signal);
    if (text === null) return null;
    const listing = readListing(text, new URL(folder, this.#base), folder);
    if (listing === null) throw new RemoteFault('damaged', `${this.url} sent no list of "${folder}"`);
    return listing;
  }

  /** The answer, in XML; null where there is no such folder. */
  async #propfind(folder: string, signal: AbortSignal): Promise<string | null> {
    using idle = new Idle(signal, this.#patience);
    const headers = { depth: '1', 'content-type': 'application/xml' };
    const answer = await this.#ask(folder, () => ({ method: 'PROPFIND', headers, body: propfind }), idle);
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
      const answer = await this.#ask(key, () => ({ method: 'DELETE' }), idle);
      await answer.body?.cancel();
      if (!answer.ok && !isAbsent(answer)) throw this.#faultOf(answer, key);
    });
  }

  /** WebDAV removes a folder with all that it holds: what it holds is asked first. */
  async removeEmpty(folder: string, signal: AbortSignal): Promise<void> {
    const listing = await this.#listing(folder, signal);
    if (listing === null || listing.files.length + listing.folders.length > 0) return;
    this.#folders.delete(folder);
    await this.remove([folder], signal);
  }

  /** @param request Made anew for each try. Whatever is asked may be asked twice (RFC 9110, 9.2.2). */
  async #ask(key: string, request: () => RequestInit, idle: Idle): Promise<Response> {
    const address = new URL(key, this.#base);
    for (let tries = 1; ; tries += 1) {
      const init = request();
      const headers = new Headers(init.headers);
      if (this.#authorization !== null) headers.set('authorization', this.#authorization);
      try {
        // A redirection could lead the credentials elsewhere.
        return await fetch(address, { ...init, headers, signal: idle.signal, redirect: 'error' });
      } catch (error) {
        const code = (error as { readonly cause?: NodeJS.ErrnoException }).cause?.code ?? '';
        const isOver = idle.signal.aborted || tries === mostTries || !connectionEnded.has(code);
        if (isOver) throw this.#brokenBy(error, idle);
      }
    }
  }

  #brokenBy(error: unknown, idle: Idle): unknown {
    if (error instanceof RemoteFault) return error;
    if (idle.reason) return new RemoteFault('silent', `${this.url}: ${idle.reason.message}`, error);
    if (idle.signal.aborted) return error;
    const { cause, message } = error as Error & { cause?: Error };
    return new RemoteFault('unreachable', `${this.url}: ${cause?.message || message}`, error);
  }

  /** Why it did not take what was put. nginx answers 500 where its disk is full, and where it may not write there. */
  #notTaken(answer: Response, key: string): RemoteFault {
    const fault = this.#faultOf(answer, key);
    return answer.status === 500 ? new RemoteFault('not-taken', fault.message) : fault;
  }

  #faultOf({ status, statusText }: Response, key: string): RemoteFault {
    const kind: FaultKind =
      status === 507 || status === 413
        ? 'full'
        : [401, 403, 405, 407, 501].includes(status)
          ? 'refused'
          : 'unreachable';
    return new RemoteFault(kind, `${this.url} answered ${status} ${statusText} for ${key}`);
  }
}

/** Of a weak name, other bytes may be the same version; a date is as exact as a second. */
function versionOf({ headers }: Response): string | null {
  const etag = headers.get('etag');
  return etag?.startsWith('"') === true ? etag : headers.get('last-modified');
}

const isAbsent = ({ status }: Response): boolean => status === 404 || status === 410;
