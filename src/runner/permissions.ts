// Strict mode: a Node stage under Node's permission model. A read of what it does not declare throws, and the stage fails
// with the path. Native code (an addon) is not held by it, so this finds mistakes and is no sandbox.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ReproError } from '../error.ts';
import { writeNewFile } from '../store/atomic-write.ts';
import type { FileSystem } from '../store/file-system.ts';
import { declarationFor, shownPath } from './declared.ts';
import type { Readable } from './declared.ts';
import type { WorkDirectory } from './work-directory.ts';

interface Denial {
  readonly permission: string;
  readonly resource: string;
}

/** Says which access was denied when that ends the process, however deep in the causes of the error. */
const watcher = `import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
process.on('uncaughtExceptionMonitor', (error) => {
  for (let cause = error, depth = 0; cause && depth < 10; cause = cause.cause, depth++) {
    if (cause.code !== 'ERR_ACCESS_DENIED') continue;
    const { permission, resource } = cause;
    writeFileSync(DENIAL, JSON.stringify({ permission, resource: resource ? resolve(resource) : '' }));
    return;
  }
});
`;

const denialPath = (work: WorkDirectory): string => join(work.path, 'denied.json');

/** Node's options that let a module read what is declared, and write into its directory only. */
export function permissionWords(fs: FileSystem, work: WorkDirectory, readable: Readable): string[] {
  const module = join(work.path, 'watch.mjs');
  writeNewFile(fs, module, watcher.replace('DENIAL', JSON.stringify(denialPath(work))));
  const { declared, packageDirectories, system } = readable;
  const known = (option: string): boolean => process.allowedNodeEnvironmentFlags.has(option);
  return [
    // Later versions of Node call it by its final name, and hold the network as well.
    known('--permission') ? '--permission' : '--experimental-permission',
    ...(known('--allow-net') ? ['--allow-net'] : []),
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    // ONNX Runtime is one. Child processes and workers would not be held by the permissions: they stay forbidden.
    '--allow-addons',
    ...[...declared, ...packageDirectories, ...system].map((path) => `--allow-fs-read=${path}`),
    ...[work.run, denialPath(work)].map((path) => `--allow-fs-write=${path}`),
    `--import=${pathToFileURL(module).href}`,
  ];
}

/** Throws a `ReproError` `undeclared-read`, `undeclared-write` or `not-permitted` when a denied access ended the stage. */
export function checkDenied(work: WorkDirectory, root: string): void {
  if (!existsSync(denialPath(work))) return;
  const { permission, resource } = JSON.parse(readFileSync(denialPath(work), 'utf8')) as Denial;
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
    default:
      throw new ReproError('not-permitted', `Needs ${permission}, which strict mode does not permit`, {
        hint: 'What other processes and workers read would go unseen; run it with --trace instead, which follows them',
      });
  }
}
