// What becomes of jobs when their runner, their scheduler or their machine is interrupted, killed or silent.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSlurm, whyNoSlurm } from '../rig/slurm.ts';
import type { Slurm } from '../rig/slurm.ts';
import { type ClusterProject, clusterProject, linesOf, liveJobs, until } from './cluster-project.ts';

const reason = whyNoSlurm();

/** Says that it runs, in a file of the project, and waits until it may end. */
const waiting = (name: string, more = ''): string =>
  `  ${name}: { run: [sh, wait.sh, ${name}], code: [wait.sh], outputs: { out: out.txt }${more} }\n`;
const files = {
  'wait.sh': `root="$PWD/../../../.."
echo $1 >> "$root/began"
echo "$1 is there"
while [ ! -e "$root/go" ]; do sleep 0.1; done
echo $1 > out.txt
`,
};

describe.skipIf(reason !== null)(`jobs of Slurm${reason === null ? '' : ` (${reason})`}`, () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await startSlurm();
  });
  afterAll(async () => slurm?.[Symbol.asyncDispose]());

  const running = async (number: number): Promise<void> =>
    until(async () => (await liveJobs(slurm)).filter((line) => line.endsWith('RUNNING')).length === number);

  it('are all ended by Ctrl-C, with one scancel', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await using project = await clusterProject(slurm, names.map((name) => waiting(name)).join(''), {
      files: {
        ...files,
        'bin/scancel': `#!/bin/sh\necho "$@" >> ${'$'}{0%/bin/scancel}/cancelled\nexec /usr/bin/scancel "$@"\n`,
      },
    });
    chmodSync(join(project.rig.root, 'bin/scancel'), 0o755);
    const run = project.start([], { PATH: `${join(project.rig.root, 'bin')}:${process.env['PATH']}` });
    await until(() => linesOf(join(project.rig.root, 'began')).length === names.length);
    run.signal('SIGINT');
    expect((await run.result).code).toBe(130);
    expect(await liveJobs(slurm)).toEqual([]);
    const cancelled = linesOf(join(project.rig.root, 'cancelled'));
    expect(cancelled).toHaveLength(1);
    expect(cancelled[0]!.split(' ')).toHaveLength(names.length);
    // What was interrupted begins again.
    project.rig.write('go', '');
    expect((await project.run()).code).toBe(0);
  });

  it.each(['SIGKILL', 'SIGHUP'] as const)(
    'go on after %s of their runner, and the next run takes them over',
    async (signal) => {
      await using project = await clusterProject(slurm, waiting('a') + waiting('b'), { files });
      const { root } = project.rig;
      const first = project.start();
      await until(() => linesOf(join(root, 'began')).length === 2);
      first.signal(signal);
      await first.result;
      expect(await liveJobs(slurm)).toHaveLength(2);
      expect((await project.rig.repro('status')).stdout).toMatch(/^a +running .*as a job that no run watches/m);
      const second = project.start();
      await until(() => second.events.filter(({ kind }) => kind === 'stage-started').length === 2);
      const third = await project.run();
      expect(third.code).not.toBe(0);
      expect(third.stdout + third.stderr).toContain(`process ${second.pid} on`);
      project.rig.write('go', '');
      expect((await second.result).code).toBe(0);
      expect(second.events.filter((event) => event.kind === 'stage-queued' && event.isTakenOver)).toHaveLength(2);
      expect(linesOf(join(root, 'began')).sort()).toEqual(['a', 'b']);
      expect((await project.rig.repro('log', 'a')).stdout).toBe('a is there\n');
    },
  );

  it('that ended while nobody looked are not run again', async () => {
    await using project = await clusterProject(slurm, waiting('a'), { files });
    const { root } = project.rig;
    await killedRun(project);
    project.rig.write('go', '');
    await until(async () => (await liveJobs(slurm)).length === 0);
    expect((await project.run()).code).toBe(0);
    expect(linesOf(join(root, 'began'))).toEqual(['a']);
    expect(project.record('a').seconds).toBeGreaterThan(0);
  });

  it('that were told to end while nobody looked begin again', async () => {
    await using project = await clusterProject(slurm, waiting('a'), { files });
    const { root } = project.rig;
    await killedRun(project);
    await slurm.ask('scancel', (await liveJobs(slurm))[0]!.split(' ')[0]!);
    await until(async () => (await liveJobs(slurm)).length === 0);
    project.rig.write('go', '');
    const { code, stdout } = await project.run();
    expect(code, stdout).toBe(0);
    expect(linesOf(join(root, 'began'))).toEqual(['a', 'a']);
  });

  it('that no stage needs any more are told of, with what ends them', async () => {
    await using project = await clusterProject(slurm, waiting('a'), { files });
    await killedRun(project);
    const [live] = await liveJobs(slurm);
    const job = live!.split(' ')[0]!;
    project.rig.write('pipeline.yaml', `name: test\nstages:\n  b: { run: ['true'], code: [] }\n`);
    const { code, events } = await project.run();
    expect(code).toBe(0);
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(warnings).toEqual([expect.stringContaining(`scancel ${job}`)]);
    expect(await liveJobs(slurm)).toHaveLength(1);
    await slurm.ask('scancel', job);
    await until(async () => (await liveJobs(slurm)).length === 0);
  });

  it('are submitted once, though the controller was silent and sbatch has given up', async () => {
    await using project = await clusterProject(slurm, waiting('a'), { files });
    const { root } = project.rig;
    const before = slurm.ended().length;
    process.kill(slurm.pid('slurmctld'), 'SIGSTOP');
    const run = project.start();
    const warned = (): boolean =>
      run.events.some((event) => event.kind === 'warning' && event.message.includes('submission'));
    try {
      await until(warned);
    } finally {
      process.kill(slurm.pid('slurmctld'), 'SIGCONT');
    }
    await until(() => linesOf(join(root, 'began')).length > 0);
    project.rig.write('go', '');
    expect((await run.result).code).toBe(0);
    expect(linesOf(join(root, 'began'))).toEqual(['a']);
    await until(async () => (await liveJobs(slurm)).length === 0);
    expect(slurm.ended().length - before).toBe(1);
  });

  it('go on while the controller is away, and their ends are seen', async () => {
    await using project = await clusterProject(slurm, waiting('a'), { files });
    const run = project.start();
    await until(() => linesOf(join(project.rig.root, 'began')).length === 1);
    process.kill(slurm.pid('slurmctld'), 'SIGTERM');
    await delay(1000);
    project.rig.write('go', '');
    expect((await run.result).code).toBe(0);
    await slurm.restart('slurmctld');
    await until(async () => (await liveJobs(slurm)).length === 0);
  });

  it('whose machine fails are submitted again, which is no attempt of their own', async () => {
    await using project = await clusterProject(slurm, waiting('a'), { files });
    const { root } = project.rig;
    const run = project.start();
    await until(() => linesOf(join(root, 'began')).length === 1);
    const node = (await slurm.ask('sinfo', '-h', '-N', '-o', '%N')).trim();
    await slurm.ask('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=test');
    await running(0);
    // It may have come back by itself.
    await slurm.ask('scontrol', 'update', `nodename=${node}`, 'state=resume').catch(() => '');
    await until(() => linesOf(join(root, 'began')).length === 2);
    project.rig.write('go', '');
    expect((await run.result).code).toBe(0);
    expect(project.record('a').attempts).toBeUndefined();
  }, 180_000);

  it('that another ended are told of as ended by the scheduler', async () => {
    await using project = await clusterProject(slurm, waiting('a'), { files });
    const run = project.start();
    await until(() => linesOf(join(project.rig.root, 'began')).length === 1);
    const [live] = await liveJobs(slurm);
    await slurm.ask('scancel', live!.split(' ')[0]!);
    expect((await run.result).code).toBe(1);
    const failure = run.events.flatMap((event) => (event.kind === 'stage-failed' ? [event.failure] : []))[0]!;
    expect(failure.code).toBe('killed');
    expect(failure.message).toContain('cancel');
  }, 120_000);
});

/** A run that is killed while its one stage goes on. */
async function killedRun(project: ClusterProject): Promise<void> {
  const run = project.start();
  await until(() => linesOf(join(project.rig.root, 'began')).length === 1);
  run.signal('SIGKILL');
  await run.result;
}
