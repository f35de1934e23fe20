// Inputs that cannot be read to an end, and stages that change what they read.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rig } from '../rig/rig.ts';

const hasPipes = spawnSync('mkfifo', ['--version']).status === 0;

describe('a stage that changes its input', () => {
  it.each<[string, string, string]>([
    ['adds a file to a directory', 'echo 1 > ../inputs/d/d/new', 'wrote into its input "d"'],
    ['changes a file of a directory', 'echo 2 >> ../inputs/d/d/a', 'wrote into its input "d"'],
    ['deletes a file of a directory', 'rm ../inputs/d/d/sub/b', 'wrote into its input "d"'],
    ['deletes a directory', 'rm -r ../inputs/d/d', 'wrote into its input "d"'],
    ['makes a file of a directory executable', 'chmod +x ../inputs/d/d/a', 'wrote into its input "d"'],
    ['puts a link into a directory', 'ln -s a ../inputs/d/d/link', 'wrote into its input "d"'],
    ['changes a small file', 'chmod u+w ../inputs/f/f; echo 2 >> ../inputs/f/f', 'wrote into its input "f"'],
    [
      'puts a file in place of the directory of a small one',
      'rm -r ../inputs/f; echo 1 > ../inputs/f',
      'wrote into its input "f"',
    ],
    ['puts a link to itself in place of a small file', 'ln -sf f ../inputs/f/f', 'wrote into its input "f"'],
    ['changes a program', 'chmod u+w ../inputs/x/x; echo 2 >> ../inputs/x/x', 'wrote into its input "x"'],
    ['deletes a small file', 'rm -f ../inputs/f/f', ''],
    ['sorts a file of the project', 'sort -r -o "$OLDPWD/raw.txt" "$OLDPWD/raw.txt"', 'changed its input "raw"'],
    ['deletes a file of the project', 'rm "$OLDPWD/raw.txt"', 'changed its input "raw"'],
    ['leaves all as it is', 'true', ''],
  ])('%s', async (_, change, message) => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages:
  make: { run: [sh, -c, 'mkdir -p d/sub; echo 1 > d/a; echo 1 > d/sub/b; echo 1 > f; echo 1 > x; chmod +x x'], code: [], outputs: { d: d/, f: f, x: x } }
  use: { run: [sh, use.sh], code: [use.sh], inputs: { d: make.d, f: make.f, x: make.x, raw: { file: raw.txt } }, outputs: { o: o } }
`,
      'use.sh': `cd ../../../..; cd "$OLDPWD"\n${change}\necho 1 > o\n`,
      'raw.txt': 'a\nb\n',
    });
    const { statuses, cells } = await rig.run();
    if (message === '') return expect(statuses).toEqual(['make computed', 'use computed']);
    expect(cells[1]?.failure).toMatchObject({ code: 'input-changed', message: expect.stringContaining(message) });
    expect(rig.has('artifacts/use')).toBe(false);
  });
});

it.skipIf(!hasPipes)('an input that is a pipe or a device is refused at once, by run and status', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': `name: test
stages:
  pipe: { run: [sh, -c, 'echo 1 > o'], code: [], inputs: { x: { file: pipe } }, outputs: { o: o } }
  device: { run: [sh, -c, 'echo 1 > o'], code: [], inputs: { x: { file: /dev/zero, external: true } }, outputs: { o: o } }
  inside: { run: [sh, -c, 'echo 1 > o'], code: [], inputs: { x: { dir: d } }, outputs: { o: o } }
`,
    'd/a': '',
  });
  for (const path of ['pipe', 'd/pipe']) spawnSync('mkfifo', [join(rig.root, path)]);
  const { cells } = await rig.run();
  expect(cells.map(({ failure }) => failure?.code)).toEqual(['missing-input', 'missing-input', 'bad-file']);
  expect(cells[0]?.failure?.message).toBe('Input "pipe" is a pipe, a socket or a device, not a file');
  const states = await rig.inspect();
  expect(Object.values(states).map(({ kind }) => kind)).toEqual(['broken', 'broken', 'broken']);
});

it('a file of numbers that is none is refused before it is read, and so are more numbers than anybody reads', async () => {
  const project = (script: string): Promise<Rig> =>
    Rig.create({
      'pipeline.yaml': `name: test
stages: { s: { run: [sh, s.sh], code: [s.sh], outputs: { o: o }, numbers: n.json } }
`,
      's.sh': `echo 1 > o\n${script}\n`,
    });
  await using large = await project('dd if=/dev/null of=n.json bs=1 seek=600000000 2>/dev/null');
  expect((await large.run()).cells[0]?.failure).toMatchObject({
    code: 'bad-numbers',
    message:
      'Cannot accept "n.json": it has 600000000 bytes, more than the 16777216 that are read; write data into an output',
  });
  const numbers = (count: number): string =>
    `awk 'BEGIN { printf "{"; for (i = 0; i < ${count}; i++) printf "%s\\"n%d\\": {\\"value\\": 1}", i ? "," : "", i; print "}" }' > n.json`;
  await using many = await project(numbers(10_001));
  expect((await many.run()).cells[0]?.failure?.message).toContain(
    'it has 10001 numbers, more than the 10000 of one stage',
  );
  await using most = await project(numbers(10_000));
  const run = await most.run();
  expect(run.cells[0]?.failure?.message ?? '').not.toContain('more than');
});
