// Where things are: the pipeline file given by the user, its folder as the project's root, and the manifests of its runs.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import type { Manifest } from '../schema/types.ts';
import { digestBytes } from '../store/digest.ts';

export interface ProjectOptions {
  /** Path of the pipeline file. */
  readonly file: string;
}

export interface ManifestOptions extends ProjectOptions {
  /** Chooses among the manifests of a git revision. */
  readonly profile?: string;
}

/** The folder of the pipeline file; every path in the file and in a manifest is relative to it. */
export function projectRoot({ file }: ProjectOptions): string {
  return path.dirname(path.resolve(file));
}

/** A path of the project as a person in the current directory would type it. */
export function shownPath(options: ProjectOptions, inProject: string): string {
  return path.relative(process.cwd(), path.join(projectRoot(options), inProject));
}

export const latestManifest = path.join('artifacts', 'manifest.json');
export const manifestFolder = path.join('.repro', 'manifests');
export const tagFolder = path.join('.repro', 'tags');

/** Where the manifest of a run is kept, relative to the project. */
export function manifestPath(runId: string): string {
  return path.join(manifestFolder, `${runId}.json`);
}

export interface NamedManifest {
  readonly manifest: Manifest;
  /** As a person in the current directory would type it. */
  readonly path: string;
  /** Of the file's bytes. */
  readonly digest: string;
}

/**
 * A manifest by name: `latest`, `previous` (the run before the latest), a tag, a run id or a unique beginning of
 * one, a path, or a git revision.
 * @throws {ReproError} `no-manifest` (usage) with the runs there are.
 */
export async function loadManifest(options: ManifestOptions, name: string): Promise<NamedManifest> {
  const { readManifest } = await import('../manifest/manifest.ts');
  const root = projectRoot(options);
  const found = name.startsWith('git:') ? null : await locate(root, name);
  const text = found && (await readFile(found, 'utf8').catch(() => null));
  if (found !== null && text !== null) {
    const shown = path.relative(process.cwd(), found);
    return { manifest: readManifest(text, shown), path: shown, digest: digestBytes(text) };
  }
  const { manifestAtRevision } = await import('./revision.ts');
  const revision =
    name === 'latest' ? null : await manifestAtRevision(root, name, options.profile, path.join(root, manifestFolder));
  if (revision !== null) {
    return {
      manifest: readManifest(revision.text, revision.shown),
      path: revision.shown,
      digest: digestBytes(revision.text),
    };
  }
  throw new ReproError('no-manifest', `There is no manifest "${name}"`, {
    exit: exitCode.usage,
    hint:
      name === 'latest'
        ? 'run the pipeline first: repro run'
        : 'give a path, a run id such as those in .repro/manifests, "latest", "previous", a tag or a git revision',
  });
}

/** The run that a tag names; null where there is no such tag. */
async function readTag(root: string, name: string): Promise<string | null> {
  if (!/^[a-z][a-z0-9._-]*$/.test(name)) return null;
  const text = await readFile(path.join(root, tagFolder, `${name}.json`), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as { run: string }).run;
}

/** The run whose manifest is published; null where there is none. */
async function latestRun(root: string): Promise<string | null> {
  const text = await readFile(path.join(root, latestManifest), 'utf8').catch(() => null);
  const { readManifest } = await import('../manifest/manifest.ts');
  return text === null ? null : readManifest(text, latestManifest).run.id;
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
  const matches = /^[0-9A-Za-z-]+$/.test(name) ? runs.filter((run) => run.startsWith(name)) : [];
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
