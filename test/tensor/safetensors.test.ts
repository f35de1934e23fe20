import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  type TensorFile,
} from '../../src/tensor/safetensors.ts';

const example: TensorFile = {
  tensors: {
    pixels: { shape: [2, 3], data: Uint8Array.of(0, 1, 2, 253, 254, 255) },
    weights: { shape: [2, 2], data: Float32Array.of(1.5, -0, NaN, 1e-40) },
    steps: { shape: [], data: Int32Array.of(-7) },
  },
  metadata: { kind: 'example', 'ünïcode "key"': 'line\nbreak' },
};

/** A file written by hand: header (object or text) and data bytes. */
function fileOf(header: unknown, data: ArrayLike<number> = []): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Uint8Array.from(data)]);
}

const names = fc.oneof(fc.string(), fc.constantFrom('__proto__', '12', '0', 'constructor', 'sha256'));
const tensor: fc.Arbitrary<StoredTensor> = fc
  .tuple(
    fc.array(fc.nat(3), { maxLength: 3 }),
    fc.constantFrom(Float32Array, Int32Array, Uint8Array),
    fc.infiniteStream(fc.nat(255)),
  )
  .map(([shape, make, bytes]) => {
    const size = shape.reduce((a, b) => a * b, 1) * make.BYTES_PER_ELEMENT;
    const buffer = Uint8Array.from({ length: size }, () => bytes.next().value).buffer;
    return { shape, data: new make(buffer) };
  });
const file: fc.Arbitrary<TensorFile> = fc.record({
  tensors: fc.dictionary(
    names.filter((name) => name !== '__metadata__'),
    tensor,
    { noNullPrototype: true },
  ),
  metadata: fc.dictionary(names, fc.string(), { noNullPrototype: true }),
});

describe('encodeSafetensors and decodeSafetensors', () => {
  test('give back every file, bit by bit', () => {
    fc.assert(
      fc.property(file, (original) => {
        const decoded = decodeSafetensors(encodeSafetensors(original));
        expect(decoded).toEqual(original);
        for (const [name, { data }] of Object.entries(original.tensors)) {
          expect(Buffer.from(decoded.tensors[name]!.data.buffer)).toEqual(
            Buffer.from(data.buffer, data.byteOffset, data.byteLength),
          );
        }
      }),
    );
  });

  test('write the same bytes whatever the order of the keys', () => {
    const reversed = {
      tensors: Object.fromEntries(Object.entries(example.tensors).reverse()),
      metadata: Object.fromEntries(Object.entries(example.metadata).reverse()),
    };
    expect(encodeSafetensors(reversed)).toEqual(encodeSafetensors(example));
  });

  test('read from the middle of a larger buffer and return copies', () => {
    const bytes = encodeSafetensors(example);
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    const decoded = decodeSafetensors(larger.subarray(3));
    larger.fill(0);
    expect(decoded).toEqual(example);
  });
});

test('encodeSafetensors writes the documented layout: padded header, widest type first, no gaps', () => {
  const bytes = encodeSafetensors(example);
  const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
  expect(length % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  expect(header.weights).toEqual({ dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] });
  expect(header.steps).toEqual({ dtype: 'I32', shape: [], data_offsets: [16, 20] });
  expect(header.pixels).toEqual({ dtype: 'U8', shape: [2, 3], data_offsets: [20, 26] });
  expect(header.__metadata__.kind).toBe('example');
  expect(bytes.length).toBe(8 + length + 26);
  expect(Array.from(bytes.slice(-6))).toEqual([0, 1, 2, 253, 254, 255]);
});

test('encodeSafetensors refuses a length that is not the shape, and reserved names', () => {
  const data = new Float32Array(3);
  expect(() => encodeSafetensors({ tensors: { w: { shape: [2, 2], data } }, metadata: {} })).toThrow(
    '"w" of shape [2, 2] has 3 elements',
  );
  expect(() => encodeSafetensors({ tensors: { __metadata__: { shape: [3], data } }, metadata: {} })).toThrow(
    'reserved',
  );
  expect(() => encodeSafetensors({ tensors: {}, metadata: { 'sha256-of-file': '' } })).toThrow('reserved');
});

