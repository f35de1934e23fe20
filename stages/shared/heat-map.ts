// A table of numbers as an image of colored tiles with their digits, for figures that reports show.
import { imageGridPng } from '../../src/datasets/png.ts';

export interface HeatMapCell {
  /** Printed with one decimal. */
  readonly value: number;
  /** -1 is blue, 0 white, 1 red; beyond them it is as at them. */
  readonly shade: number;
}

/** Tiles, in pixels before they are enlarged: room for three glyphs. */
const [HEIGHT, WIDTH] = [9, 16];
const GLYPH_HEIGHT = 5;

/** Rows of pixels, three bits each; the point is narrower. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [7, 5, 5, 5, 7],
  '1': [2, 6, 2, 2, 7],
  '2': [7, 1, 7, 4, 7],
  '3': [7, 1, 7, 1, 7],
  '4': [5, 5, 7, 1, 1],
  '5': [7, 4, 7, 1, 7],
  '6': [7, 4, 7, 5, 7],
  '7': [7, 1, 1, 1, 1],
  '8': [7, 5, 7, 5, 7],
  '9': [7, 5, 7, 1, 7],
  '-': [0, 0, 7, 0, 0],
  '.': [0, 0, 0, 0, 2],
};

/** The PNG bytes of rows of cells, all of one length. */
export function heatMapPng(rows: readonly (readonly HeatMapCell[])[]): Uint8Array {
  const cells = rows.flat();
  const pixels = new Uint8Array(cells.length * HEIGHT * WIDTH * 3);
  for (const [i, cell] of cells.entries()) pixels.set(tile(cell), i * HEIGHT * WIDTH * 3);
  return imageGridPng(pixels, [HEIGHT, WIDTH, 3], { columns: rows[0]!.length });
}

/** RGB bytes [HEIGHT, WIDTH, 3]. */
function tile({ value, shade }: HeatMapCell): Uint8Array {
  const pale = Math.round(255 * (1 - Math.min(1, Math.abs(shade))));
  const [red, blue] = shade >= 0 ? [255, pale] : [pale, 255];
  const bytes = new Uint8Array(HEIGHT * WIDTH * 3);
  for (let k = 0; k < bytes.length; k += 3) bytes.set([red, pale, blue], k);
  const text = value.toFixed(1);
  const top = (HEIGHT - GLYPH_HEIGHT) / 2;
  let left = Math.floor((WIDTH - 4 * text.length) / 2);
  for (const character of text) {
    for (const [row, bits] of (GLYPHS[character] ?? []).entries()) {
      for (let column = 0; column < 3; column++) {
        if ((bits >> (2 - column)) & 1) bytes.set([0, 0, 0], ((top + row) * WIDTH + left + column) * 3);
      }
    }
    left += 4;
  }
  return bytes;
}
