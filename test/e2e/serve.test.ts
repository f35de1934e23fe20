// `repro run --serve`: who is answered, what is told while the run goes on, and that no browser holds a run.
import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Control, controlledStage } from '../rig/controlled-stage.ts';
import { ask, Follower, textOf } from '../rig/live-page.ts';
import { type Background, Rig } from '../rig/rig.ts';

function files(control: Control): Record<string, string> {
  return {
    'pipeline.yaml': `name: served
stages:
  data: { run: [sh, data.sh], code: [data.sh], outputs: { set: set.txt } }
  train:
    run: ${control.run('train')}
    code: [controlled.mjs]
    inputs: { set: data.set }
    outputs: { out: out.txt }
    numbers: numbers.json
gates:
  low-loss: { number: train.loss, max: 0.5 }
`,
    'data.sh': 'echo 1 > set.txt\n',
    'controlled.mjs': controlledStage,
  };
}

/** Starts a run, and resolves with its address once it says it. */
async function serve(rig: Rig, ...words: string[]): Promise<Background & { address: string }> {
  return new Promise((resolve) => {
    let text = '';
    const onOutput = (part: string): void => {
      text += part;
      const address = /^live +(http:\S+)$/m.exec(text)?.[1];
      if (address !== undefined) resolve({ ...run, address });
    };
    const run = rig.startWith({ onOutput }, 'run', '--serve', ...words);
  });
}

const loss = JSON.stringify({ loss: { value: 0.25, unit: 'nats', kind: 'exact' } });

test('run --serve answers to the address alone, on loopback, and only to GET', async () => {
  await using control = await Control.listen();
  await using rig = await Rig.create(files(control));
  const { address, result } = await serve(rig);
  const stage = await control.stage('train');
  const { hostname, port, pathname, origin } = new URL(address);
  expect(hostname).toBe('127.0.0.1');
  expect(pathname).toMatch(/^\/[\w-]{22}\/$/);
  const status = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).resume().statusCode;
  for (const other of ['/', '/events', '/favicon.ico', `${pathname.slice(0, -2)}/`, '/%2e%2e/', `/x${pathname}`]) {
    expect([other, await status(`${origin}${other}`)]).toEqual([other, 403]);
  }
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost@evil.example']) {
    expect([host, await status(address, { headers: { host } })]).toEqual([host, 403]);
  }
  for (const host of ['localhost', `localhost:${port}`, '127.0.0.1:8080', '[::1]:9']) {
    expect([host, await status(address, { headers: { host } })]).toEqual([host, 200]);
  }
  for (const method of ['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
    expect([method, await status(address, { method })]).toEqual([method, 405]);
  }
  for (const [path, code] of [
    ['report', 404],
    ['../x', 403],
    ['x', 404],
    ['events/', 404],
  ] as const) {
    expect([path, await status(new URL(path, address).href)]).toEqual([path, code]);
  }
  expect(await status(address.slice(0, -1))).toBe(308);
  const page = await ask(address);
  expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  const policy = page.headers['content-security-policy']!;
  expect(policy).toMatch(
    /default-src 'none'; script-src 'sha256-[^']+'; .*connect-src 'self'; .*frame-ancestors 'none'/,
  );
  expect(await textOf(page)).toMatch(/^<!doctype html>/);
  expect(statSync(join(rig.root, '.repro/serve.json')).mode & 0o777).toBe(0o600);
  await stage.order('write', { path: 'numbers.json', text: loss });
  await stage.finish();
  expect((await result).code).toBe(0);
});

