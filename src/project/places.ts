// Where things are in a project, whose root is the folder of its pipeline file.
import { homedir } from 'node:os';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Diagnostic } from '../pipeline/diagnostic.ts';

/** An open project, as far as what is done in it needs to know. */
export interface Place {
  /** Path of the pipeline file, as it was given. */
  readonly file: string;
  /** Its folder, absolute; every path in the file and in a manifest is relative to it. */
  readonly root: string;
  /** Is told of what is odd in a pipeline file that is valid all the same. */
  readonly onWarning: (warning: Diagnostic) => void;
}

export const pipelineFile = 'pipeline.yaml';

/** The pipeline file of the current directory or of the nearest one above it, as a path from here. */
export function nearestPipeline(): string {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const file = path.join(folder, pipelineFile);
    if (existsSync(file)) return path.relative(process.cwd(), file);
    // Not there at all: the name is as good as any for whoever complains.
    if (folder === path.dirname(folder)) return pipelineFile;
  }
}

/** A path of the project as a person in the current directory would type it. */
export function shownPath(root: string, inProject: string): string {
  return path.relative(process.cwd(), path.join(root, inProject));
}

export const latestManifest = path.join('artifacts', 'manifest.json');
export const manifestFolder = path.join('.repro', 'manifests');
export const tagFolder = path.join('.repro', 'tags');
/** The signed statements of `repro export in-toto`. */
export const attestationFile = path.join('artifacts', 'provenance.intoto.jsonl');

/** Where the manifest of a run is kept, relative to the project. */
export function manifestPath(runId: string): string {
  return path.join(manifestFolder, `${runId}.json`);
}

/** Where a project is configured, and where its user has configured all projects. Absolute. */
export function configPaths(root: string): { readonly project: string; readonly user: string } {
  const home = process.env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config');
  return { project: path.join(root, 'repro.config.yaml'), user: path.join(home, 'repro', 'config.yaml') };
}
