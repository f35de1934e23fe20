// The caption that a PNG image carries: its texts under the keywords Title and Description (PNG, third edition, 11.3.3). Whoever
// draws an image writes them, in any language, and they stay with it wherever it goes.
import { crc32, inflateSync } from 'node:zlib';

export interface ImageCaption {
  readonly title?: string;
  readonly description?: string;
}

/** Characters that are shown of each. */
const mostCharacters = { title: 120, description: 1000 } as const;
/** Bytes of a text, before and after it is unpacked. */
const mostBytes = 65_536;
const mostChunks = 100_000;
const mostTexts = 100;

/** What an image says of itself. A text that is damaged, too long or of another form is passed over. */
export function captionOf(png: Uint8Array): ImageCaption {
  const found: { title?: string; description?: string } = {};
  for (const { keyword, unpack } of texts(Buffer.from(png.buffer, png.byteOffset, png.byteLength))) {
    const name = keyword === 'Title' ? 'title' : keyword === 'Description' ? 'description' : null;
    if (name === null || found[name] !== undefined) continue;
    const text = unpackedOf(unpack);
    if (text !== '') found[name] = shortened(text, mostCharacters[name]);
  }
  return found;
}

interface TextChunk {
  readonly keyword: string;
  /** Throws where it is damaged. */
  readonly unpack: () => string;
}

/** The texts whose checksums are right, as far as the file can be read. */
function texts(png: Buffer): TextChunk[] {
  const found: TextChunk[] = [];
  let at = 8;
  for (let count = 0; count < mostChunks && found.length < mostTexts && at + 12 <= png.length; count++) {
    const end = at + 8 + png.readUInt32BE(at);
    if (end + 4 > png.length) break;
    const read = chunkReaders[png.toString('latin1', at + 4, at + 8)];
    if (read !== undefined && end - at <= mostBytes && crc32(png.subarray(at + 4, end)) === png.readUInt32BE(end)) {
      const chunk = read(png.subarray(at + 8, end));
      if (chunk !== null) found.push(chunk);
    }
    at = end + 4;
  }
  return found;
}

type ChunkReader = (data: Buffer) => TextChunk | null;

/** Each kind of text begins with its keyword and a zero byte. */
const chunkReaders: Readonly<Record<string, ChunkReader | undefined>> = {
  tEXt: (data) => keyed(data, (rest) => rest.toString('latin1')),
  zTXt: (data) => keyed(data, (rest) => inflated(rest.subarray(1)).toString('latin1')),
  // Whether it is packed, how, its language, and the keyword in that language.
  iTXt: (data) =>
    keyed(data, (rest) => {
      const text = rest.subarray(afterZero(rest, afterZero(rest, 2)));
      return new TextDecoder('utf-8', { fatal: true }).decode(rest[0] === 0 ? text : inflated(text));
    }),
};

function keyed(data: Buffer, textOf: (rest: Buffer) => string): TextChunk | null {
  const end = data.indexOf(0);
  if (end <= 0) return null;
  return { keyword: data.toString('latin1', 0, end), unpack: () => textOf(data.subarray(end + 1)) };
}

function afterZero(data: Buffer, from: number): number {
  const at = data.indexOf(0, from);
  if (at < 0) throw new RangeError('the text ends before it begins');
  return at + 1;
}

const inflated = (data: Buffer): Buffer => inflateSync(data, { maxOutputLength: mostBytes });

/** On one line; nothing of what is damaged. */
function unpackedOf(unpack: () => string): string {
  try {
    return unpack().replace(/\s+/g, ' ').trim();
  } catch {
    return '';
  }
}

/** By whole characters. */
function shortened(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most).join('').trimEnd()}…`;
}
