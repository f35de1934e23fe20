// Values of environment variables may be secrets, and records are published. What stands in them is a digest under a key
// that stays in the store: whether a value changed can be told, and what it is cannot be guessed.
import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { writeNewFile } from './atomic-write.ts';
import { canonicalJson } from './canonical-json.ts';
import { errnoOf } from './file-system.ts';
import type { FileSystem } from './file-system.ts';

/** Shorter texts could be found by trying. */
const shortestGiven = 32;
const keyBytes = 32;

/** `hmac-sha256:<id of the key>:<hex>`. */
const keyedDigest = /^hmac-sha256:([0-9a-f]{16}):([0-9a-f]{64})$/;

export class EnvironmentKey {
  readonly #key: Buffer;
  readonly #id: string;

  constructor(key: Buffer) {
    this.#key = key;
    this.#id = createHash('sha256').update('repro.environment-key/1\0').update(key).digest('hex').slice(0, 16);
  }

  /** The digest of a variable's value: `hmac-sha256:<id of the key>:<hex>`. */
  digest(name: string, value: string): string {
    const hex = createHmac('sha256', this.#key)
      .update(canonicalJson([name, value]))
      .digest('hex');
    return `hmac-sha256:${this.#id}:${hex}`;
  }

  /** Whether a digest is of this key: only then can it be compared with others of it. */
  made(digest: string): boolean {
    return keyOf(digest) === this.#id;
  }
}

/** The id of the key behind a digest; null for a value in clear, as records of format 1 have it. */
export function keyOf(value: string): string | null {
  return keyedDigest.exec(value)?.[1] ?? null;
}

/**
 * The key of a store: the variable `REPRO_ENV_KEY`, which stores that share results have in common, or `env.key` in the
 * store, which is made when it is needed. Where it can neither be read nor made, one that nothing was recorded with.
 * @throws {ReproError} `bad-key` where it is not what it must be
 */
export function openEnvironmentKey(fs: FileSystem, directory: string, given: string | undefined): EnvironmentKey {
  if (given !== undefined && given !== '') {
    if (given.length < shortestGiven) {
      throw new ReproError('bad-key', `REPRO_ENV_KEY must have ${shortestGiven} characters or more`, {
        exit: exitCode.usage,
        hint: 'make one with: openssl rand -hex 32',
      });
    }
    return new EnvironmentKey(Buffer.from(given));
  }
  const path = join(directory, 'env.key');
  try {
    return new EnvironmentKey(readKey(fs, path) ?? makeKey(fs, directory, path));
  } catch (error) {
    if (error instanceof ReproError || errnoOf(error) === null) throw error;
    return new EnvironmentKey(randomBytes(keyBytes));
  }
}

function readKey(fs: FileSystem, path: string): Buffer | null {
  const status = fs.lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return null;
  const text = status.isFile() && status.size < 200 ? fs.readFileSync(path, 'utf8').trim() : '';
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw new ReproError('bad-key', `The key "${path}" is damaged`, {
    hint: 'Put it back, or delete it: stages that see environment variables are then computed again',
  });
}

/** Whoever comes second takes the key of the first. */
function makeKey(fs: FileSystem, directory: string, path: string): Buffer {
  const key = randomBytes(keyBytes);
  fs.mkdirSync(directory, { recursive: true });
  const temporary = join(directory, `env.key.${randomUUID()}`);
  writeNewFile(fs, temporary, `${key.toString('hex')}\n`, { mode: 0o600 });
  try {
    fs.linkSync(temporary, path);
    return key;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return readKey(fs, path) ?? key;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}
