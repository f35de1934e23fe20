// The curves of a run as TensorBoard reads them: a folder for the run, and in it one with an event file for each cell.
import type { Manifest } from '../../schema/types.ts';
import type { StageCurve } from '../curves.ts';
import { standingText } from '../standing.ts';
import { eventFile, type ScalarEvent } from './event-file.ts';
import { uniqueNames } from './unique-names.ts';

/** What most file systems let a name be long. */
const longestName = 255;

/** Bytes by path below the folder that TensorBoard is given. The same run gives the same files. */
export async function tensorboardFiles(
  manifest: Manifest,
  curves: readonly StageCurve[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const standing = standingText(manifest);
  const named = `${manifest.run.id}${standing === null ? '' : ` ${standing}`}`;
  const [[run] = ['']] = uniqueNames([[named, null]], folderName, longestName);
  const stages = [...new Set(curves.map(({ stage }) => stage))];
  const cells = uniqueNames(
    stages.map((stage) => [stage.id, stage] as const),
    folderName,
    longestName,
  );
  const files = new Map<string, Uint8Array>();
  for (const [cell, stage] of cells) {
    // When each step was is not known: all have the time of the end.
    const seconds = Date.parse(stage.record.finishedAt) / 1000;
    const name = `events.out.tfevents.${Math.floor(seconds)}.repro`;
    const events = eventsOf(curves.filter((curve) => curve.stage === stage));
    files.set(`${run}/${cell}/${name}`, await eventFile(seconds, events));
  }
  return files;
}

/** One for each step, in their order: a step that goes back is a restart to TensorBoard, and hides what was before. */
function eventsOf(curves: readonly StageCurve[]): ScalarEvent[] {
  const steps = new Map<number, [tag: string, value: number][]>();
  for (const { metric, points } of curves) {
    for (const [at, value] of points) {
      const step = Math.trunc(at);
      const scalars = steps.get(step) ?? [];
      steps.set(step, scalars);
      scalars.push([metric, value ?? NaN]);
    }
  }
  return [...steps].sort(([a], [b]) => a - b).map(([step, scalars]) => ({ step, scalars }));
}

/** `train[model=a]` becomes `train_model=a`: nothing that a shell would take for something else. */
function folderName(name: string): string {
  return name.replace(/[^\w.=+-]+/g, '_').replace(/^\.*|_$/g, '');
}
