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
