import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { imageGridPng } from '../../src/datasets/png.ts';

test('imageGridPng places images row by row with white gaps', () => {
  // Three images of 24 x 24 pixels, shown twice as large on a 2 x 2 grid: 2 + 48 + 2 + 48 + 2.
  const images = new Uint8Array(3 * 24 * 24);
  images.fill(10, 0, 576).fill(20, 576, 1152).fill(30, 1152);
  images[1] = 99;
  const { width, height, channels, data } = decode(imageGridPng(images, [24, 24, 1]));
  expect([width, height, channels]).toEqual([102, 102, 1]);
  const at = (x: number, y: number) => data[y * width + x];
  expect(at(2, 2)).toBe(10);
  expect([at(4, 2), at(5, 3), at(6, 2), at(4, 4)]).toEqual([99, 99, 10, 10]);
  expect(at(52, 2)).toBe(20);
  expect(at(2, 52)).toBe(30);
  expect([at(0, 0), at(50, 20), at(51, 20), at(20, 51), at(101, 101)]).toEqual([255, 255, 255, 255, 255]);
  expect(at(60, 60)).toBe(255); // no fourth image
});

test('imageGridPng stretches real numbers from black to white, and shows what is not finite as black or white', () => {
  const values = new Float32Array(48 * 48).fill(0);
  values.set([-3, 5, 1, NaN, Infinity]);
  const { data, width } = decode(imageGridPng(values, [48, 48, 1]));
  const row = Array.from(data.subarray(2 * width + 2, 2 * width + 7));
  expect(row).toEqual([0, 255, 128, 0, 255]);
});

test('imageGridPng keeps colors and gives the same bytes every time', () => {
  const images = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => 5 * i);
  const png = imageGridPng(images, [4, 4, 3]);
  expect(imageGridPng(images, [4, 4, 3])).toEqual(png);
  const { data, channels, width } = decode(png);
  expect(channels).toBe(3);
  expect(Array.from(data.subarray((2 * width + 2) * 3, (2 * width + 2) * 3 + 3))).toEqual([0, 5, 10]);
});

test('imageGridPng refuses what is not images', () => {
  expect(() => imageGridPng(new Uint8Array(5), [2, 2, 1])).toThrow('5 values are not images of 2x2x1');
  expect(() => imageGridPng(new Uint8Array(8), [2, 2, 2])).toThrow('1 or 3 channels, got 2');
});
