// `rclone:` remotes: whatever rclone knows how to reach, by the name it has in rclone's own configuration, which also has the
// credentials. What is put goes to a name of its own first: to some of its back ends rclone writes what arrives.
import { randomUUID } from 'node:crypto';
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { counting, streamOf } from './counting.ts';
import type { Idle } from './idle.ts';
import { inParallel } from './parallel.ts';
import { type Arriving, receive } from './receive.ts';
import { rcloneDaemon } from './rclone-daemon.ts';
import { type Entry, type FaultKind, partMark, type Remote, RemoteFault, type Transfer } from './remote.ts';

/** Keys that are asked for one by one; of more, the folders are listed that they lie in. */
const fewKeys = 64;
/** Rclone itself gives up before: after a minute. */
const patience = 90_000;
/** Milliseconds that clearing up may take, when all else has ended. */
const lastWord = 5_000;
/** Milliseconds before a connection that was turned away is tried again, doubled with each try. */
const firstPause = 100;
const mostTries = 6;
/** An SSH server turns some away while more than a few log in at once (MaxStartups), and rclone does not try again. */
const turnedAway = /couldn't connect SSH.*(reset by peer|EOF|broken pipe)/i;

/** What rclone says in its own words, or passes on from those it speaks to. */
const kinds: readonly (readonly [RegExp, FaultKind])[] = [
  [/no space|quota|disk full|insufficient storage|too large/i, 'full'],
  [/denied|forbidden|unauthori[sz]ed|unable to authenticate|credential|read-only|\b40[13]\b/i, 'refused'],
];

interface Item {
  readonly Path: string;
  readonly Size: number;
  readonly ModTime: string;
}

