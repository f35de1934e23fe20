// Slurm by its commands: sbatch, squeue and scancel. Accounting (sacct) is not needed, which many clusters have not.
import type { Batch, JobState, JobView, Scheduler, Submission } from './scheduler.ts';
import { reportFile } from './scheduler.ts';

export interface SlurmOptions {
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  readonly qos?: string | undefined;
  /** Words for sbatch. */
  readonly options?: readonly string[] | undefined;
}

/** A controller that is busy answers late; sbatch itself gives up after 10 to 100 seconds. */
const patienceMilliseconds = 120_000;
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
  const result = await command('sbatch', submitWords(batch, options), batch.script);
  if (!result.failed) return { kind: 'accepted' };
  const message = lastLine(result.stderr) || result.message;
  return { kind: isRefusal(result.stderr) ? 'refused' : 'unclear', message };
}

/** What no patience helps with. Everything else, such as a limit on submitted jobs or a time-out, may be otherwise later. */
function isRefusal(stderr: string): boolean {
  if (!/(Batch job submission failed|sbatch: error|sbatch: fatal|sbatch: unrecognized|sbatch: invalid)/.test(stderr))
    return false;
  return !/(timed out|Unable to contact|Zero Bytes|Connection|Communication|temporarily|try again|Slow down|limit|too many|in transition|Unexpected message|Transport|Kill task failed)/i.test(
    lastLine(stderr),
  );
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
  const result = await command('squeue', words);
  if (result.failed) throw new Error(lastLine(result.stderr) || result.message);
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
    const result = await command('scancel', ids.slice(start, start + idsAtOnce));
    // Those that have ended meanwhile.
    if (result.failed && !/Invalid job id|already completing/i.test(result.stderr)) {
      throw new Error(lastLine(result.stderr) || result.message);
    }
  }
}

interface CommandResult {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly message: string;
}

async function command(file: string, words: readonly string[], input = ''): Promise<CommandResult> {
  const { execa } = await import('execa');
  const result = await execa(file, words, {
    input,
    env: environment(),
    extendEnv: false,
    reject: false,
    timeout: patienceMilliseconds,
    // Ctrl-C in a terminal is for the runner, which knows what it has submitted.
    detached: true,
  });
  const { failed, stdout, stderr } = result;
  return { failed, stdout, stderr, message: result.failed ? (result.shortMessage ?? '') : '' };
}

/** What the commands need. The rest would go to the controller with every job, secrets too; and of a job that this runs in. */
function environment(): Record<string, string> {
  const needed =
    /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_ALL|TZ|SLURM_CONF|SLURM_CLUSTERS|KRB5CCNAME|(SBATCH|SQUEUE|SCANCEL)_.*)$/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      needed.test(name) && value !== undefined ? [[name, value] as const] : [],
    ),
  );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
