// One PNG or JPEG file to 8-bit RGB pixels, in plain JavaScript: the same bytes on every machine.
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';

export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3] */
  readonly pixels: Uint8Array;
}

/** Whether a file is read as an image, by its name. */
export function isImageName(name: string): boolean {
  return /\.(png|jpe?g)$/i.test(name);
}

/** Decodes a file by its first bytes; gray becomes equal channels. Throws an Error for what it cannot keep exactly. */
export function decodeImage(bytes: Uint8Array): RgbImage {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    const { width, height, data } = whole('JPEG', () => jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false }));
    return { width, height, pixels: data };
  }
  if (bytes[0] !== 0x89 || bytes[1] !== 0x50) throw new Error('neither PNG nor JPEG, by its first bytes');
  const png = whole('PNG', () => decodePng(bytes));
  const { width, height } = png;
  const isIndexed = png.palette !== undefined;
  const channels = isIndexed ? png.palette![0]!.length : png.channels;
  if (!isIndexed && png.depth !== 8) throw new Error(`${png.depth} bits a channel, only 8 are read`);
  const data = isIndexed ? convertIndexedToRgb(png) : (png.data as Uint8Array);
  const pixels = new Uint8Array(width * height * 3);
  const colors = channels >= 3 ? 3 : 1;
  for (let i = 0; i < width * height; i++) {
    if (channels === colors + 1 && data[i * channels + colors] !== 255) throw new Error('it is transparent in places');
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = data[i * channels + (colors === 3 ? c : 0)]!;
  }
  return { width, height, pixels };
}

/** What decoders say of bytes that are not all there means something to their authors only. */
function whole<Decoded>(format: string, decode: () => Decoded): Decoded {
  try {
    return decode();
  } catch (cause) {
    throw new Error(`the ${format} file is cut short or damaged (${(cause as Error).message})`, { cause });
  }
}
