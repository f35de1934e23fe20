// A number over runs as a plot: the same in the page and in its script.
import type { PlotFile } from '../../schema/types.ts';
import type { HistoryData } from '../page-data.ts';

/** Series of a figure at most; those with the most points are shown. */
const mostSeries = 12;

/** Runs that were asked the same are joined by a line. */
export function plotOverRuns(
  { runs, series }: Pick<HistoryData, 'runs' | 'series'>,
  { address, unit, points }: HistoryData['numbers'][number],
): PlotFile {
  const found = series.map((name, at) => ({
    name,
    points: points.filter(([run]) => runs[run]!.series === at) as PlotFile['series'][number]['points'],
  }));
  const own = found.filter(({ points }) => points.length > 0).sort((a, b) => b.points.length - a.points.length);
  return {
    title: address,
    x: { label: 'run', names: runs.map((_, index) => String(index + 1)) },
    y: { label: unit === '1' ? 'value' : unit },
    series: own.slice(0, mostSeries) as unknown as PlotFile['series'],
    ...(own.length > mostSeries && { note: `Of ${own.length} settings the ${mostSeries} with the most runs.` }),
  };
}
