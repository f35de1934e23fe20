// Which outputs of a run are figures: by how their paths end.
import { isRecorded, type RecordedStage } from '../manifest/lineage.ts';
import type { Artifact, Manifest, ManifestStage } from '../schema/types.ts';

export interface FigureOutput {
  /** `stage.output`, as a report prints it below the figure. */
  readonly address: string;
  readonly kind: 'plot' | 'image';
  /** In the project where it is published; otherwise as the stage wrote it. */
  readonly path: string;
  readonly stage: RecordedStage;
  readonly artifact: Artifact;
}

const suffixes = { '.plot.json': 'plot', '.png': 'image' } as const;

/** In the order of the stages. */
export function figureOutputs({ stages }: Pick<Manifest, 'stages'>): FigureOutput[] {
  return stages.filter(isRecorded).flatMap((stage) =>
    Object.entries(stage.record.outputs).flatMap(([name, artifact]) => {
      const kind = Object.entries(suffixes).find(([suffix]) => artifact.path.endsWith(suffix))?.[1];
      if (kind === undefined) return [];
      return [{ address: `${stage.id}.${name}`, kind, path: outputPath(stage, artifact), stage, artifact }];
    }),
  );
}

/** Where an output is published; otherwise as the stage wrote it. */
export function outputPath({ published }: Pick<ManifestStage, 'published'>, { path }: Artifact): string {
  return published === undefined ? path : `${published}/${path}`;
}
