// Files outside the store: what a killed process left beside them goes, and what is no file is not replaced by one.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeAtomically, writeBeside } from '../../src/store/atomic-write.ts';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import type { FileSystem } from '../../src/store/file-system.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const temporaryName = (pid: number): string => `.repro-tmp-${pid}-01234567-89ab-cdef-0123-456789abcdef`;

test('writeBeside() removes what processes left that have ended, and nothing of those that live', () => {
  const { pid: ended } = spawnSync('true');
  const names = [temporaryName(ended), temporaryName(process.pid), '.repro-tmp-notes'];
  using directory = temporaryDirectory(Object.fromEntries(names.map((name) => [name, 'half'])));
  writeBeside(nodeFileSystem, join(directory.path, 'report.html'), 'whole');
  expect(fs.readdirSync(directory.path).sort()).toEqual([...names.slice(1), 'report.html'].sort());
  expect(fs.readFileSync(join(directory.path, 'report.html'), 'utf8')).toBe('whole');
});

test('writeBeside() writes to a pipe or a device, and does not put a file in its place', () => {
  using directory = temporaryDirectory();
  const link = join(directory.path, 'nowhere');
  fs.symlinkSync('/dev/null', link);
  writeBeside(nodeFileSystem, link, 'text');
  expect(fs.readlinkSync(link)).toBe('/dev/null');
  expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('writeBeside() leaves a link, and replaces the file that it leads to', () => {
  using directory = temporaryDirectory({ 'there/page.html': 'old' });
  const link = join(directory.path, 'page.html');
  fs.symlinkSync('there/page.html', link);
  writeBeside(nodeFileSystem, link, 'new');
  expect(fs.readlinkSync(link)).toBe('there/page.html');
  expect(fs.readdirSync(join(directory.path, 'there'))).toEqual(['page.html']);
  expect(fs.readFileSync(join(directory.path, 'there/page.html'), 'utf8')).toBe('new');
});

test('a durable file is on the disk before its name, and new directories above it after', () => {
  using directory = temporaryDirectory();
  const [store, calls, paths] = [join(directory.path, '.repro'), [] as string[], new Map<number, string>()];
  const openSync = ((path: string, flags: string, mode?: number) => {
    const file = fs.openSync(path, flags, mode);
    paths.set(file, path.startsWith(join(store, 'tmp')) ? 'temporary file' : path);
    return file;
  }) as FileSystem['openSync'];
  const fsyncSync: FileSystem['fsyncSync'] = (file) => void calls.push(paths.get(file)!);
  const renameSync: FileSystem['renameSync'] = (from, to) => {
    calls.push('rename');
    fs.renameSync(from, to);
  };
  const fileSystem = { ...nodeFileSystem, openSync, fsyncSync, renameSync };
  for (const name of ['a.json', 'b.json']) {
    const options = { temporary: join(store, 'tmp'), durable: true };
    writeAtomically(fileSystem, join(store, 'tags', name), '{}', options);
  }
  const once = ['temporary file', 'rename', join(store, 'tags')];
  expect(calls).toEqual([...once, store, directory.path, ...once]);
});

test('a temporary file that the holder of the lock swept away is written again', () => {
  using directory = temporaryDirectory();
  const temporary = join(directory.path, 'tmp');
  let sweeps = 0;
  const renameSync: FileSystem['renameSync'] = (from, to) => {
    if (sweeps++ === 0) fs.rmSync(temporary, { recursive: true });
    fs.renameSync(from, to);
  };
  writeAtomically({ ...nodeFileSystem, renameSync }, join(directory.path, 'tag.json'), '{}', { temporary });
  expect(fs.readFileSync(join(directory.path, 'tag.json'), 'utf8')).toBe('{}');
  expect(fs.readdirSync(temporary)).toEqual([]);
});
