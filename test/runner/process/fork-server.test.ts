// A process means the same whoever starts it; what the fork server starts neither outlives the runner, nor dies unseen with
// the server. All processes are real.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Child, type Command, startHere } from '../../../src/runner/process/child.ts';
import { ForkServer } from '../../../src/runner/process/fork-server.ts';
import { localExecutor } from '../../../src/runner/process/local.ts';
import { signalGroup } from '../../../src/runner/process/signal-group.ts';
import { Rig } from '../../rig/rig.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

const hasProc = existsSync('/proc/self/stat');

const shell = (script: string, more: Partial<Command> = {}): Command => ({
  program: '/bin/sh',
  words: ['-c', script],
  directory: '/',
  environment: { PATH: process.env['PATH']!, A: '1' },
  ...more,
});

/** What a process printed and how it ended. */
async function heard(child: Child) {
  const said = { stdout: '', stderr: '' };
  const closed = child.hear((stream, chunk) => (said[stream] += chunk.toString('latin1')));
  const exit = await child.exit;
  await closed;
  return { ...said, exit };
}

/** Numbers of the living children of a process that have this name. */
function childrenOf(parent: number, name: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const [, comm, state, ppid] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))!;
        return comm === name && state !== 'Z' && Number(ppid) === parent;
      } catch {
        return false; // Gone.
      }
    })
    .map(Number);
}
const serversOf = (parent: number): number[] => childrenOf(parent, 'repro-fork-serv');
const parentOf = (pid: number): number =>
  Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
