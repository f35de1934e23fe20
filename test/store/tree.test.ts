// A directory as content: what it holds and its digest say the same, empty directories included.
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestBytes } from '../../src/store/digest.ts';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import { openStore } from '../../src/store/store.ts';
import { listTree, parseTree, treeText } from '../../src/store/tree.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

/** Paths of directories and of files in them, few names so that they meet. */
const name = fc.constantFrom('a', 'b', 'é', 'A b');
const folders = fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 5 });
const trees = fc.record({ folders, files: folders });
type Sketch = typeof trees extends fc.Arbitrary<infer Value> ? Value : never;

/** Makes the directories, then the files `x` in some; says every path there is. */
function build(root: string, { folders, files }: Sketch): string[] {
  fs.mkdirSync(root, { recursive: true });
  for (const parts of folders) fs.mkdirSync(join(root, ...parts), { recursive: true });
  for (const parts of files) {
    fs.mkdirSync(join(root, ...parts), { recursive: true });
    fs.writeFileSync(join(root, ...parts, 'x'), parts.join());
  }
  return pathsBelow(root);
}

function pathsBelow(root: string): string[] {
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1) + (entry.isDirectory() ? '/' : ''))
    .sort();
}

test('two directories have one digest exactly when they hold the same', async () => {
  await fc.assert(
    fc.asyncProperty(trees, trees, async (one, other) => {
      using directory = temporaryDirectory();
      const { objects } = openStore(directory.path);
      const [a, b] = [join(directory.path, 'one'), join(directory.path, 'other')];
      const isSame = JSON.stringify(build(a, one)) === JSON.stringify(build(b, other));
      expect((await objects.putDirectory(a)).digest === (await objects.putDirectory(b)).digest).toBe(isSame);
    }),
    { numRuns: 40 },
  );
});

test('a list of a directory gives all of it back', async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (sketch) => {
      using directory = temporaryDirectory();
      const root = join(directory.path, 'one');
      const paths = build(root, sketch);
      const { objects } = openStore(directory.path);
      const { files, emptyDirectories } = objects.readTree((await objects.putDirectory(root)).digest)!;
      const all = new Set<string>([...files.map(({ path }) => path), ...emptyDirectories]);
      for (const path of [...all]) {
        for (let above = dirname(path); above !== '.'; above = dirname(above)) all.add(`${above}/`);
      }
      expect([...all].sort()).toEqual(paths);
    }),
    { numRuns: 40 },
  );
});

test('a directory without empty ones is listed as it always was', () => {
  using directory = temporaryDirectory({ 'x/a': '1' });
  const { files, emptyDirectories } = listTree(nodeFileSystem, join(directory.path, 'x'), 'refuse');
  expect(emptyDirectories).toEqual([]);
  const entries = files.map((file) => ({ ...file, digest: `sha256:${'0'.repeat(64)}` as const }));
  expect(JSON.parse(treeText({ files: entries, emptyDirectories }))).toEqual({ a: 'repro.tree/1', entries });
});

test.each(['../x/', '/x/', 'x', './', '.', 'a//b/', '..'])('a list with the directory "%s" is none', (path) => {
  expect(parseTree(JSON.stringify({ a: 'repro.tree/2', entries: [], directories: [path] }))).toBeNull();
});

const copy = `cp -R "$(sed -n 's/^ *"d": "\\(.*\\)"$/\\1/p' "$REPRO_STAGE")" out\n`;
const pipeline = `name: t
stages:
  copy: { run: [sh, copy.sh], code: [copy.sh], inputs: { d: { dir: data } }, outputs: { o: out/ } }
  list: { run: [sh, -c, 'cd ../inputs/o/out && find . -mindepth 1 > ../../../run/l.txt'], inputs: { o: copy.o }, outputs: { l: l.txt } }
`;

test('what a stage is given, what it makes and what is published and restored have the same directories', async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (sketch) => {
      await using rig = await Rig.create({ 'pipeline.yaml': pipeline, 'copy.sh': copy });
      const paths = build(join(rig.root, 'data'), sketch);
      const published = join(rig.root, 'artifacts/copy/out');
      expect((await rig.run()).statuses).toEqual(['copy computed', 'list computed']);
      const listed = rig.read('artifacts/list/l.txt').split('\n').filter(Boolean);
      expect(listed.sort()).toEqual(paths.map((path) => `./${path.replace(/\/$/, '')}`).sort());
      expect(pathsBelow(published)).toEqual(paths);
      fs.rmSync(published, { recursive: true });
      expect((await rig.run()).statuses).toEqual(['copy restored', 'list restored']);
      expect(pathsBelow(published)).toEqual(paths);
    }),
    { numRuns: 8 },
  );
});

test('an empty directory that comes or goes is another input, noticed at once, and removed where it was published', async () => {
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline, 'copy.sh': copy, 'data/cat/1': 'x' });
  expect((await rig.repro('run')).code).toBe(0);
  fs.mkdirSync(join(rig.root, 'data/bird'));
  const { stdout } = await rig.repro('run');
  expect(stdout).toMatch(/copy: started \(input d changed/);
  expect(pathsBelow(join(rig.root, 'artifacts/copy/out'))).toEqual(['bird/', 'cat/', 'cat/1']);
  expect((await rig.repro('verify')).code).toBe(0);
  expect((await rig.repro('run')).stdout).not.toMatch(/started/);
  fs.rmdirSync(join(rig.root, 'artifacts/copy/out/bird'));
  expect((await rig.repro('verify')).code).toBe(4);
  expect((await rig.repro('run')).code).toBe(0);
  expect((await rig.repro('verify')).code).toBe(0);
  fs.rmdirSync(join(rig.root, 'data/bird'));
  expect((await rig.repro('run')).code).toBe(0);
  expect(pathsBelow(join(rig.root, 'artifacts/copy/out'))).toEqual(['cat/', 'cat/1']);
});

test('an output that is an empty directory is published and verified', async () => {
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline, 'copy.sh': copy });
  fs.mkdirSync(join(rig.root, 'data'));
  expect((await rig.repro('run')).code).toBe(0);
  expect(fs.existsSync(join(rig.root, 'artifacts/copy/out'))).toBe(true);
  expect((await rig.repro('verify')).code).toBe(0);
});

test.each([
  ['a file twice', [{ path: 'a' }, { path: 'a' }], []],
  ['a file that is a directory as well', [{ path: 'a' }, { path: 'a-b' }, { path: 'a/b/c' }], []],
  ['a file that is an empty directory as well', [{ path: 'a' }], ['a/b/']],
  ['no size', [{ path: 'a', sizeBytes: undefined }], []],
  ['a size below nothing', [{ path: 'a', sizeBytes: -1 }], []],
  ['no word on whether it can be executed', [{ path: 'a', executable: 1 }], []],
])('a tree with %s is none', (_, files, directories) => {
  const digest = digestBytes('x');
  const entries = files.map((file) => ({ digest, executable: false, sizeBytes: 1, ...file }));
  expect(parseTree(JSON.stringify({ a: 'repro.tree/2', entries, directories }))).toBeNull();
});

test('a tree of neighbours is read back', () => {
  const files = ['a', 'a-b', 'ab/c', 'ab/d', 'b/a'].map((path) => ({
    path,
    digest: digestBytes('x'),
    executable: false,
    sizeBytes: 1,
  }));
  expect(parseTree(treeText({ files, emptyDirectories: ['b/b/'] }))).toEqual({ files, emptyDirectories: ['b/b/'] });
});
