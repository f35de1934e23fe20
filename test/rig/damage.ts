// What disks and crashes do to files: cut them short, or flip a bit.

/** The bytes cut at every length below their own, or every `step`-th. */
export function* everyTruncation(bytes: Buffer, step = 1): Generator<Buffer> {
  for (let length = 0; length < bytes.length; length += step) yield bytes.subarray(0, length);
}

/** The bytes with one bit flipped, a different bit in each byte, for every `step`-th byte. */
export function* everyFlip(bytes: Buffer, step = 1): Generator<Buffer> {
  for (let i = 0; i < bytes.length; i += step) {
    const copy = Buffer.from(bytes);
    copy[i] = copy[i]! ^ (1 << (i % 8));
    yield copy;
  }
}
