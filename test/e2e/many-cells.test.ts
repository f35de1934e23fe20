// A project with hundreds of cells: what is said of them stays short, and scripts are told by exit codes.
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const files = {
  'pipeline.yaml': `name: many
params: { scale: 1 }
stages:
  data: { run: [sh, data.sh], code: [data.sh], matrix: { replicate: 12 }, outputs: { set: set.txt } }
  fit: { run: [sh, fit.sh], code: [fit.sh], params: [scale], inputs: { set: data.set }, outputs: { model: m.txt } }
  table: { run: [sh, table.sh], code: [table.sh], inputs: { models: 'fit[*].model' }, numbers: n.json }
`,
  'data.sh': 'echo 1 > set.txt\n',
  'fit.sh': 'grep -o \'"replicate": *[0-9]*\' "$REPRO_STAGE" > m.txt\n',
  'table.sh': `echo '{ "rows": { "value": 12, "unit": "1", "kind": "exact" } }' > n.json\n`,
};

test('status and why tell cells of which the same is said in a line; scripts are told by an exit code', async () => {
  await using rig = await Rig.create(files);
  const said = async (code: number, ...words: string[]) => {
    const { stdout, stderr, code: actual } = await rig.repro(...words);
    expect(actual, stdout + stderr).toBe(code);
    return stdout;
  };
  expect(await said(0, 'status')).toContain('data: 12 cells  stale');
  expect(await said(4, 'status', '--exit-code')).toContain('execute up to 25 stages');
  // Nothing is wrong.
  expect(await said(0, 'run', '--quiet')).toBe('');
  expect(await said(0, 'status', '--exit-code')).toMatch(/fit: 12 cells +current/);
  expect((await said(0, 'status')).split('\n')).toHaveLength(7);
  expect((await said(0, 'run')).split('\n').filter((line) => line.includes('restored')).length).toBeLessThan(3);

  const changed = await said(0, 'why', 'fit', '--set', 'scale=2');
  expect(changed).toBe('fit: 12 cells would run, because\n    params scale: 1 -> 2\n');
  expect(await said(0, 'why', 'fit[replicate=3]', '--set', 'scale=2')).toMatch(
    /^fit\[replicate=3\] would run: compared with/,
  );
  expect((await said(0, 'why', 'table.rows')).split('\n').length).toBeLessThan(60);
  expect(JSON.parse(await said(0, 'why', 'fit', '--json'))).toMatchObject({ stages: { length: 12 } });
});

test('a run tells many failures by their stage, and --quiet still tells them', async () => {
  await using rig = await Rig.create({ ...files, 'fit.sh': 'echo broken; exit 3\n' });
  const { stdout, code } = await rig.repro('run', '--quiet');
  expect(code).toBe(1);
  expect(stdout.match(/^fit\[replicate=\d+\]: FAILED: Ended with exit code 3$/gm)).toHaveLength(12);
  expect(stdout.match(/^FAILED fit\[replicate=/gm)).toHaveLength(1);
  expect(stdout).toMatch(/^FAILED also: fit\[replicate=\d+\], .* and 6 more cells$/m);
  expect(stdout).not.toContain('started');
});

test('--quiet leaves out the numbers of a run that fails a gate, and tells the gate', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': `name: test
stages:
  fit: { run: [sh, -c, 'printf "{\\"v\\":{\\"value\\":7,\\"unit\\":\\"1\\",\\"kind\\":\\"exact\\"}}" > n'], code: [], numbers: n }
gates: { small: { number: fit.v, max: 3 } }
`,
  });
  const { stdout, code } = await rig.repro('run', '--quiet');
  expect(code, stdout).toBe(3);
  expect(stdout).toMatch(/^small +FAIL/m);
  expect(stdout).not.toMatch(/^fit\.v/m);
});

test('a run of what needs a cell runs that cell and no other', async () => {
  await using rig = await Rig.create(files);
  const ran = async (...words: string[]) => {
    const { stdout, code } = await rig.repro('run', ...words);
    expect(code, stdout).toBe(0);
    return [...stdout.matchAll(/^(\S+): started/gm)].map((match) => match[1]);
  };
  expect(await ran('data[replicate=1?]')).toHaveLength(2);
  expect(await ran('f*[replicate=1]')).toEqual(['data[replicate=1]', 'fit[replicate=1]']);
  expect(await ran('fit[replicate=2]+')).toHaveLength(25 - 4);
});
