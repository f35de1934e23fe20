// Images side by side as one PNG, to look at.
import { crc32 } from 'node:zlib';
import { encode } from 'fast-png';
import type { ImageShape } from './dataset.ts';

/** Small images are enlarged, by whole factors, to about this many pixels. */
const SHOWN_SIZE = 48;
const GAP = 2;
const WHITE = 255;

export interface GridOptions {
  /** Without, the grid is nearly square. */
  readonly columns?: number;
  /** What there is to see: it goes into the file, and from there into the report. */
  readonly description?: string;
}

/**
 * The PNG bytes of a grid of images [n, height, width, channels], with 1 (gray) or 3 (RGB) channels. Bytes are shown as they
 * are; real numbers from black at their minimum to white at their maximum.
 */
export function imageGridPng(
  images: Uint8Array | Float32Array,
  shape: ImageShape,
  { columns = Math.ceil(Math.sqrt(images.length / (shape[0] * shape[1] * shape[2]))), description }: GridOptions = {},
): Uint8Array {
  const [height, width, channels] = shape;
  const imageSize = height * width * channels;
  const count = images.length / imageSize;
  if (channels !== 1 && channels !== 3) throw new RangeError(`imageGridPng: 1 or 3 channels, got ${channels}`);
  if (count < 1 || !Number.isInteger(count)) {
    throw new RangeError(`imageGridPng: ${images.length} values are not images of ${shape.join('x')}`);
  }
  const pixels = images instanceof Uint8Array ? images : toBytes(images);
  const scale = Math.max(1, Math.round(SHOWN_SIZE / Math.max(height, width)));
  const rows = Math.ceil(count / columns);
  const gridWidth = columns * (width * scale + GAP) + GAP;
  const gridHeight = rows * (height * scale + GAP) + GAP;
  const grid = new Uint8Array(gridWidth * gridHeight * channels).fill(WHITE);
  for (let i = 0; i < count; i++) {
    const left = GAP + (i % columns) * (width * scale + GAP);
    const top = GAP + Math.floor(i / columns) * (height * scale + GAP);
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const from = i * imageSize + (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels;
        grid.set(pixels.subarray(from, from + channels), ((top + y) * gridWidth + left + x) * channels);
      }
    }
  }
  const png = encode({ width: gridWidth, height: gridHeight, data: grid, channels, depth: 8 });
  return description === undefined ? png : withText(png, 'Description', description);
}

/** Signature and header, which every PNG begins with. */
const HEADER_SIZE = 8 + 25;

/** With a text in UTF-8 (iTXt; PNG, third edition, 11.3.3.4), not packed and of no stated language, after the header. */
function withText(png: Uint8Array, keyword: string, text: string): Uint8Array {
  const chunk = Buffer.from(`iTXt${keyword}\0\0\0\0\0${text.replaceAll('\0', '')}`);
  const [size, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(chunk.length - 4);
  checksum.writeUInt32BE(crc32(chunk));
  return Buffer.concat([png.subarray(0, HEADER_SIZE), size, chunk, checksum, png.subarray(HEADER_SIZE)]);
}

function toBytes(values: Float32Array): Uint8Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue; // samples of a diverged model are shown, not refused
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high > low ? high - low : 1;
  return Uint8Array.from(values, (value) => Math.max(0, Math.min(255, Math.round((255 * (value - low)) / range))));
}
