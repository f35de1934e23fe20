// A scheduler whose commands the configuration gives as words with placeholders: PBS, LSF, Grid Engine and others. Jobs are
// found again by the number that their submission printed, which is kept in a file, or by their name.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, mayPass } from './command.ts';
import type { Batch, JobState, JobView, Scheduler, Submission } from './scheduler.ts';
import { reportFile } from './scheduler.ts';

/** A word; or words that are left out together where a placeholder in them stands for nothing. */
export type TemplateWord = string | readonly string[];

export interface TemplateOptions {
  /** It is given the script on standard input, unless a word has `{script}`. */
  readonly submit: readonly TemplateWord[];
  /** Prints a line for each job, in which its number comes first. */
  readonly status: readonly TemplateWord[];
  /** `{ids}` stands for all numbers, `{id}` for one at a time. */
  readonly cancel: readonly TemplateWord[];
  /** Finds the number in what `submit` prints; its first group, where it has one. */
  readonly id?: string | undefined;
  /** Words of status lines that say how it is with a job. One without any of them is there, and runs. */
  readonly states?: Partial<Record<StatedState, readonly string[]>> | undefined;
}

/** `failed`: it is there, and will never run. */
export type StatedState = 'queued' | 'running' | 'ended' | 'failed';

/** Of PBS, LSF and Grid Engine. */
const defaultStates: Readonly<Record<StatedState, readonly string[]>> = {
  queued: ['Q', 'H', 'W', 'T', 'qw', 'hqw', 'hRqw', 'PEND', 'PSUSP', 'WAIT'],
  running: ['R', 'r', 'RUN'],
  ended: ['C', 'F', 'X', 'DONE', 'EXIT', 'ZOMBI'],
  failed: ['Eqw', 'Ehqw'],
};

const stateOf: Readonly<Record<StatedState, JobState>> = {
  queued: 'queued',
  running: 'running',
  ended: 'ended',
  failed: 'failed-node',
};

/** What `submit`, `status` and `cancel` may name. */
export const placeholders = {
  submit: ['name', 'script', 'log', 'cpus', 'megabytes', 'kilobytes', 'gpus', 'seconds', 'minutes'],
  status: ['ids'],
  cancel: ['id', 'ids'],
} as const;

export const defaultId = String.raw`\d+`;

/** Variables by which clients of these schedulers find their servers. */
const environment = /^(SGE|PBS|LSF|LSB|EGO|TORQUE|MOAB|OAR|CONDOR|SLURM_CONF)/;

/** @param directory Where each batch has a directory of its name */
export function templateScheduler(options: TemplateOptions, directory: string): Scheduler {
  const ids = new Map<string, string | null>();
  const idOf = (name: string): string | null => {
    const known = ids.get(name) ?? readId(join(directory, name));
    ids.set(name, known);
    return known;
  };
  return {
    identity: 'repro_guarded=1 repro_task=0 repro_job=${PBS_JOBID:-${LSB_JOBID:-${JOB_ID:-${SLURM_JOB_ID:-$$}}}}',
    mostTasks: 1,
    submit: async (batch) => {
      const submission = await submit(batch, options);
      if (typeof submission !== 'string') return submission;
      writeFileSync(idPath(batch.directory), submission);
      ids.set(batch.name, submission);
      return { kind: 'accepted' };
    },
    jobs: async (names) => {
      const wanted = names.map(idOf);
      const entries = await ask(
        options,
        wanted.filter((id) => id !== null),
      );
      return names.flatMap((name, index): JobView[] => {
        const entry = entries.find(({ id, words }) => id === wanted[index] || words.has(name));
        return entry ? [{ id: entry.id, name, task: 0, state: entry.state }] : [];
      });
    },
    cancel: (jobs) => cancel(jobs, options),
    cancelCommand: (id) => filled(options.cancel, { id: [id], ids: [id] }).join(' '),
  };
}

