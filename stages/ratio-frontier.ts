// Error against seconds for every method on one task: what each number of steps buys, over the seeds. Another run has other
// seconds, so that this figure alone of a task is not the same twice.
import { readFileSync } from 'node:fs';
import { runStage, type PlotFile } from '../src/stage/index.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';

/** What density-ratio.ts writes of a cell; seconds of the processor, null of an execution that went on after a kill. */
interface Summary {
  readonly method: string;
  readonly steps: number;
  readonly seconds: number | null;
  readonly error: { readonly mean: number; readonly standardError: number };
}

await runStage((stage) => {
  const paths = [...stage.inputs('equal'), ...stage.inputs('others')];
  const summaries = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Summary);
  stage.writePlot('figure', frontier(String(stage.cell['task']), summaries));
});

/** A line for each method, a point for each of its budgets: mean seconds, and the mean absolute error with its standard error. */
function frontier(task: string, summaries: readonly Summary[]): PlotFile {
  const series = groupsBy(summaries, ({ method }) => method);
  return {
    title: `Error of the log ratio against training time: ${task}`,
    x: { label: 'seconds of one processor', log: true },
    y: { label: '|estimated - true log ratio|, nats', log: true },
    series: Array.from(series, ([name, ofMethod]) => ({ name, points: pointsOf(ofMethod) })),
  };
}

function pointsOf(summaries: readonly Summary[]): [number, number, number][] {
  const budgets = [...groupsBy(summaries, ({ steps }) => steps)].sort(([a], [b]) => a - b);
  return budgets.flatMap(([, seeds]) => {
    const seconds = seeds.flatMap((each) => each.seconds ?? []);
    if (seconds.length === 0) return [];
    // Over the seeds or, of one alone, over its points.
    const [first] = seeds as [Summary];
    const { mean, standardError } =
      seeds.length > 1 ? meanAndStandardError(seeds.map(({ error }) => error.mean)) : first.error;
    return [[seconds.reduce((sum, value) => sum + value, 0) / seconds.length, mean, standardError]];
  });
}

function groupsBy<Key>(summaries: readonly Summary[], keyOf: (summary: Summary) => Key): Map<Key, Summary[]> {
  const groups = new Map<Key, Summary[]>();
  for (const summary of summaries) groups.set(keyOf(summary), [...(groups.get(keyOf(summary)) ?? []), summary]);
  return groups;
}
