// Reads that nobody declared: found by Node's permissions and by strace, in real processes.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildManifest } from '../../../src/manifest/manifest.ts';
import { installationOf, isReadable, withoutProject } from '../../../src/runner/watch/declared.ts';
import type { Watch } from '../../../src/runner/watch/declared.ts';
import { readEnvironment } from '../../../src/runner/environment.ts';
import { parseTrace } from '../../../src/runner/watch/strace.ts';
import type { Manifest } from '../../../src/schema/types.ts';
import { nodeFileSystem } from '../../../src/store/file-system.ts';
import { Rig } from '../../rig/rig.ts';
import type { RigRun } from '../../rig/rig.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

const strict: Watch = { strict: true, trace: false, system: [] };
const trace: Watch = { strict: false, trace: true, system: [] };

const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;
const sqlite = process.getBuiltinModule('node:sqlite') as object | undefined;
const hasBackup = sqlite !== undefined && 'backup' in sqlite;
const hasForeignFunctions = isBuiltin('node:ffi');
const hasPython = spawnSync('python3', ['--version']).status === 0;

const stage = `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
`;

/** A module stage with the input \`declared.txt\`, which also runs \`body\`. */
function moduleProject(body: string, more: Readonly<Record<string, string>> = {}): Promise<Rig> {
  return Rig.create({
    'pipeline.yaml': `name: test
stages:
  read: { run: read.mjs, inputs: { data: { file: declared.txt } }, outputs: { out: out.txt } }
`,
    'read.mjs': `${stage}${body}\nwriteFileSync(outputs.out, readFileSync(inputs.data));\n`,
    'declared.txt': 'declared',
    'secret.txt': 'secret',
    ...more,
  });
}

const warningsOf = ({ events }: RigRun): string[] =>
  events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));

const gapsOf = (rig: Rig, run: RigRun): Manifest['gaps'] =>
  buildManifest(rig.plan(), run, {
    pipelineDigest: `sha256:${'0'.repeat(64)}`,
    git: { commit: 'c', dirty: null },
    gitGaps: [],
    environment: readEnvironment(),
    references: new Map(),
  }).gaps;