test('run --serve tells stages, progress, curves, numbers and gates as they come, and goes on from what a page knows', async () => {
  await using control = await Control.listen();
  await using rig = await Rig.create(files(control));
  const { address, result } = await serve(rig);
  const follower = await Follower.follow(address);
  const stage = await control.stage('train');
  await follower.until(({ cells }) => cells.some(({ id, status }) => id === 'data' && status === 'computed'));
  const report = (step: number) =>
    `::repro progress ${JSON.stringify({ step, total: 4, metrics: { loss: 1 / step } })}\n`;
  await stage.order('print', `::repro facts {"device":"cpu"}\n${report(1)}${report(2)}`);
  const half = await follower.until(({ cells }) => cells.some(({ done }) => done === 0.5));
  follower.leave();
  await stage.order('print', report(3));
  const again = await Follower.follow(address, half.id);
  const { message } = await again.until(({ cells }) => cells.some(({ done }) => done === 0.75));
  expect(message.isWhole).toBe(false);
  expect(message.cells.map(({ id }) => id)).toEqual(['train']);
  const lines = [{ cell: 'train', from: 2, points: [[3, 1 / 3]] }];
  expect(message.curves).toEqual([{ stage: 'train', metric: 'loss', cells: ['train'], lines }]);
  // A page that knows nothing, or another run, is told everything.
  for (const lastId of [undefined, 'other.3', '..', 'x'.repeat(5000)]) {
    const fresh = await Follower.follow(address, lastId);
    const whole = (await fresh.until(() => true)).message;
    expect(whole).toMatchObject({ isWhole: true, run: { pipeline: 'served', phase: 'running' } });
    expect(whole.cells.map(({ id, status }) => `${id} ${status}`)).toEqual(['data computed', 'train running']);
    expect(JSON.stringify(whole)).not.toContain('::repro');
    expect(whole.curves[0]!.lines[0]!.points).toEqual([[1, 1], [2, 1 / 2], [3, 1 / 3]]); // prettier-ignore
    fresh.leave();
  }
  await stage.order('write', { path: 'numbers.json', text: loss });
  await stage.finish();
  const over = await again.until(({ run }) => run.phase === 'over');
  expect(over.message.run).toMatchObject({ outcome: 'complete', isFine: true });
  const page = await textOf(await ask(new URL(over.message.run.report!, address).href));
  expect(page).toContain('<h1>served</h1>');
  expect(page).toContain('data-address="train.loss"');
  expect((await result).code).toBe(0);
  await again.rest();
});

test('numbers and gates are told with the result that brings them, restored ones too', async () => {
  await using control = await Control.listen();
  await using rig = await Rig.create(files(control));
  const first = await serve(rig);
  const stage = await control.stage('train');
  const follower = await Follower.follow(first.address);
  await stage.order('write', { path: 'numbers.json', text: loss.replace('0.25', '0.75') });
  await stage.finish();
  const all = await follower.rest();
  expect(all.flatMap(({ message }) => message.gates)).toMatchObject([{ name: 'low-loss', verdict: 'FAIL' }]);
  expect(all.at(-1)!.message.run).toMatchObject({ outcome: 'a gate did not pass', isFine: false });
  expect((await first.result).code).toBe(3);
  rig.write('data.sh', 'echo 1 > set.txt # again\n');
  const { stdout } = await rig.repro('run', '--json');
  const events = stdout.trim().split('\n').map((line) => JSON.parse(line) as object); // prettier-ignore
  const number = { loss: { value: 0.75, unit: 'nats', kind: 'exact' } };
  expect(events).toContainEqual(expect.objectContaining({ kind: 'stage-restored', stage: 'train', numbers: number }));
  const gate = expect.objectContaining({ name: 'low-loss', verdict: 'FAIL' }) as object;
  expect(events).toContainEqual({ kind: 'gate-judged', gate });
});

test('a run that fails is told, with the end of the log, and has a report', async () => {
  await using control = await Control.listen();
  await using rig = await Rig.create(files(control));
  const { address, result } = await serve(rig);
  const follower = await Follower.follow(address);
  const stage = await control.stage('train');
  await stage.order('print', '::repro facts {"device":"cpu"}\nthe disk is on fire\n');
  await stage.exit(9);
  const all = await follower.rest();
  const cells = all.flatMap(({ message }) => message.cells).filter(({ status }) => status === 'failed');
  expect(cells).toMatchObject([{ id: 'train', said: 'Ended with exit code 9', tail: ['the disk is on fire'] }]);
  expect(all.at(-1)!.message.run).toMatchObject({ outcome: 'failed', isFine: false });
  expect((await result).code).toBe(1);
});

