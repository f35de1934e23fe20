// Counter-based random numbers, Threefry2x32-20 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
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

/** Of Skein's key schedule. */
const PARITY = 0x1bd11bda;
/** Two blocks of two words. */
const WORDS_PER_PAIR = 4;
const TWO_32 = 2 ** 32;
/** Words made at a time: they stay in the first-level cache until they are used. */
const CHUNK = 4096;
const chunk = new Int32Array(CHUNK);

/**
 * The Threefry2x32-20 bijection at consecutive counters: fills `words`, a multiple of four, two to a counter. `key` and
 * `counter` are two words each, the counter's low word first.
 */
export function threefry(words: Int32Array, key: Int32Array, counter: Int32Array): void {
  const [k0, k1] = [key[0]!, key[1]!];
  const k2 = PARITY ^ k0 ^ k1;
  let [low, high] = [counter[0]!, counter[1]!];
  // Written out (a loop over groups of rounds takes a tenth longer), and two blocks at a time, so that a processor has
  // something to do while it waits for the other one. `| 0` after every sum, and keys that are no plain arrays, keep V8 with
  // integers: half the time.
  for (let i = 0; i < words.length; i += WORDS_PER_PAIR) {
    let a = (low + k0) | 0;
    let b = (high + k1) | 0;
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;
    let c = (low + k0) | 0;
    let d = (high + k1) | 0;
    low = (low + 1) | 0;
    if (low === 0) high = (high + 1) | 0;

    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 13) ^ a;
    d = rotate(d, 13) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 15) ^ a;
    d = rotate(d, 15) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 26) ^ a;
    d = rotate(d, 26) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 6) ^ a;
    d = rotate(d, 6) ^ c;
    a = (a + k1) | 0;
    c = (c + k1) | 0;
    b = (((b + k2) | 0) + 1) | 0;
    d = (((d + k2) | 0) + 1) | 0;

    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 17) ^ a;
    d = rotate(d, 17) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 29) ^ a;
    d = rotate(d, 29) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 16) ^ a;
    d = rotate(d, 16) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 24) ^ a;
    d = rotate(d, 24) ^ c;
    a = (a + k2) | 0;
    c = (c + k2) | 0;
    b = (((b + k0) | 0) + 2) | 0;
    d = (((d + k0) | 0) + 2) | 0;

    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 13) ^ a;
    d = rotate(d, 13) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 15) ^ a;
    d = rotate(d, 15) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 26) ^ a;
    d = rotate(d, 26) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 6) ^ a;
    d = rotate(d, 6) ^ c;
    a = (a + k0) | 0;
    c = (c + k0) | 0;
    b = (((b + k1) | 0) + 3) | 0;
    d = (((d + k1) | 0) + 3) | 0;

    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 17) ^ a;
    d = rotate(d, 17) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 29) ^ a;
    d = rotate(d, 29) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 16) ^ a;
    d = rotate(d, 16) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 24) ^ a;
    d = rotate(d, 24) ^ c;
    a = (a + k1) | 0;
    c = (c + k1) | 0;
    b = (((b + k2) | 0) + 4) | 0;
    d = (((d + k2) | 0) + 4) | 0;

    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 13) ^ a;
    d = rotate(d, 13) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 15) ^ a;
    d = rotate(d, 15) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 26) ^ a;
    d = rotate(d, 26) ^ c;
    a = (a + b) | 0;
    c = (c + d) | 0;
    b = rotate(b, 6) ^ a;
    d = rotate(d, 6) ^ c;
    a = (a + k2) | 0;
    c = (c + k2) | 0;
    b = (((b + k0) | 0) + 5) | 0;
    d = (((d + k0) | 0) + 5) | 0;

    words[i] = a;
    words[i + 1] = b;
    words[i + 2] = c;
    words[i + 3] = d;
  }
}

/** Elements [offset, offset + count) of the stream of standard normal numbers: one word each, |z| <= 6.34. */
export function normals(key: StreamKey, count: number, offset = 0): Float32Array {
  return draw('normals', key, count, offset, Float32Array, toNormals);
}

/** Elements [offset, offset + count) of the stream of uniform numbers in [0, 1), multiples of 2^-24. */
export function uniforms(key: StreamKey, count: number, offset = 0): Float32Array {
  return draw('uniforms', key, count, offset, Float32Array, toUniforms);
}

