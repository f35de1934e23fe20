// The closure of a number: its stage, all stages that one builds on, and everything those were made of.
import { quotedKey } from '../pipeline/dotted-path.ts';
import { type Source, sourceText } from '../pipeline/input-source.ts';
import type {
  Environment,
  Manifest,
  ManifestNumber,
  ManifestStage,
  OutputSource,
  Preimage,
  StageRecord,
} from '../schema/types.ts';
import { filesOf } from '../store/input-files.ts';

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
  /** How the stage saw it; null where it was absent, and in manifests of format 1. */
  readonly path: string | null;
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
    for (const above of byId.get(next)?.dependsOn ?? []) pending.push(above);
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
    code: merged(stages.map((stage) => stage.record.preimage.code)),
    packages: merged(stages.map((stage) => stage.record.preimage.packages)),
  };
}

export function isRecorded(stage: ManifestStage): stage is RecordedStage {
  return stage.record !== undefined;
}

/** The inputs of a stage that no other stage wrote. */
export function externalInputs(stage: RecordedStage, manifest: Manifest): ExternalInput[] {
  const sources = sourcesOf(stage, manifest);
  return Object.entries(stage.record.preimage.inputs).flatMap(([name, value]) => {
    const known = Object.hasOwn(sources, name) ? sources[name] : undefined;
    const source = known === null ? 'absent' : (known ?? name);
    if (typeof source === 'object') return [];
    const files = filesOf(value);
    const digest = files.length === 0 ? null : files.map((file) => file.digest).join(' ');
    return [{ stage: stage.id, name, source, path: files[0]?.path ?? null, digest }];
  });
}

/** All inputs of a stage, for people: where each came from, and its digests; none where it is absent. */
export function readInputs(
  stage: RecordedStage,
  manifest: Manifest,
): { readonly name: string; readonly source: string; readonly digests: readonly string[] }[] {
  const sources = sourcesOf(stage, manifest);
  return Object.entries(stage.record.preimage.inputs).map(([name, value]) => ({
    name,
    source: sourceText(Object.hasOwn(sources, name) ? sources[name]! : null),
    digests: filesOf(value).map(({ digest }) => digest),
  }));
}

/**
 * Where each input of a stage came from. Format 1 has texts. A text that is spelt as outputs of stages that this
 * one depends on, and has their bytes, means those outputs. So does an input without a text that has the bytes of all.
 */
export function sourcesOf(stage: ManifestStage, manifest: Pick<Manifest, 'format' | 'stages'>): Record<string, Source> {
  if (manifest.format !== 'repro.manifest/1') return stage.sources ?? {};
  const reads = new Set(stage.dependsOn);
  const outputs = new Map<string, OutputSource & { digest: string }>();
  for (const { id, record } of manifest.stages) {
    if (!reads.has(id)) continue;
    for (const [output, { digest }] of Object.entries(record?.outputs ?? {})) {
      outputs.set(`${id}.${output}`, { cell: id, output, digest });
    }
  }
  const known = stage.record ? Object.entries(stage.record.preimage.inputs) : [];
  // Without a prototype: an input may have any name.
  const texts = Object.assign(Object.create(null), stage.sources) as Record<string, Source>;
  for (const [name, value] of known) {
    const digests = filesOf(value).map((file) => file.digest);
    if (value === null) {
      texts[name] = null;
      continue;
    }
    const text = texts[name];
    const made =
      typeof text === 'string'
        ? (outputs.has(text) ? [text] : text.split(', ')).map((each) => outputs.get(each))
        : digests.map((digest) => [...outputs.values()].find((output) => output.digest === digest));
    const edges = made.flatMap((output, i) =>
      output !== undefined && output.digest === digests[i] ? [{ cell: output.cell, output: output.output }] : [],
    );
    if (edges.length === 0 || edges.length < digests.length) texts[name] ??= name;
    else texts[name] = Array.isArray(value) ? edges : edges[0]!;
  }
  return texts;
}

/** Leaves of nested parameters by dotted path: `{ a: { b: 1 } }` gives `a.b`, `{ 'a.b': 1 }` gives `"a.b"`. Lists are leaves. */
export function parameterLeaves(params: Preimage['params'], prefix = ''): [path: string, value: unknown][] {
  return Object.entries(params).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? parameterLeaves(value as Preimage['params'], `${prefix}${quotedKey(key)}.`)
      : [[`${prefix}${quotedKey(key)}`, value] as [string, unknown]],
  );
}

/** Whether two descriptions are of different machines: by their names where both have one, by what they are otherwise. */
export function isOtherMachine(a: Environment, b: Environment): boolean {
  if (a.host !== undefined && b.host !== undefined) return a.host !== b.host;
  return a.cpu !== b.cpu || a.cores !== b.cores || a.memoryBytes !== b.memoryBytes || a.platform !== b.platform;
}

/** The entries of all, by name; a name may be any, so that they are no members before they are complete. */
function merged(parts: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const entries = new Map(parts.flatMap((part) => Object.entries(part)));
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
