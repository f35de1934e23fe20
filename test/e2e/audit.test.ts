// The same fingerprints executed again, as processes: what comes out the same, what within its error, what not.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { validate_manifest } from '../../src/schema/validators.js';
import { Rig } from '../rig/rig.ts';
import { normalized } from './normalized.ts';

const stage = (body: string) => `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const { outputs, numbers, params, seed } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
${body}
`;
const count = `const counter = params.counters + '/NAME';
const executions = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) + 1 : 1;
writeFileSync(counter, String(executions));
`;

/** A stage that is the same each time, and three that see how often they ran: their outputs, their digits, their luck. */
const files = {
  'pipeline.yaml': `name: audited
params: { counters: COUNTERS }
stages:
  even: { run: even.mjs, outputs: { data: d.txt }, numbers: n.json }
  noisy: { run: noisy.mjs, inputs: { data: even.data }, outputs: { log: l.txt }, numbers: n.json, params: [counters] }
  close: { run: close.mjs, inputs: { data: even.data }, numbers: n.json, params: [counters] }
`,
  'even.mjs': stage(`writeFileSync(outputs.data, String(seed));
writeFileSync(numbers, JSON.stringify({ seed: { value: 7, unit: '1', kind: 'exact' } }));`),
  'noisy.mjs': stage(`${count.replace('NAME', 'noisy')}
if (executions === 4) process.exit(9);
writeFileSync(outputs.log, String(executions));
writeFileSync(numbers, JSON.stringify({ one: { value: 1, unit: '1', kind: 'exact' }, runs: { value: executions, unit: '1', kind: 'exact' } }));`),
  'close.mjs': stage(`${count.replace('NAME', 'close')}
writeFileSync(numbers, JSON.stringify({ loss: { value: 0.5 + executions * 0.001, standardError: 0.01, unit: 'nats', kind: 'estimate' } }));`),
};

/** Of the last run, whatever it was. */
const last = (project: Rig) =>
  JSON.parse(project.read(`.repro/manifests/${project.list('.repro/manifests').at(-1)!}`)) as Manifest;
const classes = (project: Rig) =>
  last(project).stages.flatMap(({ id, audit }) =>
    Object.entries({ ...audit?.outputs, ...audit?.numbers }).map(
      ([name, found]) => `${id}.${name} ${typeof found === 'string' ? found : found.class}`,
    ),
  );

async function audited(): Promise<Rig> {
  const project = await Rig.create(files);
  mkdirSync(path.join(project.root, 'counters'));
  project.write('pipeline.yaml', files['pipeline.yaml'].replace('COUNTERS', path.join(project.root, 'counters')));
  return project;
}

test('audit tells what comes out the same, and manifest, numbers and report say it', async () => {
  await using project = await audited();
  expect((await project.repro('run')).code).toBe(0);
  const first = last(project);
  const { code, stdout } = await project.repro('audit', '--runs', '2', '--cpus', '1');
  expect(code, stdout).toBe(4);
  const table = stdout.slice(stdout.indexOf('\nstage '));
  await expect(normalized(table, project.root)).toMatchFileSnapshot('../golden/verbs/audit.txt');
  const manifest = last(project);
  expect(validate_manifest(manifest), JSON.stringify(validate_manifest.errors)).toBe(true);
  // What is kept is the first result: nothing downstream has to move because of an audit.
  expect(manifest.numbers).toEqual(first.numbers);
  expect(classes(project)).toEqual([
    'even.data bitwise',
    'even.seed bitwise',
    'noisy.log unstable',
    'noisy.one bitwise',
    'noisy.runs unstable',
    'close.loss within-error',
  ]);
  expect(manifest.gaps).toContainEqual({ stage: 'noisy', message: expect.stringContaining('(log)') as string });
  const numbers = await project.repro('numbers');
  await expect(normalized(numbers.stdout, project.root)).toMatchFileSnapshot('../golden/verbs/audit-numbers.txt');
  await project.repro('report');
  expect(project.read('artifacts/report.html')).toContain('UNSTABLE');
  // The fourth execution fails, which no execution of a fingerprint may do.
  const failing = await project.repro('audit', 'noisy');
  expect(failing.code).toBe(4);
  expect(failing.stdout).toContain('again, 1 of 1: FAILED: Ended with exit code 9');
  expect((await project.repro('audit', 'even')).code).toBe(0);
});

test('a recomputation for any other reason is compared for free', async () => {
  await using project = await audited();
  await project.repro('run');
  expect(classes(project)).toEqual([]);
  const forced = await project.repro('run', 'close', '--force');
  expect(forced.code, forced.stdout).toBe(0);
  expect(forced.stdout).toContain('The same inputs gave another result: loss 0.501 -> 0.502');
  expect(classes(project)).toEqual(['close.loss within-error']);
  // An object is lost: the stage that made it runs again.
  const { digest } = last(project).stages[0]!.record!.outputs.data!;
  const hex = digest.slice('sha256:'.length);
  rmSync(path.join(project.root, '.repro/objects', hex.slice(0, 2), hex.slice(2)));
  await project.repro('run', 'even');
  expect(classes(project)).toEqual(['even.data bitwise', 'even.seed bitwise']);
  expect(readdirSync(path.join(project.root, '.repro/repeats'))).toHaveLength(2);
});
