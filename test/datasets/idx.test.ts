import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeIdx, gunzipped } from '../../src/datasets/idx.ts';

const fixture = (name: string) => gunzipped(readFileSync(new URL(`../fixtures/mnist/${name}.gz`, import.meta.url)));

describe('decodeIdx', () => {
  test('reads the first 16 labels of the MNIST test set', () => {
    const { shape, data } = decodeIdx(fixture('t10k-labels-idx1-ubyte'));
    expect(shape).toEqual([16]);
    expect(Array.from(data)).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6, 9, 0, 1, 5]);
  });

  test('reads the first 16 images of the MNIST test set', () => {
    const { shape, data } = decodeIdx(fixture('t10k-images-idx3-ubyte'));
    expect(shape).toEqual([16, 28, 28]);
    // The first is a seven: a bar on top (row 8), nothing at its lower left (row 20, left half).
    const row = (y: number) => Array.from(data.subarray(y * 28, y * 28 + 28));
    expect(Math.max(...row(8).slice(8, 20))).toBeGreaterThan(200);
    expect(Math.max(...row(20).slice(0, 8))).toBe(0);
    expect(Math.max(...row(0))).toBe(0);
  });

  test('refuses a file that is cut at any byte, or goes on', () => {
    const bytes = fixture('t10k-labels-idx1-ubyte');
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeIdx(bytes.subarray(0, length))).toThrow(/IDX/);
    }
    expect(() => decodeIdx(Uint8Array.of(...bytes, 0))).toThrow('IDX sizes 16 take 24 bytes, the file has 25');
  });

  test('refuses other types and other files', () => {
    expect(() => decodeIdx(Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0))).toThrow('IDX type 0xd');
    expect(() => decodeIdx(Buffer.from('<html>not found</html>'))).toThrow('does not begin with two zeros');
  });
});

test('gunzipped recognizes gzip by its magic bytes and leaves everything else alone', () => {
  const bytes = Uint8Array.of(0, 0, 8, 1);
  expect(gunzipped(bytes)).toBe(bytes);
  expect(Array.from(gunzipped(gzipSync(bytes)))).toEqual([0, 0, 8, 1]);
});
