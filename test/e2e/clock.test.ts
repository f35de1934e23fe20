// Runs while the clock jumps, between them and within: their order, their times, and what gc takes for old.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { openStore } from '../../src/store/store.ts';
import { type CommandResult, Rig } from '../rig/rig.ts';

const shiftedClock = new URL('../rig/shifted-clock.mjs', import.meta.url).pathname;
const day = 24 * 3600 * 1000;

/** A stage sets the clock by `jump` milliseconds while it runs; the second kills the run where the clock has `.kills`. */
const files = {
  'pipeline.yaml': `name: jumping
params: { n: 0, jump: 0 }
stages:
  first: { run: [sh, jump.sh], code: [jump.sh], params: [n, jump], env: [CLOCK], outputs: { out: out.txt } }
  second: { run: [sh, jump.sh], code: [jump.sh], params: [n, jump], env: [CLOCK], inputs: { out: first.out }, outputs: { out: out.txt } }
`,
  'jump.sh': `jump=$(sed -n 's/^ *"jump": \\(-*[0-9]*\\).*/\\1/p' stage.json)
if [ -e "$CLOCK.kills" ] && grep -q '"stage": "second"' stage.json; then kill -9 $PPID; exit 1; fi
echo $(( $(cat "$CLOCK") + jump )) > "$CLOCK"
cat stage.json > out.txt
`,
  clock: '0',
};
/** One command with the clock off by `days`. */
function start(project: Rig, days: number, ...words: string[]): Promise<CommandResult> {
  project.write('clock', String(days * day));
  const environment = { CLOCK: join(project.root, 'clock') };
  return project.startWith({ node: ['--import', shiftedClock], environment }, ...words).result;
}

async function at(project: Rig, days: number, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await start(project, days, ...words);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

let last = 0;

/** A run that computes everything, with the clock off by `days`, and by `jump` more after each stage. */
async function runAt(project: Rig, days: number, jump = 0): Promise<Manifest> {
  const params = `params: { n: ${++last}, jump: ${jump * day} }`;
  project.write('pipeline.yaml', files['pipeline.yaml'].replace('params: { n: 0, jump: 0 }', params));
  await at(project, days, 'run');
  return JSON.parse(project.read('artifacts/manifest.json')) as Manifest;
}

const ids = (manifests: readonly Manifest[]): string[] => manifests.map(({ run }) => run.id);
const time = (text: string): number => Date.parse(text);

test('runs are in order, and none is old before its time, wherever the clock was put between them', async () => {
  await using project = await Rig.create(files);
  const runs = [
    await runAt(project, -40),
    await runAt(project, 0),
    await runAt(project, -35),
    await runAt(project, 3650),
    await runAt(project, -35),
  ];
  expect(ids(runs).sort()).toEqual(ids(runs));
  expect(new Set(ids(runs)).size).toBe(runs.length);
  // The manifest has what the clock told, the name of the run what came after what.
  expect(Math.abs(time(runs[4]!.run.startedAt) - (Date.now() - 35 * day))).toBeLessThan(day);
  const { run: previous } = JSON.parse(await at(project, 0, 'numbers', 'previous', '--json')) as Manifest;
  expect(previous.id).toBe(runs[3]!.run.id);

  const dry = JSON.parse(await at(project, 0, 'gc', '--keep', '3', '--json')) as { heap: { runs: string[] } };
  expect(dry.heap.runs).toEqual(ids(runs.slice(0, 2)).map((id) => `.repro/manifests/${id}.json`));
  // Those of a clock 35 days behind came after one of today.
  await at(project, 0, 'gc', '--older-than', '30', '--delete');
  expect(project.list('.repro/manifests')).toEqual(ids(runs.slice(1)).map((id) => `${id}.json`));
  expect(await at(project, 0, 'verify')).toContain('0 problems');
});

test('a run that is killed while the clock is ahead keeps its place before those that come after', async () => {
  await using project = await Rig.create({ ...files, 'clock.kills': '' });
  expect((await start(project, 3650, 'run')).code).toBeNull();
  const { records } = openStore(project.root);
  const [killed] = records.list().map((fingerprint) => records.read(fingerprint)!.run);
  rmSync(join(project.root, 'clock.kills'));
  const { run } = await runAt(project, 0);
  expect([run.id, killed].sort()).toEqual([killed, run.id]);
});

test.each([
  ['back', -2],
  ['forwards', 2],
])(
  'the clock jumps %s while stages run: times keep their order, and durations are those of a stopwatch',
  async (_, jump) => {
    await using project = await Rig.create(files);
    const { run, stages } = await runAt(project, 0, jump);
    const [first, second] = stages.map(({ record }) => record!);
    const moments = [run.startedAt, first!.startedAt, first!.finishedAt, second!.startedAt, second!.finishedAt];
    expect([...moments, run.finishedAt].map(time)).toEqual(
      [...moments, run.finishedAt].map(time).sort((a, b) => a - b),
    );
    for (const { seconds, startedAt, finishedAt } of [first!, second!]) {
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(3600);
      expect(time(finishedAt) - time(startedAt)).toBeGreaterThan(seconds * 1000 - 2);
    }
  },
);
