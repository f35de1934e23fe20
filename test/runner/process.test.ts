// Lives of stages: limits, cancelling, time-outs, kills, resuming. Stages wait for orders, so nothing depends on time.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { localExecutor } from '../../src/runner/process/local.ts';
import { identifyProcess, isProvablyDead } from '../../src/store/lock.ts';
import { controlledRig, started } from '../rig/controlled-rig.ts';
import { Control } from '../rig/controlled-stage.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const isAlive = (pid: number): boolean => !isProvablyDead({ ...identifyProcess(pid) });

it('runs as many stages at once as there are cores, and a wide one alone', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b', 'c', 'wide'], { wide: ', resources: { cpus: 8 }' });
  const run = rig.run({ cpus: 2 });
  const [a, b] = await Promise.all([control.stage('a'), control.stage('b')]);
  expect(started(rig)).toEqual(['a', 'b']);
  await a.order('write', { path: 'out.txt', text: 'a' });
  await a.exit(0);
  const c = await control.stage('c');
  expect(started(rig)).toEqual(['a', 'b', 'c']);
  for (const stage of [b, c]) {
    await stage.order('write', { path: 'out.txt', text: 'x' });
    await stage.exit(0);
  }
  const wide = await control.stage('wide');
  await wide.order('write', { path: 'out.txt', text: 'x' });
  await wide.exit(0);
  expect((await run).outcome).toBe('complete');
});

it('leaves no process that could not be noted', async () => {
  using directory = temporaryDirectory();
  let pid = 0;
  const job = {
    id: 'a',
    program: '/bin/sh',
    words: ['-c', 'sleep 60 & wait'],
    directory: directory.path,
    environment: {},
    passed: [],
    log: join(directory.path, 'log.txt'),
    control: join(directory.path, 'control'),
    outputs: [],
    timeoutSeconds: null,
    resources: { cpus: 1, memoryBytes: 0, gpus: 0 },
    expectedSeconds: null,
  };
  const observer = {
    onStart: (started: { pid?: number }): never => {
      pid = started.pid!;
      throw new Error('no space left');
    },
    onLine: () => {},
  };
  await expect(localExecutor.run(job, observer, new AbortController().signal)).rejects.toThrow('no space left');
  expect(isAlive(pid)).toBe(false);
});

it('goes on with independent stages when one fails, and blocks those below it', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b', 'c', 'd'], {
    b: ', inputs: { in: a.out }',
    c: ', inputs: { in: b.out }',
  });
  const run = rig.run();
  const [a, d] = await Promise.all([control.stage('a'), control.stage('d')]);
  await a.order('print', 'first\nlast words');
  await a.exit(3);
  await d.order('write', { path: 'out.txt', text: 'd' });
  await d.exit(0);
  const { outcome, statuses, cells } = await run;
  expect(outcome).toBe('failed');
  expect(statuses).toEqual(['a failed', 'b blocked', 'c blocked', 'd computed']);
  expect(cells[0]?.failure).toMatchObject({ code: 'exit-code', tail: ['first', 'last words'] });
  expect(rig.read(cells[0]!.failure!.log!)).toBe('first\nlast words\n');
  expect(cells[1]?.blockedBy).toBe('a');
  expect(cells[2]?.blockedBy).toBe('a');
});

it('ends a stage and everything it started when the run is cancelled, and keeps scratch for the next run', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a', 'b'], { b: ', inputs: { in: a.out }' });
  const stop = new AbortController();
  const run = rig.run({ signal: stop.signal });
  const a = await control.stage('a');
  await a.order('write', { path: 'scratch/checkpoint', text: 'step 10' });
  await a.order('write', { path: 'half.txt', text: 'x' });
  const grandchild = (await a.order('spawn', null)) as number;
  stop.abort();
  const { outcome, statuses } = await run;
  expect(outcome).toBe('interrupted');
  expect(statuses).toEqual(['a cancelled', 'b cancelled']);
  await vi.waitFor(() => expect(isAlive(grandchild)).toBe(false));
  expect(rig.list('.repro/records')).toEqual([]);

  const again = rig.run();
  const resumed = await control.stage('a');
  expect(await resumed.order('read', 'scratch/checkpoint')).toBe('step 10');
  expect(await resumed.order('read', 'half.txt')).toBeNull();
  await resumed.order('write', { path: 'out.txt', text: 'done' });
  await resumed.exit(0);
  const b = await control.stage('b');
  await b.order('write', { path: 'out.txt', text: 'done' });
  await b.exit(0);
  expect((await again).outcome).toBe('complete');
});

it('starts a forced cell without what an earlier attempt left', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  const run = rig.run();
  const a = await control.stage('a');
  await a.order('write', { path: 'scratch/checkpoint', text: 'step 10' });
  a.kill();
  await run;
  const forced = rig.run({ force: new Set(['a']) });
  const again = await control.stage('a');
  expect(await again.order('read', 'scratch/checkpoint')).toBeNull();
  await again.order('write', { path: 'out.txt', text: 'done' });
  await again.exit(0);
  expect((await forced).cells[0]?.reasons).toEqual(['forced']);
});