describe('decodeSafetensors', () => {
  test('reads files of other programs, without a checksum', () => {
    // As the Python package writes {"b": int32 [2], "a": uint8 [1]} with metadata {"format": "pt"}.
    const bytes = fileOf(
      '{"__metadata__":{"format":"pt"},"b":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}  ',
      [1, 0, 0, 0, 255, 255, 255, 255, 7],
    );
    expect(decodeSafetensors(bytes)).toEqual({
      tensors: { b: { shape: [2], data: Int32Array.of(1, -1) }, a: { shape: [1], data: Uint8Array.of(7) } },
      metadata: { format: 'pt' },
    });
  });

  const u8 = (begin: number, end: number) => ({ dtype: 'U8', shape: [end - begin], data_offsets: [begin, end] });
  test.each([
    ['is truncated', Uint8Array.of(1, 2, 3), 'truncated: 3 bytes'],
    ['is truncated', fileOf({ a: u8(0, 4) }, [1, 2]), 'truncated: 2 bytes of data, the tensors take 4'],
    ['goes on', fileOf({ a: u8(0, 1) }, [1, 2]), '1 bytes after the last tensor'],
    ['has a huge header', fileOf('', []).fill(0xff), 'longer than'],
    ['is not JSON', fileOf('{"a":'), 'not JSON'],
    ['is not UTF-8', Buffer.concat([fileOf('').fill(1, 0, 1), Uint8Array.of(0xff)]), 'not JSON'],
    ['is not an object', fileOf('[1]'), 'not a JSON object'],
    ['begins with white space', fileOf(' {}'), 'not a JSON object'],
    ['has a gap', fileOf({ a: u8(1, 2) }, [1, 2]), 'a gap before "a"'],
    ['overlaps', fileOf({ a: u8(0, 2), b: u8(1, 3) }, [1, 2, 3]), '"b" at byte 1 overlaps'],
    [
      'misaligns',
      fileOf({ a: u8(0, 1), b: { dtype: 'F32', shape: [1], data_offsets: [1, 5] } }, [1, 2, 3, 4, 5]),
      '"b" is misaligned',
    ],
    ['has another type', fileOf({ a: { dtype: 'F16', shape: [1], data_offsets: [0, 2] } }, [1, 2]), 'dtype "F16"'],
    ['has a wrong shape', fileOf({ a: { ...u8(0, 2), shape: [3] } }, [1, 2]), '"a" of shape [3] takes 3 bytes'],
    ['has a negative shape', fileOf({ a: { ...u8(0, 2), shape: [-1] } }, [1, 2]), 'the shape of "a"'],
    ['has an overflowing shape', fileOf({ a: { ...u8(0, 0), shape: [2 ** 40, 2 ** 40] } }), '"a" of shape'],
    ['has three offsets', fileOf({ a: { ...u8(0, 2), data_offsets: [0, 1, 2] } }, [1, 2]), 'the offsets of "a"'],
    ['has an unknown property', fileOf({ a: { ...u8(0, 0), scale: 1 } }), '"scale"'],
    ['has metadata that are not text', fileOf({ __metadata__: { a: 1 } }), '__metadata__ "a" is not a string'],
    [
      'has a key twice',
      fileOf(
        '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      ),
      'a key twice',
    ],
  ])('refuses a file that %s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  test('refuses a file cut at any byte', () => {
    const bytes = encodeSafetensors(example);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(/^safetensors: /);
    }
  });

  test('refuses a file with any bit flipped, or still has every value', () => {
    const bytes = encodeSafetensors(example);
    let accepted = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      let decoded: TensorFile;
      try {
        decoded = decodeSafetensors(flipped);
      } catch (error) {
        expect((error as Error).message).toMatch(/^safetensors: /);
        continue;
      }
      // Only damage to the checksum's own name goes unnoticed: it reads as one more metadata entry.
      accepted++;
      expect(decoded.tensors).toEqual(example.tensors);
      expect(decoded.metadata).toMatchObject(example.metadata);
    }
    expect(accepted).toBeLessThan(8 * 'sha256-of-file'.length);
  });
});