describe('strict', () => {
  it('fails a stage that reads what it does not declare, by path, and says what to declare', async () => {
    await using rig = await moduleProject(`readFileSync('../../../../secret.txt');`);
    const run = await rig.run({ watch: strict });
    expect(run.cells[0]?.failure).toMatchObject({
      code: 'undeclared-read',
      message: 'Read "secret.txt", which it does not declare',
      hint: 'Declare it as an input, { file: "secret.txt" }, and read it from the path the stage is given',
    });
    // The same stage without being watched.
    expect((await rig.run()).outcome).toBe('complete');
  });

  it.each<[string, string, string]>([
    [
      'a denied read that another error wraps',
      `try { readFileSync('/etc/../root-x') } catch (cause) { throw new Error('cannot load', { cause }) }`,
      'undeclared-read',
    ],
    [
      'a promise that is rejected',
      `await (await import('node:fs/promises')).readFile(process.env.REPRO_STAGE + '/../../../../../secret.txt');`,
      'undeclared-read',
    ],
    ['a write outside its directory', `writeFileSync('../../../../new.txt', 'x');`, 'undeclared-write'],
    ['a process of its own', `(await import('node:child_process')).execSync('cat secret.txt');`, 'not-permitted'],
    [
      'an output of another stage read where it is published',
      `readFileSync('../../../../artifacts/read/out.txt');`,
      'undeclared-read',
    ],
  ])('fails %s', async (_, body, code) => {
    await using rig = await moduleProject(body);
    const run = await rig.run({ watch: strict });
    expect(run.cells[0]?.failure?.code, JSON.stringify(run.cells[0]?.failure)).toBe(code);
    expect(rig.has('new.txt')).toBe(false);
  });

  const secret = `process.env.REPRO_STAGE.split('/.repro/')[0] + '/secret.txt'`;
  it.each<[string, string, string]>([
    ['a read that it catches', `try { readFileSync(${secret}); } catch {}`, 'undeclared-read'],
    [
      'a promise whose rejection it catches',
      `await (await import('node:fs/promises')).readFile(${secret}).catch(() => {});`,
      'undeclared-read',
    ],
    [
      'a callback that drops the error',
      `const fs = await import('node:fs');
try { await new Promise((resolve) => fs.readFile(${secret}, resolve)); } catch {}`,
      'undeclared-read',
    ],
    [
      'a stream that fails',
      `const fs = await import('node:fs');
await new Promise((resolve) => fs.createReadStream(${secret}).on('error', resolve).on('data', resolve));`,
      'undeclared-read',
    ],
    ['a file reached through /proc', `readFileSync('/proc/self/root' + ${secret});`, 'undeclared-read'],
    [
      'a file reached through another directory in /proc',
      `readFileSync('/proc/self/cwd/../../../../secret.txt');`,
      'undeclared-read',
    ],
    [
      'a question whether a file is there',
      `try { (await import('node:fs')).existsSync(${secret}); } catch {}`,
      'undeclared-read',
    ],
    [
      'a report of Node, written by its settings',
      `try { process.report.directory = '../../../..'; process.report.filename = 'new.txt'; } catch {}
try { process.report.writeReport(); } catch {} try { process.report.writeReport('../../../../new.txt'); } catch {}`,
      'undeclared-write',
    ],
    [
      'a process that it does without',
      `try { (await import('node:child_process')).execSync('true'); } catch {}`,
      'not-permitted',
    ],
    [
      'a worker',
      `const { Worker } = await import('node:worker_threads'); try { new Worker('1', { eval: true }); } catch {}`,
      'not-permitted',
    ],
    ['another directory', `try { process.chdir('../../../..'); } catch {}`, 'undeclared-read'],
    ['a file of settings', `try { process.loadEnvFile(${secret}); } catch {}`, 'undeclared-read'],
    ['a directory watched', `try { (await import('node:fs')).watch('../../../..'); } catch {}`, 'undeclared-read'],
    [
      'an inspector of itself',
      `const { Session } = await import('node:inspector'); try { new Session().connect(); } catch {}`,
      'not-permitted',
    ],
    [
      'a file system for WebAssembly',
      `const { WASI } = await import('node:wasi'); try { new WASI({ version: 'preview1' }); } catch {}`,
      'not-permitted',
    ],
    [
      'a call that Node forbids',
      `const fs = await import('node:fs'); fs.fchmodSync(fs.openSync('scratch/x', 'w'), 0o600);`,
      'not-permitted',
    ],
    [
      'a note of its own in the place of ours',
      `writeFileSync('../denied.json', 'garbage'); process.exit(1);`,
      'undeclared-write',
    ],
  ])('fails %s', async (_, body, code) => {
    await using rig = await moduleProject(body);
    const run = await rig.run({ watch: strict });
    expect(run.cells[0]?.failure?.code, JSON.stringify(run.cells[0]?.failure)).toBe(code);
    expect(run.cells[0]?.failure?.message).not.toMatch(/Needs ,|Calls what|"",/);
    expect(rig.has('new.txt')).toBe(false);
    expect(rig.has('artifacts/read/out.txt')).toBe(false);
  });

  it.skipIf(sqlite === undefined)('holds SQLite of Node', async () => {
    await using rig = await moduleProject(`const { DatabaseSync } = await import('node:sqlite');
new DatabaseSync('scratch/mine.db').exec('create table t (x)');
new DatabaseSync(':memory:').exec('create table t (x)');
try { new DatabaseSync('../../../../secret.txt', { readOnly: true }); } catch {}`);
    const run = await rig.run({ watch: strict });
    expect(run.cells[0]?.failure).toMatchObject({
      code: 'undeclared-read',
      message: expect.stringContaining('secret.txt'),
    });
  });

  it.skipIf(!hasBackup)('holds copies that SQLite of Node makes', async () => {
    await using rig = await moduleProject(`const { backup, DatabaseSync } = await import('node:sqlite');
const source = new DatabaseSync(':memory:');
await backup(source, 'scratch/copy.db');
await backup(source, '../../../../new.txt').catch(() => {});
source.close();`);
    const run = await rig.run({ watch: strict });
    expect(run.cells[0]?.failure).toMatchObject({
      code: 'undeclared-write',
      message: expect.stringContaining('new.txt'),
    });
    expect(rig.has('new.txt')).toBe(false);
  });

  it.skipIf(!hasForeignFunctions)('refuses functions of native libraries, where Node can call them', async () => {
    await using rig = await moduleProject(
      `const ffi = await import('node:ffi'); try { ffi.dlopen('libc.so.6', {}); } catch {}`,
    );
    const run = await rig.run({ watch: strict });
    expect(run.cells[0]?.failure).toMatchObject({ code: 'not-permitted', message: expect.stringContaining('FFI') });
  });

  it('lets a stage wait for the disk, take part in what Node tells of itself, and read the machine', async () => {
    await using rig = await moduleProject(`const fs = await import('node:fs');
const file = fs.openSync('scratch/checkpoint', 'w');
fs.fsyncSync(file); fs.fdatasyncSync(file); await new Promise((resolve, reject) => fs.fsync(file, (error) => error ? reject(error) : resolve()));
const handle = await fs.promises.open('scratch/other', 'w');
await handle.sync(); await handle.datasync(); await handle.close();
if (typeof process.report.getReport() !== 'object') throw new Error('no report');
for (const path of ['/proc/cpuinfo', '/proc/self/status', '/etc/hosts']) if (fs.existsSync(path)) fs.readFileSync(path);`);
    const run = await rig.run({ watch: strict });
    expect(run.outcome, JSON.stringify(run.cells[0]?.failure)).toBe('complete');
  });

  it('lets a stage list directories whose names begin alike', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages: { s: { run: s.mjs, inputs: { a: { dir: data }, b: { dir: data2 }, c: { dir: data2/sub } }, outputs: { out: out.txt } } }
`,
      's.mjs': `${stage}import { readdirSync } from 'node:fs';
writeFileSync(outputs.out, [inputs.a, inputs.b, inputs.c].flatMap((path) => readdirSync(path)).join());`,
      'data/x': '1',
      'data2/y': '2',
      'data2/sub/z': '3',
    });
    const run = await rig.run({ watch: strict });
    expect(run.outcome, JSON.stringify(run.cells[0]?.failure)).toBe('complete');
    expect(rig.read('artifacts/s/out.txt')).toBe('x,sub,y,z');
  });

  it('holds a stage to the packages that it reaches', async () => {
    const installed = (name: string, more: object, text: string): Record<string, string> => ({
      [`${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'main.cjs', ...more }),
      [`${name}/main.cjs`]: text,
    });
    const packages = {
      ...installed('used', { dependencies: { needed: '1.0.0' } }, `module.exports = require('needed') + 1;`),
      ...installed('needed', {}, 'module.exports = 1;'),
      ...installed('undeclared', {}, 'module.exports = 5;'),
    };
    await using rig = await moduleProject(`import used from 'used'; writeFileSync('scratch/n', String(used));`);
    rmSync(join(rig.root, 'node_modules'));
    for (const [path, text] of Object.entries(packages)) rig.write(`node_modules/${path}`, text);
    const run = await rig.run({ watch: strict });
    expect(run.outcome, JSON.stringify(run.cells[0]?.failure)).toBe('complete');
    rig.write(
      'read.mjs',
      `${stage}import used from 'used'; readFileSync('../../../../node_modules/undeclared/main.cjs'); writeFileSync(outputs.out, '');`,
    );
    expect((await rig.run({ watch: strict })).cells[0]?.failure).toMatchObject({
      code: 'undeclared-read',
      message: 'Read "node_modules/undeclared/main.cjs", which it does not declare',
    });
  });

  it('holds a project that lies within the system, as /usr/src/app does in a container', () => {
    using directory = temporaryDirectory({
      'usr/bin/tool': '',
      'usr/src/app/x': '',
      'usr/src/other/y': '',
      'etc/z': '',
    });
    const at = (path: string): string => join(directory.path, path);
    expect(
      withoutProject(nodeFileSystem, [at('usr'), at('etc'), at('usr/src/app/.venv')], at('usr/src/app')).sort(),
    ).toEqual([at('etc'), at('usr/bin'), at('usr/src/app/.venv'), at('usr/src/other')].sort());
  });

  it('lets a command write what it likes beside its directory, where no notes are taken', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages:
  bad: { run: [sh, -c, 'echo garbage > ../denied.json; exit 1'], code: [], outputs: { o: o } }
  good: { run: [sh, -c, 'echo 1 > o'], code: [], outputs: { o: o } }
`,
    });
    for (const watch of [strict, { ...strict, strict: false }]) {
      const run = await rig.run({ watch });
      expect(run.statuses[0]).toBe('bad failed');
      expect(run.cells[0]?.failure?.code).toBe('exit-code');
    }
  });

  it('lets a stage read inputs of every kind, its code, its packages and keep scratch, and opens an ONNX session', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages:
  make: { run: make.mjs, outputs: { file: a.txt, dir: d/ } }
  use:
    run: use.mjs
    inputs: { one: make.file, many: make.dir, here: { file: 'with space/ü.txt' }, tree: { dir: tree } }
    outputs: { out: out.txt }
`,
      'make.mjs': `${stage}import { mkdirSync } from 'node:fs';
writeFileSync(outputs.file, 'file'); mkdirSync(outputs.dir); writeFileSync(outputs.dir + '/x', 'x');`,
      'use.mjs': `${stage}import { readdirSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { greeting } from './lib/greeting.mjs';
writeFileSync('scratch/checkpoint', '1');
// The smallest ONNX model: y = x + x, one float.
const model = Buffer.from('${addModel()}', 'base64');
const session = await ort.InferenceSession.create(model);
const { y } = await session.run({ x: new ort.Tensor('float32', [21], [1]) });
const texts = [inputs.one, inputs.here, inputs.tree + '/b', inputs.many + '/x'].map((path) => readFileSync(path, 'utf8'));
writeFileSync(outputs.out, [...texts, ...readdirSync(inputs.tree), greeting, y.data[0]].join());`,
      'lib/greeting.mjs': `export const greeting = 'hello';`,
      'with space/ü.txt': 'here',
      'tree/b': 'tree',
    });
    const run = await rig.run({ watch: strict });
    expect(run.outcome, JSON.stringify(run.cells.map(({ failure }) => failure))).toBe('complete');
    expect(rig.read('artifacts/use/out.txt')).toBe('file,here,tree,x,b,hello,42');
    expect(run.cells[1]?.record?.watched).toEqual({ by: ['permissions'], undeclaredReads: [], foreignWrites: [] });
  });

  it('changes no fingerprint, and computes again what was not watched', async () => {
    await using rig = await moduleProject('');
    const plain = await rig.run();
    const watched = await rig.run({ watch: strict });
    expect(watched.statuses).toEqual(['read computed']);
    expect(watched.cells[0]?.reasons).toEqual(['its reads are to be watched']);
    expect(watched.cells[0]?.record?.fingerprint).toBe(plain.cells[0]?.record?.fingerprint);
    expect((await rig.run({ watch: strict })).statuses).toEqual(['read restored']);
    expect((await rig.run()).statuses).toEqual(['read restored']);
    expect(gapsOf(rig, plain).map(({ message }) => message)).toEqual([expect.stringContaining('not watched')]);
    expect(gapsOf(rig, watched)).toEqual([]);
  });
});

