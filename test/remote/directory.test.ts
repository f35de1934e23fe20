import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DirectoryRemote } from '../../src/remote/directory.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { describeRemote, signal } from './contract.ts';

describeRemote('directory', [], () => {
  const directory = temporaryDirectory({});
  return Promise.resolve({
    remote: new DirectoryRemote(directory.path),
    [Symbol.asyncDispose]: () => Promise.resolve(directory[Symbol.dispose]()),
  });
});

test('a directory that is not there is not made: the share may not be mounted', async () => {
  using here = temporaryDirectory({});
  const remote = new DirectoryRemote(path.join(here.path, 'share'));
  await expect(remote.put('v1/x', Buffer.from('x'), { signal })).rejects.toMatchObject({ kind: 'unreachable' });
  expect(existsSync(path.join(here.path, 'share'))).toBe(false);
});
