// A download that goes on where its connection broke, as long as what lies there is what lay there before.
import { promises as fs } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Idle } from './idle.ts';
import { RemoteFault, type Transfer } from './remote.ts';

/** Breaks in a row, none of which brought as much as `worthIt`, after which it is given up. */
const mostBreaks = 3;
const worthIt = 1_000_000;
/** Milliseconds before the next try, doubled with each. */
const firstPause = 250;

/** What has arrived of a version of the whole: the rest of it is asked for. */
export interface Arrived {
  readonly offset: number;
  /** The remote's name for these bytes and no others. */
  readonly version: string;
}

export interface Arriving {
  readonly body: Readable;
  /** Of its first byte in the whole. */
  readonly offset: number;
  /** Null where the remote has no name for it: then it cannot go on, and starts again. */
  readonly version: string | null;
  /** Of the whole; null where the remote does not say. */
  readonly bytes: number | null;
}

export interface Source {
  readonly url: string;
  /** Milliseconds without a byte after which it is given up. */
  readonly patience: number;
  /** Asks for the whole, or for the rest; null where nothing lies there. */
  ask(arrived: Arrived | null, idle: Idle): Promise<Arriving | null>;
  /** An error of the connection, as what it means. */
  faultOf(error: unknown, idle: Idle): unknown;
}

/** As `Remote.get`. */
export async function receive(source: Source, file: string, mostBytes: number, transfer: Transfer): Promise<boolean> {
  // Appending: after `truncate`, what comes is written from the start.
  const target = await fs.open(file, 'ax');
  let isWhole = false;
  try {
    isWhole = await new Reception(source, target, mostBytes, transfer).run();
    return isWhole;
  } finally {
    await target.close();
    if (!isWhole) await fs.rm(file, { force: true });
  }
}

class Reception {
  readonly #source: Source;
  readonly #target: FileHandle;
  readonly #mostBytes: number;
  readonly #transfer: Transfer;
  #offset = 0;
  #version: string | null = null;
  #hasBegun = false;

  constructor(source: Source, target: FileHandle, mostBytes: number, transfer: Transfer) {
    this.#source = source;
    this.#target = target;
    this.#mostBytes = mostBytes;
    this.#transfer = transfer;
  }

  async run(): Promise<boolean> {
    for (let breaks = 0; ; breaks += 1) {
      const before = this.#offset;
      try {
        return await this.#attempt();
      } catch (error) {
        if (!this.#hasBegun || !(error instanceof Broken)) throw error instanceof Broken ? error.cause : error;
        if (this.#offset - before >= worthIt) breaks = 0;
        if (breaks + 1 >= mostBreaks) throw error.cause;
        await delay(firstPause * 2 ** breaks, undefined, { signal: this.#transfer.signal });
      }
    }
  }

  /** @throws {Broken} where another try may bring the rest */
  async #attempt(): Promise<boolean> {
    using idle = new Idle(this.#transfer.signal, this.#source.patience);
    const arrived = this.#version === null ? null : { offset: this.#offset, version: this.#version };
    try {
      const arriving = await this.#source.ask(arrived, idle);
      if (arriving === null) return false;
      this.#hasBegun = true;
      await this.#take(arriving, idle);
      return true;
    } catch (error) {
      if (error instanceof OwnFault) throw error.cause;
      const fault = this.#source.faultOf(error, idle);
      const mayGoOn = fault instanceof RemoteFault && fault.kind === 'unreachable' && !idle.signal.aborted;
      throw mayGoOn ? new Broken(fault) : fault;
    }
  }

  async #take({ body, offset, version, bytes }: Arriving, idle: Idle): Promise<void> {
    // Not every client ends a body by the signal that its request had.
    addAbortSignal(idle.signal, body);
    try {
      if (bytes !== null && bytes > this.#mostBytes) throw this.#tooMany();
      if (offset !== this.#offset) {
        if (offset !== 0) throw new RemoteFault('damaged', `${this.#source.url} sent another part than was asked for`);
        await ours(this.#target.truncate(0));
        this.#offset = 0;
      }
      this.#version = version;
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        idle.moved();
        this.#transfer.onBytes?.(chunk.length);
        if (this.#offset + chunk.length > this.#mostBytes) throw this.#tooMany();
        await ours(this.#target.appendFile(chunk));
        this.#offset += chunk.length;
      }
      if (bytes !== null && this.#offset < bytes) throw new Error(`it ended after ${this.#offset} of ${bytes} bytes`);
    } finally {
      body.destroy();
    }
  }

  #tooMany(): RemoteFault {
    return new RemoteFault('damaged', `${this.#source.url} sent more than ${this.#mostBytes} bytes`);
  }
}

class Broken extends Error {
  constructor(cause: unknown) {
    super('broken off', { cause });
  }
}

/** An error of this side, of which the remote knows nothing. */
class OwnFault extends Broken {}

async function ours<T>(act: Promise<T>): Promise<T> {
  return await act.catch((error: unknown) => {
    throw new OwnFault(error);
  });
}
