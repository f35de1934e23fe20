// What a run came to, kept so that the next one sees at once that nothing has changed.
import path from 'node:path';
import type { Plan } from '../pipeline/plan.ts';
import type { SourceFile } from '../pipeline/source.ts';
import type { RunResult } from '../runner/result.ts';
import type { Manifest } from '../schema/types.ts';
import { writeAtomically } from '../store/atomic-write.ts';
import { digestBytes, parseDigest } from '../store/digest.ts';
import type { FileStates } from '../store/file-states.ts';
import type { Store } from '../store/store.ts';
import type { LoadedPlan } from './plan.ts';
import type { Answer } from './run-answer.ts';
import { type Question, writeAnswer } from './run-index.ts';
import type { RunSummary } from './run-summary.ts';

export interface Written {
  readonly result: RunResult;
  readonly manifest: Manifest;
  readonly store: Store;
}

/** For when the manifest has just been written, and the lock is still held. */
export async function keepAnswer(
  question: Question,
  { source, included, warnings }: LoadedPlan,
  plan: Plan,
  { id, verdict, pipeline, profile, overrides, stages, numbers, gates, audited, warnings: found, latest }: RunSummary,
  { result: { snapshot }, manifest, store }: Written,
): Promise<void> {
  if (snapshot === null || (verdict !== 'ok' && verdict !== 'gate')) return;
  // A warning that speaks of another place than the files cannot be shown again from their texts.
  const files = new Map<SourceFile, string | null>([
    [source, null],
    ...included.map((each) => [each.source, each.path] as const),
  ]);
  if (warnings.some(({ at, related }) => !files.has(at.file) || related.length > 0)) return;
  const answer: Answer = {
    runId: id,
    profile,
    pipeline,
    overrides,
    stages: stages.flatMap(({ id: stage, computed }) =>
      computed === undefined ? [] : [[stage, computed.run, computed.finishedAt, computed.seconds] as const],
    ),
    numbers,
    gates,
    audited,
    verdict,
    latest: latest.run,
    warnings: found,
    diagnostics: warnings.map(({ at, ...rest }) => ({ ...rest, file: files.get(at.file) ?? null, span: at.span })),
  };
  const variables = new Set(plan.cells.flatMap(({ env }) => env));
  try {
    const references = await referenceKeys(manifest, store);
    if (references === null) return;
    const others = await includedKeys(included, store);
    if (others === null) return;
    const basis = { ...snapshot, files: [...snapshot.files, ...references, ...others] };
    writeAnswer(question, answer, { snapshot: basis, git: manifest.git, variables }, (file, text) =>
      writeAtomically(store.fileSystem, file, text, { temporary: store.temporary }),
    );
  } catch {
    // A cache: on a full disk, or where a reference can no longer be read, the next run looks at everything.
  }
}

/** The files that the pipeline includes; null when one is no longer what was planned. */
async function includedKeys(included: LoadedPlan['included'], { statCache }: Store): Promise<FileStates | null> {
  const keys: [string, string | null][] = [];
  for (const { path: file, source } of included) {
    const key = await statCache.settledKey(path.resolve(source.path), digestBytes(source.text));
    if (key === null) return null;
    keys.push([file, key]);
  }
  return keys;
}

/** The manifests that bands lie around, as files that the verdicts rest on; null when one is not what was read. */
async function referenceKeys({ gates }: Manifest, { statCache, root }: Store): Promise<FileStates | null> {
  const keys = new Map<string, string | null>();
  for (const { path: file, digest } of gates.flatMap(({ reference }) => reference ?? [])) {
    // Without a digest it was not there.
    const key = digest === undefined ? null : await statCache.settledKey(path.join(root, file), parseDigest(digest));
    if (digest !== undefined && key === null) return null;
    keys.set(file, key);
  }
  return [...keys];
}
