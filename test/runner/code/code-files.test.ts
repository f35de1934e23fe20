// What a command's code is, and that nothing of it can change unnoticed.
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { findCode } from '../../../src/runner/code/code-files.ts';
import type { Executors } from '../../../src/runner/process/executor.ts';
import { isUnchanged } from '../../../src/store/file-states.ts';
import { openStore } from '../../../src/store/store.ts';
import { Rig } from '../../rig/rig.ts';

const nothing: Executors = {
  of: () => ({
    name: 'nothing',
    capacity: 'machine',
    run: (job) => {
      fs.writeFileSync(job.log, '');
      return Promise.resolve({ end: { kind: 'exited', code: 0 }, facts: {} });
    },
  }),
  named: () => null,
};

const pipeline = (code: readonly string[]): string =>
  `name: test\nstages: { s: { run: ['true'], code: ${JSON.stringify(code)} } }\n`;

/** Code as the next run would find it, each file with its bytes; what went wrong where it would find none. */
async function codeNow(rig: Rig, patterns: readonly string[]): Promise<string> {
  try {
    const { files } = await findCode(openStore(rig.root), patterns);
    return JSON.stringify(files.map((path) => [path, rig.read(path)]));
  } catch (error) {
    return String(error);
  }
}

const directories = ['src', 'src/a', 'src/b', 'src/a/b', 'src/a/b/c', 'lib', 'lib/a', 'src/.hidden', 'other'];
const names = ['x.py', 'y.txt', 'a', 'x.py.d', '.env'];
const path = fc
  .tuple(fc.constantFrom('.', ...directories), fc.constantFrom(...names))
  .map(([directory, name]) => join(directory, name));
const pattern = fc.constantFrom(
  ...['src', 'src/', 'src/*', 'src/**', '*.py', '**/*.py', '**', 'src/*/*.py', 'src/**/x.py', '{src,lib}/*.py'],
  ...['src/{a,b}/**', 'src/[ab]/*', 'src/?(a)/x.py', 'src/!(b)/*', 'lib/**/a', 'src/a', '*', '*/a', 'src/*.d', '**/b'],
);
type Edit = readonly ['write' | 'remove' | 'folder' | 'link' | 'move', string, string];
const edit: fc.Arbitrary<Edit> = fc.tuple(
  fc.constantFrom('write', 'remove', 'folder', 'link', 'move'),
  fc.oneof(path, fc.constantFrom(...directories)),
  fc.oneof(path, fc.constantFrom(...directories)),
);

