// What the science takes of `node:crypto`: SHA-256 without waiting for it.
import { sha256 } from '@noble/hashes/sha2.js';
import { Buffer } from 'buffer/index.js';

interface Hash {
  update(data: string | Uint8Array): Hash;
  digest(): Buffer;
  digest(encoding: 'hex'): string;
}

export function createHash(algorithm: string): Hash {
  if (algorithm !== 'sha256') throw new RangeError(`No hash "${algorithm}" in the page: sha256 is all there is`);
  const hash = sha256.create();
  const own: Hash = {
    update(data) {
      hash.update(typeof data === 'string' ? new TextEncoder().encode(data) : data);
      return own;
    },
    digest: ((encoding?: 'hex') => {
      const bytes = Buffer.from(hash.digest());
      return encoding === undefined ? bytes : bytes.toString(encoding);
    }) as Hash['digest'],
  };
  return own;
}
