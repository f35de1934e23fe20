// The manifest of a run: every number with an address and the digest of its closure, gates judged, and what is not known.
import type { Source } from '../pipeline/input-source.ts';
import type { Plan, CellPlan } from '../pipeline/plan.ts';
import { exitCode, ReproError } from '../error.ts';
import { digestBytes } from '../store/digest.ts';
import { formatLaterThan } from '../store/later-format.ts';
import { parseStrictJson, RefusedJson } from '../store/strict-json.ts';
import { isOfOneFormat } from '../store/records.ts';
import type { Audit, Environment, Manifest, ManifestNumber, ManifestStage, StageRecord } from '../schema/types.ts';
import { validate_manifest } from '../schema/validators.js';
import { everyStage, gapsOf } from './gaps.ts';
import { evaluateGates, type References } from './gates/gates.ts';

/** What a run leaves behind, as far as a manifest needs it. */
export interface FinishedRun {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: Manifest['run']['outcome'];
  readonly cells: readonly {
    readonly cell: CellPlan;
    readonly status: ManifestStage['status'];
    readonly record?: StageRecord | undefined;
    readonly audit?: Audit | undefined;
    readonly failure?: { readonly code: string; readonly message: string } | undefined;
    readonly sources: Readonly<Record<string, Source>>;
    /** Directory of its outputs, relative to the project. */
    readonly published?: string | undefined;
    /** Sentences about what is not known of its code. */
    readonly gaps?: readonly string[] | undefined;
  }[];
}

export interface RunFacts extends Pick<Manifest['run'], 'selected' | 'purpose'> {
  readonly pipelineDigest: string;
  /** The files that the pipeline includes; none by default. */
  readonly included?: readonly { readonly file: string; readonly digest: string }[];
  readonly git: Manifest['git'];
  /** What is not known of the state of the repository, as sentences. */
  readonly gitGaps: readonly string[];
  readonly environment: Environment;
  /** The manifests that gates compare with, as they were when the run began. */
  readonly references: References;
}

export function buildManifest(plan: Plan, run: FinishedRun, facts: RunFacts): Manifest {
  const stages = run.cells.map(({ cell: { id, stage, identity, axes, dependsOn }, ...outcome }): ManifestStage => ({
    id,
    stage,
    ...(identity !== stage && { was: identity }),
    cell: { ...axes },
    status: outcome.status,
    dependsOn: [...dependsOn],
    sources: { ...outcome.sources },
    ...(outcome.record && { record: outcome.record }),
    ...(outcome.audit && { audit: outcome.audit }),
    ...(outcome.published !== undefined && { published: outcome.published }),
    ...(outcome.failure && { error: { code: outcome.failure.code, message: outcome.failure.message } }),
  }));
  const numbers = reportedNumbers(stages);
  return {
    format: 'repro.manifest/2',
    run: {
      id: run.runId,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
      outcome: run.outcome,
      ...(facts.selected && { selected: [...facts.selected] }),
      ...(facts.purpose && { purpose: facts.purpose }),
    },
    pipeline: {
      name: plan.name,
      file: plan.file,
      digest: facts.pipelineDigest,
      ...(facts.included?.length && { included: [...facts.included] }),
      profile: plan.profile,
      overrides: { ...plan.overrides },
      seed: plan.seed,
      params: { ...plan.params },
    },
    git: facts.git,
    environment: facts.environment,
    stages,
    numbers,
    gates: evaluateGates(plan.gates, numbers, facts.references),
    gaps: [
      ...facts.gitGaps.map((message) => ({ stage: everyStage, message })),
      ...gapsOf({ git: facts.git, stages }),
      ...run.cells.flatMap(({ cell: { id, pass }, gaps = [] }) =>
        [...gaps, ...passGaps(pass)].map((message) => ({ stage: id, message })),
      ),
    ],
  };
}

function passGaps(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`Sees ${names.join(', ')} of the environment, of which nothing is recorded: a change goes unnoticed`];
}

/** Every number of every recorded stage; the address is `stage[axis=value].name`. */
export function reportedNumbers(stages: readonly ManifestStage[]): ManifestNumber[] {
  const closures = closureDigests(stages);
  return stages.flatMap((stage) => {
    const reported = Object.entries(stage.record?.numbers ?? {});
    if (reported.length === 0) return [];
    const closure = closures(stage.id);
    return reported.map(([name, number]) => ({
      address: `${stage.id}.${name}`,
      stage: stage.id,
      name,
      number,
      closure,
    }));
  });
}

/**
 * For stages by id, the digest over the fingerprints of a stage and all its ancestors: equal closures, equal inputs. It is
 * that of the canonical JSON of `{ type: 'repro.closure/1', fingerprints }`, whose members are spelt once for all of them.
 */
export function closureDigests(stages: readonly ManifestStage[]): (id: string) => string {
  const dependsOn = new Map(stages.map((stage) => [stage.id, stage.dependsOn]));
  const members = [...new Map(stages.map((stage) => [stage.id, stage.record?.fingerprint ?? null]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, fingerprint]) => ({ id, text: `${JSON.stringify(id)}:${JSON.stringify(fingerprint)}` }));
  return (id) => {
    const reached = new Set([id]);
    for (const member of reached) for (const above of dependsOn.get(member) ?? []) reached.add(above);
    const texts = members.flatMap((member) => (reached.has(member.id) ? [member.text] : []));
    return digestBytes(`{"fingerprints":{${texts.join(',')}},"type":"repro.closure/1"}`);
  };
}

/**
 * Parses a manifest. It is the door for every one of them: behind it there are only values that canonical JSON can say.
 * @param source Bytes of a file, or text
 * @throws {ReproError} `bad-manifest` where it is not one.
 */
export function readManifest(source: Uint8Array | string, path: string): Manifest {
  const refuse = (why: string, cause?: unknown): never => {
    throw new ReproError('bad-manifest', `"${path}" is not a manifest: ${why}`, {
      exit: exitCode.usage,
      hint: 'take it again from where it was made, unedited, or run the pipeline again: repro run',
      cause,
    });
  };
  let parsed: unknown;
  try {
    parsed = parseStrictJson(source);
  } catch (cause) {
    if (!(cause instanceof RefusedJson)) throw cause;
    return refuse(cause.message, cause);
  }
  const later = formatLaterThan(2, 'repro.manifest', parsed);
  if (later !== null) {
    throw new ReproError(
      'bad-manifest',
      `"${path}" is a manifest of format ${later}, and this version of repro reads formats 1 and 2`,
      {
        exit: exitCode.usage,
        hint: 'a later version of repro wrote it and reads it; repro --version says which this one is',
      },
    );
  }
  if (!validate_manifest(parsed)) {
    const first = validate_manifest.errors?.[0];
    refuse(`${first?.instancePath || 'the whole'} ${first?.message ?? 'does not fit'}`);
  }
  const manifest = parsed as Manifest;
  const odd = manifest.stages.find(({ record }) => record && !isOfOneFormat(record));
  if (odd) {
    const message = `"${path}" is not a manifest: the record of "${odd.id}" mixes formats`;
    throw new ReproError('bad-manifest', message, { exit: exitCode.usage });
  }
  return manifest;
}
