// Files of a tar archive (POSIX.1-1988 ustar, with GNU and pax long names), gzip or not, read into memory. Nothing is ever
// written under an archive's names; names that would leave a directory, and links, are refused all the same.
import { gunzipped } from './idx.ts';

export interface ArchiveFile {
  /** Relative, with forward slashes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;

/** The regular files of an archive, in its order. Throws an Error that names the entry at fault. */
export function readTar(archive: Uint8Array): ArchiveFile[] {
  const bytes = gunzipped(archive);
  const files: ArchiveFile[] = [];
  let longName: string | null = null;
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return files;
    checkHeader(header, at);
    const prefix = isUstar(header) ? text(header, 345, 155) : '';
    const name: string = longName ?? (prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`);
    const size = octal(header, 124, 12, name);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new Error(`the archive ends within "${name}"`);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156]!);
    longName = null;
    if (type === 'L') longName = text(content, 0, size);
    else if (type === 'x') longName = paxPath(content);
    else if (type === '0' || type === '\0') files.push({ name: safeName(name), bytes: content });
    else if (type === '5') safeName(name);
    else if (type !== 'g')
      throw new Error(`"${name}" is neither a file nor a directory (type ${JSON.stringify(type)})`);
  }
  throw new Error('the archive ends without its end mark: it is cut short');
}

function checkHeader(header: Uint8Array, at: number): void {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!;
  if (octal(header, 148, 8, 'a header') !== sum) throw new Error(`not a tar archive, or damaged, at byte ${at}`);
}

const isUstar = (header: Uint8Array): boolean => text(header, 257, 5) === 'ustar';

function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('utf8');
}

function octal(header: Uint8Array, start: number, length: number, name: string): number {
  const digits = text(header, start, length).trim();
  if (!/^[0-7]+$/.test(digits)) throw new Error(`not a tar archive, or damaged: no number in the header of "${name}"`);
  return Number.parseInt(digits, 8);
}

/** The `path` of a pax extended header: lines of `length key=value`. */
function paxPath(content: Uint8Array): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(Buffer.from(content).toString('utf8'))?.[1] ?? null;
}

function safeName(name: string): string {
  if (name.startsWith('/') || name.split('/').includes('..')) throw new Error(`"${name}" leads out of the archive`);
  return name.replace(/^(\.\/)+/, '');
}
