// What stages may occupy together, attempts, and the end of a run at its first failure. Stages wait for orders, so nothing
// depends on time.
import { expect, it } from 'vitest';
import { controlledRig, started } from '../rig/controlled-rig.ts';
import { Control } from '../rig/controlled-stage.ts';
import type { Rig } from '../rig/rig.ts';

const GiB = 2 ** 30;

const logOf = (rig: Rig, digest: string): string => {
  const hex = digest.slice('sha256:'.length);
  return rig.read(`.repro/objects/${hex.slice(0, 2)}/${hex.slice(2)}`);
};

it('runs no more stages at once than --jobs says, whatever cores there are', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b', 'c']);
  const run = rig.run({ cpus: 8, jobs: 2 });
  const [a, b] = await Promise.all([control.stage('a'), control.stage('b')]);
  expect(started(rig)).toEqual(['a', 'b']);
  await a.finish();
  const c = await control.stage('c');
  expect(started(rig)).toEqual(['a', 'b', 'c']);
  await Promise.all([b.finish(), c.finish()]);
  expect((await run).outcome).toBe('complete');
});

it('keeps memory for the stage that waits for it, and lets those that need none of it pass', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'large', 'small', 'none'], {
    a: ', resources: { memory: 2GiB }',
    large: ', resources: { memory: 2.5GiB }',
    small: ', resources: { memory: 512MiB }',
  });
  const run = rig.run({ cpus: 8, memoryBytes: 3 * GiB });
  const [a, none] = await Promise.all([control.stage('a'), control.stage('none')]);
  expect(started(rig)).toEqual(['a', 'none']);
  await a.finish();
  const [large, small] = await Promise.all([control.stage('large'), control.stage('small')]);
  expect(started(rig)).toEqual(['a', 'none', 'large', 'small']);
  await Promise.all([large.finish(), small.finish(), none.finish()]);
  expect((await run).outcome).toBe('complete');
});

it('gives stages that run side by side different devices, and one that asks for all the whole', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b', 'both', 'none'], {
    a: ', resources: { gpus: 1 }',
    b: ', resources: { gpus: 1 }',
    both: ', resources: { gpus: 2 }',
  });
  const run = rig.run({ cpus: 8, gpus: ['0', '5'] });
  const [a, b, none] = await Promise.all([control.stage('a'), control.stage('b'), control.stage('none')]);
  expect(started(rig).sort()).toEqual(['a', 'b', 'none']);
  const devices = await Promise.all([a, b, none].map((stage) => stage.order('env', 'CUDA_VISIBLE_DEVICES')));
  expect(devices).toEqual(['0', '5', null]);
  await Promise.all([a.finish(), b.finish(), none.finish()]);
  const both = await control.stage('both');
  expect(await both.order('env', 'CUDA_VISIBLE_DEVICES')).toBe('0,5');
  await both.finish();
  expect((await run).outcome).toBe('complete');
});

it('runs a stage again that failed, with its scratch and its log, and records which attempt succeeded', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a'], { a: ', resources: { retries: 2 }' });
  const run = rig.run();
  const first = await control.stage('a');
  await first.order('write', { path: 'scratch/checkpoint', text: 'step 10' });
  await first.order('write', { path: 'half.txt', text: 'x' });
  await first.order('print', 'one\n');
  await first.exit(3);
  const second = await control.stage('a');
  expect(await second.order('read', 'scratch/checkpoint')).toBe('step 10');
  expect(await second.order('read', 'half.txt')).toBeNull();
  second.kill();
  const third = await control.stage('a');
  await third.order('print', 'three\n');
  await third.finish();
  const { cells, events } = await run;
  expect(cells[0]).toMatchObject({ status: 'computed', record: { attempts: 3 } });
  expect(events.filter(({ kind }) => kind === 'stage-retried')).toMatchObject([
    { stage: 'a', attempt: 2, attempts: 3, failure: { code: 'exit-code', tail: ['one'] } },
    { stage: 'a', attempt: 3, attempts: 3, failure: { code: 'killed', tail: [] } },
  ]);
  expect(logOf(rig, cells[0]!.record!.log)).toBe(
    'one\n[attempt 2 of 3, after: Ended with exit code 3]\n[attempt 3 of 3, after: Was killed by SIGKILL]\nthree\n',
  );
  // Neither the setting nor the attempts are in the fingerprint.
  rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace('retries: 2', 'retries: 5, memory: 1MiB'));
  expect((await rig.run()).statuses).toEqual(['a restored']);
});

