// `file:` remotes: a directory that others see too, such as a mounted share.
import { createReadStream, createWriteStream, promises as fs } from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { counting, streamOf } from './counting.ts';
import { inParallel } from './parallel.ts';
import { type Entry, type FaultKind, partMark, type Remote, RemoteFault, type Transfer } from './remote.ts';

const kinds: Readonly<Record<string, FaultKind>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EACCES: 'refused',
  EPERM: 'refused',
  EROFS: 'refused',
};

export class DirectoryRemote implements Remote {
  readonly url: string;
  readonly #root: string;

  /** @param root Absolute. */
  constructor(root: string) {
    this.#root = root;
    this.url = `file:${root}`;
  }

  async has(keys: readonly string[]): Promise<ReadonlySet<string>> {
    await this.#expectRoot();
    const there = new Set<string>();
    await inParallel(keys, async (key) => void ((await this.#isFile(key)) && there.add(key)));
    return there;
  }

  async get(key: string, file: string, mostBytes: number, { signal, onBytes }: Transfer): Promise<boolean> {
    await this.#expectRoot();
    if (!(await this.#isFile(key))) return false;
    const counted = counting(mostBytes, this.url, onBytes);
    try {
      await pipeline(createReadStream(this.#path(key)), counted, createWriteStream(file, { flags: 'wx' }), {
        signal: AbortSignal.any([signal]),
      });
      return true;
    } catch (error) {
      await fs.rm(file, { force: true });
      throw faultOf(error, this.url, file);
    }
  }

  async put(key: string, what: string | Uint8Array, { signal, onBytes }: Transfer): Promise<void> {
    const mode = await this.#expectRoot();
    const target = this.#path(key);
    const temporary = `${target}.part${partMark}${randomUUID()}`;
    try {
      await this.#makeFolder(path.dirname(target), mode);
      const counted = counting(Infinity, this.url, onBytes);
      await pipeline(streamOf(what), counted, createWriteStream(temporary, { flags: 'wx', flush: true }), {
        // A signal for each: more than ten who listen to one are taken for a leak.
        signal: AbortSignal.any([signal]),
      });
      await setMode(temporary, mode & 0o666);
      await fs.rename(temporary, target);
    } catch (error) {
      await fs.rm(temporary, { force: true }).catch(() => {});
      throw faultOf(error, this.url);
    }
  }

  async *list(folder: string, signal: AbortSignal): AsyncGenerator<Entry> {
    await this.#expectRoot();
    for (const folders = [folder]; folders.length > 0;) {
      signal.throwIfAborted();
      const current = folders.pop()!;
      for (const each of await this.#unlessAbsent([], () => fs.readdir(this.#path(current), { withFileTypes: true }))) {
        const key = `${current}${each.name}`;
        if (each.isDirectory()) folders.push(`${key}/`);
        if (!each.isFile()) continue;
        const status = await this.#unlessAbsent(null, () => fs.lstat(this.#path(key)));
        if (status) yield { key, bytes: status.size, modified: status.mtimeMs };
      }
    }
  }

  async remove(keys: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#expectRoot();
    await inParallel(keys, (key) => {
      signal.throwIfAborted();
      return this.#unlessAbsent(undefined, () => fs.unlink(this.#path(key)));
    });
  }

  async removeEmpty(folder: string): Promise<void> {
    await this.#expectRoot();
    await this.#unlessAbsent(undefined, () =>
      fs.rmdir(this.#path(folder)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      }),
    );
  }

  /** Who may write into the share may write into its folders, whatever the umask of whoever makes them. */
  async #makeFolder(folder: string, mode: number): Promise<void> {
    const first = await fs.mkdir(folder, { recursive: true });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = path.dirname(made)) await setMode(made, mode);
  }

  /** Its mode. A share that is not mounted would otherwise be an empty remote, or be made on the disk below it. */
  async #expectRoot(): Promise<number> {
    const status = await fs.stat(this.#root).catch((error: unknown) => {
      throw faultOf(error, this.url);
    });
    if (!status.isDirectory()) throw new RemoteFault('unreachable', `"${this.#root}" is no directory`);
    return status.mode & 0o3777;
  }

  /** A link may lead anywhere, a pipe gives nothing: neither is ours. */
  #isFile(key: string): Promise<boolean> {
    return this.#unlessAbsent(false, async () => (await fs.lstat(this.#path(key))).isFile());
  }

  async #unlessAbsent<T>(absent: T, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return absent;
      throw faultOf(error, this.url);
    }
  }

  #path(key: string): string {
    return path.join(this.#root, ...key.split('/'));
  }
}

/** Some shares have modes of their own for all that lies there. */
async function setMode(file: string, mode: number): Promise<void> {
  await fs.chmod(file, mode).catch(() => {});
}

/** @param ours A file on this side, whose errors are none of the remote. */
function faultOf(error: unknown, url: string, ours?: string): unknown {
  const { code, message, path: where } = error as NodeJS.ErrnoException;
  if (code === undefined || code === 'ABORT_ERR' || (ours !== undefined && where === ours)) return error;
  if (code === 'ENOENT') return new RemoteFault('unreachable', `${url} is not there: ${message}`, error);
  return new RemoteFault(kinds[code] ?? 'unreachable', `${url}: ${message}`, error);
}
