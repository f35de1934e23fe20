// Slurm by its commands: sbatch, squeue and scancel. Accounting (sacct) is not needed, which many clusters have not.
import { command, type CommandResult, mayPass } from './command.ts';
import type { Batch, JobState, JobView, Scheduler, Submission } from './scheduler.ts';
import { reportFile } from './scheduler.ts';

export interface SlurmOptions {
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  readonly qos?: string | undefined;
  /** Words for sbatch. */
  readonly options?: readonly string[] | undefined;
}

/** How its commands are set up. */
const environment = /^(SLURM_CONF|SLURM_CLUSTERS|(SBATCH|SQUEUE|SCANCEL)_.*)$/;
/** Words of one scancel. */
const idsAtOnce = 500;

export function slurm(options: SlurmOptions): Scheduler {
  return {
    identity: 'repro_task=$SLURM_ARRAY_TASK_ID repro_job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID',
    // MaxArraySize is 1001 where nobody has changed it.
    mostTasks: 500,
    submit: (batch) => submit(batch, options),
    jobs,
    cancel,
    cancelCommand: (id) => `scancel ${id}`,
  };
}

async function submit(batch: Batch, options: SlurmOptions): Promise<Submission> {
  const result = await command('sbatch', submitWords(batch, options), { input: batch.script, environment });
  if (!result.failed) return { kind: 'accepted' };
  return { kind: isRefusal(result) ? 'refused' : 'unclear', message: result.message };
}

/** What no patience helps with. Everything else, such as a limit on submitted jobs or a time-out, may be otherwise later. */
function isRefusal({ isMissing, stderr, message }: CommandResult): boolean {
  if (isMissing) return true;
  if (!/(Batch job submission failed|sbatch: error|sbatch: fatal|sbatch: unrecognized|sbatch: invalid)/.test(stderr))
    return false;
  return !mayPass(message);
}

function submitWords({ name, tasks, directory, resources, timeSeconds }: Batch, options: SlurmOptions): string[] {
  const { partition, account, qos, options: words = [] } = options;
  const { cpus, memoryBytes, gpus } = resources;
  const asksForGpus = words.some((word) => /^--(gres|gpus)\b/.test(word) || word === '-G');
  const given = (option: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [`--${option}=${value}`];
  return [
    `--job-name=${name}`,
    `--array=0-${tasks - 1}`,
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${cpus}`,
    ...(memoryBytes > 0 ? [`--mem=${Math.ceil(memoryBytes / 2 ** 20)}M`] : []),
    ...(gpus > 0 && !asksForGpus ? [`--gpus=${gpus}`] : []),
    ...(timeSeconds === null ? [] : [`--time=${Math.ceil(timeSeconds / 60)}`]),
    // A job that began again by itself would find what it had left.
    '--no-requeue',
    '--export=ALL',
    '--open-mode=append',
    `--output=${directory.replaceAll('%', '%%')}/${reportFile('%a')}`,
    ...given('partition', partition),
    ...given('account', account),
    ...given('qos', qos),
    ...words,
  ];
}

const states: Readonly<Record<string, JobState>> = {
  PENDING: 'queued',
  CONFIGURING: 'queued',
  REQUEUED: 'queued',
  REQUEUE_FED: 'queued',
  REQUEUE_HOLD: 'queued',
  RESV_DEL_HOLD: 'queued',
  SPECIAL_EXIT: 'queued',
  COMPLETED: 'ended',
  FAILED: 'ended',
  TIMEOUT: 'timed-out',
  DEADLINE: 'timed-out',
  OUT_OF_MEMORY: 'out-of-memory',
  PREEMPTED: 'preempted',
  REVOKED: 'cancelled',
  CANCELLED: 'cancelled',
  NODE_FAIL: 'failed-node',
  BOOT_FAIL: 'failed-node',
  LAUNCH_FAILED: 'failed-node',
  RECONFIG_FAIL: 'failed-node',
};

async function jobs(names: readonly string[]): Promise<readonly JobView[]> {
  const words = ['--noheader', '--array', '--states=all', `--name=${names.join(',')}`, '--format=%i|%j|%T'];
  const result = await command('squeue', words, { environment });
  if (result.failed) throw new Error(result.message);
  return result.stdout.split('\n').flatMap((line): JobView[] => {
    const [id, name, state] = line.trim().split('|');
    const task = /_(\d+)$/.exec(id ?? '')?.[1];
    if (id === undefined || name === undefined || state === undefined || task === undefined) return [];
    // COMPLETING and others still have the node.
    return [{ id, name, task: Number(task), state: states[state] ?? 'running' }];
  });
}

async function cancel(ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const result = await command('scancel', ids.slice(start, start + idsAtOnce), { environment });
    // Those that have ended meanwhile.
    if (result.failed && !/Invalid job id|already completing/i.test(result.stderr)) {
      throw new Error(result.message);
    }
  }
}
