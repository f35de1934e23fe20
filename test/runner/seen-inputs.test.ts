// What a stage can see of its inputs is in its fingerprint: the names of files, and whether they may be executed.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

/** Writes the names of its inputs, as it is given them, below the project and below its own directory. */
const names = `
sed -n 's/^ *\\("[a-z]*": \\)\\{0,1\\}"\\(\\/.*\\)"[],]*$/\\2/p' "$REPRO_STAGE" | grep -v '/run/' | sed 's/.*\\///' > seen.txt
`;

const reader = (input: string): string => `
  see:
    run: [sh, see.sh]
    code: [see.sh]
    inputs: { a: ${input} }
    outputs: { seen: seen.txt }
`;

async function seen(rig: Rig): Promise<{ status: string; reasons: readonly string[]; text: string }> {
  const { cells } = await rig.run();
  const stage = cells.at(-1)!;
  return { status: stage.status, reasons: stage.reasons, text: rig.read('artifacts/see/seen.txt') };
}

test('a file that was renamed is another input, though its bytes are the same', async () => {
  const pipeline = (file: string) => `name: t\nstages:${reader(`{ file: ${file} }`)}`;
  await using rig = await Rig.create({
    'pipeline.yaml': pipeline('site-a.csv'),
    'see.sh': names,
    'site-a.csv': '1',
    'site-b.csv': '1',
  });
  expect(await seen(rig)).toMatchObject({ status: 'computed', text: 'site-a.csv\n' });
  rig.write('pipeline.yaml', pipeline('site-b.csv'));
  expect(await seen(rig)).toEqual({
    status: 'computed',
    reasons: ['input a: site-a.csv -> site-b.csv (same bytes)'],
    text: 'site-b.csv\n',
  });
  rig.write('pipeline.yaml', pipeline('site-a.csv'));
  expect((await seen(rig)).status).toBe('restored');
});

test.each(['make.o', 'make[*].o'])('so is an output of a stage: %s', async (input) => {
  const pipeline = (file: string) => `name: t
stages:
  make: { run: [sh, -c, "printf 1 > ${file}"], outputs: { o: ${file} }, matrix: { n: [1, 2] } }
${reader(`"${input}"`)}`;
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline('a.txt'), 'see.sh': names });
  await rig.run();
  rig.write('pipeline.yaml', pipeline('b.txt'));
  const { cells } = await rig.run();
  const more = input.includes('*') ? 'and 1 more, ' : '';
  for (const stage of cells.filter((each) => each.cell.stage === 'see')) {
    expect(stage.status).toBe('computed');
    expect(stage.reasons).toEqual([`input a: a.txt -> b.txt (${more}same bytes)`]);
    expect(rig.read(`${stage.published}/seen.txt`)).toMatch(/^(b\.txt\n)+$/);
  }
});

const tools = `name: t
stages:
  make: { run: [sh, make.sh], code: [make.sh], outputs: { tool: tool } }
  use: { run: [sh, -c, '../inputs/tool/tool > o.txt'], inputs: { tool: make.tool }, outputs: { o: o.txt } }
`;
const make = 'printf "#!/bin/sh\\necho hi\\n" > tool; chmod +x tool\n';

test('an output that may be executed still may where it is read, published and restored', async () => {
  await using rig = await Rig.create({ 'pipeline.yaml': tools, 'make.sh': make });
  const { cells } = await rig.run();
  expect(cells.map(({ status }) => status)).toEqual(['computed', 'computed']);
  expect(cells[0]!.record!.outputs['tool']).toMatchObject({ executable: true });
  expect(cells[1]!.record!.preimage.inputs['tool']).toMatchObject({ path: 'tool', executable: true });
  expect(rig.read('artifacts/use/o.txt')).toBe('hi\n');
  const published = join(rig.root, 'artifacts/make/tool');
  expect(fs.statSync(published).mode & 0o111).not.toBe(0);
  fs.chmodSync(published, 0o644);
  expect((await rig.run()).statuses).toEqual(['make restored', 'use restored']);
  expect(fs.statSync(published).mode & 0o111).not.toBe(0);
});

test('the permission to execute a file is part of what a stage reads', async () => {
  const pipeline = `name: t
stages:
  make: { run: [sh, make.sh], code: [make.sh], outputs: { tool: tool } }
  use:
    run: [sh, -c, 'test -x ../inputs/tool/tool && echo yes > o.txt || echo no > o.txt']
    inputs: { tool: make.tool }
    outputs: { o: o.txt }
`;
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline, 'make.sh': make });
  await rig.run();
  expect(rig.read('artifacts/use/o.txt')).toBe('yes\n');
  rig.write('make.sh', make.replace('; chmod +x tool', ''));
  const { cells } = await rig.run();
  expect(cells[1]!.reasons).toEqual(['input tool: tool is no longer executable (same bytes)']);
  expect(rig.read('artifacts/use/o.txt')).toBe('no\n');
});

test('of a file that is read where it lies, too', async () => {
  const pipeline = `name: t
stages:
  see: { run: [sh, -c, 'test -x "$ROOT/tool" && echo yes > seen.txt || echo no > seen.txt'], env: [ROOT], inputs: { a: { file: tool } }, outputs: { seen: seen.txt } }
`;
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline, tool: 'x' });
  process.env['ROOT'] = rig.root;
  expect((await seen(rig)).text).toBe('no\n');
  fs.chmodSync(join(rig.root, 'tool'), 0o755);
  expect(await seen(rig)).toEqual({
    status: 'computed',
    reasons: ['input a: tool is now executable (same bytes)'],
    text: 'yes\n',
  });
});
