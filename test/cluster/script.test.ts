// What runs on a node, run here: no scheduler is needed for it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { digestOfFiles, endOf, readExit, readStarted } from '../../src/cluster/exit-file.ts';
import { batchText, stageText } from '../../src/cluster/script.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const words = ["it's", 'a b', '$HOME', '`x`', 'new\nline', '"', '\\', '*'];

/** A directory as a runner prepares it, and the script of a batch that runs it. */
function prepared(
  root: string,
  script: string,
  { outputs = [] as string[], timeoutSeconds = null as number | null, name = 'a b' } = {},
) {
  const control = join(root, name, 'control');
  const directory = join(root, name, 'run');
  for (const each of [control, directory]) mkdirSync(each, { recursive: true });
  const job = {
    id: 's',
    program: '/bin/sh',
    words: ['-c', script, 'sh', ...words],
    directory,
    environment: { PATH: process.env['PATH']!, VALUE: "it's $HOME\n", REPRO_STAGE: join(directory, 'stage.json') },
    passed: ['PASSED'],
    log: join(root, 'log'),
    control,
    outputs: outputs.map((path) => join(directory, path)),
    timeoutSeconds,
    resources: { cpus: 1, memoryBytes: 0, gpus: 0 },
    expectedSeconds: null,
  };
  writeFileSync(join(control, 'stage.sh'), stageText(job, 'abc'));
  const batch = join(root, 'batch.sh');
  writeFileSync(batch, batchText([[{ control, nonce: 'abc' }]], 'repro_task=0 repro_job=7_0'));
  return { control, directory, batch };
}

it('passes words and the environment as they are, and nothing else', () => {
  using root = temporaryDirectory();
  const script = 'for word; do printf "%s\\0" "$word"; done > words; env -0 > env';
  const { control, directory, batch } = prepared(root.path, script);
  execFileSync('sh', [batch], { env: { ...process.env, SLURM_JOB_ID: '1', SECRET: 'x' } });
  expect(readFileSync(join(directory, 'words'), 'utf8').split('\0').slice(0, -1)).toEqual(words);
  const environment = readFileSync(join(directory, 'env'), 'utf8');
  expect(environment).toContain("VALUE=it's $HOME\n\0");
  expect(environment).not.toMatch(/SLURM|SECRET|repro_/);
  const exit = readExit(control, 'abc')!;
  expect(exit).toMatchObject({ job: '7_0', code: 0, timedOut: false, stopped: false, outOfMemory: false });
  expect(readStarted(control, 'abc')).not.toBeNull();
  expect(readExit(control, 'another')).toBeNull();
});

it('tells what was written: digests and sizes of files, of directories, and of what is not there', () => {
  using root = temporaryDirectory();
  const script = 'printf abc > out.txt; mkdir -p d/e; printf 1 > d/one; printf 22 > "d/e/t\nwo\\\\"; echo log';
  const { control, batch } = prepared(root.path, script, { outputs: ['out.txt', 'd/', 'none'] });
  execFileSync('sh', [batch]);
  const hex = (text: string): string => digestBytes(text).slice('sha256:'.length);
  const { outputs, logBytes } = readExit(control, 'abc')!;
  expect(outputs).toEqual([
    [hex('abc'), 3],
    [digestOfFiles([hex('22'), hex('1')]), 3],
    ['', -1],
  ]);
  expect(logBytes).toBe(4);
});

it('runs a stage once, though two jobs were submitted for it, and not for a directory that is of another job by now', () => {
  using root = temporaryDirectory();
  const { control, directory, batch } = prepared(root.path, 'echo x >> ran');
  execFileSync('sh', [batch]);
  execFileSync('sh', [batch]);
  expect(readFileSync(join(directory, 'ran'), 'utf8')).toBe('x\n');
  rmSync(join(control, 'claim'));
  writeFileSync(join(control, 'stage.sh'), readFileSync(join(control, 'stage.sh'), 'utf8').replace('abc', 'def'));
  execFileSync('sh', [batch]);
  expect(readFileSync(join(directory, 'ran'), 'utf8')).toBe('x\n');
});

it('ends what a stage left running, also outside its process group', async () => {
  using root = temporaryDirectory();
  const { directory, batch } = prepared(root.path, 'setsid sleep 300 & echo $! > pid; sleep 300 & echo $! >> pid');
  execFileSync('sh', [batch]);
  for (const pid of readFileSync(join(directory, 'pid'), 'utf8').trim().split('\n')) {
    const isThere = (): boolean => existsSync(`/proc/${pid}`) && !/ Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    while (isThere()) await delay(20);
  }
});

it('tells a time limit, a signal and an exit code apart', () => {
  using root = temporaryDirectory();
  const endOfScript = (name: string, script: string, timeoutSeconds: number | null = null): unknown => {
    const { control, batch } = prepared(root.path, script, { name, timeoutSeconds });
    execFileSync('sh', [batch]);
    return endOf(readExit(control, 'abc')!);
  };
  expect(endOfScript('late', 'sleep 100 & wait', 1)).toEqual({ kind: 'timed-out' });
  expect(endOfScript('killed', 'kill -SEGV $$')).toEqual({ kind: 'killed', signal: 'SIGSEGV' });
  expect(endOfScript('code', 'exit 3', 100)).toEqual({ kind: 'exited', code: 3 });
  expect(endOfScript('well', 'exit 0')).toEqual({ kind: 'exited', code: 0 });
});

it('passes a variable on from where the job runs, and writes no value of it', () => {
  using root = temporaryDirectory();
  const { control, directory, batch } = prepared(root.path, 'printf "%s" "$PASSED-${OTHER-unset}" > told');
  execFileSync('sh', [batch], { env: { ...process.env, PASSED: "it's a secret", OTHER: 'x' } });
  expect(readFileSync(join(directory, 'told'), 'utf8')).toBe("it's a secret-unset");
  expect(readFileSync(join(control, 'stage.sh'), 'utf8')).not.toContain('secret');
});

const canMount = spawnSync('unshare', ['-m', 'true']).status === 0;

it.skipIf(!canMount)(`tells its end though the stage has filled the disk${canMount ? '' : ' (cannot mount)'}`, () => {
  using root = temporaryDirectory();
  const { control, batch } = prepared(root.path, 'echo began; head -c 10000000 /dev/zero > out.bin');
  const small = `cp -a "$1" /tmp/$$ && mount -t tmpfs -o size=300k none "$1" && cp -a /tmp/$$/. "$1" && rm -r /tmp/$$
sh "$2" && cat "$3/exit.json"`;
  const words = ['-m', 'sh', '-c', small, 'sh', root.path, batch, control];
  const exit = JSON.parse(execFileSync('unshare', words, { encoding: 'utf8' })) as unknown;
  expect(exit).toMatchObject({ nonce: 'abc', code: 1, logBytes: expect.any(Number) as number });
});