/**
 * Elements [offset, offset + count) of the stream of integers in [0, below), 1 <= below <= 2^31.
 * Multiply-shift: the probability of each value is off by less than 2^-32.
 */
export function integers(key: StreamKey, count: number, below: number, offset = 0): Int32Array {
  if (!Number.isInteger(below) || below < 1 || below > 2 ** 31) {
    throw new RangeError(`integers: below must be an integer in [1, 2^31], got ${below}`);
  }
  return draw('integers', key, count, offset, Int32Array, (words, values, at) => {
    for (let i = 0; i < words.length; i++) values[at + i] = highWord(below, words[i]!);
  });
}

/** A permutation of 0 .. n-1, each (nearly) equally likely: Fisher-Yates. */
export function permutation(key: StreamKey, n: number): Int32Array {
  const swaps = draw('permutation', key, n, 0, Int32Array, (words, values, at) => values.set(words, at));
  const values = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = highWord(i + 1, swaps[i]!);
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
  return values;
}

// Functions of the module, for speed: a closure would look up its arrays for every element.

function toNormals(words: Int32Array, values: Float32Array, at: number): void {
  // The half keeps both tails finite.
  for (let i = 0; i < words.length; i++) values[at + i] = normalQuantile((words[i]! + 0.5) * 2 ** -32);
}

function toUniforms(words: Int32Array, values: Float32Array, at: number): void {
  for (let i = 0; i < words.length; i++) values[at + i] = (words[i]! >>> 8) * 2 ** -24;
}

/** Elements [offset, offset + count) of a stream: `convert` makes `values` from `at` on of one word each. */
function draw<T extends Float32Array | Int32Array>(
  kind: string,
  key: StreamKey,
  count: number,
  offset: number,
  Values: new (buffer: ArrayBuffer) => T,
  convert: (words: Int32Array, values: T, at: number) => void,
): T {
  const step = key.step ?? 0;
  checkNatural(`${kind}: seed`, key.seed);
  checkNatural(`${kind}: step`, step);
  checkNatural(`${kind}: count`, count);
  checkNatural(`${kind}: offset`, offset);
  checkNatural(`${kind}: offset + count`, offset + count);
  // The kind is part of the key: normals and uniforms of one StreamKey are independent of each other.
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, key.seed, key.purpose, step]))
    .digest();
  const streamKey = Int32Array.of(digest.readInt32LE(0), digest.readInt32LE(4));
  // Not zeroed: all of it is written below.
  const values = new Values(Buffer.allocUnsafeSlow(4 * count).buffer as ArrayBuffer);
  let skip = offset % WORDS_PER_PAIR;
  let block = (offset - skip) / 2;
  for (let at = 0; at < count;) {
    const pairs = Math.min(CHUNK / WORDS_PER_PAIR, Math.ceil((skip + count - at) / WORDS_PER_PAIR));
    const words = chunk.subarray(0, pairs * WORDS_PER_PAIR);
    threefry(words, streamKey, Int32Array.of(block % TWO_32, Math.floor(block / TWO_32)));
    const end = Math.min(words.length, skip + count - at);
    convert(words.subarray(skip, end), values, at);
    at += end - skip;
    block += 2 * pairs;
    skip = 0;
  }
  return values;
}

/** The rotation of a 32-bit word to the left. */
function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/**
 * The z that a standard normal number is below with probability 1/2 + q, -1/2 < q < 1/2, to a relative 1.2e-9: Acklam's
 * rational approximations ("An algorithm for computing the inverse normal cumulative distribution function", 2003).
 */
export function normalQuantile(q: number): number {
  const r = q * q;
  if (r > 0.47575 ** 2) return tailQuantile(q);
  const numerator =
    ((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
    2.506628277459239;
  const denominator =
    ((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
    1;
  return (q * numerator) / denominator;
}

/** Apart, so that the rest is small enough to be compiled into the loop that calls it. */
function tailQuantile(q: number): number {
  const r = Math.sqrt(-2 * Math.log(0.5 - Math.abs(q)));
  const numerator =
    ((((-7.784894002430293e-3 * r - 3.223964580411365e-1) * r - 2.400758277161838) * r - 2.549732539343734) * r +
      4.374664141464968) *
      r +
    2.938163982698783;
  const denominator =
    (((7.784695709041462e-3 * r + 3.224671290700398e-1) * r + 2.445134137142996) * r + 3.754408661907416) * r + 1;
  return q < 0 ? numerator / denominator : -numerator / denominator;
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