it('gives a stage up after its last attempt, and records nothing', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b'], {
    a: ', resources: { retries: 1 }',
    b: ', inputs: { in: a.out }',
  });
  const run = rig.run();
  await (await control.stage('a')).exit(3);
  await (await control.stage('a')).exit(4);
  const { statuses, cells } = await run;
  expect(statuses).toEqual(['a failed', 'b blocked']);
  expect(cells[0]?.failure).toMatchObject({
    code: 'exit-code',
    message: 'Ended with exit code 4 (attempt 2 of 2)',
  });
  expect(rig.list('.repro/records')).toEqual([]);
});

it('does not run a stage again that ended well and left the wrong files', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a'], { a: ', resources: { retries: 2 }' });
  const run = rig.run();
  await (await control.stage('a')).exit(0);
  const { cells, events } = await run;
  expect(cells[0]?.failure?.code).toBe('missing-output');
  expect(events.some(({ kind }) => kind === 'stage-retried')).toBe(false);
});

it('does not run a stage again that took too long: it would again', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a'], { a: ', resources: { retries: 2, time: 0.2s }' });
  const { cells, events } = await rig.run();
  expect(cells[0]?.failure).toMatchObject({ code: 'timed-out', message: 'Ran longer than its limit of 0.2 seconds' });
  expect(events.some(({ kind }) => kind === 'stage-retried')).toBe(false);
});

it('refuses, before anything runs, a stage that is larger than the run', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b'], { b: ', resources: { gpus: 1, memory: 2GiB }' });
  await expect(rig.run({ memoryBytes: 4 * GiB })).rejects.toMatchObject({
    code: 'insufficient-resources',
    message: 'Stage "b" needs 1 GPU, and this run has none',
  });
  await expect(rig.run({ gpus: ['0'], memoryBytes: GiB })).rejects.toMatchObject({
    message: 'Stage "b" needs 2 GiB of memory, and this run has 1 GiB',
  });
  expect(started(rig)).toEqual([]);

  const run = rig.run({ gpus: ['0'], memoryBytes: 4 * GiB });
  for (const name of ['a', 'b']) await (await control.stage(name)).finish();
  expect((await run).outcome).toBe('complete');
  // What is known is restored on a machine that could not compute it.
  expect((await rig.run({ memoryBytes: GiB })).statuses).toEqual(['a restored', 'b restored']);
  await expect(rig.run({ memoryBytes: GiB, force: new Set(['b']) })).rejects.toMatchObject({
    code: 'insufficient-resources',
  });
});

it('starts nothing after a failure with --fail-fast, and lets what runs end', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b', 'c', 'd'], { d: ', inputs: { in: c.out }' });
  const run = rig.run({ cpus: 2, failFast: true });
  const [a, b] = await Promise.all([control.stage('a'), control.stage('b')]);
  await a.exit(1);
  await b.finish();
  const { outcome, statuses, cells } = await run;
  expect(outcome).toBe('failed');
  expect(statuses).toEqual(['a failed', 'b computed', 'c blocked', 'd blocked']);
  expect(cells.map(({ blockedBy }) => blockedBy)).toEqual([undefined, undefined, 'a', 'a']);
});

it('says on the command line what is too large and what to do, and takes the limits', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a'], { a: ', resources: { gpus: 2, memory: 1MiB }' });
  const refused = await rig.repro('run', '--gpus', '1');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('Stage "a" needs 2 GPUs, and this run has 1');
  expect(refused.stderr).toContain('--gpus 2');
  const wrong = await rig.repro('run', '--memory', '4 apples');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('such as 512MiB or 4GiB') as string });
  const { result } = rig.start('run', '--gpus', '2', '--memory', '1GiB', '--jobs', '1', '--fail-fast');
  const a = await control.stage('a');
  expect(await a.order('env', 'CUDA_VISIBLE_DEVICES')).toBe('0,1');
  await a.finish();
  expect(await result).toMatchObject({ code: 0 });
});
