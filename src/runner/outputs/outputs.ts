// What a stage left in its directory: every declared output, nothing else, and nothing that points elsewhere.
import { join } from 'node:path';
import type { CellPlan } from '../../pipeline/plan.ts';
import { ReproError } from '../../error.ts';
import type { Artifact, StageRecord } from '../../schema/types.ts';
import { parseDigest } from '../../store/digest.ts';
import type { FileSystem } from '../../store/file-system.ts';
import type { Store } from '../../store/store.ts';

/** Names in a stage's directory that are the runner's or the stage's own business. */
const ownNames = ['stage.json', 'scratch', 'tmp'];

/**
 * Checks a stage's directory against its declaration. Throws a `ReproError`: `missing-output`, `bad-output` (a link, or
 * a file where a directory was declared), or `unexpected-output` (a file nobody declared, lost when the stage ends).
 */
export function checkOutputs(fs: FileSystem, directory: string, cell: CellPlan): void {
  const declared = [...Object.values(cell.outputs), ...(cell.numbers === null ? [] : [cell.numbers])];
  for (const path of declared) checkOutput(fs, directory, path);
  const unexpected: string[] = [];
  const visit = (prefix: string): void => {
    for (const entry of fs.readdirSync(join(directory, prefix), { withFileTypes: true })) {
      const path = `${prefix}${entry.name}`;
      if (prefix === '' && ownNames.includes(path)) continue;
      if (declared.includes(path) || declared.includes(`${path}/`)) continue;
      if (entry.isDirectory()) visit(`${path}/`);
      else unexpected.push(path);
    }
  };
  visit('');
  if (unexpected.length === 0) return;
  const names = unexpected.sort().slice(0, 5).join('", "');
  const rest = unexpected.length > 5 ? ` and ${unexpected.length - 5} more` : '';
  throw new ReproError('unexpected-output', `Left "${names}"${rest} in its directory, which it does not declare`, {
    hint: 'Declare what is a result as an output; write what is not below scratch/ or tmp/',
  });
}

function checkOutput(fs: FileSystem, directory: string, path: string): void {
  // Every part of the path: `out/result.txt` escapes as well when `out` is a link.
  const parts = path.replace(/\/$/, '').split('/');
  for (let i = 1; i <= parts.length; i++) {
    const partial = parts.slice(0, i).join('/');
    const stat = fs.lstatSync(join(directory, partial), { throwIfNoEntry: false });
    if (stat === undefined) throw new ReproError('missing-output', `Did not write its output "${path}"`);
    if (stat.isSymbolicLink()) {
      const message = `Its output "${path}" is a symbolic link`;
      throw new ReproError('bad-output', message, { hint: 'Write the bytes themselves: a link can change later' });
    }
    const mustBeDirectory = i < parts.length || path.endsWith('/');
    if (mustBeDirectory ? !stat.isDirectory() : !stat.isFile()) {
      throw new ReproError('bad-output', `Its output "${partial}" is not a ${mustBeDirectory ? 'directory' : 'file'}`);
    }
  }
}

/** Puts checked outputs into the store. */
export async function storeOutputs(store: Store, directory: string, cell: CellPlan): Promise<Record<string, Artifact>> {
  const outputs: Record<string, Artifact> = {};
  for (const [name, path] of Object.entries(cell.outputs)) {
    const isDirectory = path.endsWith('/');
    const from = join(directory, path);
    if (isDirectory) outputs[name] = { path, kind: 'directory', ...(await store.objects.putDirectory(from)) };
    else {
      const executable = (store.fileSystem.statSync(from).mode & 0o111) !== 0;
      outputs[name] = { path, kind: 'file', ...(await store.objects.putFile(from)), ...(executable && { executable }) };
    }
  }
  return outputs;
}

/** Whether everything a record names can still be had; damaged objects are set aside on the way. */
export async function hasOutputs({ objects }: Store, record: StageRecord): Promise<boolean> {
  for (const { digest, kind } of Object.values(record.outputs)) {
    if (!(await objects.verify(parseDigest(digest), kind))) return false;
  }
  return true;
}
