// `repro export-model`: models copied out as they are, with what they were made of, and what is refused.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';

const files = {
  'pipeline.yaml': `name: models
params: { width: 8 }
stages:
  train:
    run: [sh, train.sh]
    code: [train.sh]
    params: [width]
    matrix: { replicate: 2 }
    outputs: { denoiser: out/model.onnx, log: log.txt }
    numbers: n.json
  plain: { run: [sh, plain.sh], code: [plain.sh], outputs: { text: t.txt } }
`,
  'train.sh': `mkdir -p out
printf 'an ONNX file' > out/model.onnx
printf x > log.txt
printf '{"loss":{"value":0.5,"unit":"1","kind":"exact"}}' > n.json
`,
  'plain.sh': 'printf x > t.txt\n',
};

test('export-model copies the bytes of the manifest and says beside them what they are of', async () => {
  await using project = await Rig.create(files);
  expect((await project.repro('run')).code).toBe(0);
  const manifest = JSON.parse(project.read('artifacts/manifest.json')) as Manifest;
  const { code, stdout, stderr } = await project.repro('export-model', 'train[replicate=1]');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('models/train[replicate=1]/denoiser.onnx\n');
  const stage = manifest.stages.find(({ id }) => id === 'train[replicate=1]')!;
  const described = JSON.parse(project.read('models/train[replicate=1]/model.json')) as object;
  const bytes = readFileSync(path.join(project.root, 'models/train[replicate=1]/denoiser.onnx'));
  expect(described).toMatchObject({
    stage: 'train[replicate=1]',
    run: manifest.run.id,
    fingerprint: stage.record!.fingerprint,
    closure: manifest.numbers.find((number) => number.stage === stage.id)!.closure,
    params: { width: 8 },
    numbers: { loss: { value: 0.5 } },
    files: [{ file: 'denoiser.onnx', digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }],
  });

  const elsewhere = await project.repro('export-model', 'train[replicate=0]', '--output', 'there', '--json');
  expect(JSON.parse(elsewhere.stdout)).toMatchObject({ folder: 'there', stage: 'train[replicate=0]' });
  expect(project.read('there/denoiser.onnx')).toBe('an ONNX file');
});

test('export-model names the stages that have models', async () => {
  await using project = await Rig.create(files);
  await project.repro('run');
  for (const [id, why] of [
    ['plain', 'no model in the outputs of "plain"'],
    ['trian', 'has no stage "trian"'],
    ['train', 'Models are of one cell, and "train" has 2'],
  ] as const) {
    const { code, stderr } = await project.repro('export-model', id);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(stderr).toContain('train[replicate=0]');
  }
});
