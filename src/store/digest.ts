// SHA-256 names of bytes: `sha256:<hex>`, the spelling of in-toto and of `sha256sum`.
import { createHash } from 'node:crypto';
import { located } from './file-system.ts';
import type { FileSystem } from './file-system.ts';

export type Digest = `sha256:${string}`;

export interface Hashed {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** Files up to this size are read at once; above it they are streamed so that other stages go on being watched. */
export const wholeFileBytes = 1 << 20;

const digestPattern = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return digestPattern.test(text);
}

/** Narrows a string that a schema has already checked; anything else is a bug. */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) throw new Error(`Internal error: "${text}" is not a digest`);
  return text;
}

/** The 64 hexadecimal digits of a digest. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** Digest of bytes, or of the UTF-8 of a text. */
export function digestBytes(bytes: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Digest and size of a file's raw bytes. */
export async function hashFile(fs: FileSystem, path: string): Promise<Hashed> {
  if (fs.statSync(path).size <= wholeFileBytes) {
    const bytes = fs.readFileSync(path);
    return { digest: digestBytes(bytes), sizeBytes: bytes.length };
  }
  return hashStream(fs, path, null);
}

/** Copies a file into a new file of the given mode, hashing what it writes. */
export async function copyHashing(fs: FileSystem, from: string, to: string, mode: number): Promise<Hashed> {
  const target = await fs.promises.open(to, 'wx', mode);
  try {
    return await hashStream(fs, from, async (bytes) => {
      for (let written = 0; written < bytes.length;) {
        written += (await target.write(bytes, written)).bytesWritten;
      }
    });
  } catch (error) {
    throw located(error, to);
  } finally {
    await target.close();
  }
}

async function hashStream(
  fs: FileSystem,
  path: string,
  consume: ((bytes: Uint8Array) => Promise<void>) | null,
): Promise<Hashed> {
  const source = await fs.promises.open(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(wholeFileBytes);
    let sizeBytes = 0;
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return { digest: `sha256:${hash.digest('hex')}`, sizeBytes };
      const bytes = buffer.subarray(0, bytesRead);
      hash.update(bytes);
      await consume?.(bytes);
      sizeBytes += bytesRead;
    }
  } finally {
    await source.close();
  }
}
