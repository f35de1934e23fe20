// What goes with a result that leaves the project, so that a reader can find the run it is of.
import type { Manifest } from '../schema/types.ts';
import type { RecordedStage } from './lineage.ts';
import { closureDigests } from './manifest.ts';
import { settingsOf } from './standing.ts';

export interface Trace {
  readonly stage: string;
  readonly run: string;
  /** The run that executed the stage: an earlier one where its result was known. */
  readonly computed: string;
  readonly pipeline: Pick<Manifest['pipeline'], 'name' | 'digest' | 'profile' | 'overrides'>;
  readonly git: Manifest['git'];
  readonly fingerprint: string;
  readonly closure: string;
}

export function traceOf(manifest: Manifest, { id, record }: RecordedStage): Trace {
  const { name, digest } = manifest.pipeline;
  return {
    stage: id,
    run: manifest.run.id,
    computed: record.run,
    pipeline: { name, digest, ...settingsOf(manifest) },
    git: manifest.git,
    fingerprint: record.fingerprint,
    closure: closureDigests(manifest.stages)(id),
  };
}
