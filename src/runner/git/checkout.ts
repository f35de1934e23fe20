// How a checkout differs from its commit. Git says which files differ; what they hold is read here, so that links, other
// repositories inside and names of any bytes are told apart by what they are.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../../store/canonical-json.ts';
import { digestBytes, wholeFileBytes } from '../../store/digest.ts';
import { askGit, filterSettings, repositoryAt, type Repository } from './ask.ts';

/** A path below the top, byte by byte as in Latin-1, and what is there. */
type Change = readonly [path: string, ...what: (string | boolean | null)[]];

export interface Checkout {
  /** Null before the first commit. */
  readonly commit: string | null;
  /** Sorted by path; empty when nothing differs. */
  readonly changes: readonly Change[];
  /** What could not be found out, as sentences. */
  readonly unknown: readonly string[];
}

/** Deeper than anybody nests repositories. */
const deepest = 16;

const statusWords = [
  'status',
  '--porcelain=v2',
  '--branch',
  '--no-ahead-behind',
  '--untracked-files=all',
  // What differs inside a submodule is read by us: git would ask it under its own configuration.
  '--ignore-submodules=dirty',
  '--no-renames',
  '-z',
];

/**
 * @param isPublished Of a path below the top, byte by byte as in Latin-1: whether runs write it, so that it is no change of ours
 * @throws {Error} where git cannot tell
 */
export async function readCheckout(
  repository: Repository,
  isPublished: (path: string) => boolean = () => false,
  depth = 0,
): Promise<Checkout> {
  if (depth > deepest) throw new Error('repositories are nested too deep');
  const { settings, off } = await filterSettings(repository);
  const [status, index] = await Promise.all([
    askGit(repository, statusWords, { settings }).then(parseStatus),
    askGit(repository, ['ls-files', '--stage', '-v', '-z']).then(parseIndex),
  ]);
  const reader = new Reader(repository.top, depth);
  const isOurs = (name: string): boolean => !isPublished(name);
  for (const name of [...status.absent].filter(isOurs)) reader.add([name, 'absent']);
  for (const name of [...status.present].filter(isOurs)) reader.add(await reader.describe(name));
  for (const entry of index.filter(({ name }) => isOurs(name))) await addHidden(reader, entry, status.present);
  const changes = reader.sorted();
  const unrun = off.length > 0 && changes.length > 0;
  const filters = `Filters that the checkout's own configuration names were not run (${off.join(', ')}): files under them may count as changed`;
  return { commit: status.commit, changes, unknown: [...reader.unknown, ...(unrun ? [filters] : [])] };
}

/** What git's status does not say: what differs inside a submodule, and in a file that it was told to take as unchanged. */
async function addHidden(reader: Reader, entry: IndexEntry, told: ReadonlySet<string>): Promise<void> {
  if (told.has(entry.name)) return;
  if (entry.mode === '160000') {
    const change = await reader.describe(entry.name);
    // Not checked out, or as recorded.
    if (change[1] === 'repository' && (change[2] !== entry.object || change[3] !== null)) reader.add(change);
    else if (change[1] === 'unreadable') reader.add(change);
  } else if (entry.isAssumed && reader.objectId(entry) !== entry.object) reader.add(await reader.describe(entry.name));
}

interface IndexEntry {
  readonly name: string;
  readonly mode: string;
  readonly object: string;
  /** Marked as unchanged or as not checked out, whatever lies there. */
  readonly isAssumed: boolean;
}

/** Gathers what lies at paths below the top of a checkout. */
class Reader {
  readonly unknown: string[] = [];
  readonly #top: string;
  readonly #depth: number;
  readonly #changes = new Map<string, Change>();

  constructor(top: string, depth: number) {
    this.#top = top;
    this.#depth = depth;
  }

  add(change: Change): void {
    this.#changes.set(JSON.stringify(change), change);
  }

