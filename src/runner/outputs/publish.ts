// Results where people look for them: `artifacts/<stage>/<axis=value,…>/`. Copies; the store is the truth.
import { dirname, join } from 'node:path';
import type { CellId, CellPlan } from '../../pipeline/plan.ts';
import { parseAddress } from '../../pipeline/reference.ts';
import { ReproError } from '../../error.ts';
import type { StageRecord } from '../../schema/types.ts';
import { isLeftBeside } from '../../store/atomic-write.ts';
import { canonicalJson } from '../../store/canonical-json.ts';
import { digestBytes, hexOf, parseDigest } from '../../store/digest.ts';
import type { Digest } from '../../store/digest.ts';
import { errnoOf } from '../../store/file-system.ts';
import { pathBelow } from '../../store/path-below.ts';
import { removeIfEmpty, removeQuietly } from '../../store/remove.ts';
import { sealJson } from '../../store/sealed-json.ts';
import { isObjectWith, isSha256, isTableOf } from '../../store/shape.ts';
import type { Store } from '../../store/store.ts';
import { treeText } from '../../store/tree.ts';
import { Replaced } from './replaced.ts';

/** What is published at a path that ends in `/`: a directory that holds nothing. */
const emptyDirectory = digestBytes(treeText({ files: [], emptyDirectories: [] }));

/** Digests by project path. */
type Published = Readonly<Record<string, Digest>>;

/** By project path: the names that a directory must hold and no others, or null for one that people may add to. */
export type PublishedDirectories = ReadonlyMap<string, ReadonlySet<string> | null>;

interface Wanted {
  readonly files: Map<string, { readonly digest: Digest; readonly executable: boolean }>;
  /** Those above a file before the file's own. */
  readonly directories: Map<string, Set<string> | null>;
}

const format = 'repro.published/1';
const isContent = isObjectWith<{ readonly cells: Readonly<Record<CellId, Published>> }>({
  cells: isTableOf(isTableOf(isSha256)),
});

/** What of a cell decides where its outputs go. */
export type PublishedCell = Pick<CellPlan, 'id' | 'stage' | 'axes'>;

/** From its id alone, in which the axes stand as the pipeline has them; in a manifest they are sorted. */
export function publishedCell(id: CellId): PublishedCell | null {
  const address = parseAddress(id);
  return address === null ? null : { id, stage: address.stage, axes: address.cell };
}

/** Directory of a cell's published outputs, relative to the project. Names too long for a file system are shortened. */
export function publishedDirectory(cell: Pick<PublishedCell, 'stage' | 'axes'>): string {
  const axes = Object.entries(cell.axes).map(([axis, value]) => `${axis}=${String(value)}`);
  const names = [cell.stage, ...(axes.length === 0 ? [] : [axes.join(',')])];
  return ['artifacts', ...names.map(shortened)].join('/');
}

/** Bytes of a name, at most, in every file system in use. */
const longestName = 255;

/** A name as it is or, where that is too long, its beginning and a digest that tells it from all others. They are ASCII. */
function shortened(name: string): string {
  if (name.length <= longestName) return name;
  const end = `~${hexOf(digestBytes(name)).slice(0, 16)}`;
  return name.slice(0, longestName - end.length) + end;
}

/**
 * Publishes, and remembers what it published: only such files, and only while unchanged, are ever removed or written over.
 * Whatever else is in the way is moved aside.
 */
export class Publisher {
  readonly #store: Store;
  readonly #run: string;
  readonly #path: string;
  readonly #published: Map<CellId, Published>;
  readonly #directories = new Map<CellId, PublishedDirectories>();
  #dirty = false;

  /** @param run Id of the run that publishes. */
  constructor(store: Store, run: string) {
    this.#store = store;
    this.#run = run;
    this.#path = join(store.directory, 'cache', 'published.json');
    this.#published = load(store, this.#path);
  }