describe.skipIf(!canTrace)('trace (needs strace)', () => {
  it('reports what a Node stage reads undeclared, and writes elsewhere, in warnings, record and gaps', async () => {
    await using elsewhere = temporaryDirectory({ 'far.txt': 'far' });
    await using rig = await moduleProject(`readFileSync('../../../../secret.txt');
readFileSync(${JSON.stringify(join(elsewhere.path, 'far.txt'))}); writeFileSync('../../../../left.txt', 'x');`);
    const run = await rig.run({ watch: trace });
    expect(run.outcome).toBe('complete');
    const far = join(elsewhere.path, 'far.txt');
    expect(run.cells[0]?.record?.watched).toEqual({
      by: ['trace'],
      undeclaredReads: ['secret.txt', far],
      foreignWrites: ['left.txt'],
    });
    expect(warningsOf(run)).toEqual([
      expect.stringMatching(/^Read "secret.txt" undeclared.* Declare it as an input, { file: "secret.txt" }/),
      `Read "${far}" undeclared: a change of it goes unnoticed`,
      expect.stringMatching(/^Wrote "left.txt" outside its directory/),
    ]);
    expect(gapsOf(rig, run)).toEqual([
      { stage: 'read', message: `Read "secret.txt", "${far}" without declaring it` },
      { stage: 'read', message: 'Wrote "left.txt", outside its directory' },
    ]);
  });

  it('follows the processes of a shell stage, with names in any spelling, and lets declared links be', async () => {
    await using elsewhere = temporaryDirectory({ 'linked.txt': 'linked' });
    await using folder = temporaryDirectory();
    symlinkSync(join(elsewhere.path, 'linked.txt'), join(folder.path, 'deeper'));
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages:
  first: { run: [sh, -c, 'echo 1 > a.txt'], outputs: { a: a.txt } }
  shell: { run: [sh, read.sh], code: [read.sh], inputs: { farm: { dir: farm }, a: first.a }, outputs: { out: out.txt } }
`,
      'read.sh': `cd ..; (cat ../../../'data <1>/ü "q".txt') > run/out.txt
cat "$(sed -n 's/.*"farm": "\\(.*\\)".*/\\1/p' run/stage.json)/folder/deeper" inputs/a/a.txt >> run/out.txt
cat ../../../nothing 2>/dev/null; true
`,
      'data <1>/ü "q".txt': 'data',
    });
    mkdirSync(join(rig.root, 'farm'));
    symlinkSync(folder.path, join(rig.root, 'farm/folder'));
    const run = await rig.run({ watch: trace });
    expect(rig.read('artifacts/shell/out.txt')).toBe('datalinked1\n');
    expect(run.cells[1]?.record?.watched?.undeclaredReads).toEqual(['data <1>/ü "q".txt']);
    expect(run.cells[0]?.record?.watched?.undeclaredReads).toEqual([]);
  });

  it.skipIf(!hasPython)(
    'reports what a Python stage reads undeclared, and not its own installation (needs python3)',
    async () => {
      await using rig = await Rig.create({
        'pipeline.yaml': `name: test
stages: { python: { run: [${JSON.stringify(pythonProgram())}, read.py], code: [read.py], outputs: { out: out.txt } } }
`,
        'read.py': `import json, os, statistics, sqlite3
root = os.environ["REPRO_STAGE"].split("/.repro/")[0]
stage = json.load(open(os.environ["REPRO_STAGE"]))
open(stage["outputs"]["out"], "w").write(open(root + "/table.csv").read())
`,
        'table.csv': '1',
      });
      const run = await rig.run({ watch: trace });
      expect(run.outcome).toBe('complete');
      expect(run.cells[0]?.record?.watched).toEqual({
        by: ['trace'],
        undeclaredReads: ['table.csv'],
        foreignWrites: [],
      });
    },
  );

  it('takes what a launcher starts for the program, and the files of the launcher for undeclared', async () => {
    await using place = temporaryDirectory({
      'shims/tool':
        '#!/bin/sh\nread version < "${0%/*}/../version"\nexec "${0%/*}/../versions/$version/bin/tool" "$@"\n',
      version: '1\n',
      'versions/1/bin/tool': '#!/bin/sh\ncat "${0%/*}/../lib/data" ../../../../mine.txt > out.txt\n',
      'versions/1/lib/data': 'part of the tool',
    });
    for (const path of ['shims/tool', 'versions/1/bin/tool']) chmodSync(join(place.path, path), 0o755);
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages: { s: { run: [${JSON.stringify(join(place.path, 'shims/tool'))}], code: [], outputs: { out: out.txt } } }
`,
      'mine.txt': 'mine',
    });
    const run = await rig.run({ watch: trace });
    expect(run.outcome, JSON.stringify(run.cells[0]?.failure)).toBe('complete');
    expect(run.cells[0]?.record?.watched?.undeclaredReads).toEqual(['mine.txt', join(place.path, 'version')]);
  });

  it('ends with a stage that leaves a process behind, keeps exit codes, and tells reads of a failed stage too', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages: { shell: { run: [sh, -c, 'sleep 1000 & cat ../../../../secret.txt; exit 3'], outputs: { out: out.txt } } }
`,
      'secret.txt': 's',
    });
    const run = await rig.run({ watch: trace });
    expect(run.cells[0]?.failure).toMatchObject({ code: 'exit-code', message: 'Ended with exit code 3' });
    expect(warningsOf(run).join()).toContain('Read "secret.txt" undeclared');
  });

  it('goes together with strict, from the command line, and its findings are in the report', async () => {
    await using rig = await moduleProject('');
    const both = await rig.repro('run', '--strict', '--trace', '--report');
    expect(both.code, both.stdout + both.stderr).toBe(0);
    const manifest = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
    expect(manifest.stages[0]?.record?.watched).toEqual({
      by: ['permissions', 'trace'],
      undeclaredReads: [],
      foreignWrites: [],
    });
    rig.write('read.mjs', `${stage}writeFileSync(outputs.out, readFileSync('../../../../secret.txt'));`);
    const traced = await rig.repro('run', '--trace', '--report');
    expect(traced.code, traced.stdout + traced.stderr).toBe(0);
    expect(traced.stdout).toContain('warning: read: Read "secret.txt" undeclared');
    expect(rig.read('artifacts/report.html')).toMatch(/Read without being declared[^]*secret\.txt/);
  });
});

it('a machine without strace is told how to get it, before anything runs', async () => {
  await using rig = await moduleProject('');
  const path = process.env['PATH'];
  process.env['PATH'] = rig.root;
  try {
    await expect(rig.run({ watch: trace })).rejects.toMatchObject({
      code: 'cannot-trace',
      message: 'Cannot trace: strace is not installed',
      hint: expect.stringContaining('apt-get install strace'),
    });
  } finally {
    process.env['PATH'] = path;
  }
});

describe('parseTrace', () => {
  it('reads calls of strace', () => {
    const text = [
      'execve("./tool", ["tool"], 0x7ffe /* 3 vars */) = 0',
      'openat(AT_FDCWD</p/sub>, "x", O_RDONLY|O_CLOEXEC) = 3</p/sub/x>',
      'openat(AT_FDCWD</p/sub>, "none", O_RDONLY) = -1 ENOENT (No such file or directory)',
      'openat(AT_FDCWD</p/sub>, "y", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</p/sub/y>',
      'open("O_WRONLY\\", ", O_RDWR) = 3</p/O_WRONLY\\", >',
      'openat(AT_FDCWD</p>, "\\303\\274\\n\\\\\\74", O_RDONLY) = 3</p/\\303\\274\\n\\\\\\74>',
      'openat(AT_FDCWD</p>, "z", O_RDONLY|O_PATH) = 3</p/z>',
      'creat("w", 0666) = 4</p/w>',
      'execve("rel", ["rel"], 0x7ffe /* 3 vars */) = 0',
      'openat(AT_FDCWD</p>, "/dev/stdin", O_RDONLY) = 3<pipe:[12]>',
      '+++ exited with 0 +++',
      '',
    ].join('\n');
    expect(parseTrace(text, '/w').map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'execute /w/tool',
      'read /p/sub/x',
      'write /p/sub/y',
      'read /p/O_WRONLY", ',
      'write /p/O_WRONLY", ',
      'read /p/ü\n\\<',
      'write /p/w',
      'execute /p/rel',
    ]);
  });

  it('takes the installation of a program for part of it, but never the project', () => {
    expect(installationOf('/opt/py/bin/python3', '/p')).toContain('/opt/py/lib');
    expect(installationOf('/p/.venv/bin/python3', '/p')).toContain('/p/.venv/lib');
    expect(installationOf('/p/bin/tool', '/p')).toEqual([]);
    expect(installationOf('/p/tool', '/p')).toEqual([]);
  });

  it('lets a stage read the interpreter that is itself a package, and no other package that it does not reach', () => {
    const readable = {
      declared: ['/p/.repro/work/1'],
      packageDirectories: ['/p/node_modules'],
      packages: new Set(['used']),
      // A package below /usr is still no part of the system.
      system: ['/usr', ...installationOf('/p/node_modules/node/bin/node', '/p')],
      installed: [],
    };
    const isRead = (path: string): boolean => isReadable(readable, '/p', path);
    expect(isRead('/p/node_modules/node/bin/node')).toBe(true);
    expect(isRead('/p/node_modules/used/index.js')).toBe(true);
    expect(isRead('/p/node_modules/other/index.js')).toBe(false);
    expect(isRead('/p/node_modules/node/index.js')).toBe(false);
    expect(
      isReadable({ ...readable, packageDirectories: ['/usr/p/node_modules'] }, '/usr/p', '/usr/p/node_modules/other/x'),
    ).toBe(false);
  });
});

/** The interpreter itself: a launcher that chooses a version reads settings of its own, which are rightly reported. */
function pythonProgram(): string {
  return spawnSync('python3', ['-c', 'import sys; print(sys.executable)']).stdout.toString().trim();
}

/** `y = x + x` on one float as ONNX, base64. */
function addModel(): string {
  const field = (number: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
  const value = (name: string): Buffer => {
    const dimension = field(1, Buffer.from([8, 1]));
    const type = field(1, Buffer.concat([Buffer.from([8, 1]), field(2, dimension)]));
    return Buffer.concat([text(1, name), field(2, type)]);
  };
  const node = Buffer.concat([text(1, 'x'), text(1, 'x'), text(2, 'y'), text(4, 'Add')]);
  const graph = Buffer.concat([field(1, node), text(2, 'g'), field(11, value('x')), field(12, value('y'))]);
  return Buffer.concat([
    Buffer.from([8, 8]),
    field(7, graph),
    field(8, Buffer.concat([Buffer.from([16, 17])])),
  ]).toString('base64');
}
