// The estimates of all tasks beside their truth: how many are solved, and the picture that the benchmark prints of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { taskNames } from '../src/information/tasks.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { runStage, type PlotFile, type Stage } from '../src/stage/index.ts';
import { csvText } from './shared/csv.ts';
import { heatMapPng, type HeatMapCell } from './shared/heat-map.ts';

/** What mutual-information.ts writes. */
interface Estimate {
  readonly task: string;
  readonly samples: number;
  readonly estimate: number;
  readonly gaussian: number;
  readonly standardError: number;
  readonly exact: number;
}

/** A task at one number of pairs, over its replicates. */
interface Row {
  readonly task: string;
  readonly exact: number;
  readonly estimate: number;
  /** Of the mean over replicates: of their spread where there are several, else of the pairs of the one. */
  readonly standardError: number;
  readonly gaussian: number;
}

await runStage(async (stage) => {
  const estimates = stage.inputNames.flatMap((name) => stage.inputs(name).map(read));
  const sizes = [...new Set(estimates.map(({ samples }) => samples))].sort((a, b) => a - b);
  const tables = sizes.map((samples) => rowsOf(estimates.filter((each) => each.samples === samples)));
  for (const [i, samples] of sizes.entries()) reportTable(stage, samples, tables[i]!);
  writeFileSync(
    stage.output('table'),
    csvText(
      ['samples', 'task', 'exact', 'estimate', 'standard_error', 'gaussian', 'solved'],
      tables.flatMap((rows, i) =>
        rows.map((row) => [
          sizes[i]!,
          row.task,
          row.exact,
          row.estimate,
          row.standardError,
          row.gaussian,
          Number(isSolved(row)),
        ]),
      ),
    ),
  );
  writeFileSync(stage.output('heat-map'), heatMapPng(heatMapCells(tables)));
  stage.writePlot('figure', errorPlot(sizes, tables));
});

/**
 * A task is solved where the mean estimate is nearer to the truth than half a unit of the one decimal that the published
 * tables print, or than 5% of the truth where that is more.
 */
function isSolved({ estimate, exact }: { estimate: number; exact: number }): boolean {
  return Math.abs(estimate - exact) <= tolerance(exact);
}

function tolerance(exact: number): number {
  return 0.05 * Math.max(1, exact);
}

function read(path: string): Estimate {
  return JSON.parse(readFileSync(path, 'utf8')) as Estimate;
}

/** One row for each task, in the order of the benchmark. */
function rowsOf(estimates: readonly Estimate[]): Row[] {
  const order = (task: string): number => taskNames.indexOf(task);
  const tasks = [...new Set(estimates.map(({ task }) => task))].sort((a, b) => order(a) - order(b));
  return tasks.map((task) => {
    const own = estimates.filter((each) => each.task === task);
    const { mean: estimate, standardError } =
      own.length > 1
        ? meanAndStandardError(own.map((each) => each.estimate))
        : { mean: own[0]!.estimate, standardError: own[0]!.standardError };
    const gaussian = own.reduce((sum, each) => sum + each.gaussian / own.length, 0);
    return { task, exact: own[0]!.exact, estimate, standardError, gaussian };
  });
}

function reportTable(stage: Stage, samples: number, rows: readonly Row[]): void {
  const criterion = 'mean over replicates within .05 nats of the truth, or 5% of it where that is more';
  const of = `of ${rows.length} tasks, ${samples} pairs each: ${criterion}`;
  const count = (values: readonly { estimate: number; exact: number }[]): number => values.filter(isSolved).length;
  const common = { unit: 'tasks', kind: 'estimate', better: 'higher' } as const;
  stage.report(`solved.${samples}`, { value: count(rows), ...common, note: of });
  const alike = rows.filter(({ estimate, exact }) => estimate.toFixed(1) === exact.toFixed(1)).length;
  const printed = `of ${rows.length} tasks, ${samples} pairs each: the mean over replicates prints the same decimal as the truth`;
  stage.report(`printed-alike.${samples}`, { value: alike, ...common, note: printed });
  const gaussian = rows.map(({ exact, gaussian: estimate }) => ({ exact, estimate }));
  const start = `what training starts from, Gaussian pairs of normal scores: ${of}`;
  stage.report(`solved-gaussian.${samples}`, { value: count(gaussian), ...common, note: start });
  const errors = rows.map(({ estimate, exact }) => Math.abs(estimate - exact));
  const note = `|estimate - truth|, mean over tasks, ${samples} pairs each`;
  stage.report(`error-mae.${samples}`, {
    value: errors.reduce((a, b) => a + b, 0) / errors.length,
    unit: 'nats',
    kind: 'estimate',
    better: 'lower',
    note,
  });
}

/** The truth, and below it the estimates at each number of pairs; red above the truth, blue below. */
function heatMapCells(tables: readonly (readonly Row[])[]): HeatMapCell[][] {
  const tasks = tables[0]!;
  const truth = tasks.map(({ exact }) => ({ value: exact, shade: 0 }));
  const rows = tables.map((table) =>
    table.map(({ estimate, exact }) => ({ value: estimate, shade: (estimate - exact) / (4 * tolerance(exact)) })),
  );
  return [truth, ...rows];
}

/** Estimates less the truth, task by task. */
function errorPlot(sizes: readonly number[], tables: readonly (readonly Row[])[]): PlotFile {
  return {
    title: 'Mutual information of the 40 tasks of Czyz et al. (2023): estimate - truth',
    x: { label: 'task, in the order of the benchmark' },
    y: { label: 'error / nats' },
    series: sizes.map((samples, i) => ({
      name: `${samples} pairs`,
      points: tables[i]!.map(({ task, estimate, exact, standardError }): [number, number, number] => [
        1 + taskNames.indexOf(task),
        estimate - exact,
        standardError,
      ]),
    })) as unknown as PlotFile['series'],
    note: 'Mean over replicates.',
  };
}
