// The curves of a run: metrics that stages printed with their progress.
import type { Manifest } from '../schema/types.ts';
import { type CurvePoint, parseCurves } from '../store/curves.ts';
import type { RecordedStage } from './lineage.ts';
import { isRecorded } from './lineage.ts';

export interface StageCurve {
  readonly stage: RecordedStage;
  readonly metric: string;
  readonly points: readonly CurvePoint[];
}

/**
 * In the order of the stages and of what they printed. Curves whose file is gone are left out: they are no results.
 * @param read The bytes of an object; null where it is gone
 */
export function curvesOf(
  { stages }: Pick<Manifest, 'stages'>,
  read: (digest: string) => Uint8Array | null,
): StageCurve[] {
  return stages.filter(isRecorded).flatMap((stage) => {
    const { curves } = stage.record;
    const bytes = curves === undefined ? null : read(curves);
    const parsed = bytes && parseCurves(Buffer.from(bytes).toString('utf8'));
    return Object.entries(parsed ?? {}).map(([metric, points]) => ({ stage, metric, points }));
  });
}
