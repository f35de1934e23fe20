import type { PlotFile } from '../schema/types.ts';

/** What stands below a plot: its note, and what shows the errors. */
export function captionText({ kind = 'lines', note, series }: PlotFile): string {
  const hasErrors = kind !== 'heatmap' && series.some(({ points }) => points.some((point) => point.length === 3));
  const errors = `${kind === 'lines' ? 'Bands' : 'Lines'} are two standard errors to each side.`;
  return [...(note === undefined ? [] : [note]), ...(hasErrors ? [errors] : [])].join(' ');
}
