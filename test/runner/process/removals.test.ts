// A stage may begin in directories that an earlier one has left. Of that one it finds nothing, whatever it did to them.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Removals } from '../../../src/runner/process/removals.ts';
import { noteFinished, noteProcess, prepareWork, workDirectory } from '../../../src/runner/process/work-directory.ts';
import type { WorkDirectory } from '../../../src/runner/process/work-directory.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { Rig } from '../../rig/rig.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

/** What a stage finds around it. */
const look = `(cd .. && find . ! -name out.txt ! -name process.json -print | LC_ALL=C sort) > out.txt
ls -ld .. . scratch tmp ../inputs ../code | cut -c1-10 >> out.txt
`;
const pipeline = `name: test
stages:
  before: { run: [sh, before.sh], code: [before.sh], inputs: { one: { file: data.txt } }, outputs: { o: o.txt } }
  first:
    run: [sh, first.sh]
    code: [first.sh, more/code.txt]
    matrix: { k: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } # so many that it is looked who works in what they leave
    inputs: { old: before.o, same: before.o }
    outputs: { o: o.txt }
  second: { run: [sh, second.sh], code: [second.sh], inputs: { same: 'first[k=0].o' }, outputs: { out: out.txt } }
`;
const found = `.
./code
./code/second.sh
./inputs
./inputs/same
./inputs/same/o.txt
./log.txt
./run
./run/scratch
./run/stage.json
./run/tmp
drwxr-xr-x
drwxr-xr-x
drwxr-xr-x
drwxr-xr-x
drwxr-xr-x
drwxr-xr-x
`;

describe('a stage finds nothing of the one whose directory it begins in', () => {
  it.each([
    ['that did nothing', ''],
    [
      'that left files',
      'echo 1 > scratch/a; mkdir tmp/b; echo 1 > tmp/b/c; echo 1 > ../c; echo 1 > ../inputs/d; echo 1 > ../code/e',
    ],
    ['that changed permissions', 'chmod 700 ../inputs; chmod 777 ../code ../inputs/same'],
    ['that locked directories', 'chmod 500 ../inputs/old ../code tmp'],
    [
      'that put links to others in place of its own',
      'mkdir ../mine; for d in inputs code; do rm -rf ../$d; ln -s "$KEPT" ../$d; done',
    ],
    [
      'that put links below its inputs',
      'rm -r ../inputs/old; ln -s "$KEPT" ../inputs/old; ln -s "$KEPT" ../inputs/same/more',
    ],
    ['that put a directory below its inputs', 'mkdir -p ../inputs/same/a/b; echo 1 > ../inputs/same/a/b/c'],
    ['that put a link in place of its temporary directory', 'rmdir tmp; ln -s "$KEPT" tmp; ln -s "$KEPT" scratch/link'],
  ])('%s', async (_, does) => {
    using kept = temporaryDirectory({ 'a/file.txt': 'mine', 'same/file.txt': 'mine' });
    await using rig = await Rig.create({
      'pipeline.yaml': pipeline,
      'data.txt': 'data',
      'more/code.txt': 'code',
      'before.sh': 'echo before > o.txt\n',
      'first.sh': `KEPT='${kept.path}'\necho first > o.txt\n${does}\n`,
      'second.sh': look,
    });
    const { statuses } = await rig.run();
    expect([statuses.length, statuses.at(-1)]).toEqual([12, 'second computed']);
    expect(rig.read('artifacts/second/out.txt')).toBe(found);
    expect(existsSync(join(kept.path, 'a/file.txt')) && existsSync(join(kept.path, 'same/file.txt'))).toBe(true);
    expect(rig.list('.repro/work')).toEqual([]);
    expect(rig.list('.repro/tmp')).toEqual([]);
  });
});

