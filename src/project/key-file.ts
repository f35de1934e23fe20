// The keys that statements are signed with, and checked against.
import { exitCode, ReproError } from '../error.ts';
import { readKey } from '../manifest/exports/dsse.ts';
import { readBounded } from './read-bounded.ts';

/** @throws {ReproError} `no-key` where there is no such file; what `readKey` says of one that is no key */
export async function readKeyFile(file: string, kind: 'private' | 'public') {
  const pem = await readBounded(file, file, 'given');
  if (pem === null) throw new ReproError('no-key', `There is no key "${file}"`, { exit: exitCode.usage });
  return readKey(pem.toString('utf8'), kind, file);
}