test('browsers that never ask for the report, or read nothing, hold neither the end of a run nor Ctrl-C', async () => {
  await using control = await Control.listen();
  await using rig = await Rig.create(files(control));
  const first = await serve(rig);
  const stage = await control.stage('train');
  // It is never read.
  await ask(`${first.address}events`);
  await stage.order('write', { path: 'numbers.json', text: loss });
  await stage.finish();
  expect((await first.result).code).toBe(0);

  rig.write('data.sh', 'echo 2 > set.txt\n');
  const second = await serve(rig);
  await control.stage('train');
  await ask(`${second.address}events`);
  const follower = await Follower.follow(second.address);
  second.signal('SIGINT');
  const last = (await follower.rest()).at(-1)!.message.run;
  expect(last).toMatchObject({ outcome: 'interrupted', report: null });
  expect((await second.result).code).toBe(130);
});

test('the next run is served at the same address, unless somebody else has the port', async () => {
  await using control = await Control.listen();
  await using rig = await Rig.create(files(control));
  const runs: string[] = [];
  const once_ = async (): Promise<void> => {
    rig.write('data.sh', `echo ${runs.length} > set.txt\n`);
    const { address, result } = await serve(rig);
    runs.push(address);
    const stage = await control.stage('train');
    await stage.order('write', { path: 'numbers.json', text: loss });
    await stage.finish();
    await result;
  };
  await once_();
  await once_();
  expect(runs[1]).toBe(runs[0]);
  const other = createServer().listen(Number(new URL(runs[0]!).port), '127.0.0.1');
  await once(other, 'listening');
  await once_();
  other.close();
  const [first, third] = [new URL(runs[0]!), new URL(runs[2]!)];
  expect(third.port).not.toBe(first.port);
  // Whoever has the port may have been told the token.
  expect(third.pathname).not.toBe(first.pathname);
});

test('run --watch --serve goes on over rounds, at one address, whatever goes wrong in one', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': `name: watched
stages:
  count: { run: [sh, count.sh], code: [count.sh], outputs: { out: out.txt } }
`,
    'count.sh': 'echo 1 > out.txt\n',
  });
  const { address, result, signal } = await serve(rig, '--watch');
  const follower = await Follower.follow(address);
  const over = (outcome: RegExp) =>
    follower.until(({ run }) => run.phase === 'over' && outcome.test(run.outcome ?? ''));
  const { message } = await over(/^complete$/);
  expect(message.run).toMatchObject({ isWatching: true, isFine: true });
  expect((await ask(new URL(message.run.report!, address).href)).resume().statusCode).toBe(200);
  rig.write('count.sh', 'exit 7\n');
  await over(/^failed$/);
  rig.write('pipeline.yaml', 'stages: nothing\n');
  expect((await over(/^could not run/)).message.run.report).toBe(null);
  rig.write(
    'pipeline.yaml',
    'name: watched\nstages:\n  count: { run: [sh, count.sh], code: [count.sh], outputs: { out: out.txt } }\n',
  );
  rig.write('count.sh', 'echo 3 > out.txt\n');
  await over(/^complete$/);
  signal('SIGINT');
  expect((await result).code).toBe(130);
  await follower.rest();
});

test('run --serve --json and --quiet say the address on standard error, and end at once without a browser', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml':
      'name: small\nstages:\n  count: { run: [sh, count.sh], code: [count.sh], outputs: { out: out.txt } }\n',
    'count.sh': 'echo 1 > out.txt\n',
  });
  for (const option of ['--json', '--quiet']) {
    const { code, stdout, stderr } = await rig.repro('run', '--serve', option);
    expect(code).toBe(0);
    expect(stdout).not.toContain('http:');
    expect(stderr).toMatch(/^live {6}http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/\n$/);
  }
});
