// `repro verify [MANIFEST]`: re-hash what a manifest names, execute some of its stages again, and write down what was found.
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { count } from '../manifest/text/number-text.ts';
import { chooseStages, compareExecutions, type Recomputation } from '../manifest/verification/recomputation.ts';
import { verificationReport, type VerifiedManifest } from '../manifest/verification/report.ts';
import { verifyAttestations } from '../manifest/exports/verify-attestations.ts';
import { type Problem, type Verification, verifyManifest } from '../manifest/verification/verify.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import { systemClock } from '../runner/process/clock.ts';
import { readEnvironment } from '../runner/environment.ts';
import { unavailableCells } from '../runner/replay.ts';
import type { CellOutcome } from '../runner/result.ts';
import type { Manifest } from '../schema/types.ts';
import { writeBeside } from '../store/atomic-write.ts';
import { openStore, type Store } from '../store/store.ts';
import { commandText, shellWord } from './view/command-text.ts';
import { attestationFile, readKeyFile } from './export.ts';
import { onInterrupt } from './interrupt.ts';
import { paint, print, printJson } from './view/print.ts';
import { progressLines } from './view/progress-lines.ts';
import { recomputationLines } from './view/recomputation-lines.ts';
import { loadManifest, type NamedManifest } from '../project/named-manifest.ts';
import { projectRoot, type ProjectOptions } from '../project/places.ts';
import { readBounded } from '../project/read-bounded.ts';
import { readStatedReferences } from '../project/references.ts';
import { recordingOf, replay } from '../project/replay.ts';

export interface VerifyOptions extends ProjectOptions {
  readonly json?: boolean;
  /** How many stages to execute again. */
  readonly recompute?: number;
  /** Chooses them. */
  readonly seed?: number;
  readonly cpus?: number;
  /** Path of the public key that the attestations must be signed with. */
  readonly key?: string;
  readonly attestations?: string;
  /** Where to write the report. */
  readonly output?: string;
}

export async function verifyVerb(options: VerifyOptions, name: string | undefined): Promise<ExitCode> {
  const named = await loadManifest(options, name ?? 'latest');
  const { manifest, path: shown } = named;
  const store = openStore(projectRoot(options));
  const seed = options.seed ?? randomInt(2 ** 31);
  const recomputed = options.recompute === undefined ? [] : await recompute(manifest, store, options, seed);
  // After the stages: what they make is in the store then, in a checkout that had only the manifest.
  const { published, hashed } = await hashAgain(options, manifest, store);
  const signed = options.key === undefined ? [] : await checkSignatures(named, options, options.key);
  const verification = { ...hashed, problems: [...hashed.problems, ...signed] };
  const { checked, problems } = verification;
  const command = ['npx repro verify', shellWord(name ?? 'latest')];
  if (options.recompute !== undefined) command.push(`--recompute ${options.recompute} --seed ${seed}`);
  const facts: VerifiedManifest = {
    manifest,
    path: shown,
    environment: readEnvironment(),
    verifiedAt: systemClock.now(),
    commands: [...checkout(manifest), 'npm ci', commandText('run', manifest.pipeline), command.join(' ')],
    verification,
    recomputed,
  };
  if (options.output !== undefined) {
    writeBeside(store.fileSystem, path.resolve(options.output), verificationReport(facts));
  }
  if (options.json)
    printJson({ run: manifest.run.id, checked, problems, ...(recomputed.length > 0 && { seed, recomputed }) });
  else {
    for (const line of recomputed.flatMap(recomputationLines)) print(line);
    for (const problem of problems) {
      print(`${paint('red', problem.kind)} ${visibleText(problem.stage)}: ${visibleText(problem.message)}`);
    }
    print(`${shown}: ${count(checked - hashed.absent, 'artifact')} hashed, ${count(problems.length, 'problem')}`);
    if (hashed.absent > 0) print(`${count(hashed.absent, 'artifact')} not hashed: never in this checkout`);
    if (recomputed.length > 0)
      print(`${count(recomputed.length, 'stage')} executed again; the same choice: --seed ${seed}`);
    for (const message of store.takeDamage()) print(`warning: ${visibleText(message)}`);
    if (published !== 'checked') print(`Published artifacts were not checked: ${published}`);
    if (signed.length > 0) {
      print(
        '  hint: sign only a manifest that you trust, again after every change: repro export in-toto --key key.pem',
      );
    }
    if (problems.some((problem) => problem.kind !== 'inconsistent')) {
      print('  hint: repro run computes again what is damaged or missing, and publishes it');
    }
    if (options.output !== undefined) print(`report    ${options.output}`);
  }
  if (problems.length > 0 || recomputed.some(({ verdict }) => verdict === 'unstable')) return exitCode.mismatch;
  return recomputed.some(({ verdict }) => verdict === 'not-recomputed') ? exitCode.failed : exitCode.ok;
}

