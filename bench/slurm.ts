// `npm run bench slurm`: what a stage costs as a job of Slurm, beside the same commands given to sbatch one by one, as one array,
// and to Snakemake. In each round everybody takes a turn, on a Slurm that was started for it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Slurm, startSlurm, whyNoSlurm } from '../test/rig/slurm.ts';
import { busyText, load, resultsFile, revision, thisMachine, type Machine } from './machine.ts';
import { add, summary, timed } from './remote.ts';
import type { RemoteCase } from './remote.ts';
import { buildOurs } from './runner-tools.ts';
import type { Table } from './tensor-table.ts';

export interface SlurmOptions {
  readonly rounds: number;
  readonly force: boolean;
  /** Numbers of stages. */
  readonly sizes: readonly number[];
}

export interface SlurmCase extends Pick<RemoteCase, 'rounds' | 'oursS' | 'peers' | 'load'> {
  readonly case: string;
  readonly stages: number;
}

export interface SlurmResults {
  readonly machine: Machine & { readonly versions: Readonly<Record<string, string>> };
  readonly commit: string;
  readonly cases: readonly SlurmCase[];
}

const kept = resultsFile('slurm');
const ROUNDS_TO_KEEP = 3;
/** Beyond so many only the array is worth the wait. */
const ALL_PEERS = 200;
const waiting = 'while [ -n "$(squeue -h -n peer -o %i)" ]; do sleep 0.1; done';
const limits = '--job-name=peer --mem=16M --time=10 --output=/dev/null';

/** Scripts that do with sbatch what the stages do; `$1` is how many. */
const scripts: Readonly<Record<string, string>> = {
  'make.sh': 'echo "made $1" > "$2"\n',
  'jobs.sh': `i=0; while [ $i -lt $1 ]; do sbatch -Q ${limits} --wrap="sh make.sh $i out-$i.txt"; i=$((i + 1)); done\n${waiting}\n`,
  'array.sh': `sbatch -Q ${limits} --array=0-$(($1 - 1)) --wrap='sh make.sh $SLURM_ARRAY_TASK_ID out-$SLURM_ARRAY_TASK_ID.txt'\n${waiting}\n`,
};

export async function benchSlurm(options: SlurmOptions, show: (result: SlurmCase) => void): Promise<void> {
  const reason = whyNoSlurm();
  if (reason !== null) throw new Error(`No Slurm can be started here: ${reason}`);
  const busy = busyText();
  if (busy !== undefined && !options.force) throw new Error(`${busy}, or measure nevertheless with --force`);
  if (busy !== undefined) console.log(`Warning: ${busy}\n`);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'repro-bench-')));
  try {
    await buildOurs(join(folder, 'ours'));
    const machine = {
      ...thisMachine(),
      versions: { slurm: version('/usr/sbin/slurmctld', '-V'), snakemake: version('snakemake') },
    };
    const commit = revision();
    for (const stages of options.sizes) {
      const cases = await measure(folder, stages, options.rounds);
      cases.forEach(show);
      if (options.rounds >= ROUNDS_TO_KEEP) keep({ machine, commit, cases });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function version(program: string, word = '--version'): string {
  try {
    return /\d+(\.\d+)+/.exec(execFileSync(program, [word], { encoding: 'utf8' }))?.[0] ?? '-';
  } catch {
    return '-';
  }
}

/** A first run, of which nothing is known; and the same stages again, by now known to be short, in groups. */
async function measure(folder: string, stages: number, rounds: number): Promise<SlurmCase[]> {
  const before = load();
  const first = new Map<string, number[]>();
  const again = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    await using slurm = await startSlurm({ cpus: availableParallelism(), gpus: 0 });
    const small = stages <= ALL_PEERS ? ['jobs', ...(version('snakemake') === '-' ? [] : ['snakemake'])] : [];
    const order = ['ours', 'array', ...small];
    for (const who of [...order.slice(round % order.length), ...order.slice(0, round % order.length)]) {
      const root = mkdtempSync(join(folder, `${who}-`));
      if (who === 'ours') {
        writeProject(root, stages);
        add(first, who, await ours(folder, root, slurm));
        add(again, who, await ours(folder, root, slurm, '--force'));
      } else {
        const seconds = await peer(who, root, stages, slurm);
        add(first, who, seconds);
        add(again, who, seconds);
      }
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    }
  }
  const number = stages.toLocaleString('en');
  return [
    { case: `${number} stages, nothing known of them`, stages, ...summary(first), load: before },
    { case: `${number} stages, known to be short`, stages, ...summary(again), load: before },
  ];
}

function ours(folder: string, root: string, slurm: Slurm, ...words: string[]): Promise<number> {
  const line = { program: process.execPath, words: [join(folder, 'ours/bin/repro.js'), 'run', ...words] };
  return timed(line, root, { ...slurm.environment, XDG_CONFIG_HOME: root });
}

async function peer(who: string, root: string, stages: number, slurm: Slurm): Promise<number> {
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(root, name), text);
  const snakefile = `rule all:
    input: expand("out-{i}.txt", i=range(${stages}))
rule make:
    output: "out-{i}.txt"
    shell: "sh make.sh {wildcards.i} {output}"
`;
  writeFileSync(join(root, 'Snakefile'), snakefile);
  // Each job of Snakemake is a Snakemake again, which 16 MB are too few for.
  const line =
    who === 'snakemake'
      ? {
          program: 'snakemake',
          words: ['--cluster', `sbatch -Q ${limits.replace('--mem=16M ', '')}`, '--jobs', '200', '--max-jobs-per-second', '100', '--max-status-checks-per-second', '100', '--scheduler', 'greedy', '--quiet', 'all'], // prettier-ignore
        }
      : { program: 'sh', words: [`${who}.sh`, String(stages)] };
  const seconds = await timed(line, root, slurm.environment);
  const made = readdirSync(root).filter((name) => name.startsWith('out-')).length;
  if (made !== stages) throw new Error(`${who} made ${made} of ${stages} files`);
  return seconds;
}

