// What executions left that did not come to their end: used by the run that goes on, or cleared, and never for ever.
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { controlledRig } from '../rig/controlled-rig.ts';
import { Control } from '../rig/controlled-stage.ts';
import type { Rig } from '../rig/rig.ts';

const work = (rig: Rig): string[] => readdirSync(path.join(rig.root, '.repro/work')).sort();

/** Makes every file below a directory as old. */
function age(rig: Rig, folder: string, days: number): void {
  const then = Date.now() / 1000 - days * 24 * 3600;
  for (const file of rig.list(folder)) utimesSync(path.join(rig.root, folder, file), then, then);
}

/** Runs the only stage of a project to its end. */
async function complete(rig: Rig, control: Control, ...words: string[]): Promise<void> {
  const run = rig.start('run', ...words);
  await (await control.stage('a')).finish();
  expect((await run.result).code).toBe(0);
}

/** Kills a command, and not its stage, while that has written something. */
async function killed(rig: Rig, control: Control, ...words: string[]): Promise<void> {
  const command = rig.start(...words);
  const stage = await control.stage('a');
  await stage.order('write', { path: 'scratch/checkpoint', text: 'x'.repeat(5000) });
  command.signal('SIGKILL');
  await command.result;
}

test.each([[['run', '--force']], [['audit']]])('%s, killed: the next run clears what it left', async (words) => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  await complete(rig, control);
  await killed(rig, control, ...words);
  expect(work(rig)).toHaveLength(1);
  expect((await rig.repro('run')).code).toBe(0);
  expect(work(rig)).toEqual([]);
});

test('an audit whose execution fails: its log is there until the next run', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  await complete(rig, control);
  const audit = rig.start('audit');
  await (await control.stage('a')).exit(3);
  await audit.result;
  expect(work(rig)).toHaveLength(1);
  rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace('name: test', 'name: test\nseed: 5'));
  await complete(rig, control);
  expect(work(rig)).toEqual([]);
});

test('edited code: gc names what the earlier attempt left, keeps it for a week, and then deletes it with its download', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  await killed(rig, control, 'run');
  rig.write('controlled.mjs', `${rig.read('controlled.mjs')}// edited\n`);
  await complete(rig, control);
  const [left] = work(rig);
  expect(left).toBeDefined();
  rig.write(`.repro/downloads/${'0'.repeat(64)}.part`, 'half');
  const young = await rig.repro('gc', '--delete');
  expect(young.stdout).toMatch(new RegExp(`unfinished  .repro/work/${left}: \\d+\\.\\d kB, last written .*, kept`));
  expect(young.stdout).toContain('.part: 4 B');
  expect(work(rig)).toEqual([left]);
  age(rig, '.repro/work', 8);
  expect((await rig.repro('gc', '--older-than', '9', '--delete')).stdout).toContain('kept, a run may go on from it');
  expect((await rig.repro('gc')).stdout).toMatch(/garbage {2}.*1 unfinished: \d+\.\d kB/);
  expect(work(rig)).toEqual([left]);
  expect((await rig.repro('gc', '--delete')).stdout).toContain('1 unfinished');
  expect(work(rig)).toEqual([]);
  expect(rig.list('.repro/downloads')).toHaveLength(1);
  age(rig, '.repro/downloads', 8);
  await rig.repro('gc', '--delete');
  expect(existsSync(path.join(rig.root, '.repro/downloads', `${'0'.repeat(64)}.part`))).toBe(false);
});

test('gc ends a stage that outlived its runner before it deletes where that works', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  const command = rig.start('run');
  const stage = await control.stage('a');
  command.signal('SIGKILL');
  await command.result;
  age(rig, '.repro/work', 8);
  expect((await rig.repro('gc', '--delete')).code).toBe(0);
  await stage.ended;
  expect(work(rig)).toEqual([]);
});
