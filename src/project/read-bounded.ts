// Files that somebody else may have written, read whole: no further than a bound, and never from what has no end.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { exitCode, ReproError } from '../error.ts';
import { errnoOf } from '../store/file-system.ts';
import { maxBytes } from '../store/strict-json.ts';

/**
 * The bytes of a file; null where there is no such file. A pipe is read only at a path that the user gave to this
 * command. At any other path, perhaps nobody will ever write to it.
 * @throws {ReproError} `too-large` beyond 400 MB, `bad-usage` for a device or an `unasked` pipe
 * @throws what the file system says where the file may not be read
 */
export async function readBounded(path: string, shown: string, origin: 'given' | 'unasked'): Promise<Buffer | null> {
  const usage = { exit: exitCode.usage } as const;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const status = await stat(path);
    if (status.isDirectory()) return null;
    if (!status.isFile() && !(origin === 'given' && status.isFIFO())) {
      const wanted = origin === 'given' ? 'neither a file nor a pipe' : 'no regular file';
      throw new ReproError('bad-usage', `"${shown}" is ${wanted}`, { ...usage, hint: 'put a file in its place' });
    }
    for await (const chunk of createReadStream(path, { end: maxBytes, highWaterMark: 1 << 20 })) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
    }
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errnoOf(cause) ?? '')) return null;
    throw cause;
  }
  if (size > maxBytes) {
    throw new ReproError('too-large', `"${shown}" is larger than ${maxBytes / 1e6} MB`, {
      ...usage,
      hint: 'no manifest, signature or key is that large: name another file',
    });
  }
  return Buffer.concat(chunks);
}
