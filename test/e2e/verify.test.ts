// Verification as a process: stages chosen at random are executed again from what the manifest and the store know.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';
import { normalized } from './normalized.ts';

const stage = (body: string) => `import { readFileSync, writeFileSync } from 'node:fs';
const { cell, inputs, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE!, 'utf8'));
${body}
`;

/** A command, a matrix, an import, a gathered input, and two files from outside. */
const files = {
  'pipeline.yaml': `name: verified
seed: 3
stages:
  data: { run: [sh, data.sh], code: [data.sh], inputs: { raw: { file: raw.txt }, more: { dir: more } }, outputs: { set: d.txt } }
  train: { run: train.ts, inputs: { set: data.set }, matrix: { size: [1, 2] }, outputs: { model: m.txt }, numbers: n.json }
  mean: { run: mean.ts, inputs: { models: 'train[*].model' }, numbers: n.json }
gates:
  low: { number: mean.mean, max: 100 }
`,
  'raw.txt': 'hello\n',
  'more/a.txt': 'a\n',
  'data.sh': 'printf hello > d.txt\n',
  'train.ts': stage(`import { weigh } from './src/weigh.ts';
const value = weigh(cell.size);
writeFileSync(outputs.model, String(value));
writeFileSync(numbers, JSON.stringify({ weight: { value, unit: '1', kind: 'exact' } }));`),
  'src/weigh.ts': 'export const weigh = (size: number): number => size * 3;\n',
  'mean.ts': stage(`const values = inputs.models.map((model: string) => Number(readFileSync(model, 'utf8')));
const mean = values.reduce((sum: number, value: number) => sum + value) / values.length;
writeFileSync(numbers, JSON.stringify({ mean: { value: mean, unit: '1', kind: 'estimate', standardError: 0.5, n: 2 } }));`),
};

const everything = ['data', 'train[size=1]', 'train[size=2]', 'mean'];

interface Verified {
  readonly problems: unknown[];
  readonly recomputed: { stage: string; verdict: string; failure: string | null }[];
}

async function verified(project: Rig, ...words: string[]): Promise<Verified & { code: number | null }> {
  const { stdout, code } = await project.repro('verify', '--json', ...words);
  return { ...(JSON.parse(stdout) as Verified), code };
}

test('stages are executed again from the store, whatever has become of the files, and a report is written', async () => {
  await using project = await Rig.create(files);
  expect((await project.repro('run')).code).toBe(0);
  const before = project.list('artifacts');
  // The working tree has moved on: the recorded sources decide.
  project.write('src/weigh.ts', 'export const weigh = (size: number): number => size * 4;\n');
  project.write('pipeline.yaml', 'name: another\nstages: {}\n');
  const { code, stdout, stderr } = await project.repro('verify', '--recompute', '9', '--seed', '5', '-o', 'report.md');
  expect(code, stdout + stderr).toBe(0);
  for (const id of everything) expect(stdout).toContain(`${id}: bitwise equal`);
  await expect(normalizedReport(project)).toMatchFileSnapshot('../golden/verbs/verification.md');
  expect(project.list('artifacts')).toEqual(before);
  expect(project.read('src/weigh.ts')).toContain('* 4');
});

test('the choice is said, and made again by its seed', async () => {
  await using project = await Rig.create(files);
  await project.repro('run');
  const { stdout } = await project.repro('verify', '--recompute', '1');
  const [, chosen, seed] = /Executing again (\S+) \(--seed (\d+)\)/.exec(stdout)!;
  const again = await verified(project, '--recompute', '1', '--seed', seed!);
  expect(again.recomputed.map((each) => each.stage)).toEqual([chosen]);
});

test('another result is a mismatch, and what cannot be executed here is no success', async () => {
  await using project = await Rig.create(files);
  await project.repro('run');
  const manifest = JSON.parse(project.read('artifacts/manifest.json')) as Manifest;
  manifest.stages[3]!.record!.numbers.mean!.value += 0.4;
  manifest.stages[2]!.record!.numbers.weight!.value += 0.4;
  project.write('kept.json', JSON.stringify(manifest));
  const differing = await verified(project, 'kept.json', '--recompute', '9', '--seed', '1');
  expect(differing.code).toBe(4);
  expect(differing.recomputed.map(({ stage: id, verdict }) => `${id} ${verdict}`)).toEqual([
    'data bitwise',
    'train[size=1] bitwise',
    'train[size=2] unstable',
    'mean within-error',
  ]);

  // A checkout without the store: sources are found in the working tree, data where it lay.
  rmSync(path.join(project.root, '.repro'), { recursive: true });
  project.write('kept.json', project.read('artifacts/manifest.json'));
  expect(await verified(project, 'kept.json', '--recompute', '9', '--seed', '1')).toMatchObject({
    code: 0,
    problems: [],
  });

  rmSync(path.join(project.root, '.repro'), { recursive: true });
  project.write('src/weigh.ts', 'export const weigh = (size: number): number => size * 4;\n');
  const impossible = await verified(project, 'kept.json', '--recompute', '9', '--seed', '1');
  expect(impossible.recomputed.map(({ verdict }) => verdict)).toEqual([
    'bitwise',
    ...Array<string>(3).fill('not-recomputed'),
  ]);
  expect(impossible.recomputed[1]!.failure).toContain('"src/weigh.ts" is neither in the store nor');
  project.write('raw.txt', 'other\n');
  rmSync(path.join(project.root, '.repro'), { recursive: true });
  const [data] = (await verified(project, 'kept.json', '--recompute', '9', '--seed', '1')).recomputed;
  expect(data).toMatchObject({
    verdict: 'not-recomputed',
    failure: expect.stringContaining('"raw.txt" is not what it was') as string,
  });
});

function normalizedReport(project: Rig): string {
  return normalized(project.read('report.md'), project.root)
    .replace(/^\| (Processor|Memory|System|Node) .*/gm, '| $1 | here | here |')
    .replace(/in 0\.0 s/g, '0.0 s');
}
