// Directories that a stage leaves and nobody may write into, as Go's module cache does: they hide nothing and stay nowhere.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { unprivileged } from '../rig/unprivileged.ts';

const pipeline = (retries: number): string => `name: locked
stages:
  s: { run: [sh, s.sh], code: [s.sh], outputs: { o: o.txt, d: d/ }, resources: { retries: ${retries} } }
`;
const leave = `mkdir -p d/e tmp/mod/pkg scratch/a/b
echo 1 > d/e/f; echo 1 > o.txt; echo 1 > tmp/mod/pkg/z; echo 1 > scratch/a/b/c
chmod -R a-w tmp/mod d scratch/a
`;

test.for<readonly [string, number, string, number, RegExp]>([
  [
    'retries meet the error of the stage, not that of the directories',
    2,
    'exit 3',
    1,
    /exit code 3 \(attempt 3 of 3\)/,
  ],
  ['the next run begins anew', 0, 'exit 3', 1, /Ended with exit code 3/],
  ['a finished stage leaves nothing behind', 0, 'exit 0', 0, /complete/],
  ['a stage may lock its own directory', 1, 'chmod a-w . scratch tmp; exit 3', 1, /exit code 3 \(attempt 2 of 2\)/],
])('%s', async ([, retries, end, code, text], { skip }) => {
  const within = unprivileged();
  if (within === null) return skip();
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline(retries), 's.sh': `${leave}${end}\n` });
  for (const words of [['run'], ['run', '--force'], ['run', '--force']]) {
    const result = await rig.startWith({ within }, ...words).result;
    expect(result.stdout).toMatch(text);
    expect(result.stdout + result.stderr).not.toMatch(/EACCES|EPERM/);
    expect(result.code).toBe(code);
  }
  if (code === 0) expect(rig.list('.repro/work')).toEqual([]);
});

test('where the next attempt cannot begin, the failure of the stage is told all the same', async ({ skip }) => {
  const within = unprivileged();
  // Only root can give files to somebody else.
  if (within === null || within.length === 0) return skip();
  const script = 'mkdir tmp/theirs; touch tmp/theirs/file; chown -R 1234 tmp/theirs; exit 3\n';
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline(2), 's.sh': script });
  const { stdout } = await rig.startWith({ within }, 'run').result;
  expect(stdout).toMatch(/exit code 3 \(attempt 1 of 3; the next could not begin: .*theirs/);
});

test('links among what is cleared are removed, never followed', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': pipeline(0),
    's.sh': `${leave}ln -s "$PWD/../../../../kept" tmp/mod/pkg/l 2>/dev/null; ln -s "$PWD/../../../../kept" tmp/out\n`,
  });
  mkdirSync(join(rig.root, 'kept'));
  rig.write('kept/file', 'mine');
  chmodSync(join(rig.root, 'kept'), 0o555);
  expect((await rig.run()).outcome).toBe('complete');
  expect(rig.read('kept/file')).toBe('mine');
  expect(rig.list('.repro/work')).toEqual([]);
  chmodSync(join(rig.root, 'kept'), 0o755);
});