  /**
   * Makes a cell's directory hold its outputs, writing only what differs. False when an object turned out damaged or
   * missing: then the record cannot be used.
   * @param report Is told what was moved out of the way, and where it is now.
   */
  async publish(cell: PublishedCell, record: StageRecord, report: (message: string) => void): Promise<boolean> {
    const wanted = this.#wantedOf(cell, record);
    if (wanted === null) return false;
    const replaced = new Replaced(this.#store, this.#run);
    try {
      await this.#removeStale(cell, wanted);
      for (const path of wanted.directories.keys()) this.#makeDirectory(path, replaced);
      for (const [path, names] of wanted.directories) if (names !== null) this.#removeForeign(path, names, replaced);
      for (const path of wanted.files.keys()) if (!(await this.#place(cell, path, wanted, replaced))) return false;
    } finally {
      const message = replaced.message();
      if (message !== null) report(message);
    }
    this.#directories.set(cell.id, wanted.directories);
    const now = publishedOf(wanted);
    if (JSON.stringify(this.#published.get(cell.id)) !== JSON.stringify(now)) {
      this.#published.set(cell.id, now);
      this.#dirty = true;
    }
    return true;
  }

  /** Whether what was published of a cell last is another result than this one. */
  holdsOther(cell: PublishedCell, record: StageRecord): boolean {
    const known = this.#published.get(cell.id);
    const wanted = known && this.#wantedOf(cell, record);
    return wanted ? canonicalJson(known) !== canonicalJson(publishedOf(wanted)) : false;
  }

  /** What is published of a cell. */
  published({ id }: PublishedCell): Published {
    return this.#published.get(id) ?? {};
  }

  /** Cells of which something is published, by this run or an earlier one. */
  cells(): PublishedCell[] {
    return [...this.#published.keys()].flatMap((id) => publishedCell(id) ?? []);
  }

  /** Files that are published of a cell, and are as they were when that was done. */
  async unchanged(cell: PublishedCell): Promise<string[]> {
    const unchanged: string[] = [];
    for (const [path, digest] of Object.entries(this.published(cell))) {
      if (!path.endsWith('/') && (await this.#isOurs(cell, path, digest))) unchanged.push(path);
    }
    return unchanged;
  }

  /** Removes what is published of a cell, but for what somebody changed, and forgets it. */
  async retract(cell: PublishedCell): Promise<void> {
    await this.#removeStale(cell, { files: new Map(), directories: new Map() });
    for (const folder of new Set([publishedDirectory(cell), publishedDirectory({ ...cell, axes: {} })])) {
      const target = join(this.#store.root, folder);
      // Nothing of ours lies behind a link.
      if (this.#store.fileSystem.lstatSync(target, { throwIfNoEntry: false })?.isDirectory()) {
        removeIfEmpty(this.#store.fileSystem, target);
      }
    }
    this.#published.delete(cell.id);
    this.#dirty = true;
  }

  /** Directories of what this run published of a cell. */
  directories({ id }: PublishedCell): PublishedDirectories {
    return this.#directories.get(id) ?? new Map<string, null>();
  }

  /** Writes what is known to be published, when it changed. */
  save(): void {
    if (!this.#dirty) return;
    const text = sealJson({ format, cells: Object.fromEntries(this.#published) });
    this.#store.files.write(this.#path, text);
    this.#dirty = false;
  }

  #wantedOf(cell: PublishedCell, record: StageRecord): Wanted | null {
    const directory = publishedDirectory(cell);
    const wanted: Wanted = { files: new Map(), directories: new Map() };
    for (const artifact of Object.values(record.outputs)) {
      const digest = parseDigest(artifact.digest);
      const path = `${directory}/${artifact.path}`;
      if (artifact.kind === 'file') {
        addAbove(wanted, path, '');
        wanted.files.set(path, { digest, executable: artifact.executable === true });
        continue;
      }
      const tree = this.#store.objects.readTree(digest);
      if (tree === null) return null;
      const top = path.replace(/\/$/, '');
      addAbove(wanted, top, '');
      wanted.directories.set(top, new Set());
      for (const entry of tree.files) {
        addAbove(wanted, `${top}/${entry.path}`, top);
        wanted.files.set(`${top}/${entry.path}`, entry);
      }
      for (const below of tree.emptyDirectories) {
        const empty = `${top}/${below.replace(/\/$/, '')}`;
        addAbove(wanted, empty, top);
        wanted.directories.set(empty, new Set());
      }
    }
    return wanted;
  }

  /** Removes files of earlier results that this one has not, unless somebody changed them. */
  async #removeStale(cell: PublishedCell, { files, directories }: Wanted): Promise<void> {
    const { fileSystem, root } = this.#store;
    const top = publishedDirectory(cell);
    for (const [path, digest] of Object.entries(this.published(cell))) {
      const place = path.replace(/\/$/, '');
      if (files.has(path) || directories.has(place) || !(await this.#isOurs(cell, path, digest))) continue;
      if (!path.endsWith('/')) fileSystem.rmSync(join(root, path));
      this.#removeEmptied(path.endsWith('/') ? place : dirname(place), top);
    }
  }

  /** Whether what lies at a path that was published of a cell is still that: a file of these bytes, a directory. */
  async #isOurs(cell: PublishedCell, path: string, digest: Digest): Promise<boolean> {
    if (!path.startsWith(`${publishedDirectory(cell)}/`)) return false;
    const target = this.#below(path.replace(/\/$/, ''));
    const status = target === null ? undefined : this.#store.fileSystem.lstatSync(target, { throwIfNoEntry: false });
    if (target === null || status === undefined) return false;
    return path.endsWith('/') ? status.isDirectory() : status.isFile() && (await this.#digestOf(target)) === digest;
  }

  /** Removes a directory, and those above it, as far as they hold nothing. */
  #removeEmptied(lowest: string, top: string): void {
    const { fileSystem, root } = this.#store;
    for (let directory = lowest; directory.startsWith(top); directory = dirname(directory)) {
      if (!removeIfEmpty(fileSystem, join(root, directory))) break;
    }
  }

  /** Where a path that was published lies, or null where a link has come to lie on the way. */
  #below(path: string): string | null {
    const { root, fileSystem } = this.#store;
    try {
      return pathBelow(fileSystem, join(root, 'artifacts'), path.slice('artifacts/'.length), 'replaced');
    } catch (error) {
      if (error instanceof ReproError) return null;
      throw error;
    }
  }

  #makeDirectory(path: string, replaced: Replaced): void {
    const { root, fileSystem } = this.#store;
    const target = join(root, path);
    const status = fileSystem.lstatSync(target, { throwIfNoEntry: false });
    if (status?.isDirectory()) return;
    if (path === 'artifacts' && status?.isSymbolicLink()) {
      if (fileSystem.statSync(target, { throwIfNoEntry: false })?.isDirectory()) return;
      throw new ReproError('file-system', '"artifacts" is a link that leads to no directory', {
        hint: 'Mount what it leads to, or remove the link',
      });
    }
    if (status) replaced.move(path);
    fileSystem.mkdirSync(target, { recursive: true });
  }

  /** Moves what a directory output holds and its record has not: with it, it would be another output. */
  #removeForeign(path: string, names: ReadonlySet<string>, replaced: Replaced): void {
    const { root, fileSystem } = this.#store;
    for (const name of fileSystem.readdirSync(join(root, path))) {
      if (names.has(name)) continue;
      const inProject = `${path}/${name}`;
      if (isLeftBeside(name)) removeQuietly(fileSystem, join(root, inProject));
      else if (!this.#removeEmptyAt(inProject)) replaced.move(inProject);
    }
  }

  /** Makes one file what it should be. False when its object is damaged or missing. */
  async #place(cell: PublishedCell, path: string, { files }: Wanted, replaced: Replaced): Promise<boolean> {
    const { root, objects, fileSystem, statCache } = this.#store;
    const { digest, executable } = files.get(path)!;
    const target = join(root, path);
    const status = fileSystem.lstatSync(target, { throwIfNoEntry: false });
    const found = status?.isFile() ? await this.#digestOf(target) : null;
    if (status && found === digest) {
      if (((status.mode & 0o111) !== 0) === executable) return true;
      fileSystem.chmodSync(target, executable ? 0o755 : 0o644);
      const now = statCache.stat(target);
      if (now) statCache.remember(target, now, digest);
      return true;
    }
    const isOurs = found !== null && found === this.published(cell)[path];
    if (status && !isOurs && !this.#removeEmptyAt(path)) replaced.move(path);
    return objects.materialise(digest, target, executable);
  }

  #removeEmptyAt(path: string): boolean {
    const target = join(this.#store.root, path);
    const status = this.#store.fileSystem.lstatSync(target, { throwIfNoEntry: false });
    return status?.isDirectory() === true && removeIfEmpty(this.#store.fileSystem, target);
  }

  /** Null for what may not be read: it is not as we left it. */
  async #digestOf(target: string): Promise<Digest | null> {
    try {
      return await this.#store.statCache.digest(target);
    } catch (error) {
      if (errnoOf(error) === 'EACCES') return null;
      throw error;
    }
  }
}

function publishedOf({ files, directories }: Wanted): Published {
  const published: Record<string, Digest> = {};
  for (const [path, { digest }] of files) published[path] = digest;
  for (const [path, names] of directories) if (names?.size === 0) published[`${path}/`] = emptyDirectory;
  return published;
}

/** Notes the directories above a path: those from `top` on hold nothing but what is wanted. */
function addAbove({ directories }: Wanted, path: string, top: string): void {
  const parts = path.split('/');
  for (let i = 1; i < parts.length; i++) {
    const directory = parts.slice(0, i).join('/');
    const isExact = top !== '' && (directory === top || directory.startsWith(`${top}/`));
    if (!directories.has(directory)) directories.set(directory, isExact ? new Set() : null);
    if (isExact) directories.get(directory)?.add(parts[i]!);
  }
}

function load({ files }: Store, path: string): Map<CellId, Published> {
  return new Map(
    Object.entries(files.readSealed(path, 'The list of what is published', format, isContent)?.cells ?? {}),
  );
}
