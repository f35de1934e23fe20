// The closure of a number: its stage, all stages that one builds on, and everything those were made of.
import type { Environment, Manifest, ManifestNumber, ManifestStage, Preimage, StageRecord } from '../schema/types.ts';

/** A stage that succeeded, so that what it was made of is known. */
export interface RecordedStage extends ManifestStage {
  record: StageRecord;
}

/** Bytes that came from outside the pipeline: a file, a directory or a download. */
export interface ExternalInput {
  readonly stage: string;
  readonly name: string;
  /** Path or URL. */
  readonly source: string;
  /** `null` where an optional input was absent. */
  readonly digest: string | null;
}

export interface Lineage {
  readonly number: ManifestNumber;
  /** The closure in topological order; the stage that reported the number is last. */
  readonly stages: readonly RecordedStage[];
  readonly inputs: readonly ExternalInput[];
  /** Digests of source files by project path, over all stages of the closure. */
  readonly code: Readonly<Record<string, string>>;
  /** `name@version` to integrity. */
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * Ids of a stage and of all its ancestors, in the order of the manifest, which is topological.
 * The stages need not have succeeded.
 */
export function closureOf(stages: readonly Pick<ManifestStage, 'id' | 'dependsOn'>[], id: string): string[] {
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  const reached = new Set<string>();
  const pending = [id];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    pending.push(...(byId.get(next)?.dependsOn ?? []));
  }
  return stages.map((stage) => stage.id).filter((stage) => reached.has(stage));
}

/** Everything behind one number of a manifest. */
export function lineageOf(manifest: Manifest, number: ManifestNumber): Lineage {
  const closure = new Set(closureOf(manifest.stages, number.stage));
  const stages = manifest.stages.filter((stage): stage is RecordedStage => closure.has(stage.id) && isRecorded(stage));
  return {
    number,
    stages,
    inputs: stages.flatMap((stage) => externalInputs(stage, manifest)),
    code: sorted(Object.assign({}, ...stages.map((stage) => stage.record.preimage.code))),
    packages: sorted(Object.assign({}, ...stages.map((stage) => stage.record.preimage.packages))),
  };
}

export function isRecorded(stage: ManifestStage): stage is RecordedStage {
  return stage.record !== undefined;
}

/**
 * The inputs of a stage that no other stage wrote. An input is another stage's when all its bytes are outputs of the
 * stages it depends on, which needs no reading of names.
 */
export function externalInputs(stage: RecordedStage, manifest: Manifest): ExternalInput[] {
  const written = new Set<string>();
  for (const other of manifest.stages) {
    if (!stage.dependsOn.includes(other.id)) continue;
    for (const output of Object.values(other.record?.outputs ?? {})) written.add(output.digest);
  }
  const inputs: ExternalInput[] = [];
  for (const [name, value] of Object.entries(stage.record.preimage.inputs)) {
    if (value !== null && [value].flat().every((digest) => written.has(digest))) continue;
    inputs.push({
      stage: stage.id,
      name,
      source: stage.sources?.[name] ?? name,
      digest: Array.isArray(value) ? value.join(' ') : value,
    });
  }
  return inputs;
}

/** Leaves of nested parameters by dotted path: `{ a: { b: 1 } }` gives `a.b`. Lists are leaves. */
export function parameterLeaves(params: Preimage['params'], prefix = ''): [path: string, value: unknown][] {
  return Object.entries(params).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? parameterLeaves(value as Preimage['params'], `${prefix}${key}.`)
      : [[`${prefix}${key}`, value] as [string, unknown]],
  );
}

/** Whether two descriptions are of different machines: by their names where both have one, by what they are otherwise. */
export function isOtherMachine(a: Environment, b: Environment): boolean {
  if (a.host !== undefined && b.host !== undefined) return a.host !== b.host;
  return a.cpu !== b.cpu || a.cores !== b.cores || a.memoryBytes !== b.memoryBytes || a.platform !== b.platform;
}

function sorted(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