  sorted(): Change[] {
    return [...this.#changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
  }

  async describe(name: string): Promise<Change> {
    const file = this.#file(name);
    try {
      const status = fs.lstatSync(file);
      if (status.isSymbolicLink()) return [name, 'link', fs.readlinkSync(file, 'buffer').toString('latin1')];
      if (status.isFile()) return [name, 'file', (status.mode & 0o100) !== 0, await hashPlain(file, status.size)];
      return status.isDirectory() ? await this.#describeDirectory(name) : [name, 'special'];
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return [name, 'absent'];
      this.#unread(name, code ?? (error as Error).message);
      return [name, 'unreadable'];
    }
  }

  /** The name that git gives the bytes of an entry's file as they are; null where there is none. */
  objectId({ name, object, mode }: IndexEntry): string | null {
    const file = this.#file(name);
    try {
      const status = fs.lstatSync(file);
      const isLink = status.isSymbolicLink();
      if (isLink !== (mode === '120000') || (!isLink && !status.isFile())) return null;
      const bytes = isLink ? fs.readlinkSync(file, 'buffer') : fs.readFileSync(file);
      const hash = createHash(object.length === 64 ? 'sha256' : 'sha1');
      return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    } catch (error) {
      // A sparse checkout: not there, as the index says.
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? object : null;
    }
  }

  /** A repository of its own, by its commit and its own difference. */
  async #describeDirectory(name: string): Promise<Change> {
    const repository = repositoryAt(path.join(this.#top, Buffer.from(name, 'latin1').toString('utf8')));
    if (repository === null) return [name, 'directory'];
    const { commit, changes, unknown } = await readCheckout(repository, () => false, this.#depth + 1);
    this.unknown.push(...unknown);
    return [name, 'repository', commit, changes.length === 0 ? null : digestBytes(canonicalJson(changes))];
  }

  #unread(name: string, why: string): void {
    const shown = Buffer.from(name, 'latin1').toString('utf8');
    this.unknown.push(`What differs from the commit at "${shown}" could not be read: ${why}`);
  }

  #file(name: string): Buffer {
    return Buffer.concat([Buffer.from(`${this.#top}/`), Buffer.from(name, 'latin1')]);
  }
}

async function hashPlain(file: Buffer, sizeBytes: number): Promise<string> {
  if (sizeBytes <= wholeFileBytes) return digestBytes(fs.readFileSync(file));
  const hash = createHash('sha256');
  for await (const bytes of fs.createReadStream(file)) hash.update(bytes as Buffer);
  return `sha256:${hash.digest('hex')}`;
}

interface Status {
  readonly commit: string | null;
  readonly present: ReadonlySet<string>;
  readonly absent: ReadonlySet<string>;
}

/** Records of `status --porcelain=v2 -z`. */
function parseStatus(printed: Buffer): Status {
  let commit: string | null = null;
  const present = new Set<string>();
  const absent = new Set<string>();
  for (const record of printed.toString('latin1').split('\0')) {
    const oid = /^# branch\.oid ([0-9a-f]+)$/.exec(record)?.[1];
    if (oid !== undefined) commit = oid;
    // `1 XY sub mH mI mW hH hI path`, and `u` with three stages.
    const changed = /^(?:1 (..) (?:\S+ ){6}|u (..) (?:\S+ ){8})(.*)$/s.exec(record);
    const untracked = /^\? (.*)$/s.exec(record)?.[1];
    if (untracked !== undefined) present.add(untracked);
    else if (changed) {
      const letters = changed[1] ?? changed[2]!;
      // Deleted from the index only: what may lie there is untracked, and told so.
      (letters[1] === 'D' || letters === 'D.' ? absent : present).add(changed[3]!);
    }
  }
  return { commit, present, absent };
}

/** Entries of `ls-files --stage -v -z` of which the status may not tell all. */
function parseIndex(printed: Buffer): IndexEntry[] {
  return printed
    .toString('latin1')
    .split('\0')
    .flatMap((record) => {
      const [, tag, mode, object, name] = /^(.) (\d+) ([0-9a-f]+) \d\t(.*)$/s.exec(record) ?? [];
      if (tag === undefined) return [];
      const isAssumed = tag === 'S' || tag !== tag.toUpperCase();
      return isAssumed || mode === '160000' ? [{ name: name!, mode: mode!, object: object!, isAssumed }] : [];
    });
}
