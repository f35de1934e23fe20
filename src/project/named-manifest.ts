// The manifests of a project's runs, by the names that people give.
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { digestBytes } from '../store/digest.ts';
import { parseStrictJson, RefusedJson } from '../store/strict-json.ts';
import { keptRuns } from './kept-names.ts';
import type { NamedManifest } from './kept-runs.ts';
import { latestManifest, manifestPath, tagFolder } from './places.ts';
import { readBounded } from './read-bounded.ts';

export type { NamedManifest };

/**
 * A manifest by name: `latest` (the last whole run), `last` (whatever it was), `previous` (the run before the latest that
 * was asked the same), a tag, a run id or a unique beginning of one, a path, or a git revision.
 * @param profile Which runs are meant by `latest`, `previous` and a git revision
 * @throws {ReproError} `no-manifest` (usage) where there is none
 */
export async function loadManifest(root: string, name: string, profile?: string): Promise<NamedManifest> {
  if (name === 'last' || name === 'previous' || (name === 'latest' && profile !== undefined)) {
    return (await import('./meant-run.ts')).meantRun(root, name, profile);
  }
  const { readManifest } = await import('../manifest/manifest.ts');
  const found = name.startsWith('git:') ? null : await locate(root, name);
  const shown = found && path.relative(process.cwd(), found);
  const bytes =
    found && shown !== null
      ? await readBounded(found, shown, found === path.resolve(name) ? 'given' : 'unasked')
      : null;
  if (bytes !== null && shown !== null)
    return { manifest: readManifest(bytes, shown), path: shown, digest: digestBytes(bytes) };
  const { manifestAtRevision, mismatchOf } = await import('./revision.ts');
  const revision = name === 'latest' ? null : await manifestAtRevision(root, name, profile);
  if (revision !== null) {
    const { bytes, shown, commit } = revision;
    const manifest = readManifest(bytes, shown);
    const mismatch = await mismatchOf(root, revision, name, manifest);
    return { manifest, path: shown, digest: digestBytes(bytes), commit, mismatch };
  }
  throw new ReproError('no-manifest', `There is no manifest "${name}"`, {
    exit: exitCode.usage,
    hint:
      name === 'latest'
        ? 'run the pipeline first: repro run'
        : 'give a path, the id of a run that repro runs lists, "latest", "last", "previous", a tag or a git revision',
  });
}

/** What a run's name may be made of: such a name is no path. */
const runName = /^[0-9A-Za-z-]+$/;

/**
 * The run that a tag names; null where there is no such tag.
 * @throws {ReproError} `bad-tag` (usage) where its file says nothing of the kind
 */
export async function readTag(root: string, name: string): Promise<string | null> {
  if (!/^[a-z][a-z0-9._-]*$/.test(name)) return null;
  const file = path.join(tagFolder, `${name}.json`);
  const bytes = await readBounded(path.join(root, file), file, 'unasked');
  if (bytes === null) return null;
  let content: unknown;
  try {
    content = parseStrictJson(bytes);
  } catch (error) {
    if (!(error instanceof RefusedJson)) throw error;
  }
  const run = (content as { run?: unknown } | null | undefined)?.run;
  if (typeof run === 'string' && runName.test(run)) return run;
  throw new ReproError('bad-tag', `"${file}" names no run`, {
    exit: exitCode.usage,
    hint: `name it again: repro tag ${name} RUN, or repro tag --delete ${name}`,
  });
}

async function locate(root: string, name: string): Promise<string> {
  if (name === 'latest') return path.join(root, latestManifest);
  const tagged = await readTag(root, name);
  if (tagged !== null) return path.join(root, manifestPath(tagged));
  const runs = await keptRuns(root);
  const matches = runName.test(name) ? runs.filter((run) => run.startsWith(name)) : [];
  if (matches.length > 1 && !matches.includes(name)) {
    throw new ReproError(
      'ambiguous-run',
      `"${name}" is the beginning of ${matches.length} runs: ${matches.join(', ')}`,
      {
        exit: exitCode.usage,
      },
    );
  }
  const match = matches.includes(name) ? name : matches[0];
  return match === undefined ? path.resolve(name) : path.join(root, manifestPath(match));
}
