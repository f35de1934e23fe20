// Where a stage works: `.repro/work/<16 hex of its fingerprint>/`. What a killed attempt left in `run/scratch` is kept,
// its processes are not.
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Digest } from '../../store/digest.ts';
import { hexOf } from '../../store/digest.ts';
import { temporaryPath, writeNewFile } from '../../store/atomic-write.ts';
import { errnoOf, makeDirectory, orAbsent, reach } from '../../store/file-system.ts';
import type { FileSystem } from '../../store/file-system.ts';
import { identifyProcess, isProcessIdentity, isProvablyDead } from '../../store/lock.ts';
import type { ProcessIdentity } from '../../store/lock.ts';
import { removeIfEmpty, removeQuietly, removeTree } from '../../store/remove.ts';
import { isNumber, isObjectWith, isText } from '../../store/shape.ts';
import type { Store } from '../../store/store.ts';
import { endDescendants } from './descendants.ts';
import type { JobHandle } from './executor.ts';
import { signalGroup } from './signal-group.ts';

export interface WorkDirectory {
  readonly path: string;
  /** The stage's own: its outputs, `scratch/`, `tmp/` and `stage.json`. */
  readonly run: string;
  readonly assignment: string;
  readonly scratch: string;
  readonly temporary: string;
  /** Links to inputs, copies of input directories. */
  readonly inputs: string;
  /** The bundle of a module. */
  readonly module: string;
  /** Copies of a command's code, by project path. */
  readonly code: string;
  readonly log: string;
  /** The metrics it printed with its progress. */
  readonly curves: string;
  /** Who is working here. */
  readonly process: string;
  /** Which job of a cluster is working here, or waiting to. */
  readonly job: string;
  /** Files of the executor. */
  readonly control: string;
  /** Says that only the record was still to be written. */
  readonly finished: string;
  /** Says that a person wants it, although its result is known. */
  readonly kept: string;
}

/** Of an execution beside the one that counts, which begins from the beginning whatever an earlier one left. */
export const repeatSuffix = '-again';

export function workDirectory(store: Store, fingerprint: Digest, suffix = ''): WorkDirectory {
  return workAt(join(store.directory, 'work', `${directoryName(fingerprint)}${suffix}`));
}

/** The files and directories of a stage's directory. */
export function workAt(path: string): WorkDirectory {
  const run = join(path, 'run');
  return {
    path,
    run,
    assignment: join(run, 'stage.json'),
    scratch: join(run, 'scratch'),
    temporary: join(run, 'tmp'),
    inputs: join(path, 'inputs'),
    module: join(path, 'stage.mjs'),
    code: join(path, 'code'),
    log: join(path, 'log.txt'),
    curves: join(path, 'curves.json'),
    process: join(path, 'process.json'),
    job: join(path, 'job.json'),
    control: join(path, 'control'),
    finished: join(path, 'finished'),
    kept: join(path, 'kept'),
  };
}

export function directoryName(fingerprint: Digest): string {
  return hexOf(fingerprint).slice(0, 16);
}

/** Leaves a directory to whoever looks into it; `gc` knows it by its mark. */
export function keepWork(fs: FileSystem, { kept }: WorkDirectory): void {
  writeNewFile(fs, kept, '');
}

export function isWorkKept(fs: FileSystem, { kept }: WorkDirectory): boolean {
  return fs.existsSync(kept);
}

/** Makes what a stage finds in a directory that holds nothing of its own. */
export function prepareEmptied(fs: FileSystem, work: WorkDirectory): void {
  for (const directory of [work.run, work.scratch, work.temporary]) fs.mkdirSync(directory);
}

