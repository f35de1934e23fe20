// Large files go to S3 in parts, each of which can be sent once more. `@aws-sdk/lib-storage` does the same, but what it is
// sending when it is told to stop goes on, and the parts stay until that has arrived.
import { promises as fs } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';
import { inParallel } from './parallel.ts';
import type { Transfer } from './remote.ts';

export type Sdk = typeof import('@aws-sdk/client-s3');

/** Smaller files go as one. S3 takes parts of 5 MiB or more, the last one aside. */
export const partBytes = 8 * 1024 * 1024;
const mostParts = 10_000;
/** Of one file at a time; each is in memory. */
const atOnce = 2;
/** Milliseconds that the end of an upload may take, when all else has ended. */
const lastWord = 10_000;

interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

export async function uploadInParts(
  sdk: Sdk,
  client: S3Client,
  place: Place,
  file: string,
  size: number,
  { signal, onBytes }: Transfer,
): Promise<void> {
  const each = Math.max(partBytes, Math.ceil(size / mostParts));
  const numbers = Array.from({ length: Math.ceil(size / each) }, (_, index) => index);
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(place), { abortSignal: signal });
  const handle = await fs.open(file);
  const parts: CompletedPart[] = [];
  // The first part that fails ends the others.
  const stop = new AbortController();
  const abortSignal = AbortSignal.any([signal, stop.signal]);
  try {
    const send = async (index: number): Promise<void> => {
      abortSignal.throwIfAborted();
      const Body = await bytesOf(handle, index * each, Math.min(each, size - index * each));
      const part = { ...place, UploadId, PartNumber: index + 1, Body, ContentLength: Body.length };
      const { ETag } = await client.send(new sdk.UploadPartCommand(part), { abortSignal });
      parts[index] = { ETag, PartNumber: index + 1 };
      onBytes?.(Body.length);
    };
    await inParallel(
      numbers,
      (index) => send(index).catch((error: unknown) => (stop.abort(), Promise.reject(error))),
      atOnce,
    );
    const whole = { ...place, UploadId, MultipartUpload: { Parts: parts } };
    await client.send(new sdk.CompleteMultipartUploadCommand(whole), { abortSignal: signal });
  } catch (error) {
    const abortion = new sdk.AbortMultipartUploadCommand({ ...place, UploadId });
    // What happened first is what is told.
    await client.send(abortion, { abortSignal: AbortSignal.timeout(lastWord) }).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

async function bytesOf(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let read = 0; read < length;) {
    const { bytesRead } = await handle.read(bytes, read, length - read, offset + read);
    if (bytesRead === 0) throw new Error('The file became shorter while it was sent');
    read += bytesRead;
  }
  return bytes;
}
