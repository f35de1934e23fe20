// The IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist/): a magic number, big-endian sizes, the bytes.
import { gunzipSync } from 'node:zlib';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/** The bytes themselves, or what they hold if they are gzip (by the magic bytes 1f 8b). */
export function gunzipped(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

/** Reads an uncompressed IDX file of unsigned bytes; throws an Error for anything but exactly that. */
export function decodeIdx(bytes: Uint8Array): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0) throw new Error('not an IDX file: it does not begin with two zeros');
  if (bytes[2] !== UNSIGNED_BYTE) throw new Error(`IDX type 0x${bytes[2]!.toString(16)}: only unsigned bytes are read`);
  const rank = bytes[3]!;
  const begin = 4 + 4 * rank;
  if (rank === 0 || bytes.length < begin) throw new Error(`not an IDX file: ${bytes.length} bytes for ${rank} sizes`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((a, b) => a * b, 1);
  if (bytes.length !== begin + size) {
    throw new Error(`IDX sizes ${shape.join('x')} take ${begin + size} bytes, the file has ${bytes.length}`);
  }
  return { shape, data: bytes.slice(begin) };
}
