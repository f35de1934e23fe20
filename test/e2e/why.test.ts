// Why a stage runs, as a process: each thing that can change, told by name, and for code through which imports.
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { normalized } from './normalized.ts';

const files = {
  'pipeline.yaml': `name: explained
seed: 1
params: { model: { steps: 4 } }
stages:
  data: { run: data.mjs, inputs: { raw: { file: raw.txt } }, outputs: { set: d.txt } }
  train: { run: stages/train.ts, params: [model], inputs: { set: data.set }, env: [GREETING], numbers: n.json }
`,
  'raw.txt': 'raw\n',
  'data.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.set, readFileSync(inputs.raw));
`,
  'stages/train.ts': `import { readFileSync, writeFileSync } from 'node:fs';
import { model } from '../src/model.ts';
const { numbers, params } = JSON.parse(readFileSync(process.env.REPRO_STAGE!, 'utf8'));
writeFileSync(numbers, JSON.stringify({ loss: { value: model(params.model.steps), unit: '1', kind: 'exact' } }));
`,
  'src/model.ts': `import { rate } from './deep/rate.ts';
export const model = (steps: number): number => rate / steps;
`,
  'src/deep/rate.ts': 'export const rate = 1;\n',
};

test('why and the run name what changed: parameter, input, code through its imports, seed', async () => {
  await using project = await Rig.create(files);
  expect((await project.repro('run')).code).toBe(0);
  project.write('src/deep/rate.ts', 'export const rate = 2;\n');
  project.write('raw.txt', 'other\n');
  project.write('pipeline.yaml', files['pipeline.yaml'].replace('seed: 1', 'seed: 2'));
  const told: string[] = [];
  for (const words of [
    ['why', 'data'],
    ['why', 'train', '--set', 'model.steps=5'],
    ['run', '--set', 'model.steps=5'],
    ['why', 'train.loss', '--set', 'model.steps=5'],
  ]) {
    const { stdout, code } = await project.repro(...words);
    expect(code, stdout).toBe(0);
    told.push(`$ repro ${words.join(' ')}`, normalized(stdout, project.root));
  }
  await expect(told.join('\n').replace(/seed: \d+ -> \d+/g, 'seed: 0 -> 0')).toMatchFileSnapshot(
    '../golden/verbs/why-everything.txt',
  );
  const { stages } = JSON.parse((await project.repro('why', 'train', '--json')).stdout) as {
    stages: { since: unknown; reasons: string[] }[];
  };
  // The nearest execution is the one that has all but the parameter in common, not the first.
  expect(stages[0]).toMatchObject({
    reasons: ['params model.steps: 5 -> 4'],
    since: { run: expect.anything() as string },
  });
});
