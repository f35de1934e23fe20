// `.repro/index.json`: what the last complete run was asked, what it rests on and what came out. With it, the status of
// files alone tells that the same run is up to date. A cache: records are the truth, and losing it costs time.
import * as fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../runner/environment.ts';
import { variableIn } from '../runner/process/variables.ts';
import { readGit } from '../runner/git/git.ts';
import type { Manifest } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes, type Digest } from '../store/digest.ts';
import { sealJson, unsealJson } from '../store/sealed-json.ts';
import { isUnchanged, type Snapshot } from '../store/file-states.ts';
import { statKey } from '../store/stat-cache.ts';
import { openStore } from '../store/store.ts';
import { configPaths, latestManifest, manifestPath, type Place } from './places.ts';
import { type Answer, isRunIndex, type RunIndex } from './run-answer.ts';
import type { Settings } from './settings.ts';

const format = 'repro.index/5';

export interface Question extends Pick<Place, 'file' | 'root'> {
  readonly profile?: string;
  readonly set?: Settings;
  readonly executor?: string;
  readonly strict?: boolean;
  readonly trace?: boolean;
  readonly system?: readonly string[];
  /** Stages asked for. */
  readonly stages?: readonly string[];
  /** The text of the pipeline file. */
  readonly text: string;
  /** What is configured: lines that an executor runs before a stage are part of it. */
  readonly configured: readonly (Digest | null)[];
}

/** Of the configuration files; null for one that is not there. */
export function digestConfiguration(root: string): (Digest | null)[] {
  return Object.values(configPaths(root)).map((file) => {
    try {
      return fs.existsSync(file) ? digestBytes(fs.readFileSync(file)) : null;
    } catch {
      return null; // A run complains about it.
    }
  });
}

/** The answer of the last complete run, when it was asked the same and nothing that it rests on has changed since. */
export async function answerOf(index: RunIndex, question: Question): Promise<Answer | null> {
  const { root } = question;
  // Somebody is at work, or was killed at work: a matter for a run that takes the lock.
  if (fs.existsSync(path.join(root, '.repro', 'lock'))) return null;
  if (index.question !== digestQuestion(question)) return null;
  const here = digestVariables(Object.keys(index.env), root);
  if (Object.entries(index.env).some(([name, known]) => here[name] !== known)) return null;
  const state = readGit(root);
  if (!isUnchanged(fs, root, index.snapshot)) return null;
  return canonicalJson((await state).git) === canonicalJson(index.git) ? index.answer : null;
}

/** Keeps an answer. Its manifest must be the one that was just written, by the holder of the lock. */
export function writeAnswer(
  question: Question,
  answer: Answer,
  basis: { readonly snapshot: Snapshot; readonly git: Manifest['git']; readonly variables: Iterable<string> },
  write: (path: string, text: string) => void,
): void {
  const { root } = question;
  const { files, own } = basis.snapshot;
  const manifests = [latestManifest, manifestPath(answer.runId)].map(
    (file) => [file, statKey(fs.lstatSync(path.join(root, file), { bigint: true }))] as const,
  );
  const index: RunIndex = {
    format,
    question: digestQuestion(question),
    env: digestVariables([...basis.variables], root),
    git: basis.git,
    snapshot: { files, own: [...own, ...manifests] },
    answer,
  };
  write(indexPath(root), sealJson(index));
}

/** Makes the next run look at everything. */
export function forgetAnswer(root: string): void {
  fs.rmSync(indexPath(root), { force: true });
}

function indexPath(root: string): string {
  return path.join(root, '.repro', 'index.json');
}

/** What the last complete run left; null where there is nothing, or not that. */
export function readIndex(root: string): RunIndex | null {
  try {
    // Reading a pipe would wait for ever.
    if (!fs.statSync(indexPath(root)).isFile()) return null;
    const index = unsealJson(fs.readFileSync(indexPath(root), 'utf8'));
    return isRunIndex(index) && index.format === format ? index : null;
  } catch {
    return null; // Absent or unreadable: a run finds out everything by itself.
  }
}

/** Everything that is asked, by whom, and with what means. */
function digestQuestion({ file, profile, set, executor, stages, text, configured, ...watch }: Question): Digest {
  const program = fileURLToPath(import.meta.url);
  return digestBytes(
    canonicalJson({
      // Another version of this program may answer otherwise.
      program: [program, statKey(fs.statSync(program, { bigint: true }))],
      environment: readEnvironment(),
      path: process.env['PATH'] ?? null,
      file: path.resolve(file),
      profile: profile ?? null,
      set: set ?? [],
      executor: executor ?? null,
      configured,
      stages: stages ?? [],
      watch: [watch.strict ?? false, watch.trace ?? false, [...(watch.system ?? [])]],
      text: digestBytes(text),
    }),
  );
}

/** Keyed digests of variables, null for one that is not set. */
function digestVariables(names: readonly string[], root: string): Record<string, string | null> {
  if (names.length === 0) return {};
  const { environmentKey } = openStore(root);
  const digest = (name: string): string | null => {
    const value = variableIn(process.env, name);
    return value === undefined ? null : environmentKey.digest(name, value);
  };
  return Object.fromEntries(names.map((name) => [name, digest(name)]));
}
