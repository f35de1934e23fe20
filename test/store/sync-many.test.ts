// What a long stage left is on the disk before its record is, however many files it is.
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import type { FileSystem } from '../../src/store/file-system.ts';
import { openStore } from '../../src/store/store.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

it.runIf(process.platform === 'linux').each([
  ['many files: one call for their file system', 100, 0, 'asked', 'none'],
  ['many files, where there is no such program: each of them', 100, 1, 'asked', 'all'],
  ['few files: each of them', 10, 0, 'not asked', 'all'],
])('sync() of %s', async (_, count, status, asked, synced) => {
  using directory = temporaryDirectory({ 'bin/sync': `#!/bin/sh\necho "$@" > "\${0%/*}/asked"\nexit ${status}\n` });
  const at = (path: string): string => join(directory.path, path);
  chmodSync(at('bin/sync'), 0o755);
  mkdirSync(at('d'));
  for (let i = 0; i < count; i++) writeFileSync(at(`d/${i}`), String(i));
  const opened = new Map<number, string>();
  const waitedFor = new Set<string>();
  const openSync = ((path: string, ...rest: [string]) => {
    const file = nodeFileSystem.openSync(path, ...rest);
    opened.set(file, path);
    return file;
  }) as FileSystem['openSync'];
  const fsyncSync = (file: number): void => void waitedFor.add(opened.get(file)!);
  const { objects, directory: own } = openStore(directory.path, { ...nodeFileSystem, openSync, fsyncSync });
  const { digest } = await objects.putDirectory(at('d'));
  vi.stubEnv('PATH', `${at('bin')}:${process.env['PATH']}`);
  objects.sync(digest, 'directory');
  vi.unstubAllEnvs();
  const all = [digest, ...objects.readTree(digest)!.files.map((file) => file.digest)].map((each) => objects.path(each));
  expect(all.filter((path) => waitedFor.has(path))).toEqual(synced === 'all' ? all : []);
  expect(waitedFor.has(join(own, 'objects'))).toBe(synced === 'all');
  expect(existsSync(at('bin/asked'))).toBe(asked === 'asked');
  if (asked === 'asked')
    expect(nodeFileSystem.readFileSync(at('bin/asked'), 'utf8')).toBe(`-f ${join(own, 'objects')}\n`);
});
