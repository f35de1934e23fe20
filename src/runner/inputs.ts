// What a cell reads: the digests that enter its fingerprint, and the paths it is given.
import { basename, join, posix, resolve } from 'node:path';
import type { CellId, InputPlan, CellPlan } from '../pipeline/plan.ts';
import { ReproError } from '../error.ts';
import type { Artifact, StageAssignment, StageRecord } from '../schema/types.ts';
import { writeNewFile } from '../store/atomic-write.ts';
import { hashFile, parseDigest } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import { errnoOf } from '../store/file-system.ts';
import { listTree, treeText } from '../store/tree.ts';
import type { TreeEntry } from '../store/tree.ts';
import { joinBelow } from '../store/path-below.ts';
import type { Store } from '../store/store.ts';
import { download } from './download/download.ts';
import type { SeenFile, SeenInput } from './fingerprint.ts';
import { readExternal, sameContent } from './freeze.ts';
import type { FrozenPlan } from './freeze.ts';
import type { WorkDirectory } from './process/work-directory.ts';
import { makeParent } from './process/work-directory.ts';

export type RecordOf = (cell: CellId) => StageRecord | undefined;

/** The artifact that an edge names, or undefined while its cell has no record. */
function artifactOf(recordOf: RecordOf, cell: CellId, output: string): Artifact | undefined {
  return recordOf(cell)?.outputs[output];
}

/**
 * A cell's inputs by name as it sees them; undefined for one that depends on a cell without a record. Every file and
 * directory from outside must have been frozen.
 */
export function seenInputs(
  cell: CellPlan,
  recordOf: RecordOf,
  frozen: FrozenPlan,
): Record<string, SeenInput | undefined> {
  const seenAs = (name: string, input: InputPlan): SeenInput | undefined => {
    switch (input.kind) {
      case 'output':
        return seenArtifact(artifactOf(recordOf, input.cell, input.output));
      case 'gathered': {
        const seen = input.from.map(({ cell, output }, i) => {
          const artifact = seenArtifact(artifactOf(recordOf, cell, output));
          return artifact && input.labels ? { ...artifact, cell: { ...input.labels[i]! } } : artifact;
        });
        return seen.every((file) => file !== undefined) ? seen : undefined;
      }
      case 'file':
      case 'directory': {
        const content = frozen.external.get(input.path);
        return content && { path: seenPath(input), ...content };
      }
      case 'url':
        return { path: downloadName(name, input.url), digest: parseDigest(`sha256:${input.sha256}`) };
      case 'absent':
        return null;
    }
  };
  return Object.fromEntries(Object.entries(cell.inputs).map(([name, input]) => [name, seenAs(name, input)]));
}

/** What stages made lies in a place of its own: of its path a stage sees the last name. */
function seenArtifact(artifact: Artifact | undefined): SeenFile | undefined {
  if (artifact === undefined) return undefined;
  return {
    path: `${basename(artifact.path)}${artifact.kind === 'directory' ? '/' : ''}`,
    digest: parseDigest(artifact.digest),
    ...(artifact.executable && { executable: true }),
  };
}

