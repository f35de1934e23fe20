// Counter-based random numbers, Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
// element i of a stream depends on (seed, purpose, step, i) and on nothing drawn before it.
import { createHash } from 'node:crypto';

/** Names a stream. Streams whose seed, purpose or step differ are independent; an absent step is step 0. */
export interface StreamKey {
  /** Safe integer >= 0. */
  readonly seed: number;
  /** What the numbers are for, such as `train/noise`. */
  readonly purpose: string;
  /** Safe integer >= 0: which training step, image, … of this purpose. */
  readonly step?: number;
}

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;
const WORDS_PER_BLOCK = 4;
const TWO_32 = 2 ** 32;

/**
 * The Philox4x32-10 bijection at `blocks` consecutive counters: four 32-bit words per block.
 * `key` is two words, `counter` four; the first two count the blocks (low word first), the others stay.
 */
export function philoxBlocks(key: readonly number[], counter: readonly number[], blocks: number): Uint32Array {
  const [key0 = 0, key1 = 0] = key;
  const [counter0 = 0, counter1 = 0, counter2 = 0, counter3 = 0] = counter;
  const words = new Uint32Array(blocks * WORDS_PER_BLOCK);
  let low = counter0 | 0;
  let high = counter1 | 0;
  for (let i = 0; i < words.length; i += WORDS_PER_BLOCK) {
    let a = low;
    let b = high;
    let c = counter2 | 0;
    let d = counter3 | 0;
    let k0 = key0 | 0;
    let k1 = key1 | 0;
    for (let round = 0; round < ROUNDS; round++) {
      const nextA = highWord(MULTIPLIER_1, c) ^ b ^ k0;
      const nextB = Math.imul(MULTIPLIER_1, c);
      const nextC = highWord(MULTIPLIER_0, a) ^ d ^ k1;
      d = Math.imul(MULTIPLIER_0, a);
      a = nextA;
      b = nextB;
      c = nextC;
      k0 = (k0 + WEYL_0) | 0;
      k1 = (k1 + WEYL_1) | 0;
    }
    words[i] = a;
    words[i + 1] = b;
    words[i + 2] = c;
    words[i + 3] = d;
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
  }
  return words;
}

/** Elements [offset, offset + count) of the stream of standard normal numbers (Box-Muller in float64, then rounded). */
export function normals(key: StreamKey, count: number, offset = 0): Float32Array {
  // Elements 2j and 2j + 1 share a radius; a block holds two whole pairs.
  const { words, skip } = streamWords('normals', key, count, offset);
  const values = new Float32Array(words.length);
  for (let i = 0; i < words.length; i += 2) {
    // The half keeps the logarithm finite: |z| <= sqrt(-2 ln 2^-33) = 6.76.
    const radius = Math.sqrt(-2 * Math.log((words[i]! + 0.5) / TWO_32));
    const angle = (words[i + 1]! * (2 * Math.PI)) / TWO_32;
    values[i] = radius * Math.cos(angle);
    values[i + 1] = radius * Math.sin(angle);
  }
  return count === values.length ? values : values.slice(skip, skip + count);
}

/** Elements [offset, offset + count) of the stream of uniform numbers in [0, 1), multiples of 2^-24. */
export function uniforms(key: StreamKey, count: number, offset = 0): Float32Array {
  const { words, skip } = streamWords('uniforms', key, count, offset);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = (words[skip + i]! >>> 8) / 2 ** 24;
  return values;
}

/**
 * Elements [offset, offset + count) of the stream of integers in [0, below), 1 <= below <= 2^31.
 * Multiply-shift: the probability of each value is off by less than 2^-32.
 */
export function integers(key: StreamKey, count: number, below: number, offset = 0): Int32Array {
  if (!Number.isInteger(below) || below < 1 || below > 2 ** 31) {
    throw new RangeError(`integers: below must be an integer in [1, 2^31], got ${below}`);
  }
  const { words, skip } = streamWords('integers', key, count, offset);
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) values[i] = highWord(below, words[skip + i]!);
  return values;
}

/** A permutation of 0 .. n-1, each (nearly) equally likely: Fisher-Yates. */
export function permutation(key: StreamKey, n: number): Int32Array {
  const { words } = streamWords('permutation', key, n, 0);
  const values = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = highWord(i + 1, words[i]!);
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
  return values;
}

/** The words that hold elements [offset, offset + count), from the start of the first one's block. */
function streamWords(
  kind: string,
  key: StreamKey,
  count: number,
  offset: number,
): { words: Uint32Array; skip: number } {
  const step = key.step ?? 0;
  checkNatural(`${kind}: seed`, key.seed);
  checkNatural(`${kind}: step`, step);
  checkNatural(`${kind}: count`, count);
  checkNatural(`${kind}: offset`, offset);
  checkNatural(`${kind}: offset + count`, offset + count);
  // The kind is part of the key: normals and uniforms of one StreamKey are independent of each other.
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, key.seed, key.purpose]))
    .digest();
  const skip = offset % WORDS_PER_BLOCK;
  const block = (offset - skip) / WORDS_PER_BLOCK;
  const words = philoxBlocks(
    [digest.readUInt32LE(0), digest.readUInt32LE(4)],
    [block % TWO_32, Math.floor(block / TWO_32), step % TWO_32, Math.floor(step / TWO_32)],
    Math.ceil((skip + count) / WORDS_PER_BLOCK),
  );
  return { words, skip };
}

/** The upper 32 bits (signed representation) of the 64-bit product of two unsigned 32-bit words. */
function highWord(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = Math.imul(aLow, bLow) >>> 16;
  // Each sum stays below 2^32: (2^16 - 1)^2 + 2^16 - 1 < 2^32.
  const middle = (Math.imul(aHigh, bLow) + low) | 0;
  const other = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16)) | 0;
}

function checkNatural(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${what} must be a safe integer >= 0, got ${value}`);
  }
}
