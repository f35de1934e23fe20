// 8-bit grayscale images made larger by a border and smaller by averaging, and still 8-bit.

/** Square images [n, size, size] in the middle of black ones, [n, target, target]; an odd border is wider at the end. */
export function padImages(images: Uint8Array, size: number, target: number): Uint8Array {
  const count = wholeImages('padImages', images, size);
  if (target < size) throw new RangeError(`padImages: ${target} pixels do not hold ${size}`);
  const margin = Math.floor((target - size) / 2);
  const padded = new Uint8Array(count * target * target);
  for (let row = 0; row < count * size; row++) {
    const [image, y] = [Math.floor(row / size), row % size];
    const to = (image * target + y + margin) * target + margin;
    padded.set(images.subarray(row * size, (row + 1) * size), to);
  }
  return padded;
}

/** The mean of every 2 x 2 block, halves rounded up: [n, size, size] to [n, size / 2, size / 2]. `size` is even. */
export function halveImages(images: Uint8Array, size: number): Uint8Array {
  const count = wholeImages('halveImages', images, size);
  if (size % 2 !== 0) throw new RangeError(`halveImages: the size ${size} is odd`);
  const half = size / 2;
  const halved = new Uint8Array(count * half * half);
  for (let i = 0; i < halved.length; i++) {
    // Rows of all images follow each other and size is even, so blocks never straddle two images.
    const [row, x] = [Math.floor(i / half), i % half];
    const at = 2 * row * size + 2 * x;
    halved[i] = (images[at]! + images[at + 1]! + images[at + size]! + images[at + size + 1]! + 2) >> 2;
  }
  return halved;
}

function wholeImages(what: string, images: Uint8Array, size: number): number {
  const count = images.length / (size * size);
  if (!Number.isInteger(count)) throw new RangeError(`${what}: ${images.length} bytes are not ${size}x${size} images`);
  return count;
}

/** A square part of an image, in its pixels. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/**
 * A square of an RGB image averaged down to [size, size, 3], halves rounded up: each new pixel is the mean of the area it
 * covers, parts of pixels by their share. Throws a RangeError for a square outside the image or smaller than `size`.
 */
export function shrinkImage(
  { width, height, pixels }: { readonly width: number; readonly height: number; readonly pixels: Uint8Array },
  square: Square,
  size: number,
): Uint8Array {
  const { left, top, size: side } = square;
  if (left < 0 || top < 0 || left + side > width || top + side > height) {
    throw new RangeError(`it is ${width}x${height}, too small for the square of ${side} at (${left}, ${top})`);
  }
  if (side < size) throw new RangeError(`it is ${width}x${height}, smaller than ${size}x${size}`);
  const shares = areaShares(side, size);
  const shrunk = new Uint8Array(size * size * 3);
  const area = (side / size) ** 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sums = [0, 0, 0];
      for (const [row, rowShare] of shares[y]!) {
        for (const [column, columnShare] of shares[x]!) {
          const at = ((top + row) * width + left + column) * 3;
          for (let c = 0; c < 3; c++) sums[c]! += rowShare * columnShare * pixels[at + c]!;
        }
      }
      for (let c = 0; c < 3; c++) shrunk[(y * size + x) * 3 + c] = Math.floor(sums[c]! / area + 0.5);
    }
  }
  return shrunk;
}

/** For each new pixel on a line, the old ones it covers and how much of each. */
function areaShares(from: number, to: number): (readonly [index: number, share: number])[][] {
  return Array.from({ length: to }, (_, i) => {
    // In integers of 1/to pixel, so that whole factors come out exact.
    const [start, end] = [i * from, (i + 1) * from];
    const shares: [number, number][] = [];
    for (let index = Math.floor(start / to); index * to < end; index++) {
      shares.push([index, (Math.min(end, (index + 1) * to) - Math.max(start, index * to)) / to]);
    }
    return shares;
  });
}
