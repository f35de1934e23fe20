// A page that a browser can open, whatever a run had: lists end somewhere, and say how much they leave out.
import { type Html, html } from './html.ts';

/** Numbers of a page; a committed run has some 2,000. */
export const mostNumbers = 5000;
/** Stages, gates and gaps, each. */
export const mostEntries = 2000;
/** Rows of a list within one entry: files, packages, inputs, the stages behind a number. */
export const mostRows = 200;

/** The first entries, and a note on the others, null where there are none. @param all Where all of them are to be had. */
export function bounded<Entry>(
  entries: readonly Entry[],
  most: number,
  all: string,
): { shown: readonly Entry[]; note: Html | null } {
  const left = entries.length - most;
  if (left <= 0) return { shown: entries, note: null };
  const note = html`<p class="left-out">${left} of ${entries.length} are left out here: ${all}</p>`;
  return { shown: entries.slice(0, most), note };
}
