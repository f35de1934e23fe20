// One execution watched: the command that runs it so, and what it read without declaring it.
import { join } from 'node:path';
import type { StagePlan } from '../pipeline/plan.ts';
import type { Preimage, StageRecord } from '../schema/types.ts';
import { ReproError } from '../error.ts';
import { declarationFor, isReadable, linkedFrom, readableBy, shownPath } from './declared.ts';
import type { Readable, Watch } from './declared.ts';
import type { StageJob } from './executor.ts';
import { findProgram } from './freeze.ts';
import type { InputContext } from './inputs.ts';
import { permissionWords } from './permissions.ts';
import { readTrace, straceWords, traceDirectory } from './strace.ts';

type Watched = NonNullable<StageRecord['watched']>;

/** Paths that a record lists; a stage that walks the whole disk is described well enough by as many. */
const mostListed = 1000;

/** Where every process may write: devices and what it is told of itself. */
const writableSystem = ['/dev', '/proc'];

/** The ways in which a stage can be watched: Node's permissions hold Node modules only. */
function waysFor(plan: StagePlan, { strict, trace }: Watch): Watched['by'] {
  return [
    ...(strict && plan.run.kind === 'module' ? ['permissions' as const] : []),
    ...(trace ? ['trace' as const] : []),
  ];
}

/** Whether a result was made under the watch that is asked for. */
export function wasWatched(record: StageRecord, plan: StagePlan, watch: Watch): boolean {
  return waysFor(plan, watch).every((way) => record.watched?.by.includes(way));
}

type Context = InputContext & { readonly preimage: Preimage };

/** The job as it is run when watched. */
export function watchJob(context: Context, job: StageJob, watch: Watch): StageJob {
  const { store, work, plan } = context;
  const ways = waysFor(plan, watch);
  let { program, words } = job;
  if (ways.includes('permissions')) {
    words = [...permissionWords(store.fileSystem, work, readable(context, watch)), ...words];
  } else if (watch.strict) {
    context.report('Strict mode holds Node modules only, and this is a command: --trace watches it');
  }
  if (ways.includes('trace')) {
    const strace = findProgram('strace', store);
    if (strace === null) throw new ReproError('cannot-trace', 'Cannot trace: strace is not installed');
    store.fileSystem.mkdirSync(traceDirectory(work), { recursive: true });
    [program, words] = [strace, [...straceWords(work), program, ...words]];
  }
  return { ...job, program, words };
}

/** What a stage that has ended read and wrote beyond its declarations, reported too; undefined when it was not watched. */
export async function findUndeclared(context: Context, watch: Watch): Promise<Watched | undefined> {
  const { store, work, plan, report } = context;
  const { root } = store;
  const by = waysFor(plan, watch);
  if (!by.includes('trace')) return by.length === 0 ? undefined : { by, undeclaredReads: [], foreignWrites: [] };
  const accesses = await readTrace(work);
  if (accesses === null) {
    report('The trace of its reads is not complete, nothing is known from it');
    return undefined;
  }
  const own: Readable = readable(context, watch);
  const candidates = accesses.filter(({ kind, path }) => kind === 'read' && !isReadable(own, root, path));
  const linked: Readable = { ...own, declared: candidates.length > 0 ? linkedFrom(context) : [] };
  const reads = candidates.filter(({ path }) => !isReadable(linked, root, path)).map(({ path }) => path);
  const writable = [work.path, store.fileSystem.realpathSync(work.path), ...writableSystem].map((path) =>
    join(path, '/'),
  );
  const writes = accesses
    .filter(({ kind, path }) => kind === 'write' && !writable.some((tree) => path.startsWith(tree)))
    .map(({ path }) => path);
  tell(report, root, 'Read', reads);
  tell(report, root, 'Wrote', writes);
  const shown = (paths: readonly string[]): string[] =>
    [...new Set(paths.map((path) => shownPath(root, path)))].sort().slice(0, mostListed);
  return { by, undeclaredReads: shown(reads), foreignWrites: shown(writes) };
}

function readable(context: Context, watch: Watch): Readable {
  return readableBy({ ...context, packages: Object.keys(context.preimage.packages) }, watch);
}

function tell(report: (message: string) => void, root: string, verb: 'Read' | 'Wrote', paths: readonly string[]): void {
  const named = paths
    .map((path) => ({ path, shown: shownPath(root, path) }))
    .sort((a, b) => (a.shown < b.shown ? -1 : 1));
  for (const { path, shown } of named.slice(0, 5)) {
    report(
      verb === 'Read'
        ? `Read "${shown}" undeclared: a change of it goes unnoticed. ${declarationFor(root, path)}`
        : `Wrote "${shown}", outside its directory: it is not part of the result`,
    );
  }
  if (paths.length > 5) report(`${verb} ${paths.length - 5} more files; the manifest lists them`);
}
