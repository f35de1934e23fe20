// `repro log` of stages that have no result: failed, killed, running.
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const pipeline = `name: test
stages:
  bad: { run: [sh, -c, 'echo before; echo why >&2; exit 3'], code: [], matrix: { n: [1], b: [x] }, outputs: { out: o } }
  slow: { run: [sh, -c, 'echo one; until test -e "$HOME/go"; do sleep 0.05; done; echo two'], code: [] }
  after: { run: [sh, -c, 'true'], code: [], inputs: { of: 'bad[*].out' } }
  silent: { run: [sh, -c, 'true'], code: [] }
`;

async function project(): Promise<Rig> {
  const rig = await Rig.create({ 'pipeline.yaml': pipeline });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  return rig;
}

test('of a failed stage, by any order of its axes; names that are none are told at once', async () => {
  await using rig = await project();
  rig.write('go', '');
  const environment = { HOME: rig.root };
  expect((await rig.startWith({ environment }, 'run').result).code).toBe(1);
  for (const id of ['bad[n=1,b=x]', 'bad[b=x,n=1]']) {
    const { code, stdout, stderr } = await rig.repro('log', id);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'before\nwhy\n', stderr: '' });
  }
  const json = JSON.parse((await rig.repro('log', 'bad[n=1,b=x]', '--json')).stdout) as unknown;
  expect(json).toEqual({ stage: 'bad[n=1,b=x]', running: false, lines: ['before', 'why'] });
  const silent = JSON.parse((await rig.repro('log', 'silent', '--json')).stdout) as unknown;
  expect(silent).toMatchObject({ stage: 'silent', lines: [] });
  expect((await rig.repro('log', 'slow')).stdout).toBe('one\ntwo\n');
  const hints = {
    bad: 'bad[n=1,b=x]',
    slwo: 'did you mean slow?',
    after: 'it has not begun',
    'bad[b=x]': 'name one of its cells, such as bad[n=1,b=x]',
    'bad[b=other]': 'cells of that stage are bad[n=1,b=x]',
    zzz: 'repro status',
  };
  for (const [name, hint] of Object.entries(hints)) {
    const { code, stderr } = await rig.repro('log', name);
    expect(code).toBe(2);
    expect(stderr).toContain(hint);
  }
  // The manifest and what the failed attempt left spell it with its axes in different orders: it is one cell.
  expect((await rig.repro('log', 'bad')).stderr).toContain('A log is of one cell, and "bad" has 1\n');
});

test('followed to its end, of a stage whose run goes on with another', async () => {
  await using rig = await project();
  rig.write(
    'pipeline.yaml',
    `${pipeline}  later: { run: [sh, -c, 'until test -e "$HOME/on"; do sleep 0.05; done'], code: [] }\n`,
  );
  const run = rig.startWith({ environment: { HOME: rig.root } }, 'run', 'slow', 'later', '--jobs', '2');
  let followed = '';
  while ((await rig.repro('log', 'slow')).stdout !== 'one\n') await delay(50);
  const follower = rig.startWith({ onOutput: (text) => void (followed += text) }, 'log', 'slow', '-f');
  while (!followed.includes('one')) await delay(20);
  rig.write('go', '');
  expect(await follower.result).toEqual({ code: 0, stdout: 'one\ntwo\n', stderr: '' });
  rig.write('on', '');
  expect((await run.result).code).toBe(0);
});

test('of a running stage, followed to its end; of one that was killed', async () => {
  await using rig = await project();
  const environment = { HOME: rig.root };
  const run = rig.startWith({ environment }, 'run', 'slow');
  const first = async () => (await rig.repro('log', 'slow')).stdout;
  while ((await first()) !== 'one\n') await delay(50);
  let followed = '';
  const follower = rig.startWith({ onOutput: (text) => void (followed += text) }, 'log', 'slow', '-f');
  while (!followed.includes('one')) await delay(20);
  rig.write('go', '');
  expect((await follower.result).stdout).toBe('one\ntwo\n');
  expect((await run.result).code).toBe(0);

  rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace('go"', 'gone"'));
  const killed = rig.startWith({ environment }, 'run', 'slow');
  while ((await first()) !== 'one\n') await delay(50);
  killed.signal('SIGKILL');
  await killed.result;
  const { code, stdout } = await rig.repro('log', 'slow', '--follow');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'one\n' });
  // Its stage outlived it: the next run ends that.
  rig.write('gone', '');
  await rig.startWith({ environment }, 'run', 'slow').result;
});
