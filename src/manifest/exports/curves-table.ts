// The curves of runs as one table: a row for each point, axes and parameters that were set as columns.
import type { Manifest } from '../../schema/types.ts';
import type { StageCurve } from '../curves.ts';
import { factorsOf } from '../number-table.ts';
import { csvText } from '../text/csv-text.ts';

export function curvesTable(runs: readonly (readonly [Manifest, readonly StageCurve[]])[]): string {
  const after = ['metric', 'step', 'value'];
  const manifests = runs.map(([manifest]) => manifest);
  const { settings, axes, of } = factorsOf(manifests, ['run', 'stage', ...after]);
  const rows = runs.flatMap(([manifest, curves]) =>
    curves.flatMap(({ stage, metric, points }) => {
      const row = { run: manifest.run.id, ...of(manifest, stage), stage: stage.stage, metric };
      return points.map(([step, value]) => ({ ...row, step, value }));
    }),
  );
  return csvText(['run', ...settings, 'stage', ...axes, ...after], rows);
}