/** Makes a directory as new, but for what is kept. */
export function prepareWork(
  fs: FileSystem,
  work: WorkDirectory,
  { scratch, log }: Readonly<Record<'scratch' | 'log', 'keep' | 'discard'>>,
): void {
  for (const directory of [work.path, work.run]) own(fs, directory);
  for (const name of fs.readdirSync(work.path)) {
    const at = join(work.path, name);
    // Curves go with the checkpoints that a stage goes on from.
    const isKept = name === 'run' || (log === 'keep' && at === work.log) || (scratch === 'keep' && at === work.curves);
    if (!isKept) removeTree(fs, join(work.path, name));
  }
  for (const name of fs.readdirSync(work.run)) {
    if (name === 'scratch' && scratch === 'keep') own(fs, work.scratch);
    else removeTree(fs, join(work.run, name));
  }
  for (const directory of [work.scratch, work.temporary, work.inputs]) fs.mkdirSync(directory, { recursive: true });
}

/**
 * Makes sure of a directory of our own: one that a stage locked is opened, a link or a file gives way. Throws where something
 * is mounted: what that holds is not ours to clear.
 */
function own(fs: FileSystem, path: string): void {
  const status = fs.lstatSync(path, { throwIfNoEntry: false });
  if (status && !status.isDirectory()) removeTree(fs, path);
  else if (status && removeIfEmpty(fs, path)) return void fs.mkdirSync(path);
  else if (status && (status.mode & 0o700) !== 0o700) fs.chmodSync(path, 0o700);
  fs.mkdirSync(path, { recursive: true });
}

/** To where the next run deletes what it finds: half deleted, a directory would no longer say that it can go. */
export function takeAway({ fileSystem, temporary }: Store, path: string): string {
  try {
    const aside = temporaryPath(fileSystem, temporary);
    fileSystem.renameSync(path, aside);
    return aside;
  } catch {
    return path; // A stage locked it, or it is in another file system.
  }
}

/** Parts the log of one attempt from that of the one before. */
export function noteAttempt(fs: FileSystem, work: WorkDirectory, note: string): void {
  const file = fs.openSync(work.log, 'a');
  try {
    fs.writeSync(file, `[${note}]\n`);
  } finally {
    fs.closeSync(file);
  }
}

/** Says that a stage has ended and only its record is to be written: what said who works here says so by another name. */
export function noteFinished(fs: FileSystem, { process, finished }: WorkDirectory): void {
  try {
    fs.renameSync(process, finished);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    writeNewFile(fs, finished, ''); // A job of a cluster.
  }
}

/** A process, and the directory that it works in. */
type Noted = ProcessIdentity & { readonly directory: string };
const isNoted = (value: unknown): value is Noted =>
  isProcessIdentity(value) && 'directory' in value && typeof value.directory === 'string';

/** Remembers who works here, for the case that this runner is killed and the stage is not. */
export function noteProcess(fs: FileSystem, work: WorkDirectory, pid: number): void {
  const file = fs.openSync(work.process, 'w');
  try {
    const noted: Noted = { ...identifyProcess(pid), directory: identityOf(fs, work.path) };
    fs.writeSync(file, JSON.stringify(noted));
  } finally {
    fs.closeSync(file);
  }
}

const isHandle = isObjectWith<JobHandle>({
  executor: isText,
  name: isText,
  task: isNumber,
  nonce: isText,
  logBytes: isNumber,
});
const isNotedJob = isObjectWith<{ readonly handle: JobHandle; readonly directory: string }>({
  handle: isHandle,
  directory: isText,
});

/** Remembers which job works here, on the disk: from then on the job may outlive this runner. */
export function noteJob(fs: FileSystem, work: WorkDirectory, handle: JobHandle): void {
  removeQuietly(fs, work.job);
  writeNewFile(fs, work.job, JSON.stringify({ handle, directory: work.path }), { durable: true });
}

/** The job that was noted in a directory, which must not be the copy of the one that it was noted in. */
export function notedJob(fs: FileSystem, { path, job }: WorkDirectory): JobHandle | null {
  const text = orAbsent(() => fs.readFileSync(job, 'utf8'));
  if (text === null) return null;
  try {
    const noted: unknown = JSON.parse(text);
    return isNotedJob(noted) && noted.directory === path ? noted.handle : null;
  } catch {
    return null; // Cut short, so that the job was not submitted.
  }
}