/** Starts a command where what it mounts is seen by nobody else; undefined where nobody may mount. */
const mounting = [
  ['unshare', '-m'],
  ['unshare', '-rm'],
].find((words) => spawnSync(words[0]!, [...words.slice(1), 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0);

it.skipIf(mounting === undefined)('what a stage mounts in its directory stays as it is', async () => {
  using kept = temporaryDirectory({ 'file.txt': 'mine', 'a/file.txt': 'mine', 'b/c/file.txt': 'mine' });
  chmodSync(join(kept.path, 'b/c'), 0o555);
  await using rig = await Rig.create({
    'pipeline.yaml': `name: test
stages:
  before: { run: [sh, before.sh], code: [before.sh], outputs: { o: o.txt } }
  mounts:
    run: [sh, mounts.sh, '\${at}']
    code: [mounts.sh]
    matrix: { at: [run, scratch, code, inputs, input, bytes] }
    inputs: { old: before.o }
    outputs: { o: o.txt }
`,
    'before.sh': 'echo before > o.txt\n',
    // The last has a name that is no text.
    'mounts.sh': `work=\${0%/code/*}
case $1 in scratch) at=run/scratch ;; input) at=inputs/old ;; bytes) at=$(printf 'run/tmp/\\377') ;; *) at=$1 ;; esac
mkdir -p "$work/$at"
mount --bind '${kept.path}' "$work/$at" || exit 4
echo 1 > "$work/run/o.txt"
`,
  });
  // What could not be removed, and what a stage left that failed, the next run tries to.
  const within = [...mounting!, 'sh', '-c', '"$@"; "$@"', 'sh'];
  const { stdout } = await rig.startWith({ within }, 'run', '--force').result;
  expect(stdout).toContain('FAILED mounts[at=run]: unexpected-output');
  expect(stdout).not.toContain('exit code 4');
  const left = ['file.txt', 'a/file.txt', 'b/c/file.txt'].filter((file) => existsSync(join(kept.path, file)));
  expect(left).toHaveLength(3);
  expect(statSync(join(kept.path, 'b/c')).mode & 0o777).toBe(0o555);
  chmodSync(join(kept.path, 'b/c'), 0o755);
});

describe.skipIf(!existsSync('/proc/self/cwd'))('emptied directories', () => {
  const digits = '0123456789abcdef';
  const prepared = (store: Store, from: number, count: number, pid: number): WorkDirectory[] =>
    Array.from(digits.slice(from, from + count), (digit) => {
      const work = workDirectory(store, `sha256:${digit.repeat(64)}`);
      prepareWork(store.fileSystem, work, { scratch: 'discard', log: 'discard' });
      noteProcess(store.fileSystem, work, pid);
      noteFinished(store.fileSystem, work);
      return work;
    });
  /** Waits until a process works in a directory: then it has written there. */
  const startIn = async (directory: string): Promise<ChildProcess> => {
    const child = spawn('sh', ['-c', 'echo 1 > here && rm here && echo ready && exec sleep 60'], { cwd: directory });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return child;
  };

  it('are offered once each, never where something lies, as whole as they were made', async () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const removals = new Removals(store);
    const ended = prepared(store, 0, 8, process.pid);
    const inner = new Set(ended.map(({ run }) => statSync(run).ino));
    const [next, taken] = [
      workDirectory(store, `sha256:${'e'.repeat(64)}`),
      workDirectory(store, `sha256:${'f'.repeat(64)}`),
    ];
    for (const work of ended.slice(1)) removals.begin(work, 1);
    // Too few to look who works in them.
    expect(removals.offer(next, [])).toBe(false);
    removals.begin(ended[0]!, 1);
    mkdirSync(taken.scratch, { recursive: true });
    expect(removals.offer(taken, [])).toBe(false);
    for (let i = 0; i < 7; i++) {
      expect(removals.offer(next, [])).toBe(true);
      expect(inner.delete(statSync(next.run).ino)).toBe(true);
      expect(store.fileSystem.readdirSync(next.run).sort()).toEqual(['scratch', 'tmp']);
      store.fileSystem.renameSync(next.path, `${next.path}-${i}`);
    }
    expect(removals.offer(next, [])).toBe(false);
    await removals.done();
    expect(store.fileSystem.readdirSync(store.temporary)).toEqual([]);
  });

  it.each(['run', 'scratch', 'temporary'] as const)(
    'in whose %s a process still works are offered to nobody: others are, of the same look',
    async (place) => {
      using directory = temporaryDirectory();
      // Named through a link: a process is in the directory that this leads to.
      symlinkSync(directory.path, `${directory.path}.link`);
      const store = openStore(`${directory.path}.link`);
      const removals = new Removals(store);
      const ended = prepared(store, 0, 8, process.pid);
      const child = await startIn(ended[3]![place]);
      const busy = statSync(ended[3]!.run).ino;
      for (const work of ended) removals.begin(work, 1);
      const next = workDirectory(store, `sha256:${'f'.repeat(64)}`);
      for (let i = 0; i < 7; i++) {
        expect(removals.offer(next, [])).toBe(true);
        expect(statSync(next.run).ino).not.toBe(busy);
        store.fileSystem.renameSync(next.path, `${next.path}-${i}`);
      }
      expect(removals.offer(next, [])).toBe(false);
      await removals.done();
      child.kill('SIGKILL');
      rmSync(`${directory.path}.link`);
    },
  );

  it('of jobs, whose processes nobody here knows, have new ones within', async () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const removals = new Removals(store);
    const ended = prepared(store, 0, 8, process.pid);
    writeFileSync(ended[5]!.finished, '');
    const held = ended.map(({ run }) => store.fileSystem.openSync(run, 'r'));
    for (const work of ended) removals.begin(work, 1);
    const next = workDirectory(store, `sha256:${'f'.repeat(64)}`);
    expect(removals.offer(next, [])).toBe(true);
    for (const each of held) {
      expect(store.fileSystem.fstatSync(each).nlink).toBe(0);
      store.fileSystem.closeSync(each);
    }
    expect(store.fileSystem.readdirSync(next.run).sort()).toEqual(['scratch', 'tmp']);
    await removals.done();
    expect(store.fileSystem.readdirSync(store.temporary)).toEqual([]);
  });
});