/** What is read in place is seen by its path as declared. Where the project lies is another matter on every machine. */
function seenPath({ kind, path }: Extract<InputPlan, { kind: 'file' | 'directory' }>): string {
  const tidy = posix.normalize(path);
  return kind === 'directory' ? tidy.replace(/\/*$/, '/') : tidy;
}

function downloadName(name: string, url: string): string {
  const last = basename(new URL(url).pathname);
  // No file system takes a longer name.
  return last === '' || Buffer.byteLength(last) > 255 ? name : last;
}

export interface InputContext {
  readonly store: Store;
  readonly cell: CellPlan;
  readonly recordOf: RecordOf;
  readonly frozen: FrozenPlan;
  readonly work: WorkDirectory;
  readonly signal: AbortSignal;
  readonly report: (message: string) => void;
  /** All stored files are given as read-only copies: who works by hand may do with them what he likes. */
  readonly hasCopies?: boolean;
  /** Objects hashed or written in this run already. */
  readonly verified: Set<Digest>;
}

/** Up to so many bytes a copy costs less than a link, whose long path takes a block of the disk. */
const smallBytes = 16 << 10;

/**
 * Puts a cell's inputs where it can read them and returns their absolute paths. Files are links into the store, where
 * they are read-only; small files, and those that may be executed, are read-only copies. Directories are copies. Data from
 * outside stays where it lies. Each object is hashed before its first use in a run. Throws `ReproError`: `input-damaged`,
 * `input-changed`, or what a download throws.
 */
export async function provideInputs(context: InputContext): Promise<StageAssignment['inputs']> {
  const paths: StageAssignment['inputs'] = {};
  for (const [name, input] of Object.entries(context.cell.inputs)) paths[name] = await provide(context, name, input);
  return paths;
}

async function provide(context: InputContext, name: string, input: InputPlan): Promise<string | string[] | null> {
  const { store, work } = context;
  const here = joinBelow(work.inputs, name);
  switch (input.kind) {
    case 'output':
      return provideArtifact(context, here, name, artifactIn(context, input.cell, input.output));
    case 'gathered': {
      const paths: string[] = [];
      for (const [i, { cell, output }] of input.from.entries()) {
        const place = join(here, String(i));
        paths.push(await provideArtifact(context, place, name, artifactIn(context, cell, output)));
      }
      return paths;
    }
    case 'file':
    case 'directory':
      await checkExternal(context, input);
      return resolve(store.root, input.path);
    case 'url': {
      const digest = parseDigest(`sha256:${input.sha256}`);
      if (!(await store.objects.verify(digest, 'file'))) {
        context.report(`Downloading ${input.url}`);
        await download(store, input.url, digest, context.signal);
      }
      return provideArtifact(context, here, name, {
        path: downloadName(name, input.url),
        digest,
        kind: 'file',
        sizeBytes: store.fileSystem.statSync(store.objects.path(digest)).size,
      });
    }
    case 'absent':
      return null;
  }
}

function artifactIn(context: InputContext, cell: CellId, output: string): Artifact {
  const artifact = artifactOf(context.recordOf, cell, output);
  if (artifact === undefined) throw new Error(`Internal error: ${cell} has no output "${output}" yet`);
  return artifact;
}

async function provideArtifact(
  { store, verified, hasCopies = false }: InputContext,
  place: string,
  name: string,
  artifact: Artifact,
): Promise<string> {
  const { fileSystem: fs, objects } = store;
  const digest = parseDigest(artifact.digest);
  const path = join(place, basename(artifact.path));
  if (!verified.has(digest)) {
    if (!(await objects.verify(digest, artifact.kind, 'thorough'))) throw damaged(name);
    verified.add(digest);
  }
  makeParent(fs, path);
  const { kind, executable = false } = artifact;
  if (kind === 'file' && (executable || hasCopies)) {
    // The object is not executable: others may have the same bytes and not be either.
    if (!(await objects.materialise(digest, path, executable))) throw damaged(name);
    fs.chmodSync(path, executable ? 0o555 : 0o444);
    return path;
  }
  if (isSmallFile(artifact)) {
    const bytes = objects.readBytes(digest);
    if (bytes === null) throw damaged(name);
    writeNewFile(fs, path, bytes, { mode: 0o444 });
    return path;
  }
  if (kind === 'file') {
    fs.symlinkSync(objects.path(digest), path);
    return path;
  }
  fs.mkdirSync(path);
  const { files, emptyDirectories } = objects.readTree(digest) ?? { files: [], emptyDirectories: [] };
  for (const directory of emptyDirectories) fs.mkdirSync(join(path, directory), { recursive: true });
  for (const entry of files) {
    makeParent(fs, join(path, entry.path));
    if (!(await objects.materialise(entry.digest, join(path, entry.path), entry.executable))) throw damaged(name);
  }
  return path;
}

function isSmallFile({ kind, executable, sizeBytes }: Artifact): boolean {
  return kind === 'file' && executable !== true && sizeBytes <= smallBytes;
}

/** Whether a stage has a copy of a file, and no link. */
function isCopied(artifact: Artifact): boolean {
  return artifact.kind === 'file' && (artifact.executable === true || isSmallFile(artifact));
}

function damaged(name: string): ReproError {
  return new ReproError('input-damaged', `Input "${name}" is damaged or missing in the store`, {
    hint: 'Run again: the stage that makes it will be executed',
  });
}

/**
 * Checks after a stage that what it read is still what entered its fingerprint. Files from outside, objects and copies
 * of directories are known by their status. Where the status moved, their bytes decide. Throws a `ReproError`
 * `input-changed`.
 */
export async function checkInputsUnchanged(context: InputContext): Promise<void> {
  const { store, cell, recordOf, work } = context;
  for (const [name, input] of Object.entries(cell.inputs)) {
    if (input.kind === 'file' || input.kind === 'directory') await checkAfterwards(context, name, input);
    const edges = input.kind === 'output' ? [input] : input.kind === 'gathered' ? input.from : [];
    for (const [i, { cell, output }] of edges.entries()) {
      const artifact = artifactOf(recordOf, cell, output);
      if (!artifact) continue;
      const place = joinBelow(work.inputs, name);
      const path = join(input.kind === 'gathered' ? join(place, String(i)) : place, basename(artifact.path));
      const isSame =
        (await store.objects.verify(parseDigest(artifact.digest), artifact.kind)) &&
        (artifact.kind === 'file'
          ? !isCopied(artifact) || (await isSameOrGone(store, path, parseDigest(artifact.digest)))
          : await isSameTree(store, path, parseDigest(artifact.digest)));
      if (isSame) continue;
      throw new ReproError('input-changed', `The stage wrote into its input "${name}"`, {
        hint: 'Copy an input before changing it; run again to make the input anew',
      });
    }
  }
}

/** Whether a copy of a file is still what it was made as; who is done with it may delete it. */
async function isSameOrGone({ fileSystem: fs }: Store, path: string, digest: Digest): Promise<boolean> {
  try {
    const status = fs.lstatSync(path, { throwIfNoEntry: false });
    return status === undefined || (status.isFile() && (await hashFile(fs, path)).digest === digest);
  } catch (error) {
    // A file in the place of its directory, or a copy that was locked.
    if (['ENOTDIR', 'EACCES', 'ELOOP'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}

/** Whether a copy of a stored directory is still what it was made as. */
async function isSameTree(store: Store, path: string, digest: Digest): Promise<boolean> {
  const tree = store.objects.readTree(digest);
  if (tree === null) return false;
  try {
    const found = listTree(store.fileSystem, path, 'refuse');
    const files: TreeEntry[] = [];
    for (const file of found.files) {
      files.push({ ...file, digest: await store.statCache.digest(join(path, file.path)) });
    }
    return treeText({ ...found, files }) === treeText(tree);
  } catch (error) {
    // Removed, or with a link in it.
    if (error instanceof ReproError || errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** Data from outside lies where the stage can change it, and so can others. */
async function checkAfterwards(
  context: InputContext,
  name: string,
  input: Extract<InputPlan, { kind: 'file' | 'directory' }>,
): Promise<void> {
  try {
    await checkExternal(context, input);
  } catch (cause) {
    if (!(cause instanceof ReproError)) throw cause;
    const message = `The stage changed its input "${name}", or something else did while it ran: ${cause.message}`;
    throw new ReproError('input-changed', message, {
      hint: 'Its results are not kept: copy an input before changing, sorting or deleting it, and put this one back',
      cause,
    });
  }
}

async function checkExternal(
  { store, frozen }: InputContext,
  input: Extract<InputPlan, { kind: 'file' | 'directory' }>,
): Promise<void> {
  if (sameContent(await readExternal(store, input), frozen.external.get(input.path))) return;
  throw new ReproError('input-changed', `Input "${input.path}" changed during the run`, {
    hint: 'Its results are not kept; run again when the input is at rest',
  });
}
