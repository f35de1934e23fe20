// A project that may only be read, as on an archive's disk: what only looks works, what must write says so, nothing moves.
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOnly } from '../rig/read-only.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const files = {
  'pipeline.yaml': `name: archived
params: { shift: 0 }
stages:
  data: { run: [sh, data.sh], code: [data.sh], outputs: { set: d.txt } }
  train: { run: train.mjs, params: [shift], inputs: { set: data.set }, outputs: { model: m.onnx }, numbers: n.json }
gates:
  low: { number: train.loss, max: 9 }
`,
  'data.sh': 'printf hello > d.txt\n',
  'train.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
import { bias } from './bias.mjs';
const { inputs, outputs, params, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const value = params.shift + bias + readFileSync(inputs.set).length;
writeFileSync(outputs.model, String(value));
writeFileSync(numbers, JSON.stringify({ loss: { value, standardError: 0.1, unit: 'nats', kind: 'estimate' } }));
`,
  'bias.mjs': 'export const bias = 1;\n',
  'paper.md': 'The loss is 8.0.\n',
  'template.md': 'The loss is {{train.loss}}.\n',
};

/** Every file with its bytes and the time it was last changed. */
function everything(project: Rig): string[] {
  return project.list('').flatMap((path) => {
    const status = lstatSync(join(project.root, path));
    return status.isFile() ? [`${path} ${status.mtimeMs} ${readFileSync(join(project.root, path), 'base64')}`] : [];
  });
}

/** Codes of commands, two at a time. */
async function codes(run: (...words: string[]) => Promise<number | null>, lines: readonly string[]) {
  const found: string[] = [];
  const queue = [...lines];
  const worker = async (): Promise<void> => {
    for (let line = queue.shift(); line !== undefined; line = queue.shift()) {
      found.push(`${await run(...line.split(' '))} ${line}`);
    }
  };
  await Promise.all([worker(), worker()]);
  return found.sort();
}

test(
  'in a project that may only be read every verb that only looks works, and no other changes anything',
  { timeout: 180_000 },
  async ({ skip }) => {
    await using project = await Rig.create(files);
    using elsewhere = temporaryDirectory();
    await project.repro('run');
    await project.repro('run', '--set', 'shift=2');
    await project.repro('tag', 'done');
    const before = everything(project);
    using held = readOnly(project.root);
    if (held === null) skip('neither mounts nor permissions keep this user from writing');
    const start = (...words: string[]) => project.startWith({ within: held!.within }, ...words).result;

    const output = (name: string): string => join(elsewhere.path, name);
    const looking = [
      'run --set shift=2',
      'status',
      'why train',
      'why train.loss',
      'why train.loss --set shift=2',
      'runs',
      'history train.loss',
      'numbers',
      'diff latest last',
      'gate',
      'gate --self-test',
      'verify',
      'log train',
      'graph',
      'tag',
      'gc --keep 1',
      'lint-paper paper.md last',
      'cite --json',
      'cite --fill template.md',
      `report -o ${output('report.html')}`,
      `verify -o ${output('report.md')}`,
      `export ro-crate -o ${output('crate.json')}`,
      `export-model train -o ${output('models')}`,
    ];
    expect(await codes(async (...words) => (await start(...words)).code, looking)).toEqual(
      looking.map((line) => `0 ${line}`).sort(),
    );
    expect(readFileSync(output('report.html'), 'utf8')).toContain('<!doctype html>');

    const writing = [
      'run',
      'audit',
      'gc --keep 1 --delete',
      'report',
      'tag other',
      'tag done --delete',
      'export in-toto',
      'verify --recompute 1',
    ];
    const refused = async (...words: string[]): Promise<number | null> => {
      const { code, stderr } = await start(...words);
      expect(stderr, words.join(' ')).toMatch(/^error file-system: E\w+: .*\n {2}hint: .*\n$/);
      return code;
    };
    expect(await codes(refused, writing)).toEqual(writing.map((line) => `1 ${line}`).sort());
    expect(everything(project)).toEqual(before);
  },
);

test('status tells in a project that may only be read what was edited there', async ({ skip }) => {
  await using project = await Rig.create(files);
  await project.repro('run');
  project.write('bias.mjs', 'export const bias = 2;\n');
  using held = readOnly(project.root);
  if (held === null) skip('neither mounts nor permissions keep this user from writing');
  const { stdout } = await project.startWith({ within: held!.within }, 'status', '--json').result;
  expect(JSON.parse(stdout)).toMatchObject({
    stages: [
      { stage: 'data', state: 'current' },
      { stage: 'train', state: 'stale', reasons: [expect.stringContaining('bias.mjs')] },
    ],
  });
});
