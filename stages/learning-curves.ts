// The learning curves of all recipes on one page: denoising error and likelihood against seconds.
import { readFileSync } from 'node:fs';
import { runStage, type PlotFile } from '../src/stage/index.ts';

type Curve = { readonly recipe: string; readonly rows: readonly Readonly<Record<string, number>>[] };

await runStage((stage) => {
  const curves = stage.inputs('tables').map(readCurve);
  stage.writePlot(
    'mse',
    plotOf(curves, 'mse', 'Denoising error of held-out images', 'mean squared error of the noise'),
  );
  stage.writePlot('nll', plotOf(curves, 'nll', 'One-shot likelihood of held-out images', 'bits/dim'));
});

function readCurve(path: string): Curve {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => line.split(',')); // prettier-ignore
  const names = header!.slice(1);
  const rows = lines.map((cells) => Object.fromEntries(names.map((name, i) => [name, Number(cells[i + 1])])));
  return { recipe: lines[0]![0]!, rows };
}

/** The column of every curve that has it. */
function plotOf(curves: readonly Curve[], column: string, title: string, label: string): PlotFile {
  const having = curves.filter(({ rows }) => rows[0]![column] !== undefined);
  return {
    title,
    x: { label: 'processor seconds of training', log: true },
    y: { label, log: column === 'mse' },
    series: having.map(({ recipe, rows }) => ({
      name: recipe,
      points: rows.map((row) => [row['seconds']!, row[column]!]),
    })),
  };
}
