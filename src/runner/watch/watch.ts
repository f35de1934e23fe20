// One execution watched: the command that runs it so, and what it read without declaring it.
import { basename, isAbsolute, join } from 'node:path';
import type { CellPlan } from '../../pipeline/plan.ts';
import type { Preimage, StageRecord } from '../../schema/types.ts';
import { ReproError } from '../../error.ts';
import { declarationFor, installationOf, isReadable, linkedFrom, readableBy, shownPath } from './declared.ts';
import type { Readable, Watch, WatchedStage } from './declared.ts';
import type { StageJob } from '../process/executor.ts';
import { findProgram } from '../code/program.ts';
import { checkDenied, permissionWords } from './permissions.ts';
import { readTrace, straceWords, traceDirectory } from './strace.ts';
import type { Access } from './strace.ts';

type Watched = NonNullable<StageRecord['watched']>;

/** Paths that a record lists; a stage that walks the whole disk is described well enough by as many. */
const mostListed = 1000;
/** Paths that warnings name. */
const mostTold = 5;

/** Where every process may write: devices and what it is told of itself. */
const writableSystem = ['/dev', '/proc'];

/** The ways in which a stage can be watched: Node's permissions hold Node modules only. */
function waysFor(cell: CellPlan, { strict, trace }: Watch): Watched['by'] {
  return [
    ...(strict && cell.run.kind === 'module' ? ['permissions' as const] : []),
    ...(trace ? ['trace' as const] : []),
  ];
}

/** Whether a result was made under the watch that is asked for. */
export function wasWatched(record: StageRecord, cell: CellPlan, watch: Watch): boolean {
  return waysFor(cell, watch).every((way) => record.watched?.by.includes(way));
}

type Context = WatchedStage & { readonly preimage: Preimage };

/** The job as it is run when watched. */
export function watchJob(context: Context, job: StageJob, watch: Watch): StageJob {
  const { store, work, cell } = context;
  const ways = waysFor(cell, watch);
  let { program, words } = job;
  if (ways.includes('permissions')) {
    words = [...permissionWords(store.fileSystem, work, readable(context, watch), store.root), ...words];
  } else if (watch.strict) {
    context.report('Strict mode holds Node modules only, and this is a command: --trace watches it');
  }
  if (ways.includes('trace')) {
    const strace = findProgram('strace', store);
    if (strace === null) throw new ReproError('cannot-trace', 'Cannot trace: strace is not installed');
    store.fileSystem.mkdirSync(traceDirectory(work), { recursive: true });
    [program, words] = [strace, [...straceWords(work), program, ...words]];
    return { ...job, program, words, tracer: store.fileSystem.realpathSync(strace) };
  }
  return { ...job, program, words };
}

/** Throws a `ReproError` when a stage that was held by permissions was denied an access, whatever it made of that. */
export function checkHeld({ store, work, cell }: WatchedStage, watch: Watch): void {
  if (waysFor(cell, watch).includes('permissions')) checkDenied(work, store.root);
}

/** What a stage that has ended read and wrote beyond its declarations, reported too; undefined when it was not watched. */
export async function findUndeclared(context: Context, watch: Watch): Promise<Watched | undefined> {
  const { store, work, cell, report } = context;
  const { root } = store;
  const by = waysFor(cell, watch);
  if (!by.includes('trace')) return by.length === 0 ? undefined : { by, undeclaredReads: [], foreignWrites: [] };
  const accesses = await readTrace(work);
  if (accesses === null) {
    report('The trace of its reads is not complete, nothing is known from it');
    return undefined;
  }
  const declared = readable(context, watch);
  const own: Readable = { ...declared, system: [...declared.system, ...chosenInstallations(cell, accesses, root)] };
  const candidates = accesses.filter(({ kind, path }) => kind !== 'write' && !isReadable(own, root, path));
  const linked: Readable = { ...own, declared: candidates.length > 0 ? linkedFrom(context) : [] };
  const reads = [...new Set(candidates.map(({ path }) => path))].filter((path) => !isReadable(linked, root, path));
  const writable = [work.path, store.fileSystem.realpathSync(work.path), ...writableSystem].map((path) =>
    join(path, '/'),
  );
  const writes = accesses
    .filter(({ kind, path }) => kind === 'write' && !writable.some((tree) => path.startsWith(tree)))
    .map(({ path }) => path);
  const [undeclaredReads, foreignWrites] = [shownPaths(root, reads), shownPaths(root, writes)];
  tell(report, 'Read', undeclaredReads, (path) => declarationFor(root, path));
  tell(report, 'Wrote', foreignWrites, () => 'What lies outside its directory is no part of its result');
  const listed = (paths: readonly string[]): string[] => paths.slice(0, mostListed);
  return { by, undeclaredReads: listed(undeclaredReads), foreignWrites: listed(foreignWrites) };
}

/** As the manifest names them, those of the project first: they are likeliest to be a mistake. */
function shownPaths(root: string, paths: readonly string[]): string[] {
  const shown = [...new Set(paths.map((path) => shownPath(root, path)))].sort();
  return [...shown.filter((path) => !isAbsolute(path)), ...shown.filter((path) => isAbsolute(path))];
}

/**
 * Installations that a launcher chose. A version manager's `python3`, say, starts another program of that name. What
 * belongs to that program counts as the stage's installation, too.
 */
function chosenInstallations({ run }: CellPlan, accesses: readonly Access[], root: string): string[] {
  if (run.kind === 'module') return [];
  const name = basename(run.words[0] ?? '');
  return accesses
    .filter(({ kind, path }) => kind === 'execute' && basename(path).startsWith(name))
    .flatMap(({ path }) => installationOf(path, root));
}

function readable(context: Context, watch: Watch): Readable {
  const { packages, code } = context.preimage;
  return readableBy({ ...context, packages: Object.keys(packages), code: Object.keys(code) }, watch);
}

/** A few by name, with what to do about the first. */
function tell(
  report: (message: string) => void,
  verb: 'Read' | 'Wrote',
  paths: readonly string[],
  cure: (path: string) => string,
): void {
  for (const [index, path] of paths.slice(0, mostTold).entries()) {
    const what = verb === 'Read' ? 'undeclared: a change of it goes unnoticed' : 'outside its directory';
    report(`${verb} "${path}" ${what}${index === 0 ? `. ${cure(path)}` : ''}`);
  }
  if (paths.length > mostTold) report(`${verb} ${paths.length - mostTold} more files; the manifest lists them`);
}
