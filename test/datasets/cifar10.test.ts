import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { CIFAR10_MD5, cifar10Dataset } from '../../src/datasets/cifar10.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { cifarArchive, cifarRecords } from '../support/cifar.ts';

const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

test('cifar10Dataset() reads the archive, or the directory it lies in: planes become channels', () => {
  using directory = temporaryDirectory();
  const archive = cifarArchive();
  const path = join(directory.path, 'cifar-10-binary.tar.gz');
  writeFileSync(path, archive);
  const dataset = cifar10Dataset(path, md5Of(archive));
  expect(cifar10Dataset(directory.path, md5Of(archive))).toEqual(dataset);
  expect(dataset.shape).toEqual([32, 32, 3]);
  expect(dataset.source).toBe('CIFAR-10, 10 training and 2 test images as published');
  expect(dataset.labels).toEqual({
    count: 10,
    train: Uint8Array.of(1, 1, 2, 2, 3, 3, 4, 4, 5, 5),
    test: Uint8Array.of(6, 6),
  });
  const records = cifarRecords(1);
  // Image 1 of the first batch, row 3, column 5, green: after the labels, the image before, and the plane red.
  const expected = records[3073 + 1 + 1024 + 3 * 32 + 5];
  expect(dataset.train[3072 + (3 * 32 + 5) * 3 + 1]).toBe(expected);
});

test.each<[string, Buffer, string]>([
  ['the wrong file', gzipSync(Buffer.from('x')), 'not the published file: its MD5 is'],
  ['a batch missing', cifarArchive(['data_batch_3.bin']), 'the archive has no "data_batch_3.bin"'],
  ['half a record', cifarArchive([], { 'test_batch.bin': Buffer.alloc(3000) }), 'not whole records of 3073'],
  ['a label beyond', cifarArchive([], { 'test_batch.bin': Buffer.alloc(3073, 10) }), 'has the label 10'],
  ['an archive cut short', cifarArchive().subarray(0, 300), 'unexpected end of file'],
])('cifar10Dataset() refuses %s, by name', (what, archive, message) => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'cifar-10-binary.tar.gz');
  writeFileSync(path, archive);
  const md5 = what === 'the wrong file' ? CIFAR10_MD5 : md5Of(archive);
  expect(() => cifar10Dataset(path, md5)).toThrow(message);
  expect(() => cifar10Dataset(path, md5)).toThrow(path);
});

test('cifar10Dataset() says what to do where there is none', () => {
  using directory = temporaryDirectory();
  expect(() => cifar10Dataset(directory.path)).toThrow('put cifar-10-binary.tar.gz there');
});
