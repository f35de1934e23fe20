import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTar } from '../../src/datasets/tar.ts';
import { tarOf } from '../support/tar.ts';

const entries = { 'a.txt': Buffer.from('hello'), 'd/b.bin': Buffer.alloc(513, 7), 'd/empty': Buffer.alloc(0) };

describe('readTar', () => {
  test('reads files, plain and gzip, names of both parts, and long ones', () => {
    const long = `${'n'.repeat(90)}/${'m'.repeat(60)}`;
    const archive = tarOf({ ...entries, [long]: Buffer.from('x') });
    for (const bytes of [archive, gzipSync(archive)]) {
      const files = readTar(bytes);
      expect(files.map(({ name }) => name)).toEqual(['a.txt', 'd/b.bin', 'd/empty', long]);
      expect(files.map(({ bytes: content }) => content.length)).toEqual([5, 513, 0, 1]);
      expect(Buffer.from(files[0]!.bytes).toString()).toBe('hello');
    }
  });

  test.each<[string, Record<string, Buffer>, string | undefined, string]>([
    ['a name that climbs', { 'a/../../x': Buffer.from('x') }, '0', 'leads out of the archive'],
    ['an absolute name', { '/etc/passwd': Buffer.from('x') }, '0', 'leads out of the archive'],
    ['a directory that climbs', { '../d/': Buffer.alloc(0) }, '5', 'leads out of the archive'],
    ['a symbolic link', { link: Buffer.alloc(0) }, '2', 'neither a file nor a directory'],
    ['a hard link', { link: Buffer.alloc(0) }, '1', 'neither a file nor a directory'],
    ['a device', { null: Buffer.alloc(0) }, '3', 'neither a file nor a directory'],
  ])('refuses %s', (_, content, type, message) => {
    expect(() => readTar(tarOf(content, type))).toThrow(message);
  });

  test('of an archive cut short or changed anywhere in its headers, never reads another content', () => {
    const archive = tarOf(entries);
    const whole = readTar(archive);
    for (let length = 0; length < archive.length - 1024; length += 37) {
      expect(() => readTar(archive.subarray(0, length))).toThrow();
    }
    fc.assert(
      fc.property(fc.nat(511), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(archive);
        damaged[at] = (damaged[at]! + change) % 256;
        let files;
        try {
          files = readTar(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        // What the check sum does not cover is how it is itself written.
        expect(at >= 148 && at < 156).toBe(true);
        expect(files).toEqual(whole);
      }),
    );
  });

  test('of any bytes, fails as an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(() => readTar(bytes)).toThrow(Error);
      }),
    );
  });
});
