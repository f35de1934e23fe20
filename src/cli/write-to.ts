// Where a verb writes what it made. Both return the path as a person in the current directory would type it.
import path from 'node:path';
import { writeBeside, writeInProject } from '../store/atomic-write.ts';
import { nodeFileSystem } from '../store/file-system.ts';

/** To a path that somebody named, whatever it is. */
export function writeNamed(named: string, content: string | Uint8Array): string {
  const target = path.resolve(named);
  writeBeside(nodeFileSystem, target, content);
  return path.relative(process.cwd(), target);
}

/** To a verb's own place in the project, which nobody named: never through a link. */
export function writeUsual(root: string, inProject: string, content: string | Uint8Array): string {
  return path.relative(process.cwd(), writeInProject(nodeFileSystem, root, inProject, content));
}
