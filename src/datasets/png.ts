// Images side by side as one PNG, to look at.
import { encode } from 'fast-png';
import type { ImageShape } from './dataset.ts';

/** Small images are enlarged, by whole factors, to about this many pixels. */
const SHOWN_SIZE = 48;
const GAP = 2;
const WHITE = 255;

/**
 * The PNG bytes of a grid, nearly square unless told its columns, of images [n, height, width, channels], with 1 (gray) or
 * 3 (RGB) channels. Bytes are shown as they are; real numbers from black at their minimum to white at their maximum.
 */
export function imageGridPng(
  images: Uint8Array | Float32Array,
  shape: ImageShape,
  columns = Math.ceil(Math.sqrt(images.length / (shape[0] * shape[1] * shape[2]))),
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
  return encode({ width: gridWidth, height: gridHeight, data: grid, channels, depth: 8 });
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
