// Names of cells in little room: what all cells of their stage agree in is left out first.
import { stageOf } from './fold-cells.ts';
import { clip } from './text-width.ts';

/**
 * A name for each cell of a stage, no longer than the width: `train[seed=12]` whole; or without the axes in which all
 * agree, `train[…seed=12]`; or the values alone after what fits of the stage, `tr…[boosting,12]`; or these cut where they
 * differ, `[boost…,12]`.
 */
export function cellNames(ids: readonly string[], width: number): readonly string[] {
  const cells = ids.map(axesOf);
  const axes = (cells[0] ?? []).map((_, index) => [...new Set(cells.map((cell) => cell[index]?.value ?? ''))]);
  const differing = axes.map((_, index) => index).filter((index) => axes[index]!.length > 1);
  if (differing.length === 0) return ids.map((id) => clip(id, width));
  const agreed = differing.length < axes.length ? '…' : '';
  const share = Math.max(1, Math.floor((width - 1 - differing.length) / differing.length));
  const named = (text: (axis: Axis, all: readonly string[]) => string): string[] =>
    cells.map((cell) => differing.map((index) => text(cell[index]!, axes[index]!)).join());
  const values = named(({ value }) => value).map((text) => `[${text}]`);
  const forms = [
    ids,
    named(({ text }) => text).map((text, cell) => `${stageOf(ids[cell]!)}[${agreed}${text}]`),
    values.map((text, cell) => clip(stageOf(ids[cell]!), width - longest(values)) + text),
  ];
  const fitting = forms.find((names) => longest(names) <= width);
  return fitting ?? named(({ value }, all) => cutValue(value, all, share)).map((text) => clip(`[${text}]`, width));
}

const longest = (names: readonly string[]): number => names.reduce((most, name) => Math.max(most, name.length), 0);

interface Axis {
  readonly text: string;
  readonly value: string;
}

function axesOf(id: string): Axis[] {
  const written = /\[(.*)\]$/.exec(id)?.[1];
  return (written?.split(',') ?? []).map((text) => ({ text, value: text.slice(text.indexOf('=') + 1) }));
}

/** A value without what it begins with as all others do. */
function cutValue(value: string, all: readonly string[], width: number): string {
  if (value.length <= width) return value;
  let agreed = 0;
  while (all.every((other) => other[agreed] === value[agreed])) agreed++;
  return clip(agreed > 1 ? `…${value.slice(agreed)}` : value, width);
}
