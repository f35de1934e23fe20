// The distributions that a Python finds in a site directory, by what pip, uv, conda and Debian note beside them, and the
// modules that belong to none. Specification: packaging.python.org, «Recording installed projects».
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Digest, digestBytes } from '../../../store/digest.ts';
import { errnoOf, orAbsent } from '../../../store/file-system.ts';
import { isObjectWith, isText, optional } from '../../../store/shape.ts';
import type { Store } from '../../../store/store.ts';

export interface Distribution {
  /** Normalised: lower case, with `-` for `_` and `.` (PEP 503). */
  readonly name: string;
  readonly version: string;
  /** Of what says which files it has, without what two installations of the same differ in. */
  readonly digest: Digest;
  /** Names of the distributions that it needs, those of its extras left out. */
  readonly requires: readonly string[];
  /** Names directly in the site directory that are its own. */
  readonly names: ReadonlySet<string>;
  /** The folder that it is installed from in place; null for a copy. */
  readonly editable: string | null;
}

export interface Site {
  readonly distributions: readonly Distribution[];
  /** Names that can be imported and are no distribution's. */
  readonly loose: readonly string[];
  /** Directories that its `.pth` files add to the path. */
  readonly added: readonly string[];
  /** Absolute paths whose status decides the answer. */
  readonly looked: readonly string[];
}

export const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** @param directory Absolute; one that is not there holds nothing. */
export function readSite(directory: string, store: Store): Site {
  const { fileSystem: fs } = store;
  const names = orAbsent(() => fs.readdirSync(directory)) ?? [];
  const looked = [directory];
  const distributions: Distribution[] = [];
  const added: string[] = [];
  for (const name of names) {
    if (/\.(dist|egg)-info$/.test(name)) {
      const found = readDistribution(directory, name, store, looked);
      if (found !== null) distributions.push(found);
    } else if (name.endsWith('.pth')) {
      looked.push(join(directory, name));
      added.push(...addedBy(readText(store, join(directory, name)) ?? '', directory));
    }
  }
  const owned = new Set(distributions.flatMap(({ names }) => [...names]));
  return { distributions, loose: names.filter((name) => !owned.has(name) && isImportable(name)), added, looked };
}

/** Lines that are paths; those that begin with `import` are code. */
function addedBy(text: string, directory: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  return lines.filter((line) => line !== '' && !/^(#|import[ \t])/.test(line)).map((line) => resolve(directory, line));
}

/** Folders are looked into when their files are hashed: those without a module have none. */
function isImportable(name: string): boolean {
  return /^[A-Za-z_]\w*(\.py|(\.[\w-]+)*\.(so|pyd))?$/.test(name) && name !== '__pycache__';
}

type Text = string | null;

function readDistribution(site: string, folder: string, store: Store, looked: string[]): Distribution | null {
  const place = join(site, folder);
  const [metadata, info, record, top, url] = (
    ['METADATA', 'PKG-INFO', 'RECORD', 'top_level.txt', 'direct_url.json'] as const
  ).map((name) => readText(store, join(place, name))) as [Text, Text, Text, Text, Text];
  // Of old, a file by itself.
  const head = metadata ?? info ?? readText(store, place);
  if (head === null) return null;
  looked.push(...(record === null ? ['METADATA', 'PKG-INFO'] : ['RECORD']).map((name) => join(place, name)));
  const { name, version, requires } = parseMetadata(head);
  if (name === undefined || version === undefined) return null;
  const owned = record === null ? (top ?? '').split(/\s+/).flatMap((each) => [each, `${each}.py`]) : ownedBy(record);
  return {
    name: normalName(name),
    version,
    digest: digestBytes(record === null ? head : comparable(record)),
    requires,
    names: new Set([folder, ...owned]),
    editable: editableFolder(url),
  };
}

/** Headers come before the first empty line. */
function parseMetadata(text: string): { name?: string; version?: string; requires: string[] } {
  const headers = text.split(/\r?\n\r?\n/, 1)[0]!.split(/\r?\n/);
  const of = (key: string): string[] =>
    headers.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2).trim());
  const requires = of('Requires-Dist')
    .filter((line) => !/;.*\bextra\b/.test(line))
    .flatMap((line) => /^[A-Za-z0-9][A-Za-z0-9._-]*/.exec(line)?.[0] ?? []);
  const [name, version] = [of('Name')[0], of('Version')[0]];
  return { ...(name && { name }), ...(version && { version }), requires: requires.map(normalName) };
}

function ownedBy(record: string): string[] {
  return record.split(/\r?\n/).flatMap((line) => /^"?([^,"/]+)/.exec(line)?.[1] ?? []);
}

/**
 * Lines of a RECORD in one order, without what differs where the same is installed: scripts, which name their interpreter by
 * path, caches, and what the installer notes of itself.
 */
function comparable(record: string): string {
  const own = /^"?(\.\.\/|[^,]*\.pyc,|[^,/]*\.dist-info\/(?!METADATA,|entry_points\.txt,|WHEEL,))/;
  const lines = record.split(/\r?\n/).filter((line) => line !== '' && !own.test(line));
  return lines.sort().join('\n');
}

const isDirectUrl = isObjectWith<{ url: string; dir_info: { editable?: unknown } | undefined }>({
  url: isText,
  dir_info: optional(isObjectWith<{ editable?: unknown }>({ editable: (_value): _value is unknown => true })),
});

/** PEP 610. */
function editableFolder(text: string | null): string | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!isDirectUrl(value) || value.dir_info?.editable !== true || !value.url.startsWith('file:')) return null;
    return fileURLToPath(value.url);
  } catch {
    return null;
  }
}

/** Files of modules at a path and below it; null where there are more than can be hashed at every look. */
export function moduleFiles(path: string, store: Store): { files: string[]; looked: string[] } | null {
  const { fileSystem: fs } = store;
  const files: string[] = [];
  const looked: string[] = [];
  const isModule = (name: string): boolean => /\.(py|pyd)$|\.so(\.[\d.]+)?$/.test(name);
  const visit = (place: string, name: string): boolean => {
    const status = orAbsent(() => fs.statSync(place));
    if (status === null) return true;
    if (!status.isDirectory()) {
      if (status.isFile() && isModule(name)) files.push(place);
      return files.length <= mostModules;
    }
    looked.push(place);
    if (looked.length > mostModules) return false;
    const entries = fs.readdirSync(place).filter((each) => !skipped.test(each));
    return entries.sort().every((each) => visit(join(place, each), each));
  };
  return visit(path, basename(path)) ? { files, looked } : null;
}

const mostModules = 5_000;
/** Folders that hold no module of a package, or another environment. */
const skipped = /^(\..*|__pycache__|node_modules|venv|env|build|dist|.*\.egg-info)$/;

function readText(store: Store, path: string): string | null {
  try {
    return orAbsent(() => store.fileSystem.readFileSync(path, 'utf8'));
  } catch (error) {
    // A folder, or a file that may not be read: it says nothing.
    if (errnoOf(error) !== null) return null;
    throw error;
  }
}
