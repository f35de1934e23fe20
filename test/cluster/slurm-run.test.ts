// Stages as jobs of a real Slurm, through the real command line.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSlurm, whyNoSlurm } from '../rig/slurm.ts';
import type { Slurm } from '../rig/slurm.ts';
import { clusterProject, linesOf, liveJobs, until } from './cluster-project.ts';

const reason = whyNoSlurm();

describe.skipIf(reason !== null)(`stages on Slurm${reason === null ? '' : ` (${reason})`}`, () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await startSlurm();
  });
  afterAll(async () => slurm?.[Symbol.asyncDispose]());

  it('run as jobs, and their records say where, and how long they waited', async () => {
    const stages = `
  first: { run: [sh, -c, 'echo 1 > out.txt'], outputs: { out: out.txt } }
  second: { run: [sh, -c, 'cat ../inputs/in/* > out.txt'], inputs: { in: first.out }, outputs: { out: out.txt } }
`;
    await using project = await clusterProject(slurm, stages);
    const { code, events } = await project.run();
    expect(code).toBe(0);
    const told = events.flatMap((event) => ('stage' in event && event.stage === 'second' ? [event.kind] : []));
    expect(told).toEqual(['stage-queued', 'stage-started', 'stage-finished']);
    const { job, environment, seconds, startedAt, finishedAt } = project.record('second');
    expect(job).toMatchObject({ executor: 'cluster', id: expect.stringMatching(/^\d+_0$/) as string });
    expect(job!.host).toBe(environment.host);
    expect(environment).toMatchObject({ platform: process.platform, arch: process.arch });
    expect(seconds).toBeLessThan(job!.queuedSeconds + seconds);
    expect(startedAt > project.record('first').finishedAt && startedAt <= finishedAt).toBe(true);
    expect(await liveJobs(slurm)).toEqual([]);
    expect(project.rig.list('.repro/work')).toEqual([]);
    expect(project.rig.list('.repro/jobs')).toEqual([]);
    // A process would have the same fingerprint, and its result is known.
    const here = await project.run('--executor', 'local');
    expect(here.events.filter(({ kind }) => kind === 'stage-restored')).toHaveLength(2);
  });

  it('see their own environment and nothing of the scheduler, but for the devices that they asked for', async () => {
    const stages = `
  plain: { run: [env] }
  device: { run: [env], resources: { gpus: 1 } }
`;
    await using project = await clusterProject(slurm, stages);
    const { code, events } = await project.run();
    expect(code).toBe(0);
    const seen = (stage: string): string[] =>
      events
        .flatMap((event) => (event.kind === 'stage-output' && event.stage === stage ? [event.line.split('=')[0]!] : []))
        .sort();
    const always = ['HOME', 'LANG', 'MKL_NUM_THREADS', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PATH'];
    const rest = ['REPRO_STAGE', 'TMPDIR', 'TZ'];
    expect(seen('plain')).toEqual([...always, ...rest]);
    expect(seen('device')).toEqual([
      'CUDA_VISIBLE_DEVICES',
      ...always,
      'REPRO_STAGE',
      'ROCR_VISIBLE_DEVICES',
      'TMPDIR',
      'TZ',
    ]);
  });

  it('ask for what they declare', async () => {
    const resources = 'resources: { cpus: 3, memory: 700MB, gpus: 2, time: 90s }';
    const stages = `  wide: { run: [sh, -c, 'while [ ! -e ../../../../go ]; do sleep 0.1; done'], ${resources} }\n`;
    await using project = await clusterProject(slurm, stages);
    const running = project.start();
    await until(async () => (await liveJobs(slurm)).some((line) => line.endsWith('RUNNING')));
    const asked = await slurm.ask('squeue', '-h', '-o', '%C %m %l %b');
    expect(asked.trim()).toMatch(/^3 668M 3:00 (N\/A|gres.*gpu.*2|gpu:2)/);
    project.rig.write('go', '');
    expect((await running.result).code).toBe(0);
  });

  it('print into the log as they run, and nothing of it is lost', async () => {
    const program = `i=0
while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done
echo '::repro progress {"step":1,"total":2}'
printf end
`;
    await using project = await clusterProject(slurm, `  loud: { run: [sh, loud.sh], code: [loud.sh] }\n`, {
      files: { 'loud.sh': program },
    });
    const { code, events } = await project.run();
    expect(code).toBe(0);
    const lines = events.flatMap((event) => (event.kind === 'stage-output' ? [event.line] : []));
    expect(lines).toEqual([...Array.from({ length: 20000 }, (_, i) => `line ${i}`), 'end']);
    expect(events.some(({ kind }) => kind === 'stage-progress')).toBe(true);
    const { stdout } = await project.rig.repro('log', 'loud');
    expect(stdout.split('\n').filter((line) => line.startsWith('line '))).toHaveLength(20000);
  });

  it('are told of as out of memory, too long, killed, or ended with a code', async () => {
    const stages = `
  hungry: { run: [${JSON.stringify(process.execPath)}, hungry.mjs], code: [hungry.mjs], resources: { memory: 60MB } }
  slow: { run: [sh, -c, 'sleep 60 & wait'], resources: { time: 1s } }
  killed: { run: [sh, -c, 'kill -KILL $$'] }
  wrong: { run: [sh, -c, 'echo no; exit 3'] }
`;
    await using project = await clusterProject(slurm, stages, {
      files: {
        'hungry.mjs': 'const all = [];\nsetInterval(() => all.push(Buffer.alloc(20_000_000, 1)), 50);\n',
      },
    });
    const { code, events } = await project.run();
    expect(code).toBe(1);
    const failures = events.flatMap((event) =>
      event.kind === 'stage-failed' ? [[event.stage, event.failure.code] as const] : [],
    );
    expect(Object.fromEntries(failures)).toEqual({
      hungry: 'out-of-memory',
      slow: 'timed-out',
      killed: 'killed',
      wrong: 'exit-code',
    });
    expect(await liveJobs(slurm)).toEqual([]);
  });

  it('run after lines that set their place up, which are part of their fingerprint', async () => {
    const configuration = `setup: ['export FROM_SETUP=yes', 'echo prepared']`;
    const stages = `  s: { run: [sh, -c, 'echo $FROM_SETUP > out.txt'], outputs: { out: out.txt } }\n`;
    await using project = await clusterProject(slurm, stages, { configuration });
    expect((await project.run()).code).toBe(0);
    expect(project.rig.read('artifacts/s/out.txt')).toBe('yes\n');
    expect(project.record('s').preimage.setup).toEqual(['export FROM_SETUP=yes', 'echo prepared']);
    project.rig.write(
      'repro.config.yaml',
      `executors: { cluster: { kind: slurm, setup: ['false', 'echo never'] } }\nuse: { '*': cluster }\n`,
    );
    const { events } = await project.run();
    expect(events.some(({ kind }) => kind === 'stage-failed')).toBe(true);
    expect(events.some((event) => event.kind === 'stage-output' && event.line === 'never')).toBe(false);
  });

  it('share a task when they were short the last time, and one submission otherwise', async () => {
    const cells = Array.from({ length: 12 }, (_, index) => index);
    const stages = `  s: { run: [sh, -c, 'echo $$ >> "$PWD/../../../../ran"; echo x > out.txt'], matrix: { i: [${cells.join(', ')}] }, outputs: { out: out.txt } }\n`;
    await using project = await clusterProject(slurm, stages, { configuration: 'group: { under: 1m, size: 6 }' });
    const before = slurm.ended().length;
    expect((await project.run()).code).toBe(0);
    expect(slurm.ended().length - before).toBe(12);
    expect(new Set(cells.map((i) => project.record(`s[i=${i}]`).job!.id.split('_')[0])).size).toBe(1);
    expect((await project.run('--force')).code).toBe(0);
    expect(slurm.ended().length - before).toBe(14);
    expect(linesOf(join(project.rig.root, 'ran'))).toHaveLength(24);
  });

  it('are refused with the reason of the scheduler', async () => {
    await using project = await clusterProject(slurm, `  s: { run: ['true'] }\n`, { configuration: 'partition: none' });
    const { code, events } = await project.run();
    expect(code).toBe(1);
    const failure = events.flatMap((event) => (event.kind === 'stage-failed' ? [event.failure] : []))[0]!;
    expect(failure.code).toBe('not-started');
    expect(failure.message).toContain('Invalid partition');
  });
});