/** Since when somebody is at work in a directory (ISO 8601): a stage of the run that holds the lock, or a job; null: nobody. */
export function workingSince(store: Store, work: WorkDirectory): string | null {
  const { fileSystem } = store;
  const job = reach(fileSystem, work.job);
  const noted = job ?? reach(fileSystem, work.process);
  if (noted === null || (job === null && store.holder() === null)) return null;
  return new Date(Number(noted.mtimeMs)).toISOString();
}

/** Ends stages that outlived a runner that was killed. Only for the holder of the lock, before it starts any stage. */
export async function endLeftovers(store: Store): Promise<void> {
  const { fileSystem } = store;
  const directory = join(store.directory, 'work');
  const names = (orAbsent(() => fileSystem.readdirSync(directory)) ?? []).filter(
    // A job may run on this very machine.
    (name) => notedJob(fileSystem, workAt(join(directory, name))) === null,
  );
  for (const name of names) {
    const owner = readIdentity(fileSystem, join(directory, name));
    if (owner !== null) await endLeftover(owner);
  }
  // The runner may have been killed before it could note one, and what it notes leads one process group.
  if (names.length > 0) {
    await endDescendants({ assignments: names.map((name) => join(directory, name, 'run', 'stage.json')) });
  }
}

/**
 * Deletes directories of stages whose result is known, and of repeats: the runner was killed before it could, or a repeat
 * failed. Only for the holder of the lock, before it starts any stage.
 * @returns Names of those that are left. A stage may go on from one; who restores the result of one has no use for it.
 */
export function removeFinished(store: Store): Set<string> {
  const { fileSystem, directory, files, records } = store;
  const work = join(directory, 'work');
  const names = files.names(work);
  const finished = names.filter((name) => fileSystem.existsSync(join(work, name, 'finished')));
  const known = new Set(finished.length === 0 ? [] : records.list().map(directoryName));
  const left = new Set(names);
  for (const name of names) {
    if (!name.endsWith(repeatSuffix) && !(finished.includes(name) && known.has(name))) continue;
    const each = workAt(join(work, name));
    if (notedJob(fileSystem, each) !== null || isWorkKept(fileSystem, each)) continue;
    removeQuietly(fileSystem, takeAway(store, join(work, name)));
    left.delete(name);
  }
  return left;
}

async function endLeftover(owner: ProcessIdentity): Promise<void> {
  const here = identifyProcess(owner.pid);
  const isElsewhere = here.host !== owner.host || here.bootId !== owner.bootId || here.namespace !== owner.namespace;
  // Another process has the number now; ours and its group are gone.
  const isReused = here.startTime !== null && here.startTime !== owner.startTime;
  if (isElsewhere || isReused || owner.startTime === null) return;
  signalGroup(owner.pid, 'SIGKILL');
  await untilDead(owner);
}

async function untilDead(owner: ProcessIdentity): Promise<void> {
  for (let attempts = 0; attempts < 100 && !isProvablyDead(owner); attempts++) await delay(20);
}

/** Who was noted in a directory, which must not be the copy of the one that it was noted in. */
function readIdentity(fs: FileSystem, directory: string): ProcessIdentity | null {
  const path = join(directory, 'process.json');
  if (!fs.lstatSync(path, { throwIfNoEntry: false })?.isFile()) return null;
  try {
    const noted: unknown = JSON.parse(fs.readFileSync(path, 'utf8'));
    return isNoted(noted) && noted.directory === identityOf(fs, directory) ? noted : null;
  } catch {
    return null; // Cut short when the machine went down; then the process went with it.
  }
}

/** Tells a directory from a copy of it. */
function identityOf(fs: FileSystem, directory: string): string {
  const { dev, ino } = fs.statSync(directory, { bigint: true });
  return `${dev}.${ino}`;
}

/** Creates the directory of a path. */
export function makeParent(fs: FileSystem, path: string): void {
  makeDirectory(fs, dirname(path));
}