export class RcloneRemote implements Remote {
  readonly url: string;
  /** As rclone writes it, `NAME:PATH`. */
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
    this.url = `rclone:${place}`;
  }

  async has(keys: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const there = new Set<string>();
    if (keys.length <= fewKeys) {
      await inParallel(keys, async (key) => void ((await this.#isThere(key, signal)) && there.add(key)));
      return there;
    }
    const asked = new Set(keys);
    const folders = new Set(keys.map((key) => key.split('/').slice(0, 2).join('/')));
    for (const folder of folders) {
      for await (const { key } of this.list(`${folder}/`, signal)) if (asked.has(key)) there.add(key);
    }
    return there;
  }

  async #isThere(key: string, signal: AbortSignal): Promise<boolean> {
    const question = { fs: this.#place, remote: key, opt: { filesOnly: true, noMimeType: true } };
    const answer = await this.#call<{ readonly item: Item | null }>('operations/stat', question, signal);
    return (answer?.item ?? null) !== null;
  }

  async get(key: string, file: string, mostBytes: number, transfer: Transfer): Promise<boolean> {
    const source = {
      url: this.url,
      patience,
      ask: (_: unknown, idle: Idle) => this.#ask(key, idle.signal),
      faultOf: (error: unknown, idle: Idle) => this.#broken(error, idle.signal, idle.reason),
    };
    return await receive(source, file, mostBytes, transfer);
  }

  async #ask(key: string, signal: AbortSignal): Promise<Arriving | null> {
    const { url, authorization } = await rcloneDaemon();
    const address = `${url}${encodeURI(`[${this.#place}]/${key}`)}`;
    const request = { headers: { authorization, 'accept-encoding': 'identity' }, signal };
    const answer = await this.#taken(() => fetch(address, request), signal);
    if (answer === null) return null;
    const length = answer.headers.get('content-length');
    const body = Readable.fromWeb(answer.body ?? new ReadableStream());
    // Where the connection breaks, rclone has tried again already.
    return { body, offset: 0, version: null, bytes: length === null ? null : Number(length) };
  }

  async put(key: string, what: string | Uint8Array, { signal, onBytes }: Transfer): Promise<void> {
    const part = `${key}.part${partMark}${randomUUID()}`;
    try {
      await this.#upload(part, what, { signal, ...(onBytes && { onBytes }) });
      const move = { srcFs: this.#place, srcRemote: part, dstFs: this.#place, dstRemote: key };
      await this.#call('operations/movefile', move, signal);
    } catch (error) {
      // What happened first is what is told.
      await this.remove([part], AbortSignal.timeout(lastWord)).catch(() => {});
      throw error;
    }
  }

  /** As a browser sends a form: the only way in that takes today as the date, and what arrives as it arrives. */
  async #upload(part: string, what: string | Uint8Array, { signal, onBytes }: Transfer): Promise<void> {
    const { url, authorization } = await rcloneDaemon();
    const boundary = randomUUID();
    const name = path.posix.basename(part);
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
    const tail = `\r\n--${boundary}--\r\n`;
    const size = typeof what === 'string' ? (await fs.stat(what)).size : what.length;
    const { url: here } = this;
    const form = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(head);
      yield* streamOf(what).compose(counting(Infinity, here, onBytes)) as AsyncIterable<Uint8Array>;
      yield Buffer.from(tail);
    };
    const place = new URLSearchParams({ fs: this.#place, remote: path.posix.dirname(part) });
    const request = (): object => ({
      method: 'POST',
      headers: {
        authorization,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': String(head.length + size + tail.length),
      },
      body: Readable.toWeb(Readable.from(form(), { objectMode: false })),
      // Not in the types of every version of Node.
      duplex: 'half',
      signal,
    });
    await this.#answered(
      () => fetch(`${url}operations/uploadfile?${place.toString()}`, request() as RequestInit),
      signal,
    );
  }

  async *list(folder: string, signal: AbortSignal): AsyncGenerator<Entry> {
    const question = {
      fs: this.#place,
      remote: folder.replace(/\/$/, ''),
      opt: { recurse: true, filesOnly: true, noMimeType: true },
    };
    const answer = await this.#call<{ readonly list: readonly Item[] }>('operations/list', question, signal);
    for (const { Path, Size, ModTime } of answer?.list ?? []) {
      yield { key: Path, bytes: Size, modified: Date.parse(ModTime) };
    }
  }

  async remove(keys: readonly string[], signal: AbortSignal): Promise<void> {
    await inParallel(keys, async (key) => {
      await this.#call('operations/deletefile', { fs: this.#place, remote: key }, signal);
    });
  }

  async removeEmpty(folder: string, signal: AbortSignal): Promise<void> {
    const place = { fs: this.#place, remote: folder.replace(/\/$/, '') };
    const question = { ...place, opt: { dirsOnly: true } };
    const answer = await this.#call<{ readonly item: Item | null }>('operations/stat', question, signal);
    if ((answer?.item ?? null) === null) return;
    // Where it holds something, its cousin without the s fails.
    await this.#call('operations/rmdirs', place, signal);
  }

  /** What rclone answers; null where it says that nothing is there. */
  async #call<T>(command: string, parameters: object, signal: AbortSignal): Promise<T | null> {
    const { url, authorization } = await rcloneDaemon();
    const headers = { authorization, 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(parameters), signal };
    const text = await this.#answered(() => fetch(`${url}${command}`, request), signal);
    return text === null ? null : (JSON.parse(text) as T);
  }

  async #answered(ask: () => Promise<Response>, signal: AbortSignal): Promise<string | null> {
    try {
      return (await (await this.#taken(ask, signal))?.text()) ?? null;
    } catch (error) {
      throw this.#broken(error, signal, null);
    }
  }

  /** An answer that is none of a fault; null where it says that nothing is there. */
  async #taken(ask: () => Promise<Response>, signal: AbortSignal): Promise<Response | null> {
    for (let tries = 1; ; tries += 1) {
      const answer = await ask();
      if (answer.ok) return answer;
      const said = await answer.text();
      if (answer.status === 404) return null;
      if (!turnedAway.test(said) || tries === mostTries) throw this.#faultOf(said);
      await delay(firstPause * 2 ** (tries - 1), undefined, { signal });
    }
  }

  #broken(error: unknown, signal: AbortSignal, silence: Error | null): unknown {
    if (error instanceof RemoteFault) return error;
    if (silence) return new RemoteFault('silent', `${this.url}: ${silence.message}`, error);
    if (signal.aborted) return error;
    const { cause, message } = error as Error & { cause?: Error };
    return new RemoteFault('unreachable', `${this.url}: rclone has gone: ${cause?.message || message}`, error);
  }

  #faultOf(answer: string): RemoteFault {
    let said = answer;
    try {
      said = (JSON.parse(answer) as { readonly error?: string }).error ?? answer;
    } catch {
      // In words.
    }
    if (said.includes("didn't find section in config file")) {
      const [name] = this.#place.split(':');
      return new RemoteFault('unreachable', `${this.url}: rclone’s configuration has no "${name}": rclone config`);
    }
    const kind = kinds.find(([pattern]) => pattern.test(said))?.[1] ?? 'unreachable';
    return new RemoteFault(kind, `${this.url}: ${said.slice(0, 500)}`);
  }
}
