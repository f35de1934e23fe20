// What a manifest names, hashed again; some of its stages executed again; its signed statements checked.
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { verifyAttestations } from '../manifest/exports/verify-attestations.ts';
import { isRecorded } from '../manifest/lineage.ts';
import { chooseStages, compareExecutions, type Recomputation } from '../manifest/verification/recomputation.ts';
import { type Problem, type Verification, verifyManifest } from '../manifest/verification/verify.ts';
import type { Emit } from '../runner/event.ts';
import { publishedCell, Publisher } from '../runner/outputs/publish.ts';
import { unavailableCells } from '../runner/replay.ts';
import type { CellOutcome } from '../runner/result.ts';
import type { Manifest } from '../schema/types.ts';
import { openStore, type Store } from '../store/store.ts';
import { readKeyFile } from './key-file.ts';
import { loadManifest, type NamedManifest } from './named-manifest.ts';
import { attestationFile } from './places.ts';
import { readBounded } from './read-bounded.ts';
import { readStatedReferences } from './references.ts';
import { recordingOf, replay } from './replay.ts';

export interface VerifyOptions {
  /** Path of the public key that the attestations must be signed with. */
  readonly key?: string;
  /** Path of the attestations; artifacts/provenance.intoto.jsonl by default. */
  readonly attestations?: string;
  /** In a checkout that never had the results: what it never had is counted, and no problem. */
  readonly mayLack?: boolean;
}

export interface VerifiedRun extends NamedManifest {
  /** What was hashed, and every problem that was found. */
  readonly verification: Verification;
  /** `checked`, or why the published artifacts were not. */
  readonly published: string;
  /** Problems of signed statements, which are among those of `verification` too. */
  readonly unsigned: readonly Problem[];
  /** What was found damaged in the store and set aside, as sentences. */
  readonly damage: readonly string[];
}

export interface RecomputeOptions {
  /** How many stages. */
  readonly count: number;
  /** Chooses them; any by default. */
  readonly seed?: number;
  readonly cpus?: number;
  /** Is told which, before they are executed. */
  readonly onChosen?: (stages: readonly string[], seed: number) => void;
  readonly onEvent?: Emit;
  readonly signal?: AbortSignal;
}

export interface Recomputed {
  /** The one that chose the stages. */
  readonly seed: number;
  readonly stages: readonly Recomputation[];
}

/** @param which A name, or a manifest that was read: another run may have become the latest since */
export async function verify(
  root: string,
  which: string | NamedManifest,
  options: VerifyOptions,
): Promise<VerifiedRun> {
  const named = typeof which === 'string' ? await loadManifest(root, which) : which;
  const store = openStore(root);
  const { published, hashed } = await hashAgain(named.manifest, store, options.mayLack ?? false);
  const unsigned = options.key === undefined ? [] : await checkSignatures(named, root, options, options.key);
  const verification = { ...hashed, problems: [...hashed.problems, ...unsigned] };
  return { ...named, verification, published, unsigned, damage: store.takeDamage() };
}

/**
 * Published artifacts are those of the latest run. While a run goes on, they are partly its own already: then they are left
 * alone, also when it only showed after they had been hashed.
 */
async function hashAgain(
  manifest: Manifest,
  store: Store,
  mayLack: boolean,
): Promise<{ published: string; hashed: Verification }> {
  const obstacle = async (): Promise<string | null> => {
    try {
      if (store.holder() !== null) return 'a run is going on';
    } catch (error) {
      if (!(error instanceof ReproError)) throw error;
      return 'whether a run is going on cannot be told';
    }
    const latest = await loadManifest(store.root, 'latest').catch(() => null);
    const isLatest = latest?.manifest.run.id === manifest.run.id;
    return isLatest && !hasOthers(manifest, store) ? null : 'they belong to a later run';
  };
  const references = await readStatedReferences(store.root, manifest);
  const before = await obstacle();
  const hashed = await verifyManifest(manifest, store, { published: before === null, mayLack, references });
  const after = before ?? (await obstacle());
  if (after === null || after === before) return { published: after ?? 'checked', hashed };
  return { published: after, hashed: await verifyManifest(manifest, store, { published: false, mayLack, references }) };
}

/** Whether a run that is not the latest has published other results. */
function hasOthers({ run, stages }: Manifest, store: Store): boolean {
  const publisher = new Publisher(store, run.id);
  return stages.filter(isRecorded).some(({ id, record }) => {
    const cell = publishedCell(id);
    return cell !== null && publisher.holdsOther(cell, record);
  });
}

async function checkSignatures(
  { manifest, digest }: NamedManifest,
  root: string,
  options: VerifyOptions,
  keyFile: string,
): Promise<readonly Problem[]> {
  const key = await readKeyFile(keyFile, 'public');
  const file = options.attestations ?? path.join(root, attestationFile);
  const shown = path.relative(process.cwd(), file);
  const bytes = await readBounded(file, shown, options.attestations === undefined ? 'unasked' : 'given');
  if (bytes === null) {
    throw new ReproError('no-attestations', `There is no file "${shown}"`, {
      exit: exitCode.usage,
      hint: 'it is written by: repro export in-toto --key key.pem',
    });
  }
  return verifyAttestations(manifest, digest, bytes.toString('utf8'), key);
}

/** Stages of a manifest executed again, in clean directories, and their results compared. `artifacts` stays as it is. */
export async function recompute(
  root: string,
  which: string | NamedManifest,
  options: RecomputeOptions,
): Promise<Recomputed> {
  const { manifest } = typeof which === 'string' ? await loadManifest(root, which) : which;
  const store = openStore(root);
  const seed = options.seed ?? randomInt(2 ** 31);
  const chosen = chooseStages(manifest, options.count, seed);
  if (chosen.length === 0) {
    throw new ReproError('no-stages', 'The manifest records no stage that could be executed again', {
      exit: exitCode.usage,
    });
  }
  const ids = chosen.map(({ id }) => id);
  options.onChosen?.(ids, seed);
  const recording = recordingOf(manifest, ids);
  const result = await replay(recording, store, {
    repeat: { cells: new Set(ids), times: 1, restoredOnly: true },
    cpus: options.cpus,
    emit: options.onEvent ?? (() => {}),
    signal: options.signal ?? new AbortController().signal,
  });
  const outcomes = new Map(result.cells.map((outcome) => [outcome.cell.id, outcome]));
  const executions = chosen.map(({ id }) => executionOf(outcomes.get(id)));
  const unavailable = executions.includes(null) ? await unavailableCells(recording, store) : null;
  const stages = chosen.map((stage, index) => {
    const message = unavailable?.get(stage.id)?.message ?? 'It was not executed';
    return compareExecutions(stage, executions[index] ?? { message, hasFailed: false });
  });
  return { seed, stages };
}

/** The record of the execution that this run made, or why it made none; null where the run does not say. */
function executionOf(outcome: CellOutcome | undefined): Parameters<typeof compareExecutions>[1] | null {
  const again = outcome?.again?.[0];
  if (again && 'preimage' in again) return again;
  if (again) return { message: again.message, hasFailed: true };
  if (outcome?.status === 'computed' && outcome.record) return outcome.record;
  if (outcome?.failure) {
    const { message, log } = outcome.failure;
    return { message, hasFailed: log !== null };
  }
  if (!outcome?.blockedBy) return null;
  return { message: `${outcome.blockedBy}, which it builds on, could not be executed`, hasFailed: false };
}