function checkout({ git }: Manifest): string[] {
  if (git === null) return [];
  const isCommit = /^[0-9a-f]{7,64}$/.test(git.commit);
  return [isCommit ? `git checkout ${git.commit}` : '# The manifest names no commit that could be checked out.'];
}

/**
 * Published artifacts are those of the latest run. While a run goes on, they are partly its own already: then they are left
 * alone, also when it only showed after they had been hashed.
 */
async function hashAgain(
  options: VerifyOptions,
  manifest: Manifest,
  store: Store,
): Promise<{ published: string; hashed: Verification }> {
  const mayLack = options.recompute !== undefined;
  const obstacle = async (): Promise<string | null> => {
    try {
      if (store.holder() !== null) return 'a run is going on';
    } catch (error) {
      if (!(error instanceof ReproError)) throw error;
      return 'whether a run is going on cannot be told';
    }
    const latest = await loadManifest(options, 'latest').catch(() => null);
    return latest?.manifest.run.id === manifest.run.id ? null : 'they belong to a later run';
  };
  const references = await readStatedReferences(options, manifest);
  const before = await obstacle();
  const hashed = await verifyManifest(manifest, store, { published: before === null, mayLack, references });
  const after = before ?? (await obstacle());
  if (after === null || after === before) return { published: after ?? 'checked', hashed };
  return { published: after, hashed: await verifyManifest(manifest, store, { published: false, mayLack, references }) };
}

async function checkSignatures(
  { manifest, digest }: NamedManifest,
  options: VerifyOptions,
  keyFile: string,
): Promise<readonly Problem[]> {
  const key = await readKeyFile(keyFile, 'public');
  const file = options.attestations ?? path.join(projectRoot(options), attestationFile);
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

async function recompute(
  manifest: Manifest,
  store: Store,
  { recompute: wanted = 0, json, cpus }: VerifyOptions,
  seed: number,
): Promise<Recomputation[]> {
  const chosen = chooseStages(manifest, wanted, seed);
  if (chosen.length === 0) {
    throw new ReproError('no-stages', 'The manifest records no stage that could be executed again', {
      exit: exitCode.usage,
    });
  }
  if (!json) print(`Executing again ${chosen.map(({ id }) => id).join(', ')} (--seed ${seed})`);
  const ids = new Set(chosen.map(({ id }) => id));
  const recording = recordingOf(manifest, ids);
  const emit = json ? () => {} : progressLines(systemClock, print);
  using interrupt = onInterrupt(store, emit);
  const result = await replay(recording, store, {
    repeat: { cells: ids, times: 1, restoredOnly: true },
    cpus,
    emit,
    signal: interrupt.signal,
  });
  const outcomes = new Map(result.cells.map((outcome) => [outcome.cell.id, outcome]));
  const executions = chosen.map(({ id }) => executionOf(outcomes.get(id)));
  const unavailable = executions.includes(null) ? await unavailableCells(recording, store) : null;
  return chosen.map((stage, index) => {
    const message = unavailable?.get(stage.id)?.message ?? 'It was not executed';
    return compareExecutions(stage, executions[index] ?? { message, hasFailed: false });
  });
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
