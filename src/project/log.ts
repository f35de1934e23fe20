// What a stage printed: kept with its result, or lying where the stage works or failed.
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { formatCellId, matchesCell, parseAddress } from '../pipeline/reference.ts';
import { closeNames } from '../pipeline/suggest.ts';
import type { Manifest, StageAssignment } from '../schema/types.ts';
import { validate_stage } from '../schema/validators.js';
import { parseDigest } from '../store/digest.ts';
import { workAt, workingSince } from '../runner/process/work-directory.ts';
import { reach } from '../store/file-system.ts';
import { openStore, type Store } from '../store/store.ts';
import { loadManifest } from './named-manifest.ts';

export type StageLog =
  /** Of a result. */
  | { readonly kind: 'kept'; readonly run: string; readonly bytes: Buffer }
  /** Of an execution that has no result: it goes on, or it failed or was killed. */
  | {
      readonly kind: 'working';
      /** Absolute path of the file that it is written to. */
      readonly file: string;
      /** Milliseconds since 1970 at which it was last written. */
      readonly written: number;
      /** Whether more may be written to it. */
      readonly isRunning: () => boolean;
    };

/**
 * The log of a cell: of what it does now or did last; of a run that is named, that of its result.
 * @throws {ReproError} `no-log` (usage), `missing-object`
 */
export async function stageLog(root: string, id: string, name?: string): Promise<StageLog> {
  const store = openStore(root);
  const working = name === undefined ? workingLogs(store) : new Map<string, Working>();
  const manifest = await manifestOr(root, name, working.size > 0);
  const here = working.get(comparable(id));
  const record = manifest?.stages.find((stage) => stage.id === id)?.record;
  if (here && (record === undefined || here.written > Date.parse(record.finishedAt)))
    return { kind: 'working', ...here, isRunning: () => isRunning(store, here.file) };
  if (record === undefined)
    throw noLog(
      id,
      manifest,
      [...working.values()].map((each) => each.id),
    );
  const bytes = store.objects.readBytes(parseDigest(record.log));
  if (bytes === null) throw new ReproError('missing-object', `The log of "${id}" is no longer in the store`);
  return { kind: 'kept', run: record.run, bytes };
}

async function manifestOr(root: string, name: string | undefined, mayBeAbsent: boolean): Promise<Manifest | null> {
  try {
    return (await loadManifest(root, name ?? 'latest')).manifest;
  } catch (error) {
    if (mayBeAbsent && error instanceof ReproError && error.code === 'no-manifest') return null;
    throw error;
  }
}

interface Working {
  readonly id: string;
  readonly file: string;
  readonly written: number;
}

/** Logs of executions without a result, by cell, the latest of each. */
function workingLogs(store: Store): Map<string, Working> {
  const found = new Map<string, Working>();
  const folder = path.join(store.directory, 'work');
  for (const name of store.files.names(folder)) {
    const assignment = readAssignment(store, path.join(folder, name, 'run', 'stage.json'));
    const file = path.join(folder, name, 'log.txt');
    const status = assignment && reach(store.fileSystem, file);
    if (!assignment || !status?.isFile()) continue;
    const id = formatCellId(assignment.stage, assignment.cell);
    const written = Number(status.mtimeMs);
    const known = found.get(comparable(id));
    if (known === undefined || written > known.written) found.set(comparable(id), { id, file, written });
  }
  return found;
}

/** Axes of an assignment are in another order than those of the pipeline file. */
function comparable(id: string): string {
  const address = parseAddress(id);
  if (address === null) return id;
  const axes = Object.entries(address.cell).sort(([a], [b]) => (a < b ? -1 : 1));
  return formatCellId(address.stage, Object.fromEntries(axes));
}

function isRunning(store: Store, log: string): boolean {
  return workingSince(store, workAt(path.dirname(log))) !== null;
}

function readAssignment({ fileSystem: fs }: Store, file: string): StageAssignment | null {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return validate_stage(value) ? (value as unknown as StageAssignment) : null;
  } catch {
    return null; // It is being made, or was changed by the stage.
  }
}

function noLog(id: string, manifest: Manifest | null, working: readonly string[]): ReproError {
  const inRun = manifest?.stages.map((stage) => stage.id) ?? [];
  const spelled = new Set(inRun.map(comparable));
  const known = [...inRun, ...working.filter((each) => !spelled.has(comparable(each)))];
  const stageOf = (cell: string): string => parseAddress(cell)?.stage ?? cell;
  const among = known.filter((each) => each !== id && stageOf(each) === stageOf(id));
  const asked = parseAddress(id) ?? { cell: {} };
  const cells = among.filter((each) => matchesCell(asked, parseAddress(each)?.cell ?? {}));
  const message =
    cells.length > 0 ? `A log is of one cell, and "${id}" has ${cells.length}` : `There is no log of "${id}"`;
  return new ReproError('no-log', message, { exit: exitCode.usage, hint: hint() });

  function hint(): string {
    if (cells.length > 0) return `name one of its cells, such as ${cells.slice(0, 3).join(', ')}`;
    if (known.includes(id)) return 'it has not begun: what it needs failed, or the run was stopped';
    const close = closeNames(id, [...known, ...known.map(stageOf)]);
    if (close.length > 0) return `did you mean ${close.join(', ')}?`;
    if (among.length > 0)
      return `cells of that stage are ${among.slice(0, 3).join(', ')}${among.length > 3 ? ', …' : ''}`;
    return 'repro status names the stages';
  }
}
