// Results where people look for them: `artifacts/<stage>/<axis=value,…>/`. Copies; the store is the truth.
import { dirname, join } from 'node:path';
import type { CellId, StagePlan } from '../pipeline/plan.ts';
import type { StageRecord } from '../schema/types.ts';
import { digestBytes, parseDigest } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import { errnoOf } from '../store/file-system.ts';
import { sealJson } from '../store/sealed-json.ts';
import { isObjectWith, isSha256, isTableOf } from '../store/shape.ts';
import type { Store } from '../store/store.ts';
import { treeText } from '../store/tree.ts';
import { makeParent } from './work-directory.ts';

/** What is published at a path that ends in `/`: a directory that holds nothing. */
export const emptyDirectory = digestBytes(treeText({ files: [], emptyDirectories: [] }));

/** Digests by project path. */
type Published = Readonly<Record<string, Digest>>;

const format = 'repro.published/1';
const isContent = isObjectWith<{ readonly cells: Readonly<Record<CellId, Published>> }>({
  cells: isTableOf(isTableOf(isSha256)),
});

/** Directory of a cell's published outputs, relative to the project. */
export function publishedDirectory(plan: StagePlan): string {
  const axes = Object.entries(plan.cell).map(([axis, value]) => `${axis}=${String(value)}`);
  return ['artifacts', plan.stage, ...(axes.length === 0 ? [] : [axes.join(',')])].join('/');
}

/** Publishes, and remembers what it published: only such files, and only while unchanged, are ever removed. */
export class Publisher {
  readonly #store: Store;
  readonly #path: string;
  readonly #published: Map<CellId, Published>;
  #dirty = false;

  constructor(store: Store) {
    this.#store = store;
    this.#path = join(store.directory, 'cache', 'published.json');
    this.#published = load(store, this.#path);
  }

  /**
   * Makes a cell's directory hold its outputs, writing only what differs. False when an object turned out damaged or
   * missing: then the record cannot be used.
   */
  async publish(plan: StagePlan, record: StageRecord): Promise<boolean> {
    const { root, objects, statCache, fileSystem } = this.#store;
    const wanted = this.#filesOf(plan, record);
    if (wanted === null) return false;
    await this.#removeStale(plan, wanted);
    for (const [path, file] of wanted) {
      const target = join(root, path);
      if (path.endsWith('/')) {
        fileSystem.mkdirSync(target, { recursive: true });
        continue;
      }
      const status = fileSystem.lstatSync(target, { bigint: true, throwIfNoEntry: false });
      const isSame = status?.isFile() && (await statCache.digest(target)) === file.digest;
      if (status && isSame && ((status.mode & 0o111n) !== 0n) === file.executable) continue;
      makeParent(fileSystem, target);
      if (!(await objects.materialise(file.digest, target, file.executable))) return false;
    }
    const now = Object.fromEntries([...wanted].map(([path, { digest }]) => [path, digest]));
    if (JSON.stringify(this.#published.get(plan.id)) !== JSON.stringify(now)) {
      this.#published.set(plan.id, now);
      this.#dirty = true;
    }
    return true;
  }

  /** What is published of a cell. */
  published({ id }: StagePlan): Published {
    return this.#published.get(id) ?? {};
  }

  /** Writes what is known to be published, when it changed. */
  save(): void {
    if (!this.#dirty) return;
    const text = sealJson({ format, cells: Object.fromEntries(this.#published) });
    this.#store.files.write(this.#path, text);
    this.#dirty = false;
  }

  #filesOf(
    plan: StagePlan,
    record: StageRecord,
  ): Map<string, { readonly digest: Digest; readonly executable: boolean }> | null {
    const directory = publishedDirectory(plan);
    const files = new Map<string, { digest: Digest; executable: boolean }>();
    for (const artifact of Object.values(record.outputs)) {
      const digest = parseDigest(artifact.digest);
      const path = `${directory}/${artifact.path}`;
      if (artifact.kind === 'file') files.set(path, { digest, executable: artifact.executable === true });
      else {
        const tree = this.#store.objects.readTree(digest);
        if (tree === null) return null;
        for (const entry of tree.files) files.set(`${path}${entry.path}`, entry);
        const isEmpty = tree.files.length + tree.emptyDirectories.length === 0;
        for (const below of isEmpty ? [''] : tree.emptyDirectories) {
          files.set(`${path}${below}`, { digest: emptyDirectory, executable: false });
        }
      }
    }
    return files;
  }

  /** Removes files of earlier results that this one has not, unless somebody changed them. */
  async #removeStale(plan: StagePlan, wanted: ReadonlyMap<string, unknown>): Promise<void> {
    const { root, fileSystem, statCache } = this.#store;
    const top = join(root, publishedDirectory(plan));
    for (const [path, digest] of Object.entries(this.#published.get(plan.id) ?? {})) {
      const target = join(root, path);
      if (wanted.has(path)) continue;
      if (path.endsWith('/')) {
        this.#removeEmptied(target, top);
        continue;
      }
      if (!fileSystem.lstatSync(target, { throwIfNoEntry: false })?.isFile()) continue;
      if ((await statCache.digest(target)) !== digest) continue;
      fileSystem.rmSync(target);
      this.#removeEmptied(dirname(target), top);
    }
  }

  /** Removes a directory, and those above it, as far as they hold nothing. */
  #removeEmptied(lowest: string, top: string): void {
    for (let directory = lowest.replace(/\/$/, ''); directory.startsWith(top); directory = dirname(directory)) {
      if (!removeEmpty(this.#store, directory)) break;
    }
  }
}

function removeEmpty({ fileSystem }: Store, directory: string): boolean {
  try {
    if (fileSystem.readdirSync(directory).length > 0) return false;
    fileSystem.rmSync(directory, { recursive: true });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return true;
    throw error;
  }
}

function load({ files }: Store, path: string): Map<CellId, Published> {
  return new Map(
    Object.entries(files.readSealed(path, 'The list of what is published', format, isContent)?.cells ?? {}),
  );
}
