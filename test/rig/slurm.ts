// A Slurm of one machine on loopback: munged, slurmctld and slurmd with a directory and ports of their own, which end with
// the test. Cores and GPUs are as many as the test says: no job is held to them.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from './ports.ts';
import { temporaryDirectory } from './temporary.ts';

export interface Slurm extends AsyncDisposable {
  /** What commands of Slurm, and programs that start them, need beside their own environment. */
  readonly environment: Readonly<Record<'SLURM_CONF', string>>;
  /** The daemon that runs now, to be stopped (SIGSTOP), continued, or killed. */
  pid(daemon: Daemon): number;
  /**
   * Starts a daemon again that was killed; its state is kept. A controller that is killed (SIGKILL) forgets what it did not
   * yet write, some seconds' jobs: ended by SIGTERM it writes all.
   */
  restart(daemon: Daemon): Promise<void>;
  /** What a command of Slurm prints, `squeue` for example. */
  ask(program: string, ...words: string[]): Promise<string>;
  /** A line for each job that has ended: `JobId=5 … JobState=COMPLETED …`. */
  ended(): string[];
  readonly directory: string;
}

export type Daemon = 'munged' | 'slurmctld' | 'slurmd';

export interface SlurmSettings {
  readonly cpus?: number;
  readonly gpus?: number;
  readonly memoryMegabytes?: number;
  /** Lines of slurm.conf after the rig's own; in the first, more partitions, for example. */
  readonly lines?: readonly string[];
}

const packages = [
  ['slurmctld', '/usr/sbin/slurmctld'],
  ['slurmd', '/usr/sbin/slurmd'],
  ['slurm-client', '/usr/bin/sbatch'],
  ['munge', '/usr/sbin/munged'],
] as const;

/** Why no Slurm can be started here, as a sentence; null where it can. */
export function whyNoSlurm(): string | null {
  const missing = packages.filter(([, file]) => !existsSync(file)).map(([name]) => name);
  if (missing.length > 0) return `Debian's ${missing.join(', ')} is not installed`;
  return process.getuid?.() === 0 ? null : 'slurmd starts as root only';
}

export async function startSlurm(settings: SlurmSettings = {}): Promise<Slurm> {
  const temporary = temporaryDirectory();
  const directory = temporary.path;
  chmodSync(directory, 0o755); // munged refuses a socket that others cannot reach.
  for (const name of ['ctld', 'slurmd', 'log', 'munge', 'dev']) mkdirSync(path.join(directory, name), { mode: 0o755 });
  await configure(directory, settings);
  const daemons = new Map<Daemon, ChildProcess>();
  const environment = { SLURM_CONF: path.join(directory, 'slurm.conf') };
  const start = async (daemon: Daemon): Promise<void> => {
    // A daemon ends with the process that tests, however that ends.
    const [program, ...words] = ['setpriv', '--pdeathsig', 'KILL', ...line(daemon, directory)];
    const child = spawn(program!, words, {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: 'ignore',
      detached: true,
    });
    daemons.set(daemon, child);
    await answering(daemon, child, ask, directory);
  };
  const ask = async (program: string, ...words: string[]): Promise<string> =>
    (await promisify(execFile)(program, words, { env: { ...process.env, ...environment } })).stdout;

  const end = async (): Promise<void> => {
    for (const child of daemons.values()) child.kill('SIGCONT');
    const isUp = [...daemons.values()].every((child) => child.exitCode === null && child.signalCode === null);
    if (isUp) await cancelAll(ask).catch(() => {});
    for (const daemon of ['slurmd', 'slurmctld', 'munged'] as const) await stop(daemons.get(daemon));
    killAll(environment.SLURM_CONF);
    temporary[Symbol.dispose]();
  };
  try {
    for (const daemon of ['munged', 'slurmctld', 'slurmd'] as const) await start(daemon);
    await idle(ask, directory);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    environment,
    directory,
    pid: (daemon) => daemons.get(daemon)!.pid!,
    restart: async (daemon) => {
      await stop(daemons.get(daemon));
      await start(daemon);
    },
    ask,
    ended: () => {
      const file = path.join(directory, 'log/jobcomp.txt');
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    },
    [Symbol.asyncDispose]: end,
  };
}

