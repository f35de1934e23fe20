import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Closures } from '../../../src/runner/code/closure.ts';
import type { Closure } from '../../../src/runner/code/closure.ts';
import { digestBytes } from '../../../src/store/digest.ts';
import { nodeFileSystem } from '../../../src/store/file-system.ts';
import { openStore } from '../../../src/store/store.ts';
import { everyFlip, everyTruncation } from '../../rig/damage.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

/** The closure as a new process would find it, the cache being kept. */
async function closureOf(root: string, entry = 'stages/a.ts'): Promise<Omit<Closure, 'origin'>> {
  const store = openStore(root);
  const closures = new Closures(store);
  const { code, packages, importers, warnings, bundle } = await closures.of(entry);
  closures.save();
  return { code, packages, importers, warnings, bundle };
}

const files = {
  'stages/a.ts': `
    import { b } from '../lib/b.ts';
    import type { T } from '../lib/types.ts';
    import data from '../lib/data.json';
    export * from '../lib/again.ts';
    const lazy = await import('../lib/lazy.ts');
    console.log(b, data, lazy, {} as T);
  `,
  'lib/b.ts': `export const b = 1;`,
  'lib/types.ts': `export interface T {}`,
  'lib/data.json': `{"x": 1}`,
  'lib/again.ts': `export { c } from './deep/c.ts';`,
  'lib/deep/c.ts': `export const c = 2;`,
  'lib/lazy.ts': `export default 3;`,
  'lib/unused.ts': `throw new Error('never')`,
};

describe('Closures', () => {
  it('follows imports, re-exports, data and literal dynamic imports; not types, not neighbours', async () => {
    using directory = temporaryDirectory(files);
    const { code, warnings, packages } = await closureOf(directory.path);
    expect(Object.keys(code).sort()).toEqual([
      'lib/again.ts',
      'lib/b.ts',
      'lib/data.json',
      'lib/deep/c.ts',
      'lib/lazy.ts',
      'stages/a.ts',
    ]);
    expect(code['lib/b.ts']).toBe(digestBytes(files['lib/b.ts']));
    expect(warnings).toEqual([]);
    expect(packages).toEqual({});
  });

  it('knows through which imports a file is reached, on a shortest way', async () => {
    using directory = temporaryDirectory({
      ...files,
      'lib/deep/c.ts': `import '../b.ts'; import 'esbuild'; export const c = 2;`,
      'node_modules/esbuild/package.json': '{"version": "1.0.0"}',
    });
    const { importers } = await closureOf(directory.path);
    expect(importers).toEqual({
      'lib/again.ts': 'stages/a.ts',
      'lib/b.ts': 'stages/a.ts',
      'lib/data.json': 'stages/a.ts',
      'lib/deep/c.ts': 'lib/again.ts',
      'lib/lazy.ts': 'stages/a.ts',
      'npm:esbuild': 'lib/deep/c.ts',
    });
  });

  it('makes the same bundle every time, and one that does not depend on tsconfig.json', async () => {
    using directory = temporaryDirectory(files);
    const first = await closureOf(directory.path);
    fs.rmSync(join(directory.path, '.repro/cache'), { recursive: true });
    fs.writeFileSync(join(directory.path, 'tsconfig.json'), '{"compilerOptions": {"useDefineForClassFields": false}}');
    expect(await closureOf(directory.path)).toEqual(first);
  });

  it('keeps a module that only acts, although its package says that it has no side effects', async () => {
    using directory = temporaryDirectory({
      'stages/a.ts': `import '../lib/act.ts';`,
      'lib/act.ts': `globalThis.acted = true;`,
      'package.json': '{"sideEffects": false}',
    });
    const { bundle } = await closureOf(directory.path);
    expect(openStore(directory.path).objects.readBytes(bundle)?.toString()).toContain('acted = true');
  });

  it.each<[string, (root: string) => void, string[]]>([
    ['a source changes', (root) => fs.writeFileSync(join(root, 'lib/deep/c.ts'), 'export const c = 5;'), []],
    [
      'a source is replaced by one of the same size and mtime',
      (root) => {
        const path = join(root, 'lib/b.ts');
        const { atime, mtime } = fs.statSync(path);
        fs.writeFileSync(path, 'export const b = 9;');
        fs.utimesSync(path, atime, mtime);
      },
      [],
    ],
    [
      'an import is added',
      (root) => fs.appendFileSync(join(root, 'lib/b.ts'), `import './unused.ts';`),
      ['lib/unused.ts'],
    ],
  ])('is computed anew when %s', async (_name, change, added) => {
    using directory = temporaryDirectory(files);
    const first = await closureOf(directory.path);
    change(directory.path);
    const second = await closureOf(directory.path);
    expect(second.bundle).not.toBe(first.bundle);
    expect(Object.keys(second.code).filter((path) => !(path in first.code))).toEqual(added);
  });

  it('is computed anew when a new file changes what an import finds', async () => {
    using directory = temporaryDirectory({ 'stages/a.ts': `import '../lib/x';`, 'lib/x/index.ts': 'console.log(1)' });
    expect(Object.keys((await closureOf(directory.path)).code)).toContain('lib/x/index.ts');
    expect(Object.keys((await closureOf(directory.path)).code)).toContain('lib/x/index.ts');
    fs.writeFileSync(join(directory.path, 'lib/x.ts'), 'console.log(2)');
    expect(Object.keys((await closureOf(directory.path)).code).sort()).toEqual(['lib/x.ts', 'stages/a.ts']);
  });

  it('warns of what no import statement shows, with places, and not of comments', async () => {
    using directory = temporaryDirectory({
      'stages/a.ts': `
// createRequire(import.meta.url) in a comment
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
console.log(require, new Worker('x'));
`,
    });
    expect((await closureOf(directory.path)).warnings.map((text) => text.slice(0, 17))).toEqual([
      'stages/a.ts:4: im',
      'stages/a.ts:4: pa',
      'stages/a.ts:5: th',
    ]);
  });

  it('is bundled once where a source was changed in the future: waiting would not settle it', async () => {
    using directory = temporaryDirectory({ 'stages/a.ts': 'console.log(1)' });
    const path = join(directory.path, 'stages/a.ts');
    const future = Date.now() / 1000 + 3600;
    fs.utimesSync(path, future, future);
    const read: unknown[] = [];
    const readFileSync = ((...words: Parameters<typeof fs.readFileSync>) => {
      read.push(words[0]);
      return fs.readFileSync(...words);
    }) as typeof fs.readFileSync;
    const store = openStore(directory.path, { ...nodeFileSystem, readFileSync });
    expect((await new Closures(store).of('stages/a.ts')).origin).toBeNull();
    expect(read.filter((each) => each === path)).toHaveLength(1);
  });

  it('comes out the same from a cut or damaged cache', async () => {
    using directory = temporaryDirectory({ 'stages/a.ts': 'console.log(1)' });
    const closure = await closureOf(directory.path);
    const path = join(directory.path, '.repro/cache/closures.json');
    fs.utimesSync(join(directory.path, 'stages/a.ts'), 1, 1);
    await closureOf(directory.path);
    const bytes = fs.readFileSync(path);
    for (const damaged of [...everyTruncation(bytes, 61), ...everyFlip(bytes, 61)]) {
      fs.writeFileSync(path, damaged);
      expect(await closureOf(directory.path)).toEqual(closure);
    }
  });
});
