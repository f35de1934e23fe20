// The cluster that other tests run on: it takes jobs, more at once than this machine has cores, and gives GPUs out.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startSlurm, whyNoSlurm } from './slurm.ts';

const reason = whyNoSlurm();

describe.skipIf(reason !== null)(`a Slurm of the rig${reason === null ? '' : ` (${reason})`}`, () => {
  test('runs jobs side by side, and again after its controller was started again', async () => {
    await using slurm = await startSlurm({ cpus: 6, gpus: 2 });
    const script = path.join(slurm.directory, 'job.sh');
    writeFileSync(script, '#!/bin/sh\necho "gpu $CUDA_VISIBLE_DEVICES"\nwhile [ ! -e go ]; do sleep 0.1; done\n');
    const words = ['--parsable', `--chdir=${slurm.directory}`, '--output=%j.out', '--mem=100'];
    const submit = (...more: string[]): Promise<string> => slurm.ask('sbatch', ...words, ...more, script);
    for (const name of ['a', 'b', 'c']) await submit(`--job-name=${name}`);
    await submit('--job-name=d', '--gres=gpu:1');
    await waiting(async () => (await running()).length === 4);

    process.kill(slurm.pid('slurmctld'), 'SIGTERM');
    await slurm.restart('slurmctld');
    expect(await running()).toHaveLength(4);

    writeFileSync(path.join(slurm.directory, 'go'), '');
    await waiting(() => Promise.resolve(slurm.ended().length === 4));
    expect(slurm.ended().join('\n')).toMatch(/Name=d .*JobState=COMPLETED/);

    async function running(): Promise<string[]> {
      return (await slurm.ask('squeue', '-h', '-t', 'R', '-o', '%j')).split('\n').filter(Boolean);
    }
  });
});

async function waiting(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(50);
}
