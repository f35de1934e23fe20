// `npm run bench -- --check` on given results: what is worse beyond the noise fails, and nothing else does.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { bestOf, checkedSubjects, type Ratio, readRatios, worseRatios } from '../../bench/check.ts';
import { checkRatios } from '../../bench/check-run.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const repository = join(import.meta.dirname, '../..');

interface Given {
  readonly tensor?: readonly [ratio: number, low: number, high: number];
  readonly ninja?: readonly [oursMs: number, peerMs: number, low?: number, high?: number];
}

/** Runs the check on two folders of results. */
async function check(kept: Given, measured: Given, ...words: string[]): Promise<{ code: number; text: string }> {
  using directory = temporaryDirectory();
  for (const [name, { tensor, ninja }] of Object.entries({ kept, measured })) {
    const folder = join(directory.path, name);
    mkdirSync(folder);
    const write = (subject: string, result: object): void =>
      writeFileSync(join(folder, `${subject}.json`), JSON.stringify({ machine: {}, cases: [result] }));
    if (tensor) write('tensor', { case: 'mlp', ratio: tensor[0], ratioInterval: tensor.slice(1) });
    if (!ninja) continue;
    const [oursMs, ms, low, high] = ninja;
    const intervals = low === undefined ? {} : { intervals: { ninja: [low, high] } };
    write('runner', { case: 'cold 100', oursMs, peers: { ninja: ms, turbo: null }, ...intervals });
  }
  const program = ['--import', 'tsx', 'bench/run.ts', '--check', ...words, '--measured', join(directory.path, 'measured')]; // prettier-ignore
  const environment = { ...process.env, BENCH_RESULTS: join(directory.path, 'kept') };
  return await new Promise((resolve) => {
    execFile(process.execPath, program, { cwd: repository, env: environment }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    );
  });
}

test('--check passes what is within the noise, and what got better', async () => {
  const { code, text } = await check(
    { tensor: [0.9, 0.8, 1], ninja: [300, 100] },
    { tensor: [1.05, 0.95, 1.2], ninja: [200, 100, 1.9, 2.1] },
  );
  expect(text).toBe('\n2 ratios compared, 0 worse\n');
  expect(code).toBe(0);
});

test('--check fails with a table of what got worse', async () => {
  const { code, text } = await check(
    { tensor: [0.9, 0.8, 1], ninja: [300, 100] },
    { tensor: [1.2, 1.1, 1.3], ninja: [450, 100, 3.1, 4.9] },
  );
  expect(text.trim().split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
    '2 ratios compared, 2 worse',
    'Case | Peer | Kept | 95% | Now | 95% | Worse by',
    'tensor mlp | PyTorch | 0.900 | 0.800-1.00 | 1.20 | 1.10-1.30 | 33%',
    'runner cold 100 | ninja | 3.00 | 3.00-3.00 | 4.50 | 3.10-4.90 | 50%',
  ]); // prettier-ignore
  expect(code).toBe(1);
});

test('--check names what was not measured, and fails where nothing was', async () => {
  const some = await check({ tensor: [0.9, 0.8, 1], ninja: [300, 100] }, { tensor: [0.9, 0.8, 1] });
  expect(some.text).toContain('Kept and not measured: runner cold 100 beside ninja\n');
  expect(some.code).toBe(0);
  const none = await check({ tensor: [0.9, 0.8, 1] }, {}, 'tensor');
  expect(none.text).toContain('Nothing to compare');
  expect(none.code).toBe(1);
  const unknown = await check({}, {}, 'start');
  expect(unknown.text).toContain('Nothing of "start" is a ratio: check tensor, runner, remote, slurm');
  expect(unknown.code).toBe(1);
});

test.each([
  ['is cut short', 'tensor', '{ "cases": ['],
  ['has no cases', 'tensor', '{ "machine": {} }'],
  ['has a ratio that is no number', 'tensor', '{ "cases": [{ "case": "mlp", "ratio": null, "ratioInterval": [null, null] }] }'],
  ['lacks an interval', 'tensor', '{ "cases": [{ "case": "mlp", "ratio": 0.9 }] }'],
  ['lacks our time', 'runner', '{ "cases": [{ "case": "cold 100", "peers": { "ninja": 100 } }] }'],
  ['lacks an interval beside a peer', 'slurm', '{ "cases": [{ "case": "array", "peers": { "sbatch": { "ratio": 1 } } }] }'],
] as const)('a file of results that %s is named, and never passes', (_, subject, text) => {
  using directory = temporaryDirectory({ [`${subject}.json`]: text });
  const message = `"${join(directory.path, subject)}.json" is damaged: restore it, or measure ${subject} again`;
  expect(() => readRatios(directory.path, subject)).toThrow(message);
}); // prettier-ignore

test('the results that are kept are whole', () => {
  const kept = checkedSubjects.map((subject) => readRatios(join(repository, 'bench/results'), subject).length);
  expect(Math.min(...kept)).toBeGreaterThan(0);
});

test('of what nothing is kept, nothing is measured', async () => {
  using directory = temporaryDirectory();
  vi.stubEnv('BENCH_RESULTS', directory.path);
  // An interpreter that is not there: measuring would fail.
  const { compared } = await checkRatios(['tensor'], ['--python', join(directory.path, 'python')]);
  vi.unstubAllEnvs();
  expect(compared).toBe(0);
});

test('what is worse is what is so twice', () => {
  const of = (peer: string, ratio: number): Ratio => {
    return { subject: 'slurm', case: 'array', peer, ratio, interval: [ratio * 0.9, ratio * 1.1] };
  };
  const kept = [of('a', 1), of('b', 1)];
  const first = [of('a', 2), of('b', 2)];
  expect(worseRatios(kept, first)).toHaveLength(2);
  const again = bestOf(first, [of('a', 1.1), of('b', 3)]);
  expect(worseRatios(kept, again).map((each) => [each.measured.peer, each.measured.ratio])).toEqual([['b', 2]]);
});