/** Some cannot be done, such as moving a folder into itself: those change nothing. */
function apply(rig: Rig, [kind, first, second]: Edit): void {
  const [from, to] = [join(rig.root, first), join(rig.root, second)];
  try {
    if (kind === 'move') return fs.renameSync(from, to);
    fs.rmSync(from, { recursive: true, force: true });
    if (kind === 'remove') return;
    fs.mkdirSync(dirname(from), { recursive: true });
    if (kind === 'write') fs.writeFileSync(from, second);
    if (kind === 'folder') fs.mkdirSync(from);
    if (kind === 'link') fs.symlinkSync(to, from);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

describe('the code of a command', () => {
  it('cannot change without the status of a file that the last run noted: random trees, patterns and edits', async () => {
    let noticed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(path, { maxLength: 8 }),
        fc.array(edit, { maxLength: 3 }),
        fc.uniqueArray(pattern, { minLength: 1, maxLength: 2 }),
        fc.array(edit, { minLength: 1, maxLength: 2 }),
        async (tree, earlier, patterns, edits) => {
          await using rig = await Rig.create({ 'pipeline.yaml': pipeline(patterns), 'src/a/x.py': '1' });
          for (const each of tree) apply(rig, ['write', each, 'text']);
          for (const each of earlier) apply(rig, each);
          const { snapshot } = await rig.run({ executors: nothing });
          const before = await codeNow(rig, patterns);
          // Without code there is no result, and so no answer to be told again.
          if (before.includes('No file matches')) return;
          expect(snapshot).not.toBeNull();
          expect(isUnchanged(fs, rig.root, snapshot!)).toBe(true);
          for (const each of edits) apply(rig, each);
          if ((await codeNow(rig, patterns)) === before) return;
          noticed += 1;
          expect(isUnchanged(fs, rig.root, snapshot!)).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
    expect(noticed).toBeGreaterThan(5);
  });

  it('includes a file that is added any number of folders down', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline(['src']), 'src/a/b/x.txt': '1' });
    expect((await rig.repro('run')).code).toBe(0);
    expect((await rig.repro('run')).stdout).toContain('nothing has changed since');
    rig.write('src/a/b/y.txt', '2');
    expect((await rig.repro('run')).stdout).toContain('code src/a/b/y.txt added');
  });

  it('is the same however its paths are spelt', async () => {
    const stage = (run: string, code: string): string =>
      `name: test\nstages: { s: { run: [${run}], code: [${code}], outputs: { out: out.txt } } }\n`;
    await using rig = await Rig.create({
      'pipeline.yaml': stage('./t.sh', './t.sh'),
      't.sh': '#!/bin/sh\necho > out.txt',
    });
    fs.chmodSync(join(rig.root, 't.sh'), 0o755);
    const first = await rig.run();
    expect(first.statuses).toEqual(['s computed']);
    expect(Object.keys(first.cells[0]!.record!.preimage.code)).toEqual(['t.sh']);
    for (const [run, code] of [
      ['t.sh', './t.sh'],
      ['./t.sh', 't.sh'],
      ['.//t.sh', './/t.sh'],
    ] as const) {
      rig.write('pipeline.yaml', stage(run, code));
      expect((await rig.run()).statuses).toEqual(['s restored']);
    }
  });

  it('of a directory is all of it, hidden files too, but not what desktops and editors leave', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline(['src']), 'src/a.sh': '1' });
    expect((await rig.run({ executors: nothing })).statuses).toEqual(['s computed']);
    for (const left of ['.DS_Store', '.a.sh.swp', '.venv/x']) rig.write(`src/${left}`, '1');
    expect((await rig.run({ executors: nothing })).statuses).toEqual(['s restored']);
    rig.write('src/.settings', '1');
    expect((await rig.run({ executors: nothing })).statuses).toEqual(['s computed']);
    rig.write('src/.hidden/deep/x', '1');
    const { cells } = await rig.run({ executors: nothing });
    expect(Object.keys(cells[0]!.record!.preimage.code)).toEqual(['src/.hidden/deep/x', 'src/.settings', 'src/a.sh']);
  });

  it('may have names that every object has', async () => {
    const stage = `{ run: [sh, -c, 'echo > o'], code: [__proto__, constructor], env: [constructor, __proto__], outputs: { constructor: o } }`;
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test\nstages: { constructor: ${stage} }\n`,
      constructor: '1',
    });
    rig.write('__proto__', '1');
    expect((await rig.repro('run')).code).toBe(0);
    const { cells } = await rig.run();
    expect(Object.keys(cells[0]!.record!.preimage.code).sort()).toEqual(['__proto__', 'constructor']);
    rig.write('__proto__', '2');
    fs.rmSync(join(rig.root, 'constructor'));
    rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace(', constructor]', ']').replace('[constructor, ', '['));
    const why = await rig.repro('why', 'constructor');
    expect(why.stdout).toContain('code __proto__ changed');
    expect(why.stdout).toContain('code constructor removed');
    expect((await rig.repro('run')).code).toBe(0);
    expect((await rig.repro('diff')).stderr).toBe('');
  });
});

describe('a program', () => {
  const { PATH = '' } = process.env;
  afterEach(() => void (process.env['PATH'] = PATH));

  it('is found behind directories of PATH that cannot be looked into', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test\nstages: { s: { run: [sh, -c, ':'], code: [] } }\n`,
      file: '',
    });
    fs.symlinkSync('loop', join(rig.root, 'loop'));
    const broken = [join(rig.root, 'file'), join(rig.root, 'loop'), `/${'x'.repeat(5000)}`, '/nowhere'];
    process.env['PATH'] = [...broken, PATH].join(':');
    const environment = { PATH: process.env['PATH'] };
    expect((await rig.run()).outcome).toBe('complete');
    expect((await rig.startWith({ environment }, 'run').result).code).toBe(0);
    expect((await rig.startWith({ environment }, 'run').result).stdout).toContain('nothing has changed since');
  });

  it.skipIf(process.getuid?.() === 0)('is found behind one that may not be read (not as root, who may)', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test\nstages: { s: { run: [sh, -c, ':'], code: [] } }\n`,
    });
    fs.mkdirSync(join(rig.root, 'closed'), { mode: 0 });
    process.env['PATH'] = `${join(rig.root, 'closed')}:${PATH}`;
    expect((await rig.run()).outcome).toBe('complete');
  });
});

it('shows a stage no permissions, which are in no fingerprint', async () => {
  for (const mode of [0o644, 0o755]) {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test\nstages: { s: { run: [./go.sh], code: [go.sh, helper], outputs: { o: o.txt } } }\n`,
      'go.sh': '#!/bin/sh\n"$(dirname "$0")/helper" > o.txt\n',
      helper: '#!/bin/sh\necho helped\n',
    });
    for (const file of ['go.sh', 'helper']) fs.chmodSync(join(rig.root, file), mode);
    expect((await rig.run()).outcome).toBe('complete');
    expect(rig.read('artifacts/s/o.txt')).toBe('helped\n');
  }
});
