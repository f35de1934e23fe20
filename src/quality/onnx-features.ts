// Features of a network that the user brings as an ONNX file, such as Inception's pool3 for the FID.
import { openOnnxFile } from '../tensor/onnx-file.ts';
import type { Features } from './features.ts';

/** Images at a time. */
const BATCH = 32;
const COLORS = 3;

/**
 * The features of images [n, size, size, c] within [-1, 1), c = 1 (repeated in three colors) or 3. The network takes
 * [n, 3, h, w], float32 within [-1, 1] or uint8 within 0..255; where it fixes h and w, the images are resized to them
 * (bilinear, half-pixel centers). Whatever shape its first output has beyond the batch, it is read as a vector.
 */
export async function onnxFeatures(
  path: string,
  images: Float32Array,
  [size, , channels]: readonly [number, number, number],
  threads: number,
): Promise<Features> {
  const network = await openOnnxFile(path, threads);
  const { dtype, shape } = network.input;
  if (shape.length !== 4 || (shape[1] !== COLORS && shape[1] !== null)) {
    throw new Error(
      `The network ${path} must take [n, ${COLORS}, h, w], it takes [${shape.map((s) => s ?? 'n').join(', ')}]`,
    );
  }
  const [height, width] = [shape[2] ?? size, shape[3] ?? size];
  const pixels = size * size * channels;
  const count = images.length / pixels;
  const rows: Float32Array[] = [];
  for (let first = 0; first < count; first += BATCH) {
    const n = Math.min(BATCH, count - first);
    const planes = new Float32Array(n * COLORS * height * width);
    for (let i = 0; i < n * COLORS; i++) {
      const image = images.subarray(
        (first + Math.floor(i / COLORS)) * pixels,
        (first + Math.floor(i / COLORS) + 1) * pixels,
      );
      const plane = planes.subarray(i * height * width, (i + 1) * height * width);
      resizePlane(image, { size, channels, channel: Math.min(i % COLORS, channels - 1) }, plane, height, width);
    }
    const values = dtype === 'float32' ? planes : Uint8Array.from(planes, toByte);
    rows.push(await network.run(values, [n, COLORS, height, width]));
  }
  await network.dispose();
  const values = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let offset = 0;
  for (const row of rows) {
    values.set(row, offset);
    offset += row.length;
  }
  return { values, dim: values.length / count };
}

/** x = (pixel + u) / 128 - 1 has u within [0, 1): the pixel is the integer below. */
function toByte(x: number): number {
  return Math.max(0, Math.min(255, Math.floor((x + 1) * 128)));
}

/** One channel of an image [size, size, channels] to a plane [height, width]. */
function resizePlane(
  image: Float32Array,
  { size, channels, channel }: { size: number; channels: number; channel: number },
  plane: Float32Array,
  height: number,
  width: number,
): void {
  const inside = (value: number): number => Math.max(0, Math.min(size - 1, value));
  const at = (y: number, x: number): number => image[(inside(y) * size + inside(x)) * channels + channel]!;
  for (let i = 0; i < height; i++) {
    const y = ((i + 0.5) * size) / height - 0.5;
    const [top, down] = [Math.floor(y), y - Math.floor(y)];
    for (let j = 0; j < width; j++) {
      const x = ((j + 0.5) * size) / width - 0.5;
      const [left, right] = [Math.floor(x), x - Math.floor(x)];
      plane[i * width + j] =
        (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
        down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1));
    }
  }
}
