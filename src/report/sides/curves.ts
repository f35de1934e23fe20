// The curves of several runs: a figure for each metric of a stage, a line for each cell of each run.
import type { StageCurve } from '../../manifest/curves.ts';
import { cellName, curveFigures, type CurveFigures } from '../curves.ts';
import { grouped } from '../grouped.ts';
import type { Side } from './side.ts';

export async function sideCurveFigures(runs: readonly Side[]): Promise<CurveFigures> {
  const labels = new Map(runs.flatMap(({ label, curves }) => curves.map((curve) => [curve, label] as const)));
  // The lines of one cell stand together, whichever run they are of.
  const curves = grouped([...labels.keys()], ({ stage, metric }) => JSON.stringify([stage.id, metric])).flatMap(
    ([, same]) => same,
  );
  return curveFigures(curves, (curve) => lineName(curve, labels.get(curve)!));
}

function lineName(curve: StageCurve, label: string): string {
  const { id, stage } = curve.stage;
  return id === stage ? label : `${cellName(curve)}, ${label}`;
}
