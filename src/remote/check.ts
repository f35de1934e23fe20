// What a remote lets us do and how fast, tried with probes that are removed again.
import { randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../runner/process/clock.ts';
import { modifiedAt, probeFolder, withProbe } from './probe.ts';
import { partMark, type Remote, RemoteFault } from './remote.ts';

/** Bytes that tell the time of a request, those that tell a rate, and those of an upload that is broken off. */
const sizes = { small: 64, large: 4 * 2 ** 20, killed: 16 * 2 ** 20 };
/** Milliseconds that a server has to forget an upload that was broken off. */
const patience = 300;

export interface RemoteCheck {
  /** Why something does not work, and null where it does; undefined where it could not be tried. */
  readonly read: string | null | undefined;
  readonly write: string | null | undefined;
  readonly list: string | null | undefined;
  readonly remove: string | null | undefined;
  /** Whether what is put takes the place of what was there. */
  readonly replaces?: boolean;
  /** How far its clock is ahead of this machine's. */
  readonly clockSeconds?: number;
  /** Of reading a small file. */
  readonly latencySeconds?: number;
  readonly bytesPerSecond: { readonly up?: number; readonly down?: number };
  /**
   * What an upload that was broken off has left: nothing, a part under another name, a part under the final one, or all of
   * it, because it was too fast.
   */
  readonly killedUpload?: 'nothing' | 'part' | 'half a file' | 'the whole file';
  /** Keys of probes that could not be removed. */
  readonly left: readonly string[];
}

type Measured = Pick<RemoteCheck, 'replaces' | 'latencySeconds' | 'bytesPerSecond'>;

/** @param folder Empty, for what comes back */
export async function checkRemote(remote: Remote, folder: string, signal: AbortSignal): Promise<RemoteCheck> {
  return withProbe(remote, signal, async (key) => new Check(remote, folder, signal, key).run());
}

class Check {
  readonly #remote: Remote;
  readonly #folder: string;
  readonly #signal: AbortSignal;
  readonly #key: string;
  #files = 0;

  constructor(remote: Remote, folder: string, signal: AbortSignal, key: string) {
    this.#remote = remote;
    this.#folder = folder;
    this.#signal = signal;
    this.#key = key;
  }

  async run(): Promise<RemoteCheck> {
    const nothing = { write: undefined, list: undefined, remove: undefined, bytesPerSecond: {}, left: [] };
    const reached = await whyNot(() => this.#remote.has([this.#key], this.#signal));
    if (reached !== null) return { ...nothing, read: reached };
    const small = randomBytes(sizes.small);
    const putAt = Date.parse(systemClock.now());
    const write = await whyNot(() => this.#put(this.#key, small));
    const list = await whyNot(() => modifiedAt(this.#remote, this.#key, this.#signal));
    // What may not be written is answered for by whether it is there.
    if (write !== null) return { ...nothing, read: null, write, list };
    const read = await whyNot(() => this.#expect(this.#key, small));
    const modified = list === null ? await modifiedAt(this.#remote, this.#key, this.#signal) : null;
    const rest: Measured = read === null ? await this.#measure(small) : { bytesPerSecond: {} };
    const killedUpload = read === null ? await this.#kill() : undefined;
    const removed = await this.#remove();
    return {
      read,
      write,
      list,
      ...removed,
      ...rest,
      ...(modified === null ? {} : { clockSeconds: Math.round((modified - putAt) / 1000) }),
      ...(killedUpload === undefined ? {} : { killedUpload }),
    };
  }

  async #measure(small: Buffer): Promise<Measured> {
    const times: number[] = [];
    for (let i = 0; i < 3; i++) times.push(await seconds(() => this.#expect(this.#key, small)));
    const large = randomBytes(sizes.large);
    const up = await seconds(() => this.#put(this.#key, large));
    const start = performance.now();
    const replaces = await this.#is(this.#key, large);
    const down = (performance.now() - start) / 1000;
    const rates = { up: sizes.large / up, ...(replaces ? { down: sizes.large / down } : {}) };
    return { replaces, latencySeconds: times.sort((a, b) => a - b)[1]!, bytesPerSecond: rates };
  }

  /** Breaks an upload off in the middle, as a killed process does. */
  async #kill(): Promise<RemoteCheck['killedUpload']> {
    const key = `${this.#key}.killed`;
    const stop = new AbortController();
    const file = path.join(this.#folder, 'killed');
    await fs.writeFile(file, randomBytes(sizes.killed));
    let moved = 0;
    const onBytes = (count: number): void => {
      if ((moved += count) > sizes.killed / 4) stop.abort(new Error('broken off'));
    };
    await this.#remote
      .put(key, file, { signal: AbortSignal.any([this.#signal, stop.signal]), onBytes })
      .catch(() => {});
    this.#signal.throwIfAborted();
    await delay(patience, undefined, { signal: this.#signal });
    const got = await this.#get(key, sizes.killed);
    if (got !== null) return got.length === sizes.killed ? 'the whole file' : 'half a file';
    return (await this.#probes()).some((each) => each.includes(partMark)) ? 'part' : 'nothing';
  }

  async #remove(): Promise<Pick<RemoteCheck, 'remove' | 'left'>> {
    const keys = new Set([this.#key, `${this.#key}.killed`, ...(await this.#probes())]);
    const remove = await whyNot(() => this.#remote.remove([...keys], this.#signal));
    const left = [
      ...(await this.#remote.has([this.#key, `${this.#key}.killed`], this.#signal)),
      ...(await this.#probes()),
    ];
    return {
      remove: remove ?? (left.length > 0 ? 'it says that it did, and did not' : null),
      left: [...new Set(left)],
    };
  }

  /** Keys of ours, as far as it can be listed. */
  async #probes(): Promise<string[]> {
    const keys: string[] = [];
    await whyNot(async () => {
      for await (const { key } of this.#remote.list(probeFolder, this.#signal)) keys.push(key);
    });
    return keys.filter((key) => key.startsWith(this.#key));
  }

  #put(key: string, bytes: Buffer): Promise<void> {
    return this.#remote.put(key, bytes, { signal: this.#signal });
  }

  async #expect(key: string, bytes: Buffer): Promise<void> {
    if (!(await this.#is(key, bytes))) throw new RemoteFault('damaged', 'what it sends is not what was put');
  }

  async #is(key: string, bytes: Buffer): Promise<boolean> {
    return (await this.#get(key, sizes.killed))?.equals(bytes) ?? false;
  }

  async #get(key: string, mostBytes: number): Promise<Buffer | null> {
    const file = path.join(this.#folder, `got-${++this.#files}`);
    if (!(await this.#remote.get(key, file, mostBytes, { signal: this.#signal }))) return null;
    const bytes = await fs.readFile(file);
    await fs.rm(file);
    return bytes;
  }
}

/** Null where it can be done. */
async function whyNot(act: () => Promise<unknown>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof RemoteFault) return error.message;
    throw error;
  }
}

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}
