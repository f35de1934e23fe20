// A run as it stands: what a page that knows an earlier version is told, in bounded room.
import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { LiveClient } from '../../src/live/client.ts';
import { LiveState } from '../../src/live/state.ts';
import { systemClock } from '../../src/runner/process/clock.ts';
import { begun, failed, finished, progress, started } from './live-run.ts';

const newState = () => new LiveState(systemClock, false);

test('a page is told what has changed since the version that it knows, and everything where a run has begun since', () => {
  const state = newState();
  state.add(started('data', 'train[seed=1]', 'train[seed=2]'));
  const known = state.version;
  state.add(begun('data'));
  expect(state.since(known)).toMatchObject({ isWhole: false, cells: [{ id: 'data', status: 'running' }] });
  expect(state.since(state.version)).toMatchObject({ isWhole: false, cells: [], curves: [], gates: [], notes: [] });
  expect(state.since(0)).toMatchObject({ isWhole: true });
  expect(state.since(0).cells.map(({ stage }) => stage)).toEqual(['data', 'train', 'train']);
  state.add(started('other'));
  expect(state.since(known)).toMatchObject({ isWhole: true, cells: [{ id: 'other', status: 'waiting' }] });
});

test('a run that never began is told without what another one had', () => {
  const state = newState();
  state.add(started('data'));
  state.end({ outcome: 'complete', isFine: true, report: null });
  state.end({ outcome: 'could not run: locked', isFine: false, report: null });
  expect(state.since(0)).toMatchObject({
    cells: [],
    run: { id: null, phase: 'over', outcome: 'could not run: locked' },
  });
});

test('lines of the protocol are not said, nor what no stage of the run says', () => {
  const state = newState();
  state.add(started('data'));
  state.add(begun('data'));
  for (const line of ['hello', '::repro facts {"a":"b"}', '::repro progress broken', '  ']) {
    state.add({ kind: 'stage-output', stage: 'data', line });
  }
  state.add({ kind: 'stage-output', stage: '__proto__', line: 'x' });
  expect(state.since(0).cells).toMatchObject([{ said: 'hello' }]);
});

test('a curve of a million steps has some hundreds of points over all of them, and its page gets each once', () => {
  const state = newState();
  state.add(started('train'));
  state.add(begun('train'));
  const page: (readonly [number, number])[] = [];
  let known = 0;
  let told = 0;
  for (let step = 1; step <= 1_000_000; step += 10) {
    state.add(progress('train', step, { loss: 1 / step, bad: NaN }, 1_000_000));
    if (step % 1001 !== 0) continue;
    for (const { from, points } of state.since(known).curves.flatMap(({ lines }) => lines)) {
      page.length = Math.min(page.length, from);
      page.push(...points);
      told += points.length;
    }
    known = state.version;
  }
  const [curve, ...others] = state.since(0).curves.flatMap(({ lines }) => lines);
  expect(others).toEqual([]);
  expect(curve!.points.length).toBeGreaterThan(150);
  expect(curve!.points.length).toBeLessThanOrEqual(400);
  expect(curve!.points.at(-1)![0]).toBeGreaterThan(990_000);
  const steps = curve!.points.map(([step]) => step);
  const gaps = steps.slice(1).map((step, index) => step - steps[index]!);
  expect(Math.max(...gaps)).toBe(Math.min(...gaps));
  expect(page).toEqual(curve!.points.slice(0, page.length));
  expect(told).toBeLessThan(10_000);
});

test('names that are those of an object are names, and figures and lines end somewhere', () => {
  const state = newState();
  const cells = Array.from({ length: 1000 }, (_, seed) => `train[seed=${seed}]`);
  state.add(started(...cells, '__proto__'));
  const hostile = JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, number>;
  for (const cell of [...cells, '__proto__']) {
    state.add(begun(cell));
    for (const step of [1, 2]) state.add(progress(cell, step, hostile));
    for (let metric = 0; metric < 100; metric += 1) state.add(progress(cell, 2, { [`m${metric}`]: 1 }));
  }
  const { curves } = JSON.parse(JSON.stringify(state.since(0))) as ReturnType<typeof state.since>;
  expect(curves.find(({ metric }) => metric === '__proto__')!.lines).toHaveLength(12);
  expect(curves).toHaveLength(60);
});

test('a cell that begins takes the line of one that has ended, where there are many', () => {
  const state = newState();
  const cells = Array.from({ length: 14 }, (_, seed) => `train[seed=${seed}]`);
  state.add(started(...cells));
  const report = (cell: string) => {
    state.add(begun(cell));
    state.add(progress(cell, 1, { loss: 1 }));
  };
  cells.slice(0, 13).forEach(report);
  // All are at work: the thirteenth has none.
  expect(state.since(0).curves).toMatchObject([{ cells: cells.slice(0, 12) }]);
  state.add(finished(cells[3]!));
  const known = state.version;
  report(cells[13]!);
  const [figure] = state.since(known).curves;
  expect(figure!.cells).toEqual([...cells.slice(0, 3), cells[13], ...cells.slice(4, 12)]);
  expect(figure!.lines).toEqual([{ cell: cells[13], from: 0, points: [[1, 1]] }]);
});

test('a stage that begins again has a curve of its own', () => {
  const state = newState();
  state.add(started('train'));
  for (const step of [1, 2]) state.add(progress('train', step, { loss: 1 }));
  const known = state.version;
  const failure = { code: 'killed', message: 'Killed', log: null, tail: [] };
  state.add({ kind: 'stage-retried', stage: 'train', attempt: 2, attempts: 3, failure });
  expect(state.since(known)).toMatchObject({ cells: [{ done: null }], curves: [{ lines: [{ from: 0, points: [] }] }] });
});

test('a browser that reads nothing has one message on its way, however much happens', async () => {
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => void responses.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = connect((server.address() as AddressInfo).port, '127.0.0.1');
  browser.pause();
  browser.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(server, 'request');
  const response = responses[0]!;
  const client = new LiveClient(response, 'i', undefined);
  const state = newState();
  const cells = Array.from({ length: 1000 }, (_, seed) => `train[seed=${seed}]`);
  state.add(started(...cells));
  const whole = JSON.stringify(state.since(0)).length;
  let most = 0;
  for (let round = 0; round < 200; round += 1) {
    for (const cell of cells)
      state.add({ kind: 'stage-output', stage: cell, line: `line ${round} ${'x'.repeat(100)}` });
    client.tell(state);
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, response.writableLength);
  }
  expect(most).toBeLessThan(4 * whole);
  expect(response.listenerCount('drain')).toBeLessThan(5);
  // When it reads at last, it gets what is, not all that was.
  state.add(finished(cells[0]!));
  state.add(failed(cells[1]!, []));
  client.tell(state);
  let text = '';
  browser.on('data', (data) => (text += data.toString()));
  browser.resume();
  while (!text.includes('"failed"')) await once(browser, 'data');
  expect(text).not.toContain('line 150 ');
  browser.destroy();
  server.closeAllConnections();
  server.close();
});
