// What `gc` clears of stages that failed, that were removed, and whose directories somebody asked for.
import { utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const stage = (command: string, more = '') =>
  `{ run: [sh, -c, '${command}'], code: [], outputs: { out: out.txt, all: all/ }${more} }`;
const make = 'echo 1 > out.txt; mkdir all; echo 2 > all/a';
const withTwo = `name: test
stages:
  stays: ${stage(make)}
  goes: ${stage(make, ', matrix: { n: [1, 2] }')}
`;
const withOne = `name: test
stages:
  stays: ${stage(make)}
`;

test('artifacts of a removed stage go when the latest manifest names them no more; what others wrote stays', async () => {
  await using rig = await Rig.create({ 'pipeline.yaml': withTwo });
  await rig.repro('run');
  rig.write('artifacts/goes/n=1/notes.txt', 'mine');
  rig.write('artifacts/goes/n=2/out.txt', 'edited');
  rig.write('pipeline.yaml', withOne);
  // The latest manifest says that they are published.
  expect((await rig.repro('gc', '--delete')).stdout).not.toContain('artifact ');
  expect(rig.has('artifacts/goes/n=1/out.txt')).toBe(true);
  expect((await rig.repro('run')).code).toBe(0);
  const before = rig.list('artifacts');
  const dry = await rig.repro('gc');
  expect(dry.stdout).toContain('artifact    artifacts/goes/n=1/all/a: garbage, its stage is no more\n');
  expect(rig.list('artifacts')).toEqual(before);
  const { artifacts } = JSON.parse((await rig.repro('gc', '--json')).stdout) as { artifacts: string[] };
  expect(artifacts).toEqual(
    ['goes/n=1/all/a', 'goes/n=1/out.txt', 'goes/n=2/all/a'].map((file) => `artifacts/${file}`),
  );
  expect((await rig.repro('gc', '--delete')).stdout).toContain('3 artifacts');
  expect(rig.list('artifacts/goes')).toEqual(['n=1/notes.txt', 'n=2/out.txt']);
  expect(rig.list('artifacts/stays')).toEqual(['all/a', 'out.txt']);
  expect(await rig.repro('verify')).toMatchObject({ code: 0 });
  // A stage that comes back is restored; what somebody had put in its place is moved aside.
  rig.write('pipeline.yaml', withTwo);
  expect((await rig.repro('run')).stdout).toContain('3 restored');
  expect(rig.read('artifacts/goes/n=2/out.txt')).toBe('1\n');
});

test('without a pipeline file that can be read, nothing is taken for removed', async () => {
  await using rig = await Rig.create({ 'pipeline.yaml': withTwo });
  await rig.repro('run');
  rig.write('pipeline.yaml', withOne);
  await rig.repro('run');
  rig.write('pipeline.yaml', 'stages: [');
  const { code, stdout } = await rig.repro('gc', '--delete');
  expect({ code, warned: stdout.includes('what is left of removed stages is not known') }).toEqual({
    code: 0,
    warned: true,
  });
  expect(rig.has('artifacts/goes/n=1/out.txt')).toBe(true);
});

test('what a failed stage left goes once it has ended well, or is no more; a checkpoint stays for a week', async () => {
  const failing = (checkpoint: string) => `name: test
stages:
  stays: ${stage(make)}
  bad: { run: [sh, -c, '${checkpoint}echo printed; exit 3'], code: [] }
`;
  const mended = failing('').replace('exit 3', 'exit 0');
  await using rig = await Rig.create({ 'pipeline.yaml': failing('') });
  const left = () => rig.list('.repro/work').filter((file) => file.endsWith('log.txt')).length;
  await rig.repro('run');
  expect((await rig.repro('gc', '--delete')).stdout).toMatch(/unfinished .* kept, a run may go on from it/);
  expect(left()).toBe(1);
  rig.write('pipeline.yaml', mended);
  await rig.repro('run');
  expect((await rig.repro('gc')).stdout).toContain('garbage, its stage has ended well since');
  await rig.repro('gc', '--delete');
  expect(left()).toBe(0);

  rig.write('pipeline.yaml', failing('true; '));
  await rig.repro('run');
  rig.write('pipeline.yaml', withOne);
  expect((await rig.repro('gc', '--delete')).stdout).toContain('deleted, its stage is no more');
  expect(left()).toBe(0);

  rig.write('pipeline.yaml', failing('echo half > scratch/model; '));
  await rig.repro('run');
  rig.write('pipeline.yaml', withOne);
  expect((await rig.repro('gc', '--delete')).stdout).toContain('kept, a run may go on from it');
  expect(left()).toBe(1);
});

test('run --keep keeps directories of stages over later runs, until gc finds them old', async () => {
  await using rig = await Rig.create({ 'pipeline.yaml': withOne });
  const { stdout } = await rig.repro('run', '--keep');
  const [, kept] = /^kept {6}(\.repro\/work\/[0-9a-f]{16}) {2}\(stays\)$/m.exec(stdout)!;
  rig.write(`${kept!}/run/mine.txt`, 'notes');
  expect((await rig.repro('run')).stdout).toContain('nothing has changed');
  rig.write('pipeline.yaml', `${withOne}# touched\n`);
  await rig.repro('run');
  expect(rig.read(`${kept!}/run/out.txt`)).toBe('1\n');
  expect((await rig.repro('gc', '--delete')).stdout).toContain('kept, as run --keep asked');
  expect(rig.read(`${kept!}/run/mine.txt`)).toBe('notes');
  const then = Date.now() / 1000 - 8 * 24 * 3600;
  for (const file of rig.list(kept!)) utimesSync(path.join(rig.root, kept!, file), then, then);
  await rig.repro('gc', '--delete');
  expect(rig.has(kept!)).toBe(false);
  expect(await rig.repro('verify')).toMatchObject({ code: 0 });
});
