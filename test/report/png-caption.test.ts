// Captions in images: those that other programs write, and files that were made or damaged to do harm.
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { imageGridPng } from '../../src/datasets/png.ts';
import { captionOf } from '../../src/report/png-caption.ts';

const image = encode({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) });

function chunk(type: string, data: string | Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), typeof data === 'string' ? Buffer.from(data, 'latin1') : data]);
  const [size, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, checksum]);
}

/** After the header. */
const withChunks = (...chunks: Uint8Array[]): Buffer =>
  Buffer.concat([image.subarray(0, 33), ...chunks, image.subarray(33)]);

const zText = (keyword: string, text: string): Buffer =>
  chunk('zTXt', Buffer.concat([Buffer.from(`${keyword}\0\0`), deflateSync(Buffer.from(text, 'latin1'))]));
const text = (data: string): Buffer => chunk('tEXt', `Description\0${data}`);

describe('captionOf() reads what other programs write', () => {
  test.each([
    [
      'Pillow 12.3: add_text() of a title, and of a packed description',
      'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAAEnRFWHRUaXRsZQDJY2hhbnRpbGxvbnMVfVvpAAAAOHpUWHREZXNjcmlwdGlvbgAAeJwLTswtyEktVshPUyjJSFXIzU9JzdFRKMovV0iqBFF6CsFUUAEAL04jRJFoJvIAAAAOSURBVHicY2RnYGJgAAAANQALpFpEuwAAAABJRU5ErkJggg==',
      {
        title: 'Échantillons',
        description:
          'Samples of the model, row by row. Samples of the model, row by row. Samples of the model, row by row.',
      },
    ],
    [
      'Pillow 12.3: add_itxt(), packed, with a language and a keyword in it',
      'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAAVWlUWHREZXNjcmlwdGlvbgABAGRlAEJlc2NocmVpYnVuZwB4nAsoyk9KzVMoy89TKNCoUKhRON+sYKtwaK+mjsKjhnlRqZk5qQpph/cUKYCZjxrmAADUXRQQtRcQNQAAAA5JREFUeJxjZGdgYmAAAAA1AAukWkS7AAAAAElFTkSuQmCC',
      { description: 'Proben von p(x | σ = ½), „Zeile für Zeile“' },
    ],
    [
      'matplotlib 3.11: savefig(metadata={…}), which names its version too',
      'iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAYAAACp8Z5+AAAAOnRFWHRTb2Z0d2FyZQBNYXRwbG90bGliIHZlcnNpb24zLjExLjIsIGh0dHBzOi8vbWF0cGxvdGxpYi5vcmcvgI3uAAAAAAp0RVh0VGl0bGUATG9zc9ULPVYAAAAnaVRYdERlc2NyaXB0aW9uAAAAAABMb3NzIGJ5IHN0ZXA7IM+DIGlzIDAuMc1r6BkAAAAJcEhZcwAABicAAAYnAU1U2McAAAAWSURBVHicY/z///9/BiTAxIAGCAsAAAZdBATeTFiMAAAAAElFTkSuQmCC',
      { title: 'Loss', description: 'Loss by step; σ is 0.1' },
    ],
    [
      'fast-png 8: an option of encode()',
      Buffer.from(
        encode({ width: 1, height: 1, channels: 1, data: new Uint8Array(1), text: { Title: 'One', Author: 'x' } }),
      ).toString('base64'),
      { title: 'One' },
    ],
  ])('%s', (_, base64, expected) => {
    expect(captionOf(Buffer.from(base64, 'base64'))).toEqual(expected);
  });
});

test('captionOf() reads what imageGridPng() is told, in any script', () => {
  const description = 'w of (1 + w) ε(x | label) − w ε(x): 数字 🎲';
  expect(captionOf(imageGridPng(new Uint8Array(4), [2, 2, 1], { description }))).toEqual({ description });
  expect(captionOf(imageGridPng(new Uint8Array(4), [2, 2, 1]))).toEqual({});
});

test('captionOf() takes the first whole text of each keyword, on one line and cut where it is long', () => {
  const first = withChunks(text('one\n  line\t'), text('another'), chunk('tEXt', 'description\0no keyword'));
  expect(captionOf(first)).toEqual({ description: 'one line' });
  const long = captionOf(withChunks(zText('Title', `${'é'.repeat(119)} ${'x'.repeat(300)}`), text('x'.repeat(5000))));
  expect(long.title).toBe(`${'é'.repeat(119)}…`);
  expect(long.description).toHaveLength(1001);
});

test.each<[string, Uint8Array]>([
  ['a wrong checksum', withChunks(text('good').map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte)))],
  ['no zero byte after the keyword', withChunks(chunk('tEXt', 'Description'))],
  ['nothing but the keyword', withChunks(chunk('tEXt', 'Description\0'))],
  ['an empty chunk', withChunks(chunk('tEXt', ''), chunk('iTXt', ''), chunk('zTXt', ''))],
  ['a text that is said to be packed and is not', withChunks(chunk('zTXt', 'Description\0\0plain'))],
  [
    'a packed text that is cut short',
    withChunks(chunk('zTXt', zText('Description', 'cut'.repeat(99)).subarray(8, 30))),
  ],
  ['one that unpacks to 100 MB', withChunks(zText('Description', ' x'.repeat(50_000_000)))],
  ['UTF-8 that is none', withChunks(chunk('iTXt', 'Description\0\0\0\0\0\xff\xfe'))],
  ['an international text without its languages', withChunks(chunk('iTXt', 'Description\0\0\0en'))],
  ['a chunk that is said to be longer than the file', Buffer.concat([image.subarray(0, 33), Buffer.from('ffffffff', 'hex'), Buffer.from('tEXtDescription\0x')])], // prettier-ignore
  ['a text of more than 64 kB', withChunks(text('x'.repeat(70_000)))],
  ['a hundred packed ones that are damaged', withChunks(...Array.from({ length: 101 }, () => chunk('zTXt', 'Description\0\0x')), text('late'))], // prettier-ignore
  ['a signature alone', image.subarray(0, 8)],
])('captionOf() finds none in %s', (_, bytes) => {
  expect(captionOf(bytes)).toEqual({});
});

test('captionOf() says of every damaged file what is in it or nothing, and never fails', () => {
  const whole = withChunks(text('a caption'), zText('Title', 'a title'));
  for (let end = 0; end < whole.length; end++) {
    for (const value of Object.values(captionOf(whole.subarray(0, end))))
      expect(['a caption', 'a title']).toContain(value);
  }
  for (let at = 8; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << (at % 8);
    for (const value of Object.values(captionOf(damaged))) expect(['a caption', 'a title']).toContain(value);
  }
});
