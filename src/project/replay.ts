// Recorded stages run again: the manifest decides what, the store has the code, and the working tree is left alone.
import os from 'node:os';
import { exitCode, ReproError } from '../error.ts';
import { closureOf, isRecorded, sourcesOf } from '../manifest/lineage.ts';
import { systemClock } from '../runner/process/clock.ts';
import { freezeRecording, type Recording, replayPlan } from '../runner/replay.ts';
import type { RunResult } from '../runner/result.ts';
import { runPipeline, type ExecutionOptions } from '../runner/run.ts';
import type { Manifest } from '../schema/types.ts';
import type { Store } from '../store/store.ts';

/** The stages named and all they were made from. Those without a record, and what builds on them, cannot be part of it. */
export function recordingOf(manifest: Manifest, ids: Iterable<string>): Recording {
  const wanted = new Set([...ids].flatMap((id) => closureOf(manifest.stages, id)));
  const cells = new Map<string, Recording['cells'][number]>();
  for (const stage of manifest.stages) {
    if (!wanted.has(stage.id) || !isRecorded(stage) || !stage.dependsOn.every((id) => cells.has(id))) continue;
    const { id, dependsOn, record } = stage;
    cells.set(id, { id, dependsOn, sources: sourcesOf(stage, manifest), preimage: record.preimage });
  }
  return { name: manifest.pipeline.name, seed: manifest.pipeline.seed, cells: [...cells.values()] };
}

/**
 * Runs a recording: what the store has is restored, the rest executed; `artifacts` stays as it is.
 * @throws {ReproError} `interrupted`, its stages ended, when it was interrupted
 */
export async function replay(
  recording: Recording,
  store: Store,
  options: Pick<ExecutionOptions, 'repeat' | 'emit' | 'signal'> & { readonly cpus?: number | undefined },
): Promise<RunResult> {
  const result = await runPipeline(replayPlan(recording, store), {
    ...options,
    store,
    cpus: options.cpus ?? os.availableParallelism(),
    clock: systemClock,
    wait: true,
    unpublished: true,
    freeze: (plan) => freezeRecording(recording, plan, store),
  });
  // It may have come as the last stage ended; there may be more to replay.
  if (result.outcome !== 'interrupted' && !options.signal.aborted) return result;
  throw new ReproError('interrupted', 'Interrupted before all stages were executed', {
    exit: exitCode.interrupted,
    hint: 'what is finished is in the store: the same command goes on from there',
  });
}
