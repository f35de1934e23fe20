// A run that others come back to: `repro attach`, and what `status` says meanwhile.
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const command = fileURLToPath(new URL('../../bin/repro.js', import.meta.url));
/** Two stages; the first waits for a file. */
const pipeline = (end: string) => `name: test
stages:
  first: { run: [sh, -c, 'echo working; until test -e ../../../../go; do sleep 0.05; done; echo 1 > o'], code: [], outputs: { o: o } }
  second:
    run: [sh, -c, '${end}']
    code: []
    inputs: { of: first.o }
    numbers: n.json
gates: { low: { number: second.n, max: 1 } }
`;
const number = (value: number) =>
  `echo "{\\"n\\":{\\"value\\":${value},\\"unit\\":\\"1\\",\\"kind\\":\\"exact\\"}}" > n.json`;

async function isRunning(rig: Rig): Promise<void> {
  const states = async () => (JSON.parse((await rig.repro('status', '--json')).stdout) as States).stages;
  while ((await states())[0]?.state !== 'running') await delay(50);
}
interface States {
  readonly atWork: { readonly pid: number } | null;
  readonly stages: readonly { readonly stage: string; readonly state: string }[];
}

test.each([
  ['complete', number(1), 0],
  ['gate', number(2), 3],
  ['failed', 'exit 4', 1],
] as const)(
  'attached, a run that ends as %s is shown from its beginning, and ends so for both',
  async (_, end, code) => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline(end) });
    expect(await rig.repro('attach')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('No run has been at work'),
    });
    const run = rig.start('run');
    await isRunning(rig);
    let shown = '';
    const attached = rig.startWith({ onOutput: (text) => void (shown += text) }, 'attach');
    while (!shown.includes('first: started')) await delay(20);
    rig.write('go', '');
    const [one, two] = await Promise.all([run.result, attached.result]);
    expect([one.code, two.code]).toEqual([code, code]);
    expect(two.stdout).toBe(one.stdout);
    // Later it tells of the end alone.
    const after = await rig.repro('attach');
    expect(after.code).toBe(code);
    expect(after.stdout).toMatch(/^run \S+, which has ended:\n/);
    expect(after.stdout).not.toContain('first: started');
    const events = (await rig.repro('attach', '--json')).stdout.trimEnd().split('\n');
    expect(events.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(
      expect.arrayContaining(['run-started', 'stage-started', 'run-finished']),
    );
  },
);

test('status and log tell what runs; Ctrl-C leaves the run alone; one that was killed is said to be', async () => {
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline(number(1)) });
  const run = rig.start('run');
  await isRunning(rig);
  const { atWork, stages } = JSON.parse((await rig.repro('status', '--json')).stdout) as States;
  expect(atWork?.pid).toBe(run.pid);
  expect(stages.map(({ state }) => state)).toEqual(['running', 'waiting']);
  expect((await rig.repro('status')).stdout).toContain(`Process ${run.pid} on`);
  expect((await rig.repro('log', 'first')).stderr).toContain('first is still running');
  expect((await rig.repro('run')).stderr).toContain('repro attach shows it');

  let shown = '';
  const attached = rig.startWith({ onOutput: (text) => void (shown += text) }, 'attach');
  while (!shown.includes('first: started')) await delay(20);
  attached.signal('SIGINT');
  expect(await attached.result).toMatchObject({ code: 130, stderr: expect.stringContaining(`kill ${run.pid}`) });
  run.signal('SIGKILL');
  await run.result;
  expect(await rig.repro('attach')).toMatchObject({ code: 1, stderr: expect.stringContaining('error run-lost') });
  const left = JSON.parse((await rig.repro('status', '--json')).stdout) as States;
  expect([left.atWork, left.stages[0]!.state]).toEqual([null, 'stale']);
  expect((await rig.repro('status')).stdout).toContain('its last attempt came to no result, and left a log');
  rig.write('go', '');
  expect((await rig.repro('run')).code).toBe(0);
  // What keeps no journal is not passed over for the run that has ended.
  rmSync(path.join(rig.root, 'go'));
  const audit = rig.start('audit', 'first');
  while ((await rig.repro('status', '--json')).stdout.includes('"atWork": null')) await delay(50);
  const none = await rig.repro('attach');
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining(`Process ${audit.pid}`) });
  rig.write('go', '');
  expect((await audit.result).code).toBe(0);
  expect((await rig.repro('status')).stdout).toContain('A run would execute nothing');
});

test.for(['', ' > log.txt 2>&1 < /dev/null'])(
  'a run%s goes on when its terminal is gone, and attach comes back to it',
  async (redirected, { skip }) => {
    if (spawnSync('script', ['--version']).error) skip('script is not installed');
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline(number(1)) });
    const line = `${process.execPath} ${command} run${redirected}`;
    // Its end closes the terminal, which hangs up on all that have it.
    const terminal = spawn('script', ['-qec', line, '/dev/null'], {
      cwd: rig.root,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await isRunning(rig);
    terminal.kill('SIGKILL');
    const { atWork } = JSON.parse((await rig.repro('status', '--json')).stdout) as States;
    expect(atWork).not.toBe(null);
    const attached = rig.start('attach');
    rig.write('go', '');
    const { code, stdout } = await attached.result;
    expect({ code, end: stdout.includes('complete: 2 stages (2 computed)') }).toEqual({ code: 0, end: true });
    while (redirected !== '' && !rig.read('log.txt').includes('complete: 2 stages')) await delay(50);
    expect(rig.has(path.join('artifacts', 'manifest.json'))).toBe(true);
  },
);
