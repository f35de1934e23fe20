// What a stage leaves running, however it got away from its process group. The processes are real, and die with the test.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { endDescendants } from '../../../src/runner/process/descendants.ts';
import { endLeftovers, noteProcess, prepareWork, workDirectory } from '../../../src/runner/process/work-directory.ts';
import { openStore } from '../../../src/store/store.ts';
import { Rig } from '../../rig/rig.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

const canLook = existsSync('/proc/self/environ') && spawnSync('setsid', ['true']).status === 0;
const hasPython = spawnSync('python3', ['--version']).status === 0;
const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

const isAlive = (pid: number): boolean => {
  const status = spawnSync('cat', [`/proc/${pid}/stat`]).stdout.toString();
  return status !== '' && !/\) [ZX] /.test(status);
};

/** Numbers of processes, one a line. A test that fails leaves none. */
function processesIn(path: string): number[] {
  const pids = readFileSync(path, 'utf8').trim().split('\n').map(Number);
  onTestFinished(() => {
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return pids;
}

const project = (script: string, more = ''): Promise<Rig> =>
  Rig.create({
    'pipeline.yaml': `name: test
stages: { s: { run: [sh, s.sh], code: [s.sh], outputs: { o: o.txt }${more} } }
`,
    's.sh': script,
  });

const daemons: readonly [string, string][] = [
  ['setsid', 'setsid sh -c \'echo $$ >> "$0/pids"; exec sleep 600\' "$ROOT" >/dev/null 2>&1 &'],
  ['one that holds its output open', 'setsid sh -c \'echo $$ >> "$0/pids"; exec sleep 600\' "$ROOT" &'],
  [
    'one without an environment',
    'env -i setsid sh -c \'echo $$ >> "$0/pids"; exec sleep 600\' "$ROOT" >/dev/null 2>&1 &',
  ],
  ['one elsewhere', 'cd /; setsid sh -c \'echo $$ >> "$0/pids"; exec sleep 600\' "$ROOT" >/dev/null 2>&1 &'],
  [
    'daemons that start daemons',
    `setsid sh -c 'setsid sh -c "echo \\$\\$ >> \\"$0/pids\\"; exec sleep 600" & echo $$ >> "$0/pids"; exec sleep 600' "$ROOT" >/dev/null 2>&1 &`,
  ],
];
const begin = 'ROOT=$(cd ../../../..; pwd); cd .\n';
const untilNoted = 'while ! [ -s "$ROOT/pids" ]; do sleep 0.02; done; sleep 0.1\n';

describe.skipIf(!canLook)('what a stage leaves running (needs /proc and setsid)', () => {
  it.each(daemons)('is ended with it: %s', async (_, start) => {
    await using rig = await project(`${begin}(${start})\n${untilNoted}echo 1 > o.txt\n`);
    const run = await rig.run();
    expect(run.outcome).toBe('complete');
    expect(processesIn(join(rig.root, 'pids')).filter(isAlive)).toEqual([]);
  });

  it.skipIf(!hasPython)('is ended with it: a daemon of Python, forked twice, in the root directory', async () => {
    const daemon = `import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.chdir("/")
        open(os.environ["ROOT"] + "/pids", "w").write(str(os.getpid()))
        for fd in (0, 1, 2): os.close(fd)
        time.sleep(600)
    os._exit(0)
`;
    await using rig = await project(`${begin}export ROOT; python3 -c '${daemon}'; ${untilNoted}echo 1 > o.txt\n`);
    expect((await rig.run()).outcome).toBe('complete');
    expect(processesIn(join(rig.root, 'pids')).filter(isAlive)).toEqual([]);
  });

  it('is ended with one that fails, and one that takes too long', async () => {
    await using failing = await project(`${begin}(${daemons[0]![1]})\n${untilNoted}exit 3\n`);
    expect((await failing.run()).cells[0]?.failure?.code).toBe('exit-code');
    await using slow = await project(
      `${begin}(${daemons[0]![1]})\n${untilNoted}exec sleep 600\n`,
      ', resources: { time: 2s }',
    );
    expect((await slow.run()).cells[0]?.failure?.code).toBe('timed-out');
    for (const { root } of [failing, slow]) expect(processesIn(join(root, 'pids')).filter(isAlive)).toEqual([]);
  });

  it('is ended when the run is interrupted', async () => {
    await using rig = await project(`${begin}(${daemons[0]![1]})\n${untilNoted}exec sleep 600\n`);
    const run = rig.start('run');
    await vi.waitFor(() => expect(rig.has('pids')).toBe(true), 30_000);
    run.signal('SIGINT');
    expect((await run.result).code).toBe(130);
    expect(processesIn(join(rig.root, 'pids')).filter(isAlive)).toEqual([]);
  });

  it.skipIf(!canTrace)('is ended when traced, and its reads are told all the same (needs strace)', async () => {
    await using rig = await project(`${begin}(${daemons[0]![1]})\n${untilNoted}cat ../../../../secret > o.txt\n`);
    rig.write('secret', 's');
    const run = await rig.run({ watch: { strict: false, trace: true, system: [] } });
    expect(run.cells[0]?.record?.watched?.undeclaredReads).toContain('secret');
    expect(processesIn(join(rig.root, 'pids')).filter(isAlive)).toEqual([]);
  });

  it('is ended by the next run when the runner was killed', async () => {
    await using rig = await project(
      `${begin}(${daemons[0]![1]})\n${untilNoted}[ -e "$ROOT/again" ] || exec sleep 600\necho 1 > o.txt\n`,
    );
    const run = rig.start('run');
    await vi.waitFor(() => expect(rig.has('pids')).toBe(true), 30_000);
    run.signal('SIGKILL');
    await run.result;
    const left = processesIn(join(rig.root, 'pids'));
    expect(left.filter(isAlive)).toEqual(left);
    rig.write('again', '');
    expect((await rig.run()).outcome).toBe('complete');
    expect(processesIn(join(rig.root, 'pids')).filter(isAlive)).toEqual([]);
  });

  it('is nobody else: of another stage, or one who looks at the files from a program that lives', async () => {
    using directory = temporaryDirectory({ 'a/stage.json': '', 'b/stage.json': '' });
    const start = (stage: string, environment: Record<string, string>): ChildProcess => {
      const child = spawn('sleep', ['600'], { cwd: join(directory.path, stage), env: environment, stdio: 'ignore' });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    const assignment = (stage: string): string => join(directory.path, stage, 'stage.json');
    const other = start('b', { REPRO_STAGE: assignment('b') });
    const longer = start('b', { REPRO_STAGE: `${assignment('a')}.bak`, X: `REPRO_STAGE=${assignment('a')}` });
    const looker = start('a', {});
    const ours = start('b', { REPRO_STAGE: assignment('a') });
    const ended = once(ours, 'exit');
    await endDescendants({ assignments: [assignment('a')] });
    await ended;
    expect([other, longer, looker].map(({ pid }) => isAlive(pid!))).toEqual([true, true, true]);
  });

  it('is not the original of a copy: each ends what is its own', async () => {
    using directory = temporaryDirectory();
    const original = openStore(join(directory.path, 'original'));
    const work = workDirectory(original, `sha256:${'a'.repeat(64)}`);
    prepareWork(original.fileSystem, work, { scratch: 'discard', log: 'discard' });
    const stage = spawn('sleep', ['600'], {
      cwd: work.run,
      env: { PATH: process.env['PATH'], REPRO_STAGE: work.assignment },
      detached: true,
      stdio: 'ignore',
    });
    onTestFinished(() => void stage.kill('SIGKILL'));
    noteProcess(original.fileSystem, work, stage.pid!);
    const copy = join(directory.path, 'copy');
    cpSync(original.root, copy, { recursive: true });
    await endLeftovers(openStore(copy));
    expect(isAlive(stage.pid!)).toBe(true);
    const ended = once(stage, 'exit');
    renameSync(original.root, join(directory.path, 'moved'));
    await endLeftovers(openStore(join(directory.path, 'moved')));
    await ended;
  });
});