async function configure(directory: string, settings: SlurmSettings): Promise<void> {
  const { cpus = 8, gpus = 2, memoryMegabytes = 8192, lines = [] } = settings;
  const [controller, node] = await freePorts(2);
  const host = hostname().split('.')[0]!;
  const devices = Array.from({ length: gpus }, (_, index) => path.join(directory, 'dev', `gpu${index}`));
  // To Slurm a GPU is a file.
  for (const device of devices) execFileSync('mknod', [device, 'c', '1', '3']);
  const at = (name: string): string => path.join(directory, name);
  writeFileSync(at('gres.conf'), devices.map((device) => `Name=gpu File=${device}\n`).join(''));
  writeFileSync(at('cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
  writeFileSync(at('munge/key'), crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o400 });
  const configuration = `
ClusterName=rig
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${controller}
SlurmdPort=${node}
AuthType=auth/munge
AuthInfo=socket=${at('munge/socket')}
CredType=cred/munge
StateSaveLocation=${at('ctld')}
SlurmdSpoolDir=${at('slurmd')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('log/slurmctld.log')}
SlurmdLogFile=${at('log/slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
MpiDefault=none
SwitchType=switch/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=${at('log/jobcomp.txt')}
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
DefMemPerCPU=256
ReturnToService=2
KillWait=5
MinJobAge=600
MaxJobCount=20000
MaxArraySize=20001
EnforcePartLimits=ALL
InactiveLimit=0
MailProg=/bin/true
GresTypes=gpu
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=${memoryMegabytes} ${gpus > 0 ? `Gres=gpu:${gpus} ` : ''}State=UNKNOWN
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE DefaultTime=60 State=UP OverSubscribe=NO
${lines.join('\n')}
`;
  writeFileSync(at('slurm.conf'), configuration.trimStart());
}

function line(daemon: Daemon, directory: string): string[] {
  const at = (name: string): string => path.join(directory, name);
  switch (daemon) {
    case 'munged':
      return [
        '/usr/sbin/munged',
        '--foreground',
        '--force',
        `--key-file=${at('munge/key')}`,
        `--socket=${at('munge/socket')}`,
        `--pid-file=${at('munge/pid')}`,
        `--log-file=${at('log/munged.log')}`,
        `--seed-file=${at('munge/seed')}`,
      ];
    case 'slurmctld':
      return ['/usr/sbin/slurmctld', '-D', '-f', at('slurm.conf')];
    case 'slurmd':
      return ['/usr/sbin/slurmd', '-D', '-f', at('slurm.conf')];
  }
}

async function answering(daemon: Daemon, child: ChildProcess, ask: Slurm['ask'], directory: string): Promise<void> {
  const isThere = {
    munged: () => ask('munge', '-n', '-S', path.join(directory, 'munge/socket')),
    slurmctld: () => ask('sinfo', '-h'),
    slurmd: () => Promise.resolve(),
  }[daemon];
  while (child.exitCode === null && child.signalCode === null) {
    const isAnswer = await isThere().then(
      () => true,
      () => false,
    );
    if (isAnswer) return;
    await delay(50);
  }
  throw new Error(`${daemon} ended with ${child.exitCode}: ${logOf(daemon, directory)}`);
}

/** Waits until the node takes jobs. */
async function idle(ask: Slurm['ask'], directory: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const state = (await ask('sinfo', '-h', '-N', '-o', '%T')).trim();
    if (/^(idle|mixed|allocated)$/m.test(state)) return;
    await delay(100);
  }
  throw new Error(`The node takes no jobs: ${logOf('slurmctld', directory)}${logOf('slurmd', directory)}`);
}

/** What runs a job outlives slurmd: jobs end first. */
async function cancelAll(ask: Slurm['ask']): Promise<void> {
  const ids = (await ask('squeue', '-h', '-o', '%A')).split('\n').filter(Boolean);
  if (ids.length === 0) return;
  await ask('scancel', '--signal=KILL', ...new Set(ids));
  await ask('scancel', ...new Set(ids));
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await ask('squeue', '-h', '-t', 'R,CG,CF,S')).trim() === '') return;
    await delay(100);
  }
}

/** Whatever of a job is left, which a controller that was killed may have forgotten. */
function killAll(configuration: string): void {
  const parents = new Map<number, number>();
  const doomed = new Set<number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]));
      if (readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'slurmstepd\n') continue;
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(configuration)) doomed.add(Number(pid));
    } catch {
      // It has ended.
    }
  }
  const isDoomed = (pid: number): boolean => doomed.has(pid) || (parents.has(pid) && isDoomed(parents.get(pid)!));
  for (const pid of [...parents.keys()].filter(isDoomed)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(patience);
}

function logOf(daemon: Daemon, directory: string): string {
  const file = path.join(directory, `log/${daemon}.log`);
  return existsSync(file) ? readFileSync(file, 'utf8').slice(-2000) : 'it wrote no log';
}