function writeProject(root: string, stages: number): void {
  const stage = (index: number): string =>
    `  s${index}: { run: [sh, make.sh, '${index}', out.txt], code: [make.sh], outputs: { out: out.txt }, resources: { memory: 16MiB, time: 10m } }\n`;
  writeFileSync(join(root, 'pipeline.yaml'), `name: bench\nstages:\n${Array.from({ length: stages }, (_, i) => stage(i)).join('')}`); // prettier-ignore
  writeFileSync(join(root, 'make.sh'), scripts['make.sh']!);
  const executor = `{ kind: slurm, group: { under: 2m, size: 30 }, queued: ${Math.max(200, stages)} }`;
  writeFileSync(join(root, 'repro.config.yaml'), `executors: { cluster: ${executor} }\nuse: { '*': cluster }\n`);
}

/** Adds cases to those kept, or starts anew where they are of another machine or commit. */
function keep({ machine, commit, cases }: SlurmResults): void {
  const old = readSlurm();
  const same = old && JSON.stringify([old.machine, old.commit]) === JSON.stringify([machine, commit]);
  const others = (same ? old.cases : []).filter((each) => !cases.some((next) => next.case === each.case));
  writeFileSync(kept, `${JSON.stringify({ machine, commit, cases: [...others, ...cases] }, undefined, 2)}\n`);
}

/** What was measured last, or undefined. */
export function readSlurm(): SlurmResults | undefined {
  return existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as SlurmResults) : undefined;
}

export function slurmTable(cases: readonly SlurmCase[]): Table {
  const peers = [...new Set(cases.flatMap((each) => Object.keys(each.peers)))];
  const perStage = (seconds: number, { stages }: SlurmCase): string => String(Math.round((seconds / stages) * 1000));
  return {
    titles: ['Case', 'Ours, s', 'ms a stage', ...peers.flatMap((name) => [`${name}, s`, 'ms a stage', `ours / ${name}`]), 'Rounds', 'Load'], // prettier-ignore
    rows: cases.map((each) => [
      each.case,
      String(each.oursS),
      perStage(each.oursS, each),
      ...peers.flatMap((name) => {
        const peer = each.peers[name];
        if (peer === undefined) return ['-', '-', '-'];
        return [String(peer.s), perStage(peer.s, each), `${peer.ratio} (${peer.interval.join('-')})`];
      }),
      String(each.rounds),
      String(each.load),
    ]),
  };
}