/** Its number, or why there is none. */
async function submit(batch: Batch, { submit: words, id = defaultId }: TemplateOptions): Promise<Submission | string> {
  const { name, directory, script, resources, timeSeconds } = batch;
  const { cpus, memoryBytes, gpus } = resources;
  const file = join(directory, 'script.sh');
  const needsFile = words.flat().some((word) => word.includes('{script}'));
  // It names directories alone: values of variables are in files of the stages.
  if (needsFile) writeFileSync(file, script, { mode: 0o700 });
  const [program = '', ...rest] = filled(words, {
    name: [name],
    script: [file],
    log: [join(directory, reportFile(0))],
    cpus: [String(cpus)],
    megabytes: optional(memoryBytes / 2 ** 20),
    kilobytes: optional(memoryBytes / 2 ** 10),
    gpus: optional(gpus),
    seconds: optional(timeSeconds ?? 0),
    minutes: optional((timeSeconds ?? 0) / 60),
  });
  const result = await command(program, rest, { input: needsFile ? '' : script, environment });
  if (result.failed) {
    const isUnclear = result.isLate || (!result.isMissing && mayPass(result.message));
    return { kind: isUnclear ? 'unclear' : 'refused', message: result.message };
  }
  const found = new RegExp(id).exec(result.stdout);
  const number = found?.[1] ?? found?.[0];
  if (number !== undefined) return number;
  return {
    kind: 'refused',
    message: `"${program}" printed no job number: ${JSON.stringify(result.stdout.slice(0, 200))}`,
  };
}

interface StatusEntry {
  readonly id: string;
  readonly words: Set<string>;
  readonly state: JobState;
}

/**
 * Jobs in what the status command prints: each begins with a line in which its number comes first. Lines without a number
 * first, such as those of the full names, go on with the job above.
 */
async function ask({ status, states }: TemplateOptions, ids: readonly string[]): Promise<readonly StatusEntry[]> {
  const [program = '', ...words] = filled(status, { ids });
  const result = await command(program, words, { environment });
  // Some fail when none of the jobs that they are asked for is there any more.
  if (
    result.failed &&
    !/unknown job|not (found|exist)|no (matching |unfinished )?job|do not exist/i.test(result.message)
  ) {
    throw new Error(result.message);
  }
  return parseStatus(result.stdout, { ...defaultStates, ...states });
}

export function parseStatus(text: string, states: typeof defaultStates): readonly StatusEntry[] {
  const entries: StatusEntry[] = [];
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const id = /^\W*(\d+)/.exec(line)?.[1];
    if (id === undefined) {
      for (const word of words) entries.at(-1)?.words.add(word);
      continue;
    }
    const said = (Object.keys(states) as StatedState[]).find((name) =>
      words.some((word) => states[name].includes(word)),
    );
    entries.push({ id, words: new Set(words), state: stateOf[said ?? 'running'] });
  }
  return entries;
}

async function cancel(jobs: readonly string[], { cancel: words }: TemplateOptions): Promise<void> {
  const isOneByOne = words.flat().some((word) => word.includes('{id}'));
  for (const some of isOneByOne ? jobs.map((id) => [id]) : [jobs]) {
    const [program = '', ...rest] = filled(words, { id: some, ids: some });
    const result = await command(program, rest, { environment });
    // Those that have ended meanwhile are what the status will not tell of.
    if (result.failed && mayPass(result.message)) throw new Error(result.message);
  }
}

const optional = (amount: number): string[] => (amount > 0 ? [String(Math.ceil(amount))] : []);

/** Words with values in place of placeholders; a word that is `{ids}` alone becomes as many. */
export function filled(
  template: readonly TemplateWord[],
  values: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const fill = (word: string): readonly string[] | null => {
    const whole = /^\{(\w+)\}$/.exec(word)?.[1];
    if (whole !== undefined && values[whole] !== undefined) return values[whole];
    let isLacking = false;
    const text = word.replaceAll(/\{(\w+)\}/g, (written, name: string) => {
      const value = values[name];
      if (value === undefined) return written;
      if (value.length === 0) isLacking = true;
      return value.join(',');
    });
    return isLacking ? null : [text];
  };
  return template.flatMap((part) => {
    if (typeof part === 'string') return fill(part) ?? [];
    const words = part.map(fill);
    return words.some((word) => word === null || word.length === 0) ? [] : words.flatMap((word) => word ?? []);
  });
}

function idPath(directory: string): string {
  return join(directory, 'id');
}

function readId(directory: string): string | null {
  try {
    return readFileSync(idPath(directory), 'utf8');
  } catch {
    return null; // Its submission was never answered.
  }
}
