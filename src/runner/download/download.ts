// Data at a URL, once, into the store. The state of the hash is kept beside the part that has arrived. So an
// interrupted download goes on where it stopped, and still ends in a verified digest.
import { join } from 'node:path';
import { ReproError } from '../../error.ts';
import { hashFile, hexOf } from '../../store/digest.ts';
import type { Digest } from '../../store/digest.ts';
import { removeTree } from '../../store/remove.ts';
import { sealJson } from '../../store/sealed-json.ts';
import { isNullOr, isObjectWith, isText } from '../../store/shape.ts';
import type { Store } from '../../store/store.ts';
import { type LeastRate, Pace } from './pace.ts';
import { makeParent } from '../process/work-directory.ts';

/** How often bytes are made sure of on the disk: what an interruption may cost. */
const checkpointBytes = 16 * 1024 * 1024;
/** Attempts in a row that bring nothing new, or less than a window of the least rate. */
const fruitlessAttempts = 3;

export interface DownloadBounds {
  /** Of one file, bytes. */
  readonly size: number;
  readonly least: LeastRate;
}

/** No archive of data is a terabyte, and no line of use brings less than a kilobyte in a second. */
const usualBounds: DownloadBounds = { size: 1e12, least: { bytes: 60_000, window: 60_000 } };

interface Checkpoint {
  readonly format: string;
  readonly url: string;
  /** Bytes that have arrived and been hashed. */
  readonly offset: number;
  /** The server's name for this version of the file: a resumed download must be of the same. */
  readonly validator: string | null;
  /** State of the hash after `offset` bytes, base64. */
  readonly state: string;
}

const format = 'repro.download/1';
const isCheckpoint = isObjectWith<Checkpoint>({
  format: isText,
  url: isText,
  offset: (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
  validator: isNullOr(isText),
  state: isText,
});

/**
 * Downloads a file into the store's objects. Throws a `ReproError`: `download-failed` (a later call resumes, as when the
 * disk has no room), `download-too-large` or `digest-mismatch` (the part is thrown away).
 */
export async function download(
  store: Store,
  url: string,
  expected: Digest,
  signal: AbortSignal,
  bounds: DownloadBounds = usualBounds,
): Promise<void> {
  const part = join(store.directory, 'downloads', `${hexOf(expected)}.part`);
  makeParent(store.fileSystem, part);
  // What arrives is written into this file, never into what a link of its name leads to.
  if (store.fileSystem.lstatSync(part, { throwIfNoEntry: false })?.isFile() === false) discard(store, part);
  const { createSHA256 } = await import('hash-wasm');
  const transfer: Transfer = { store, url, part, hasher: await createSHA256(), signal, bounds };
  let fruitless = 0;
  let furthest = readCheckpoint(store, `${part}.json`, url)?.offset ?? 0;
  for (;;) {
    try {
      await continueTransfer(transfer);
      break;
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof ReproError) {
        if (cause.code === 'download-too-large') discard(store, part);
        throw cause;
      }
      const after = readCheckpoint(store, `${part}.json`, url)?.offset ?? 0;
      fruitless = after - furthest >= bounds.least.bytes ? 0 : fruitless + 1;
      furthest = Math.max(furthest, after);
      if (fruitless < fruitlessAttempts) continue;
      throw new ReproError('download-failed', `Cannot download "${url}": ${reasonOf(cause)}`, {
        hint: after > 0 ? `Run again: it goes on after ${after} bytes` : 'Check the address and the network',
        cause,
      });
    }
  }
  const found: Digest = `sha256:${transfer.hasher.digest('hex')}`;
  if (found !== expected) {
    discard(store, part);
    throw new ReproError('digest-mismatch', `"${url}" has digest ${found}, expected ${expected}`, {
      hint: 'The file at this address is another one, or the digest in the pipeline file is wrong',
    });
  }
  // The state vouches for bytes as they arrived; an earlier attempt's may since have been damaged on the disk.
  if ((await hashFile(store.fileSystem, part)).digest !== expected) {
    discard(store, part);
    throw new ReproError('download-failed', `The download of "${url}" was damaged on the disk`, { hint: 'Run again' });
  }
  store.objects.adoptFile(part, expected);
  discard(store, part);
}

interface Transfer {
  readonly store: Store;
  readonly url: string;
  readonly part: string;
  readonly hasher: Awaited<ReturnType<typeof import('hash-wasm').createSHA256>>;
  readonly signal: AbortSignal;
  readonly bounds: DownloadBounds;
}