it('says that a stage was killed, and by what', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  const run = rig.run();
  (await control.stage('a')).kill();
  const { cells } = await run;
  expect(cells[0]?.failure).toMatchObject({ code: 'killed', message: 'Was killed by SIGKILL' });
  expect(cells[0]?.failure?.hint).toContain('memory');
});

it('ends a stage at its time limit', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': 'name: test\nstages:\n  a: { run: [sleep, "1000"], resources: { time: 0.2s } }\n',
  });
  const { cells } = await rig.run();
  expect(cells[0]?.failure).toMatchObject({ code: 'timed-out', message: 'Ran longer than its limit of 0.2 seconds' });
});

it('a run that was killed leaves a lock that the next takes over, and a stage that the next ends and resumes', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  const killed = rig.start('run');
  const a = await control.stage('a');
  await a.order('write', { path: 'scratch/checkpoint', text: 'step 10' });
  expect(rig.has('.repro/lock')).toBe(true);
  killed.signal('SIGKILL');
  await killed.result.catch(() => {});
  expect(isAlive(a.pid)).toBe(true);

  const run = rig.run();
  const resumed = await control.stage('a');
  expect(isAlive(a.pid)).toBe(false);
  expect(resumed.pid).not.toBe(a.pid);
  expect(await resumed.order('read', 'scratch/checkpoint')).toBe('step 10');
  await resumed.order('write', { path: 'out.txt', text: 'done' });
  await resumed.exit(0);
  expect((await run).outcome).toBe('complete');
  expect(rig.has('.repro/lock')).toBe(false);
});

it('a second run is refused while the first lives, or waits for it and restores its results', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  const first = rig.start('run');
  const a = await control.stage('a');
  await expect(rig.run()).rejects.toMatchObject({ code: 'locked' });
  let release = (): void => {};
  const isWaiting = new Promise<void>((resolve) => (release = resolve));
  const second = rig.run({
    wait: true,
    emit: (event) => {
      if (event.kind === 'warning') release();
    },
  });
  await isWaiting;
  await a.order('write', { path: 'out.txt', text: 'done' });
  await a.exit(0);
  expect((await first.result).code).toBe(0);
  expect((await second).statuses).toEqual(['a restored']);
});

it('writes the log as the stage prints it, without lines of progress', async () => {
  await using control = await Control.listen();
  await using rig = await controlledRig(control, ['a']);
  const line = '::repro progress {"step":1,"total":2,"metrics":{"loss":0.5}}';
  let arrived = (): void => {};
  const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
  const run = rig.run({
    emit: (event) => {
      if (event.kind === 'stage-output' && event.line === 'end') arrived();
    },
  });
  const a = await control.stage('a');
  await a.order('print', `\u001b[31mred\u001b[0m\n${line}\nend\n`);
  await hasArrived;
  const log = rig.events.flatMap((event) => (event.kind === 'stage-started' ? [event.log] : []))[0]!;
  expect(existsSync(join(rig.root, log))).toBe(true);
  expect(rig.read(log)).toBe('\u001b[31mred\u001b[0m\nend\n');
  expect(rig.events).toContainEqual({
    kind: 'stage-progress',
    stage: 'a',
    progress: { step: 1, total: 2, metrics: { loss: 0.5 } },
  });
  await a.order('write', { path: 'out.txt', text: 'done' });
  await a.exit(0);
  const { cells } = await run;
  const digest = cells[0]!.record!.log.slice('sha256:'.length);
  const stored = join(rig.root, '.repro/objects', digest.slice(0, 2), digest.slice(2));
  expect(readFileSync(stored, 'utf8')).toBe('\u001b[31mred\u001b[0m\nend\n');
});

it('gives a stage its parameters in the order that is fingerprinted, not in that of the file', async () => {
  const pipeline = (params: string): string => `name: ordered
params: ${params}
stages:
  show: { run: [sh, -c, 'cp "$REPRO_STAGE" seen.json'], code: [], params: [model], outputs: { seen: seen.json } }
`;
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline('{ model: { z: 1, a: { y: 2, b: 3 } } }') });
  await rig.run();
  const seen = (): string =>
    JSON.stringify((JSON.parse(rig.read('artifacts/show/seen.json')) as { params: unknown }).params);
  expect(seen()).toBe('{"model":{"a":{"b":3,"y":2},"z":1}}');
  rig.write('pipeline.yaml', pipeline('{ model: { a: { b: 3, y: 2 }, z: 1 } }'));
  expect((await rig.run()).statuses).toEqual(['show restored']);
  const again = await rig.run({ force: new Set(['show']) });
  expect(again.cells[0]?.audit?.outputs).toEqual({ seen: 'bitwise' });
});
