// Plots of several runs as one: the same axes, and a series for each series of each run.
import type { PlotAxis, PlotFile } from '../../schema/types.ts';
import { grouped } from '../grouped.ts';

/** Of this many series, each has a dash and a mark of its own and a legend is still read. */
const mostSeries = 36;

interface Named {
  /** Of the run, or of the runs that have the same. */
  readonly label: string;
  readonly plot: PlotFile;
}

/** The plots as one, or why they do not fit on the same axes; neither of fields, which would hide each other. */
interface Overlay {
  readonly plot?: PlotFile;
  readonly reason?: string;
}

/** Series of one name stand together, each named by its run. */
export function overlaid(plots: readonly Named[]): Overlay {
  const [{ label, plot: first }] = plots as readonly [Named];
  for (const other of plots.slice(1)) {
    const reason = unlike(first, other.plot);
    if (reason !== null) return { reason: reason(label, other.label) };
  }
  if (first.kind === 'heatmap') return {};
  const all = plots.flatMap(({ label, plot: { series } }) => series.map((each) => ({ label, ...each })));
  const isOne = plots.every(({ plot }) => plot.series.length === 1 && plot.series[0]!.name === first.series[0]!.name);
  const series = grouped(all, ({ name }) => name).flatMap(([, same]) =>
    same.map(({ label, name, points }) => ({ name: isOne ? label : `${name}, ${label}`, points })),
  );
  const note = notesOf(plots, series.length);
  const { note: _, ...rest } = first;
  return { plot: { ...rest, series: series.slice(0, mostSeries), ...(note !== '' && { note }) } as PlotFile };
}

function notesOf(plots: readonly Named[], series: number): string {
  const notes = plots.flatMap(({ label, plot: { note } }) => (note === undefined ? [] : [{ label, note }]));
  const isCommon = notes.length === plots.length && new Set(notes.map(({ note }) => note)).size === 1;
  const texts = isCommon ? [notes[0]!.note] : notes.map(({ label, note }) => `${label}: ${note}`);
  return [...texts, ...(series > mostSeries ? [`Of ${series} series the first ${mostSeries}.`] : [])].join(' ');
}

/** How two plots are of different kinds. */
function unlike(a: PlotFile, b: PlotFile): ((a: string, b: string) => string) | null {
  const parts: readonly (readonly [string, (plot: PlotFile) => unknown])[] = [
    ['kind', ({ kind = 'lines' }) => kind],
    ...(['x', 'y'] as const).flatMap((axis) =>
      (['label', 'log', 'names'] as const).map(
        (part) => [`${part} of ${axis}`, (plot: PlotFile) => partOf(plot[axis], part)] as const,
      ),
    ),
  ];
  const other = parts.find(([, of]) => JSON.stringify(of(a)) !== JSON.stringify(of(b)));
  if (other === undefined) return null;
  const [name, of] = other;
  return (from, to) => `the ${name} is ${JSON.stringify(of(a))} in ${from} and ${JSON.stringify(of(b))} in ${to}`;
}

function partOf(axis: PlotAxis, part: 'label' | 'log' | 'names'): unknown {
  return axis[part] ?? (part === 'log' ? false : null);
}
