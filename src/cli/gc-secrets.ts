// `repro gc --secrets`: files of earlier versions that hold values of environment variables in clear. Variables are named,
// values never. In the store they go with --delete; what lies in artifacts is the user's to replace.
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { keyOf } from '../store/environment-key.ts';
import { removeQuietly } from '../store/remove.ts';
import type { Store } from '../store/store.ts';
import { listRevision, resolveRevision } from '../runner/git/git.ts';
import { print, printJson } from './view/print.ts';

interface Finding {
  /** Relative to the project. */
  readonly path: string;
  readonly variables: readonly string[];
  readonly place: 'store' | 'artifacts' | 'commit';
}

/** Below `.repro`: what may hold a record. */
const storeFolders = ['records', 'repeats', 'manifests', 'quarantine', 'tags'];
const publishedFolders = ['artifacts', 'artifacts/reference'];

export async function gcSecrets(store: Store, options: { delete: boolean; json: boolean }): Promise<ExitCode> {
  const found: Finding[] = [];
  const look = (folder: string, place: Finding['place']): void => {
    for (const file of filesIn(store, folder)) {
      const variables = variablesIn(store, file);
      if (variables.length > 0) found.push({ path: file, variables, place });
    }
  };
  for (const folder of storeFolders) look(path.join('.repro', folder), 'store');
  for (const folder of publishedFolders) look(folder, 'artifacts');
  const committed = await committedFiles(store.root);
  const findings = found.map((each): Finding => (committed.has(each.path) ? { ...each, place: 'commit' } : each));
  if (options.delete) {
    for (const { path: file, place } of findings) {
      if (place === 'store') removeQuietly(store.fileSystem, path.join(store.root, file));
    }
  }
  if (options.json) printJson({ findings, deleted: options.delete });
  else print(...lines(findings, options.delete));
  return exitCode.ok;
}

function lines(findings: readonly Finding[], deleted: boolean): string[] {
  if (findings.length === 0) return ['No file holds a value of an environment variable in clear'];
  const notes = {
    store: deleted ? 'deleted' : 'goes with --delete',
    artifacts: 'run again, or delete it',
    commit: 'committed: whoever has the repository has the values; change them',
  };
  return findings.map(({ path: file, variables, place }) => `${file}: ${variables.join(', ')}  (${notes[place]})`);
}

/** Regular files at any depth; links are not followed. */
function filesIn({ fileSystem: fs, root }: Store, folder: string): string[] {
  const directory = path.join(root, folder);
  if (!fs.lstatSync(directory, { throwIfNoEntry: false })?.isDirectory()) return [];
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isFile()) return [file];
    return entry.isDirectory() && folder.startsWith('.repro') ? filesIn({ fileSystem: fs, root } as Store, file) : [];
  });
}

/** Names of the variables whose values stand in a file: records of format 1, wherever they stand in it. */
function variablesIn({ fileSystem: fs, root }: Store, file: string): string[] {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  if (!text.includes('repro.fingerprint/1')) return [];
  const names = new Set<string>();
  for (const [, env = ''] of text.matchAll(/"env":\s*(\{[^{}]*\})/g)) {
    let values: Record<string, unknown> = {};
    try {
      values = JSON.parse(env) as Record<string, unknown>;
    } catch {
      names.add('variables that cannot be read');
    }
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === 'string' && keyOf(value) === null) names.add(name);
    }
  }
  return [...names].sort();
}

async function committedFiles(root: string): Promise<ReadonlySet<string>> {
  const commit = await resolveRevision(root, 'HEAD');
  if (commit === null) return new Set();
  return new Set((await Promise.all(publishedFolders.map((folder) => listRevision(root, commit, folder)))).flat());
}
