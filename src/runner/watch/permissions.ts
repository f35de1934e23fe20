// Strict mode: a Node stage under Node's permission model. An access that it does not declare is denied, and the stage fails
// with the path, also where it catches the error. Native code is not held by it, so this finds mistakes and is no sandbox.
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ReproError } from '../../error.ts';
import { writeNewFile } from '../../store/atomic-write.ts';
import type { FileSystem } from '../../store/file-system.ts';
import { isObjectWith, isText } from '../../store/shape.ts';
import { declarationFor, packagesIn, shownPath, withoutProject } from './declared.ts';
import type { Readable } from './declared.ts';
import { watcherText } from './permission-watcher.ts';
import type { WorkDirectory } from '../process/work-directory.ts';

interface Denial {
  readonly permission: string;
  readonly resource: string;
  readonly message: string;
}
const isDenial = isObjectWith<Denial>({ permission: isText, resource: isText, message: isText });

const denialPath = (work: WorkDirectory): string => join(work.path, 'denied.json');
/** A note has a path in it; more is not ours. */
const longestNote = 64 * 1024;

/** Node's options that let a module read what is declared, and write into its directory only. */
export function permissionWords(fs: FileSystem, work: WorkDirectory, readable: Readable, root: string): string[] {
  const module = join(work.path, 'watch.mjs');
  writeNewFile(fs, module, watcherText(denialPath(work)));
  const known = (option: string): boolean => process.allowedNodeEnvironmentFlags.has(option);
  const reads = [...readable.declared, ...packagesIn(fs, readable), ...withoutProject(fs, readable.installed, root)];
  return [
    // Later versions of Node call it by its final name, and hold the network as well.
    known('--permission') ? '--permission' : '--experimental-permission',
    ...(known('--allow-net') ? ['--allow-net'] : []),
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    // ONNX Runtime is one. Child processes and workers would not be held by the permissions: they stay forbidden.
    '--allow-addons',
    ...allowed(fs, reads).map((path) => `--allow-fs-read=${path}`),
    ...[work.run, denialPath(work)].map((path) => `--allow-fs-write=${path}`),
    `--import=${pathToFileURL(module).href}`,
  ];
}

/**
 * Paths as Node is to be told of them. One of its faults is that it denies a directory itself, not what is in it, where
 * another path begins with the same letters: `data` beside `data2`. There all that begins so is allowed.
 */
function allowed(fs: FileSystem, paths: readonly string[]): string[] {
  const isDirectory = (path: string): boolean => fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const all = [...new Set(paths)].sort((a, b) => a.length - b.length);
  const told: string[] = [];
  for (const [index, path] of all.entries()) {
    if (told.some((each) => path.startsWith(each.endsWith('*') ? each.slice(0, -1) : `${each}/`))) continue;
    const isShared = all.slice(index + 1).some((each) => each.startsWith(path) && each[path.length] !== '/');
    told.push(isShared && isDirectory(path) ? `${path}*` : path);
  }
  return told;
}

/** Throws a `ReproError` `undeclared-read`, `undeclared-write` or `not-permitted` when a stage was denied an access. */
export function checkDenied(work: WorkDirectory, root: string): void {
  const denial = readDenial(denialPath(work));
  if (denial === null) return;
  const { permission, resource, message } = denial;
  const shown = shownPath(root, resource);
  switch (permission) {
    case 'FileSystemRead':
      throw new ReproError('undeclared-read', `Read "${shown}", which it does not declare`, {
        hint: declarationFor(root, resource),
      });
    case 'FileSystemWrite':
      throw new ReproError('undeclared-write', `Wrote "${shown}", outside its directory`, {
        hint: 'Write outputs to the paths the stage is given, and all else below scratch/ or tmp/',
      });
    case '': {
      // `fs.symlink API requires …`, `fchmod API is disabled …`
      const [, call = 'what'] = /^(\S+) API /.exec(message) ?? [];
      throw new ReproError('not-permitted', `Calls ${call}, which Node's permissions forbid: ${message}`, {
        hint: 'Do without it, or run it with --trace instead, which forbids nothing',
      });
    }
    default:
      throw new ReproError('not-permitted', `Needs ${permission}, which strict mode does not permit`, {
        hint: 'What other processes and workers read would go unseen; run it with --trace instead, which follows them',
      });
  }
}

/** The note of the first denial; null when there was none. A stage can write there too, whatever it likes. */
function readDenial(path: string): Denial | null {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return null;
  if (status.isFile() && status.size <= longestNote) {
    try {
      const note: unknown = JSON.parse(readFileSync(path, 'utf8'));
      if (isDenial(note)) return note;
    } catch {
      // Not ours.
    }
  }
  throw new ReproError('undeclared-write', 'Wrote "denied.json" beside its directory, where strict mode takes notes', {
    hint: 'Write outputs to the paths the stage is given, and all else below scratch/ or tmp/',
  });
}
