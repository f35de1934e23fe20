import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestBytes, wholeFileBytes } from '../../src/store/digest.ts';
import type { Digest } from '../../src/store/digest.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { faultyFileSystem } from '../rig/faults.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

function corrupt(store: Store, digest: Digest): void {
  const path = store.objects.path(digest);
  fs.chmodSync(path, 0o644);
  fs.writeFileSync(path, 'damaged');
}

describe('Objects', () => {
  it('keeps bytes under their digest, read-only', () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const { digest, sizeBytes } = store.objects.putBytes('hello');
    expect(digest).toBe('sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
    expect(sizeBytes).toBe(5);
    const path = join(
      directory.path,
      '.repro/objects/2c/f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    );
    expect(fs.readFileSync(path, 'utf8')).toBe('hello');
    expect(fs.statSync(path).mode & 0o777).toBe(0o444);
  });

  it.each([0, 1, wholeFileBytes, wholeFileBytes + 1, 3 * wholeFileBytes + 17])(
    'puts and gives back a file of %d bytes',
    async (length) => {
      using directory = temporaryDirectory();
      const bytes = Buffer.alloc(length, 'repro');
      fs.writeFileSync(join(directory.path, 'a'), bytes);
      const { objects } = openStore(directory.path);
      const { digest, sizeBytes } = await objects.putFile(join(directory.path, 'a'));
      expect([digest, sizeBytes]).toEqual([digestBytes(bytes), length]);
      expect(await objects.materialise(digest, join(directory.path, 'b'))).toBe(true);
      expect(fs.readFileSync(join(directory.path, 'b')).equals(bytes)).toBe(true);
      expect(fs.statSync(join(directory.path, 'b')).mode & 0o777).toBe(0o644);
    },
  );

  it('names a directory by its files, their executable bits and its empty directories, whatever the order they were written in', async () => {
    using directory = temporaryDirectory({
      'x/b': '2',
      'x/a/c': '1',
      'y/a/c': '1',
      'y/b': '2',
      'z/a/c': '1',
      'z/b': '2',
    });
    const { objects } = openStore(directory.path);
    fs.mkdirSync(join(directory.path, 'y/empty'));
    fs.chmodSync(join(directory.path, 'z/b'), 0o755);
    const [x, y, z] = await Promise.all(
      ['x', 'y', 'z'].map((name) => objects.putDirectory(join(directory.path, name))),
    );
    expect(x!.sizeBytes).toBe(2);
    expect(y!.digest).not.toBe(x!.digest);
    expect(objects.readTree(y!.digest)?.emptyDirectories).toEqual(['empty/']);
    expect(z!.digest).not.toBe(x!.digest);
    expect(x!.digest).toBe('sha256:cbbe3607e6a18647d3e888e6ec3fd4722ab05b251aeb2b4798c4bf16ae65bf5f');
    expect(objects.readTree(x!.digest)?.files.map(({ path }) => path)).toEqual(['a/c', 'b']);
  });

  it('refuses links in a directory that is stored', async () => {
    using directory = temporaryDirectory({ 'x/a': '1' });
    fs.symlinkSync('a', join(directory.path, 'x/link'));
    const { objects } = openStore(directory.path);
    await expect(objects.putDirectory(join(directory.path, 'x'))).rejects.toMatchObject({ code: 'bad-file' });
  });

  it('sets a damaged object aside when it is asked for, and says so', async () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const { digest } = store.objects.putBytes('hello');
    corrupt(store, digest);
    expect(await store.objects.verify(digest, 'file')).toBe(false);
    expect(store.objects.has(digest)).toBe(false);
    expect(store.takeDamage()).toEqual([expect.stringContaining(digest)]);
    expect(store.takeDamage()).toEqual([]);
    expect(fs.readdirSync(join(directory.path, '.repro/quarantine'))).toHaveLength(1);
    store.objects.putBytes('hello');
    expect(await store.objects.verify(digest, 'file', 'thorough')).toBe(true);
  });

  it('never materialises damaged bytes, even when the status tells nothing', async () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const { digest } = store.objects.putBytes('hello');
    corrupt(store, digest);
    const path = store.objects.path(digest);
    store.statCache.remember(path, fs.statSync(path, { bigint: true }), digest);
    expect(await store.objects.verify(digest, 'file')).toBe(true);
    expect(await store.objects.materialise(digest, join(directory.path, 'out'))).toBe(false);
    expect(fs.existsSync(join(directory.path, 'out'))).toBe(false);
    expect(fs.existsSync(join(directory.path, 'out.repro-tmp'))).toBe(false);
    expect(store.objects.has(digest)).toBe(false);
    expect(store.takeDamage()).toHaveLength(1);
  });

  it('finds a directory incomplete when one of its files is damaged or missing', async () => {
    using directory = temporaryDirectory({ 'x/a': '1', 'x/b': '2' });
    const store = openStore(directory.path);
    const { digest } = await store.objects.putDirectory(join(directory.path, 'x'));
    expect(await store.objects.verify(digest, 'directory')).toBe(true);
    corrupt(store, digestBytes('2'));
    expect(await store.objects.verify(digest, 'directory')).toBe(false);
    await store.objects.putFile(join(directory.path, 'x/b'));
    expect(await store.objects.verify(digest, 'directory')).toBe(true);
    fs.rmSync(store.objects.path(digestBytes('1')), { force: true });
    expect(await store.objects.verify(digest, 'directory')).toBe(false);
  });

  it('is whole after a full disk at any call: what it has is right, and a retry succeeds', async () => {
    const big = Buffer.alloc(wholeFileBytes + 5, 'x');
    const work = async (store: Store, root: string): Promise<void> => {
      store.objects.putBytes('small');
      await store.objects.putFile(join(root, 'big'));
      await store.objects.putDirectory(join(root, 'tree'));
      await store.objects.materialise(digestBytes('small'), join(root, 'out'));
      store.save();
    };
    for (let n = 1, isFaulty = true; isFaulty; n++) {
      using directory = temporaryDirectory({ 'tree/a': '1', 'tree/b/c': '2' });
      fs.writeFileSync(join(directory.path, 'big'), big);
      const faulty = faultyFileSystem(n, 'ENOSPC');
      const attempt = async () => work(openStore(directory.path, faulty.fileSystem), directory.path);
      await attempt().catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'ENOSPC' });
      });
      isFaulty = faulty.failed() !== null;

      if (fs.existsSync(join(directory.path, 'out'))) {
        expect(fs.readFileSync(join(directory.path, 'out'), 'utf8'), faulty.failed() ?? '').toBe('small');
      }
      const store = openStore(directory.path);
      for (const name of listObjects(directory.path)) {
        expect(await store.objects.verify(name, 'file', 'thorough'), faulty.failed() ?? '').toBe(true);
      }
      await work(store, directory.path);
      expect(fs.readFileSync(join(directory.path, 'out'), 'utf8')).toBe('small');
      expect(listObjects(directory.path)).toHaveLength(5);
    }
  });

  it('behaves like a map of bytes, whatever is put, damaged, and opened again', async () => {
    const command = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), text: fc.string({ maxLength: 3 }) }),
      fc.record({ kind: fc.constant('get' as const), text: fc.string({ maxLength: 3 }) }),
      fc.record({ kind: fc.constant('damage' as const), text: fc.string({ maxLength: 3 }) }),
      fc.record({ kind: fc.constant('reopen' as const), text: fc.constant('') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
        using directory = temporaryDirectory();
        let store = openStore(directory.path);
        const sound = new Set<string>();
        for (const { kind, text } of commands) {
          const digest = digestBytes(text);
          if (kind === 'put') {
            store.objects.putBytes(text);
            sound.add(text);
          } else if (kind === 'get') {
            expect(store.objects.readBytes(digest)?.toString('utf8') ?? null).toBe(sound.has(text) ? text : null);
          } else if (kind === 'damage') {
            if (store.objects.has(digest)) corrupt(store, digest);
            sound.delete(text);
          } else {
            store.save();
            store = openStore(directory.path);
          }
        }
        for (const text of sound) expect(await store.objects.verify(digestBytes(text), 'file', 'thorough')).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

function listObjects(root: string): Digest[] {
  const directory = join(root, '.repro/objects');
  if (!fs.existsSync(directory)) return [];
  return fs
    .readdirSync(directory)
    .flatMap((first) => fs.readdirSync(join(directory, first)).map((rest): Digest => `sha256:${first}${rest}`));
}
