// What the science takes of `node:fs`: the files that the page carries, each in an element of its own.
import { Buffer } from 'buffer/index.js';

const files = new Map<string, Uint8Array<ArrayBuffer>>();

/** Unpacks the files: base64 of deflate is the text of each element, and the file's name is in `data-file`. */
export async function unpackFiles(): Promise<void> {
  for (const element of document.querySelectorAll<HTMLElement>('[data-file]')) {
    const packed = Uint8Array.from(atob(element.textContent.trim()), (character) => character.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
    files.set(element.dataset['file']!, new Uint8Array(await new Response(unpacked).arrayBuffer()));
  }
}

export function readFileSync(name: string): Buffer {
  const bytes = files.get(name);
  if (bytes === undefined) throw new Error(`The page carries no file "${name}"`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function writeFileSync(name: string): never {
  throw new Error(`The page writes no files, such as "${name}"`);
}