/** Asks for what is missing and appends it; when the connection breaks, what has arrived is kept. */
async function continueTransfer(transfer: Transfer): Promise<void> {
  const { store, url, part, hasher, signal, bounds } = transfer;
  using pace = new Pace(bounds.least);
  let checkpoint = readCheckpoint(store, `${part}.json`, url);
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (checkpoint !== null && checkpoint.validator !== null) {
    headers['range'] = `bytes=${checkpoint.offset}-`;
    headers['if-range'] = checkpoint.validator;
  } else checkpoint = null; // Without a validator the rest could be of another version.
  const response = await fetch(url, { headers, signal: AbortSignal.any([signal, pace.signal]) });
  if (response.status === 416 && checkpoint !== null) {
    discard(store, part);
    throw new Error('the server has fewer bytes than had arrived');
  }
  if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`);
  const resumes = response.status === 206 && checkpoint !== null;
  hasher.init();
  if (resumes && checkpoint) hasher.load(Buffer.from(checkpoint.state, 'base64'));
  let offset = resumes && checkpoint ? checkpoint.offset : 0;
  const strong = response.headers.get('etag');
  // What is unpacked on the way has another length than is said, and no place in it can be asked for.
  const packed = (response.headers.get('content-encoding') ?? 'identity') !== 'identity';
  const named = strong !== null && !strong.startsWith('W/') ? strong : response.headers.get('last-modified');
  const validator = packed ? null : named;
  const total = packed ? Number.NaN : Number(response.headers.get('content-length') ?? Number.NaN) + offset;
  if (total > bounds.size) throw tooLarge(transfer);

  const file = await store.fileSystem.promises.open(part, resumes ? 'r+' : 'w');
  let saved = offset;
  const save = async (): Promise<void> => {
    if (offset === saved) return;
    pace.pause();
    await file.sync();
    const state = Buffer.from(hasher.save()).toString('base64');
    const content: Checkpoint = { format, url, offset, validator, state };
    store.files.write(`${part}.json`, sealJson(content));
    saved = offset;
    pace.resume();
  };
  try {
    await file.truncate(offset);
    await requireRoom(transfer, offset, total);
    try {
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        pace.arrived(chunk.length);
        if (offset + chunk.length > bounds.size) throw tooLarge(transfer);
        for (let written = 0; written < chunk.length;) {
          written += (await file.write(chunk, written, chunk.length - written, offset + written)).bytesWritten;
        }
        hasher.update(chunk);
        offset += chunk.length;
        if (offset - saved < checkpointBytes) continue;
        await save();
        await requireRoom(transfer, offset, total);
      }
      if (!Number.isNaN(total) && offset < total)
        throw new Error(`the connection ended after ${offset} of ${total} bytes`);
    } catch (error) {
      await save();
      throw error;
    }
  } finally {
    await file.close();
  }
}

/** Refuses to go on where the rest, or the next bytes of what names no length, would fill the disk. */
async function requireRoom({ store, url, part }: Transfer, offset: number, total: number): Promise<void> {
  const { bavail, bsize } = await store.fileSystem.promises.statfs(part);
  const free = bavail * bsize;
  const needed = Number.isNaN(total) ? 2 * checkpointBytes : total - offset;
  if (needed <= free) return;
  const length = Number.isNaN(total) ? 'a file whose length the server does not say' : `${total} bytes`;
  throw new ReproError(
    'download-failed',
    `The disk has no room for "${url}": ${length}, of which ${offset} have arrived, and ${free} bytes are free`,
    { hint: `Free some space and run again, or delete what has arrived: ${part}` },
  );
}

function tooLarge({ url, bounds }: Transfer): ReproError {
  return new ReproError('download-too-large', `"${url}" is larger than ${bounds.size} bytes, or never ends`, {
    hint: 'Check the address; a file as large is fetched by hand, and declared by its path',
  });
}

/** A checkpoint of this download that can be trusted, or null. */
function readCheckpoint({ files }: Store, path: string, url: string): Checkpoint | null {
  const content = files.readSealed(path, `What has arrived of "${url}"`, format, isCheckpoint);
  return content?.url === url ? content : null;
}

function discard({ fileSystem }: Store, part: string): void {
  removeTree(fileSystem, part);
  removeTree(fileSystem, `${part}.json`);
}

/** What fetch hides in `cause` is what happened. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
