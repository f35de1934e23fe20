// `repro tag [NAME [MANIFEST]]`: names for runs, usable wherever a MANIFEST is named.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { suggestion } from '../pipeline/suggest.ts';
import { writeAtomically } from '../store/atomic-write.ts';
import { nodeFileSystem } from '../store/file-system.ts';
import { openStore } from '../store/store.ts';
import { open } from './open.ts';
import type { TagOptions } from './options.ts';
import { print, printJson } from './view/print.ts';
import { manifestPath, tagFolder } from '../project/places.ts';
import { readTags, tagNames } from '../project/tags.ts';

export async function tagVerb(options: TagOptions, name?: string, manifest?: string): Promise<ExitCode> {
  const project = open(options);
  const { root } = project;
  if (name === undefined) return listTags(root, options);
  if (options.delete) return deleteTag(root, name, options);
  // What a run id may look like, and words that mean a run already, would hide the tag or the run.
  if (!/^[a-z][a-z0-9._-]*$/.test(name) || ['latest', 'last', 'previous'].includes(name)) {
    throw new ReproError('bad-tag', `"${name}" cannot be a tag`, {
      exit: exitCode.usage,
      hint: 'a tag has lower-case letters, digits and . _ -, begins with a letter, and is not "latest", "last" or "previous"',
    });
  }
  const { manifest: found } = await project.manifest(manifest);
  const run = found.run.id;
  // Only a run that is kept can be named: a manifest from elsewhere has its path.
  if (!nodeFileSystem.existsSync(path.join(root, manifestPath(run)))) {
    throw new ReproError('no-manifest', `Run ${run} is not in .repro/manifests`, { exit: exitCode.usage });
  }
  const text = `${JSON.stringify({ run })}\n`;
  const { fileSystem, temporary } = openStore(root);
  writeAtomically(fileSystem, path.join(root, tagFolder, `${name}.json`), text, { temporary, durable: true });
  if (options.json) printJson({ tag: name, run });
  else print(`${name} is run ${run}`);
  return exitCode.ok;
}

async function listTags(root: string, options: TagOptions): Promise<ExitCode> {
  const tags = await readTags(root);
  if (options.json) printJson({ tags });
  else if (tags.length === 0) print('There are no tags; repro tag NAME names the latest run.');
  else for (const { tag, run } of tags) print(`${tag} is run ${run}`);
  return exitCode.ok;
}

async function deleteTag(root: string, name: string, options: TagOptions): Promise<ExitCode> {
  const tags = await tagNames(root);
  if (!tags.includes(name)) {
    const hint = suggestion(name, tags);
    throw new ReproError('no-tag', `There is no tag "${name}"`, {
      exit: exitCode.usage,
      ...(hint !== undefined && { hint }),
    });
  }
  rmSync(path.join(root, tagFolder, `${name}.json`));
  if (options.json) printJson({ deleted: name });
  else print(`deleted ${name}`);
  return exitCode.ok;
}