const isAlive = (pid: number): boolean => {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

const starters: readonly [string, () => (command: Command) => Promise<Child>][] = [
  ['the runner', () => startHere],
  [
    'the fork server',
    () => {
      const server = new ForkServer();
      return (command) => server.start(command);
    },
  ],
];

describe.each(starters)('a process that %s starts', (_, starter) => {
  const start = starter();

  it('prints bytes, has the environment that it was given, and an exit code', async () => {
    const child = await start(
      shell(`pwd; env | sort | grep -v _=; printf '\\377\\n' >&2; exit 7`, { directory: '/tmp' }),
    );
    const { stdout, stderr, exit } = await heard(child);
    expect(stdout).toBe(`/tmp\nA=1\nPATH=${process.env['PATH']}\nPWD=/tmp\n`);
    expect(stderr).toBe('\xff\n');
    expect(exit).toEqual({ code: 7, signal: null });
  });

  it('leads a process group, reads nothing, and has no file of who started it', async () => {
    const files = shell('cat; cd /proc/$$/fd 2>/dev/null && echo *; kill -9 $$');
    const child = await start(files);
    process.kill(-child.pid, 0);
    const killed = { code: null, signal: 'SIGKILL' };
    // Those of who started the tests may be open everywhere.
    const { stdout } = spawnSync(files.program, files.words, { encoding: 'utf8' });
    expect(await heard(child)).toEqual({ stdout, stderr: '', exit: killed });
  });

  it('may print more than pipes hold, to who listens late', async () => {
    const child = await start(shell('head -c 5000000 /dev/zero; echo end >&2'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { stdout, stderr, exit } = await heard(child);
    expect([stdout.length, stderr, exit]).toEqual([5_000_000, 'end\n', { code: 0, signal: null }]);
  });

  it('is heard no more once it is given up, though somebody has its output open', async () => {
    const child = await start(shell(`(trap '' HUP; sleep 600) & echo one; exit 0`));
    onTestFinished(() => signalGroup(child.pid, 'SIGKILL'));
    let said = '';
    const closed = child.hear((_stream, chunk) => (said += chunk.toString()));
    expect(await child.exit).toEqual({ code: 0, signal: null });
    await vi.waitFor(() => expect(said).toBe('one\n'));
    child.giveUp();
    await closed;
  });

  it.each([
    ['ENOENT', { program: '/no/such' }],
    ['ENOENT', { directory: '/no/such' }],
    ['EACCES', { program: '/etc/passwd' }],
    ['E2BIG', { words: ['-c', 'x'.repeat(10_000_000)] }],
    ['ERR_INVALID_ARG_VALUE', { words: ['-c', 'a\0b'] }],
  ])('is refused by its code: %s', async (code, more) => {
    await expect(start(shell('exit 0', more))).rejects.toMatchObject({ code });
  });
});

describe.skipIf(!hasProc)('a fork server (needs /proc)', () => {
  it('that is killed takes along what it had started, and says so; what was asked of it is started here', async () => {
    const server = new ForkServer();
    const child = await server.start(shell('echo begun; sleep 600'));
    const pid = parentOf(child.pid);
    process.kill(pid, 'SIGSTOP');
    // As if the server had begun it, and been killed before it could say so.
    using directory = temporaryDirectory({ 'stage.json': '{}' });
    const environment = { PATH: process.env['PATH']!, REPRO_STAGE: join(directory.path, 'stage.json') };
    const untold = await startHere(shell('sleep 600', { environment }));
    onTestFinished(() => signalGroup(untold.pid, 'SIGKILL'));
    const late = server.start(shell('echo late', { environment }));
    process.kill(pid, 'SIGKILL');
    expect((await heard(child)).exit).toBeNull();
    await vi.waitFor(() => expect(isAlive(child.pid)).toBe(false));
    expect(await heard(await late)).toEqual({ stdout: 'late\n', stderr: '', exit: { code: 0, signal: null } });
    expect(await untold.exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(server.hasEnded).toBe(true);
    expect((await heard(await server.start(shell('echo later')))).stdout).toBe('later\n');
  });

  it('that is stopped is given up, and what was asked of it is started here', async () => {
    const server = new ForkServer();
    const first = await server.start(shell('sleep 600'));
    const pid = parentOf(first.pid);
    process.kill(pid, 'SIGSTOP');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const late = server.start(shell('echo late'));
    vi.advanceTimersByTime(20_000);
    vi.useRealTimers();
    expect((await heard(await late)).stdout).toBe('late\n');
    expect((await heard(first)).exit).toBeNull();
    await vi.waitFor(() => expect([pid, first.pid].filter(isAlive)).toEqual([]));
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'that gets %s, as all of a run may, lets stages end',
    async (signal) => {
      const server = new ForkServer();
      const child = await server.start(
        shell('trap "sleep 0.3; echo done; exit 3" TERM; echo ready; while :; do sleep 0.05; done'),
      );
      let said = '';
      const closed = child.hear((stream, chunk) => void (said += stream === 'stdout' ? chunk.toString() : ''));
      await vi.waitFor(() => expect(said).toBe('ready\n'), 10_000);
      process.kill(parentOf(child.pid), signal);
      signalGroup(child.pid, 'SIGTERM');
      expect(await child.exit).toEqual({ code: 3, signal: null });
      await closed;
      expect(said).toBe('ready\ndone\n');
    },
  );

  it('that the system has no files for is refused, and nothing else happens', () => {
    const script = `
      import { openSync } from 'node:fs';
      import { ForkServer } from ${JSON.stringify(new URL('../../../src/runner/process/fork-server.ts', import.meta.url).href)};
      try { for (;;) openSync('/dev/null'); } catch {}
      try { new ForkServer(); } catch { setTimeout(() => console.log('refused'), 50); }
    `;
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
    const limited = spawnSync('/bin/sh', ['-c', 'ulimit -n 256; exec "$@"', 'sh', ...node], { encoding: 'utf8' });
    expect(limited).toMatchObject({ status: 0, stdout: 'refused\n' });
  });

  it('starts many, as a stage sees no difference', async () => {
    using directory = temporaryDirectory();
    const job = (i: number, script: string) => ({
      ...shell(script, { directory: directory.path }),
      id: 'a',
      passed: [],
      log: join(directory.path, `${i}.txt`),
      control: '',
      outputs: [],
      timeoutSeconds: null,
      resources: { cpus: 1, memoryBytes: 0, gpus: 0 },
      expectedSeconds: null,
    });
    const run = async (i: number) => {
      const lines: string[] = [];
      const stage = job(i, `echo "${i} $A"`);
      const observer = { onStart: () => void lines.push('start'), onLine: (line: string) => void lines.push(line) };
      const { end } = await localExecutor.run(stage, observer, new AbortController().signal);
      return [end, lines, readFileSync(stage.log, 'utf8')];
    };
    for (let i = 0; i < 40; i++)
      expect(await run(i)).toEqual([{ kind: 'exited', code: 0 }, ['start', `${i} 1`], `${i} 1\n`]);
    // A stage that is still being started when the run is to end.
    const abort = new AbortController();
    let parent = process.pid;
    const observer = { onStart: ({ pid }: { pid: number }) => void (parent = parentOf(pid)), onLine: () => {} };
    const cancelled = localExecutor.run(job(40, 'sleep 600'), observer, abort.signal);
    abort.abort();
    expect((await cancelled).end).toEqual({ kind: 'cancelled' });
    expect(parent).not.toBe(process.pid);
  });
});

/** Forty stages that take no time, and one that notes its process and works until it is ended. */
const many = {
  'pipeline.yaml': `name: many
stages:
  quick: { run: [sh, -c, 'echo > o'], code: [], matrix: { replicate: 40 }, outputs: { o: o } }
  last: { run: [sh, s.sh], code: [s.sh], inputs: { all: 'quick[*].o' }, outputs: { o: o.txt } }
`,
  's.sh': `root=$(cd ../../../..; pwd)
if [ -e "$root/go" ]; then echo 1 > o.txt; exit; fi
echo $$ > "$root/pid.part"; mv "$root/pid.part" "$root/pid"; exec sleep 600
`,
};

describe.skipIf(!hasProc)('a run of many stages (needs /proc)', () => {
  const begun = async (rig: Rig) => {
    const runner = rig.startWith({}, 'run');
    await vi.waitFor(() => expect(rig.has('pid')).toBe(true), 30_000);
    const stage = Number(rig.read('pid'));
    onTestFinished(() => signalGroup(stage, 'SIGKILL'));
    return { runner, stage };
  };

  it('whose runner is killed leaves no stage, and no server', async () => {
    await using rig = await Rig.create(many);
    const { runner, stage } = await begun(rig);
    const servers = serversOf(runner.pid);
    expect(servers).toHaveLength(1);
    process.kill(runner.pid, 'SIGKILL');
    await runner.result;
    await vi.waitFor(() => expect([stage, ...servers].filter(isAlive)).toEqual([]), 5_000);
  });

  it('whose server is killed begins again what that had started, and is whole', async () => {
    await using rig = await Rig.create(many);
    const { runner, stage } = await begun(rig);
    rig.write('go', '');
    for (const server of serversOf(runner.pid)) process.kill(server, 'SIGKILL');
    const { code, stdout } = await runner.result;
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('The process that had started it was ended from outside: it is submitted again, 2 of 5');
    expect(isAlive(stage)).toBe(false);
  });
});
