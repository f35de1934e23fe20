// What is lost or damaged in the store is noticed by the next run and made good, or said; nothing is found for ever.
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { controlledRig } from '../rig/controlled-rig.ts';
import { Control } from '../rig/controlled-stage.ts';
import { Rig } from '../rig/rig.ts';

const files = {
  'pipeline.yaml': `name: healing
stages:
  make: { run: [sh, make.sh], code: [make.sh], outputs: { data: d.txt } }
  use: { run: use.mjs, inputs: { data: make.data }, outputs: { out: out.txt } }
`,
  'make.sh': 'echo making; echo 1 > d.txt\n',
  'use.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
console.log('using');
writeFileSync(outputs.out, 'used');
`,
};

const latest = (rig: Rig): Manifest => JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
const objectPath = (rig: Rig, digest: string): string =>
  path.join(rig.root, '.repro/objects', digest.slice(7, 9), digest.slice(9));

function damage(file: string): void {
  chmodSync(file, 0o644);
  writeFileSync(file, 'damaged');
}

test.each([
  ['damaged', damage],
  ['lost', rmSync],
])('a log that is %s: the run says so, keeps the results, and the manifest has a gap', async (_, harm) => {
  await using rig = await Rig.create(files);
  expect((await rig.repro('run')).code).toBe(0);
  const before = latest(rig).stages[0]!.record!;
  harm(objectPath(rig, before.log));
  const run = await rig.repro('run');
  expect(run.stdout).toContain('warning: make: Its log is lost, its results are whole');
  const [make] = latest(rig).stages;
  expect(make).toMatchObject({ status: 'restored', record: { numbers: before.numbers, outputs: before.outputs } });
  expect(latest(rig).gaps).toContainEqual({ stage: 'make', message: 'The log of its execution is lost' });
  expect((await rig.repro('log', 'make')).stdout).toContain('The log of this execution is lost');
  expect(await rig.repro('verify')).toMatchObject({ code: 0 });
  expect((await rig.repro('run')).stdout).toContain('nothing has changed since');
  expect((await rig.repro('run', '--force')).code).toBe(0);
  expect((await rig.repro('log', 'make')).stdout).toContain('making');
  expect(latest(rig).gaps.map(({ message }) => message)).not.toContain('The log of its execution is lost');
});

test.each([
  ['a command', 'make', 'make.sh'],
  ['a module', 'use', 'use.mjs'],
])('code of %s that is damaged is found by verify, and put back by the next run', async (_, id, file) => {
  await using rig = await Rig.create(files);
  await rig.repro('run');
  const digest = latest(rig).stages.find((stage) => stage.id === id)!.record!.preimage.code[file]!;
  damage(objectPath(rig, digest));
  const verified = await rig.repro('verify');
  expect(verified).toMatchObject({ code: 4 });
  expect(verified.stdout).toContain(`damaged ${id}: Code "${file}" is damaged in the store`);
  expect(verified.stdout).toContain('it was moved to');
  expect((await rig.repro('run')).code).toBe(0);
  expect((await rig.repro('verify')).code).toBe(0);
  damage(objectPath(rig, digest));
  expect((await rig.repro('run')).code).toBe(0);
  expect((await rig.repro('verify')).code).toBe(0);
});

test('a checkout that has nothing but the manifest: what was executed again decides', async () => {
  await using rig = await Rig.create(files);
  await rig.repro('run');
  rmSync(path.join(rig.root, '.repro'), { recursive: true });
  for (const stage of ['make', 'use']) rmSync(path.join(rig.root, 'artifacts', stage), { recursive: true });
  expect((await rig.repro('verify')).code).toBe(4);
  // Seed 1 or 2: whichever chooses the first stage alone.
  const seeds = await Promise.all(
    [1, 2, 3, 4].map((seed) => rig.repro('verify', '--recompute', '1', '--seed', `${seed}`)),
  );
  expect(seeds.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(seeds.some(({ stdout }) => stdout.includes('not hashed: never in this checkout'))).toBe(true);
});

test('verify beside a run leaves alone what the run is publishing', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b'], { b: ', inputs: { in: a.out }' });
  const first = rig.start('run');
  for (const name of ['a', 'b']) await (await control.stage(name)).finish();
  expect((await first.result).code).toBe(0);
  rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace('name: test', 'name: test\nseed: 5'));
  const second = rig.start('run');
  const a = await control.stage('a');
  await a.order('write', { path: 'out.txt', text: 'other' });
  await a.exit(0);
  const b = await control.stage('b');
  const beside = await rig.repro('verify');
  expect(beside).toMatchObject({ code: 0 });
  expect(beside.stdout).toContain('Published artifacts were not checked: a run is going on');
  let waits = (): void => {};
  const waiting = new Promise<void>((resolve) => (waits = resolve));
  const onOutput = (text: string): void => void (text.includes('Waiting for another run') && waits());
  const recomputing = rig.startWith({ onOutput }, 'verify', '--recompute', '1', '--seed', '1');
  await waiting;
  await b.finish();
  expect((await second.result).code).toBe(0);
  await (await control.stage('a')).finish();
  const { code, stdout } = await recomputing.result;
  expect(stdout).toContain('they belong to a later run');
  expect(code, stdout).toBe(0);
});
