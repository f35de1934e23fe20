// Files that somebody else may have written, read whole: no further than a bound, and never from what has no end.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { exitCode, ReproError } from '../error.ts';
import { errnoOf } from '../store/file-system.ts';
import { maxBytes } from '../store/strict-json.ts';

/**
 * The bytes of a file or a pipe; null where there is no such file.
 * @throws {ReproError} `too-large` beyond 400 MB, `bad-usage` for a device; what the file system says where it may not be read
 */
export async function readBounded(path: string, shown: string): Promise<Buffer | null> {
  const usage = { exit: exitCode.usage } as const;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const status = await stat(path);
    if (status.isDirectory()) return null;
    if (!status.isFile() && !status.isFIFO()) {
      throw new ReproError('bad-usage', `"${shown}" is neither a file nor a pipe`, usage);
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
