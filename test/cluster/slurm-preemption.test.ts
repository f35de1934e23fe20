// A job whose place another one needs is submitted again, which is no attempt of the stage's own.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSlurm, whyNoSlurm } from '../rig/slurm.ts';
import { clusterProject, linesOf, until } from './cluster-project.ts';

const reason = whyNoSlurm();

it.skipIf(reason !== null)(
  `a preempted job is submitted again${reason === null ? '' : ` (${reason})`}`,
  async () => {
    await using slurm = await startSlurm({
      cpus: 1,
      lines: [
        'PreemptType=preempt/partition_prio',
        'PreemptMode=CANCEL',
        'PartitionName=urgent Nodes=ALL MaxTime=INFINITE DefaultTime=60 State=UP PriorityTier=10',
      ],
    });
    const stages = `  a: { run: [sh, wait.sh], code: [wait.sh], outputs: { out: out.txt } }\n`;
    const wait = `root="$PWD/../../../.."
echo began >> "$root/began"
while [ ! -e "$root/go" ]; do sleep 0.1; done
echo a > out.txt
`;
    await using project = await clusterProject(slurm, stages, {
      configuration: 'partition: main',
      files: { 'wait.sh': wait },
    });
    const began = join(project.rig.root, 'began');
    const run = project.start();
    await until(() => linesOf(began).length === 1);
    await slurm.ask('sbatch', '--partition=urgent', '--output=/dev/null', '--wrap=sleep 1');
    await until(() => linesOf(began).length === 2);
    project.rig.write('go', '');
    expect((await run.result).code).toBe(0);
    const warnings = run.events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(warnings).toEqual([expect.stringMatching(/was preempted: it is submitted again, 2 of 5/)]);
    expect(project.record('a').attempts).toBeUndefined();
  },
  120_000,
);
