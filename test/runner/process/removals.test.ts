// A stage may begin in directories that an earlier one has left. Of that one it finds nothing, whatever it did to them.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Removals } from '../../../src/runner/process/removals.ts';
import { prepareEmptied, prepareWork, workDirectory } from '../../../src/runner/process/work-directory.ts';
import { openStore } from '../../../src/store/store.ts';
import { Rig } from '../../rig/rig.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

/** What a stage finds around it. */
const look = `(cd .. && find . ! -name out.txt ! -name process.json -print | LC_ALL=C sort) > out.txt
ls -ldn .. . scratch tmp ../inputs ../code | awk '{ print substr($1, 1, 10), $3, $4 }' >> out.txt
`;
const pipeline = `name: test
stages:
  before: { run: [sh, before.sh], code: [before.sh], inputs: { one: { file: data.txt } }, outputs: { o: o.txt } }
  first: { run: [sh, first.sh], code: [first.sh, more/code.txt], inputs: { old: before.o, same: before.o }, outputs: { o: o.txt } }
  second: { run: [sh, second.sh], code: [second.sh], inputs: { same: first.o }, outputs: { out: out.txt } }
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
${`drwxr-xr-x ${process.getuid!()} ${process.getgid!()}\n`.repeat(6)}`;

describe('a stage finds nothing of the one whose directory it begins in', () => {
  it.each([
    ['that did nothing', ''],
    [
      'that left files',
      'echo 1 > scratch/a; mkdir tmp/b; echo 1 > tmp/b/c; echo 1 > ../c; echo 1 > ../inputs/d; echo 1 > ../code/e',
    ],
    ['that changed permissions', 'chmod 700 ../inputs; chmod 777 ../code ../inputs/same'],
    [
      'that gave directories away, where it may',
      'chown 65534:65534 .. . scratch tmp ../inputs ../code 2> /dev/null || :',
    ],
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
    expect((await rig.run()).statuses).toEqual(['before computed', 'first computed', 'second computed']);
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

describe('an emptied directory', () => {
  it('is offered once, never where something lies, and its inner directory is a new one', async () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const { fileSystem } = store;
    const removals = new Removals(store);
    const [a, b, c] = ['a', 'b', 'c'].map((digit) => workDirectory(store, `sha256:${digit.repeat(64)}`));
    prepareWork(fileSystem, a!, { scratch: 'discard', log: 'discard' });
    const [outer, inner] = [statSync(a!.path).ino, statSync(a!.run).ino];
    mkdirSync(join(b!.path, 'run/scratch'), { recursive: true });
    // Somebody is at work in there: who is, must not come to work in that of the next stage.
    const held = fileSystem.openSync(a!.run, 'r');
    removals.begin(a!, 1);
    expect(removals.offer(b!, [])).toBe(false);
    await removals.done();
    expect(removals.offer(c!, [])).toBe(false);
    prepareWork(fileSystem, c!, { scratch: 'discard', log: 'discard' });
    removals.begin(c!, 1);
    expect(removals.offer(a!, [])).toBe(true);
    prepareEmptied(fileSystem, a!);
    expect(fileSystem.fstatSync(held).nlink).toBe(0);
    fileSystem.closeSync(held);
    expect([outer, inner]).not.toContain(statSync(a!.run).ino);
    expect(removals.offer(c!, [])).toBe(false);
  });
});
