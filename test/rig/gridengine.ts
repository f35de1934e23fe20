// A Grid Engine of one machine on loopback: sge_qmaster and sge_execd with a cell and ports of their own, which end with the
// test.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from './ports.ts';
import { temporaryDirectory } from './temporary.ts';

export interface GridEngine extends AsyncDisposable {
  /** What its commands need beside their own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** What a command prints, `qstat` for example. */
  ask(program: string, ...words: string[]): Promise<string>;
}

const packages = [
  ['gridengine-master', '/usr/sbin/sge_qmaster'],
  ['gridengine-exec', '/usr/sbin/sge_execd'],
  ['gridengine-client', '/usr/bin/qsub'],
] as const;
const installed = '/usr/share/gridengine';
const library = '/usr/lib/gridengine';

/** Why no Grid Engine can be started here, as a sentence; null where it can. */
export function whyNoGridEngine(): string | null {
  const missing = packages.filter(([, file]) => !existsSync(file)).map(([name]) => name);
  if (missing.length > 0) return `Debian's ${missing.join(', ')} is not installed`;
  return process.getuid?.() === 0 ? null : 'sge_execd starts as root only';
}

export async function startGridEngine(slots = 8): Promise<GridEngine> {
  const temporary = temporaryDirectory();
  const root = temporary.path;
  const at = (name: string): string => path.join(root, name);
  const [master, node] = await freePorts(2);
  const environment = {
    SGE_ROOT: root,
    SGE_CELL: 'rig',
    SGE_QMASTER_PORT: String(master),
    SGE_EXECD_PORT: String(node),
  };
  const ask = async (program: string, ...words: string[]): Promise<string> =>
    (await promisify(execFile)(program, words, { env: { ...process.env, ...environment } })).stdout;
  const daemons: ChildProcess[] = [];
  const start = (program: string): void => {
    // In the foreground, and no longer than the process that tests.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program], {
      env: { ...process.env, ...environment, SGE_ND: '1' },
      cwd: root,
      stdio: 'ignore',
      detached: true,
    });
    daemons.push(child);
  };
  const end = async (): Promise<void> => {
    await endJobs(ask).catch(() => {});
    for (const child of daemons.reverse()) await stop(child);
    temporary[Symbol.dispose]();
  };
  try {
    await initialize(at, ask);
    start('/usr/sbin/sge_qmaster');
    await until(() => ask('qconf', '-sh'));
    await ask('qconf', '-as', 'localhost');
    await configure(at, ask, slots);
    start('/usr/sbin/sge_execd');
    await until(async () => {
      if (!/ lx-/.test(await ask('qhost', '-h', 'localhost'))) throw new Error('The node is not there yet');
    });
  } catch (error) {
    await end();
    throw error;
  }
  return { environment, ask, [Symbol.asyncDispose]: end };
}

/** The directories and the database that the packages' own installation makes, for this cell. */
async function initialize(at: (name: string) => string, ask: GridEngine['ask']): Promise<void> {
  for (const name of ['rig/common', 'spool/qmaster/job_scripts', 'spool/execd', 'spool/db']) {
    mkdirSync(at(name), { recursive: true, mode: 0o755 });
  }
  for (const name of ['bin', 'utilbin', 'lib', 'util']) symlinkSync(`/var/lib/gridengine/${name}`, at(name));
  writeFileSync(at('rig/common/act_qmaster'), 'localhost\n');
  writeFileSync(at('rig/common/host_aliases'), `localhost ${hostname()}\n`);
  writeFileSync(
    at('rig/common/bootstrap'),
    `admin_user none
default_domain none
ignore_fqdn true
spooling_method berkeleydb
spooling_lib libspoolb
spooling_params ${at('spool/db')}
binary_path ${library}
qmaster_spool_dir ${at('spool/qmaster')}
security_mode none
listener_threads 2
worker_threads 2
scheduler_threads 1
`,
  );
  const settings: Readonly<Record<string, string>> = {
    execd_spool_dir: at('spool/execd'),
    mailer: '/bin/true',
    min_uid: '0',
    min_gid: '0',
    load_report_time: '00:00:01',
    shell_start_mode: 'unix_behavior',
  };
  const defaults = readFileSync(path.join(installed, 'default-configuration'), 'utf8');
  writeFileSync(at('configuration'), changed(defaults, settings));
  await ask(path.join(library, 'spoolinit'), 'berkeleydb', 'libspoolb', at('spool/db'), 'init');
  for (const [kind, value] of [
    ['configuration', at('configuration')],
    ['complexes', path.join(installed, 'util/resources/centry')],
    ['usersets', path.join(installed, 'util/resources/usersets')],
    ['managers', 'root'],
  ] as const) {
    await ask(path.join(library, 'spooldefaults'), kind, value);
  }
}

/** A queue, an environment for jobs of several cores, and a scheduler that does not dawdle. */
async function configure(at: (name: string) => string, ask: GridEngine['ask'], slots: number): Promise<void> {
  const limits = ['rt', 'cpu', 'fsize', 'data', 'stack', 'core', 'rss', 'vmem'].flatMap((name) => [
    `s_${name} INFINITY`,
    `h_${name} INFINITY`,
  ]);
  writeFileSync(
    at('pe'),
    `pe_name smp
slots 999
user_lists NONE
xuser_lists NONE
start_proc_args NONE
stop_proc_args NONE
allocation_rule $pe_slots
control_slaves FALSE
job_is_first_task TRUE
urgency_slots min
accounting_summary FALSE
qsort_args NONE
`,
  );
  const none = [
    ...['load_thresholds', 'suspend_thresholds', 'ckpt_list', 'prolog', 'epilog', 'starter_method', 'suspend_method'],
    ...['resume_method', 'terminate_method', 'owner_list', 'user_lists', 'xuser_lists', 'subordinate_list'],
    ...['complex_values', 'projects', 'xprojects', 'calendar'],
  ].map((name) => `${name} NONE`);
  writeFileSync(
    at('queue'),
    `qname all.q
hostlist localhost
seq_no 0
nsuspend 1
suspend_interval 00:05:00
priority 0
min_cpu_interval 00:05:00
processors UNDEFINED
qtype BATCH
pe_list smp
rerun FALSE
slots ${slots}
tmpdir /tmp
shell /bin/sh
shell_start_mode unix_behavior
notify 00:00:60
initial_state default
${[...none, ...limits].join('\n')}
`,
  );
  await ask('qconf', '-Ap', at('pe'));
  await ask('qconf', '-Aq', at('queue'));
  const schedule = changed(await ask('qconf', '-ssconf'), {
    schedule_interval: '0:0:1',
    flush_submit_sec: '1',
    flush_finish_sec: '1',
    job_load_adjustments: 'NONE',
  });
  writeFileSync(at('schedule'), schedule);
  await ask('qconf', '-Msconf', at('schedule'));
}

/** What started a job outlives the daemon: jobs end first. */
async function endJobs(ask: GridEngine['ask']): Promise<void> {
  if ((await ask('qstat')).trim() === '') return;
  await ask('qdel', '-u', '*');
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await ask('qstat')).trim() === '') return;
    await delay(100);
  }
}

/** Lines of `name value` with other values. */
function changed(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (whole, [name, value]) => whole.replace(new RegExp(`^${name}\\s.*$`, 'm'), `${name} ${value}`),
    text,
  );
}

async function until(attempt: () => Promise<unknown>): Promise<void> {
  for (let left = 300; ; left--) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (left === 0) throw error;
      await delay(100);
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // Nothing of it is needed again, and asked to end it takes ten seconds.
  child.kill('SIGKILL');
  await ended;
}
