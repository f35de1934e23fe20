// Where things are in a project: its root is the folder of the pipeline file.
import path from 'node:path';

export interface ProjectOptions {
  /** Path of the pipeline file. */
  readonly file: string;
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
