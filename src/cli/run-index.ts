// `.repro/index.json`: what the last complete run was asked, what it rests on and what came out, so that the same run is
// told to be up to date from the status of files alone. A cache: records are the truth, and losing it costs time.
import * as fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExitCode } from '../error.ts';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import type { Plan } from '../pipeline/plan.ts';
import type { Span } from '../pipeline/source.ts';
import { readEnvironment, variableIn } from '../runner/environment.ts';
import { readGit } from '../runner/git.ts';
import type { Manifest } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes, type Digest } from '../store/digest.ts';
import { sealJson, unsealJson } from '../store/sealed-json.ts';
import { isUnchanged, type Snapshot } from '../store/snapshot.ts';
import { statKey } from '../store/stat-cache.ts';
import { latestManifest, manifestPath, projectRoot, type ProjectOptions } from './project.ts';

/** What a complete run came to, as far as it is shown again. */
export interface Answer {
  readonly runId: string;
  readonly profile: string | null;
  readonly overrides: Plan['overrides'];
  /** Of each cell: its id, and the run that computed it, when it ended and how many seconds it took. */
  readonly stages: readonly (readonly [id: string, run: string, finishedAt: string, seconds: number])[];
  readonly numbers: Manifest['numbers'];
  readonly gates: Manifest['gates'];
  /** Stages that were executed repeatedly, with how their results came out. */
  readonly audited: Manifest['stages'];
  readonly verdict: ExitCode;
  /** About code and data. */
  readonly warnings: readonly { readonly stage: string; readonly message: string }[];
  /** About the pipeline file. */
  readonly diagnostics: readonly (Omit<Diagnostic, 'at'> & { readonly span: Span })[];
}

interface RunIndex {
  readonly format: 'repro.index/2';
  readonly question: Digest;
  /** Digests of the environment variables that stages see; null for one that is not set. */
  readonly env: Readonly<Record<string, Digest | null>>;
  readonly git: Manifest['git'];
  readonly snapshot: Snapshot;
  readonly answer: Answer;
}

export interface Question extends ProjectOptions {
  readonly profile?: string;
  readonly set?: readonly string[];
  readonly strict?: boolean;
  readonly trace?: boolean;
  readonly system?: readonly string[];
  /** Stages asked for. */
  readonly patterns: readonly string[];
  /** The text of the pipeline file. */
  readonly text: string;
}

/** The answer of the last complete run, when it was asked the same and nothing that it rests on has changed since. */
export async function readAnswer(question: Question): Promise<Answer | null> {
  const root = projectRoot(question);
  // Somebody is at work, or was killed at work: a matter for a run that takes the lock.
  if (fs.existsSync(path.join(root, '.repro', 'lock'))) return null;
  const index = readIndex(root);
  if (index === null || index.question !== digestQuestion(question)) return null;
  if (Object.entries(index.env).some(([name, known]) => digestVariable(name) !== known)) return null;
  const git = readGit(root);
  if (!isUnchanged(fs, root, index.snapshot)) return null;
  return canonicalJson(await git) === canonicalJson(index.git) ? index.answer : null;
}

/** Keeps an answer. Its manifest must be the one that was just written, by the holder of the lock. */
export function writeAnswer(
  question: Question,
  answer: Answer,
  basis: { readonly snapshot: Snapshot; readonly git: Manifest['git']; readonly variables: Iterable<string> },
  write: (path: string, text: string) => void,
): void {
  const root = projectRoot(question);
  const { files, own } = basis.snapshot;
  const manifests = [latestManifest, manifestPath(answer.runId)].map(
    (file) => [file, statKey(fs.lstatSync(path.join(root, file), { bigint: true }))] as const,
  );
  const index: RunIndex = {
    format: 'repro.index/2',
    question: digestQuestion(question),
    env: Object.fromEntries([...basis.variables].map((name) => [name, digestVariable(name)])),
    git: basis.git,
    snapshot: { files, own: [...own, ...manifests] },
    answer,
  };
  write(indexPath(root), sealJson(index));
}

function indexPath(root: string): string {
  return path.join(root, '.repro', 'index.json');
}

function readIndex(root: string): RunIndex | null {
  try {
    const index = unsealJson(fs.readFileSync(indexPath(root), 'utf8')) as RunIndex | undefined;
    return index?.format === 'repro.index/2' ? index : null;
  } catch {
    return null; // Absent or unreadable: a run finds out everything by itself.
  }
}

/** Everything that is asked, by whom, and with what means. */
function digestQuestion({ file, profile, set, patterns, text, ...watch }: Question): Digest {
  const program = fileURLToPath(import.meta.url);
  return digestBytes(
    canonicalJson({
      // Another version of this program may answer otherwise.
      program: [program, statKey(fs.statSync(program, { bigint: true }))],
      environment: readEnvironment(),
      path: process.env['PATH'] ?? null,
      file: path.resolve(file),
      profile: profile ?? null,
      set: [...(set ?? [])],
      patterns: [...patterns],
      watch: [watch.strict ?? false, watch.trace ?? false, [...(watch.system ?? [])]],
      text: digestBytes(text),
    }),
  );
}

function digestVariable(name: string): Digest | null {
  const value = variableIn(process.env, name);
  return value === undefined ? null : digestBytes(value);
}
