// What pages are made from, and where they are written.
import path from 'node:path';
import type { ReadOutput } from '../report/figures.ts';
import { parseDigest } from '../store/digest.ts';
import { openStore } from '../store/store.ts';
import { writeNamed, writeUsual } from './write-to.ts';

/** What pages read of the store: an object, null where it is gone; and an output, which says that it is gone. */
export function readers(root: string): { read: (digest: string) => Uint8Array | null; output: ReadOutput } {
  const store = openStore(root);
  const read = (digest: string) => store.objects.readBytes(parseDigest(digest));
  const output: ReadOutput = async (_stage, { digest }) => {
    const bytes = read(digest);
    if (bytes === null) throw new Error('its bytes are no longer in the store');
    return bytes;
  };
  return { read, output };
}

/** A file as a link from a page in a directory. */
export function linkFrom(directory: string, file: string): string {
  return path.relative(directory, file).split(path.sep).map(encodeURIComponent).join('/');
}

/** To where somebody wants it, or to a place in the project. */
export function writePage(root: string, usual: string, page: string, to: string | undefined): string {
  return to === undefined ? writeUsual(root, usual, page) : writeNamed(to, page);
}
