// The manifests of a project's runs, by the names that people give.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import type { Manifest } from '../schema/types.ts';
import { digestBytes } from '../store/digest.ts';
import { parseStrictJson, RefusedJson } from '../store/strict-json.ts';
import { latestManifest, manifestFolder, manifestPath, tagFolder } from './places.ts';
import { readBounded } from './read-bounded.ts';

export interface NamedManifest {
  readonly manifest: Manifest;
  /** As a person in the current directory would type it. */
  readonly path: string;
  /** Of the file's bytes. */
  readonly digest: string;
  /** Of one found by a git revision: how its pipeline file is another than the revision's, as sentences. */
  readonly mismatch?: readonly string[];
}

/**
 * A manifest by name: `latest`, `previous` (the run before the latest), a tag, a run id or a unique beginning of
 * one, a path, or a git revision.
 * @param profile Chooses among the manifests of a git revision
 * @throws {ReproError} `no-manifest` (usage) with the runs there are.
 */
export async function loadManifest(root: string, name: string, profile?: string): Promise<NamedManifest> {
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
  const revision =
    name === 'latest' ? null : await manifestAtRevision(root, name, profile, path.join(root, manifestFolder));
  if (revision !== null) {
    const { bytes, shown, commit } = revision;
    const manifest = readManifest(bytes, shown);
    const mismatch = await mismatchOf(root, commit, name, manifest);
    return { manifest, path: shown, digest: digestBytes(bytes), mismatch };
  }
  throw new ReproError('no-manifest', `There is no manifest "${name}"`, {
    exit: exitCode.usage,
    hint:
      name === 'latest'
        ? 'run the pipeline first: repro run'
        : 'give a path, a run id such as those in .repro/manifests, "latest", "previous", a tag or a git revision',
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

/** The run whose manifest is published; null where there is none. */
async function latestRun(root: string): Promise<string | null> {
  const bytes = await readBounded(path.join(root, latestManifest), latestManifest, 'unasked');
  const { readManifest } = await import('../manifest/manifest.ts');
  return bytes && readManifest(bytes, latestManifest).run.id;
}

async function locate(root: string, name: string): Promise<string> {
  if (name === 'latest') return path.join(root, latestManifest);
  const runs = (await readdir(path.join(root, manifestFolder)).catch(() => []))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
  if (name === 'previous') {
    // The clock may have been put back: then the latest run is not the last by name.
    const latest = (await latestRun(root).catch(() => null)) ?? runs.at(-1);
    const previous = runs.filter((run) => run !== latest).at(-1);
    if (previous === undefined) {
      throw new ReproError('no-manifest', 'There is no run before the latest', { exit: exitCode.usage });
    }
    return path.join(root, manifestPath(previous));
  }
  const tagged = await readTag(root, name);
  if (tagged !== null) return path.join(root, manifestPath(tagged));
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
