import { existsSync } from 'node:fs';
import { RcloneRemote } from '../../src/remote/rclone.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { describeRemote } from './contract.ts';

const missing = existsSync('/usr/bin/rclone') ? [] : ['rclone'];

describeRemote('rclone, in a directory', missing, () => {
  const directory = temporaryDirectory({});
  return Promise.resolve({
    remote: new RcloneRemote(`:local:${directory.path}`),
    [Symbol.asyncDispose]: () => Promise.resolve(directory[Symbol.dispose]()),
  });
});
