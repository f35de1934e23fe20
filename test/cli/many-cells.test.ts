// A stage that gathers thousands of cells is told in a line, in memory that grows as they do.
import { expect, test } from 'vitest';
import { tableLines } from '../../src/cli/view/table.ts';
import { Rig } from '../rig/rig.ts';

test('a long text in the last column makes no other line longer', () => {
  const rows = Array.from({ length: 2000 }, (_, i) => [`stage ${i}`, i === 7 ? 'x'.repeat(100_000) : 'y']);
  const lines = tableLines([{ title: 'stage' }, { title: 'because', shrink: true }], rows, Infinity);
  expect(lines.join('').length).toBeLessThan(200_000);
  expect(lines[8]).toMatch(/x{100000}$/);
});

test('a table has more rows than a call has arguments', () => {
  expect(tableLines([{ title: 'n', align: 'decimal' }], Array(200_000).fill(['1.5']), 80)).toHaveLength(200_001);
});

test('status of a stage that gathers 10,001 cells, in 256 MB', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': `name: many
stages:
  a: { run: [sh, a.sh], code: [a.sh], matrix: { replicate: 10001 }, outputs: { o: o.txt } }
  g: { run: [sh, a.sh], code: [a.sh], inputs: { all: 'a[*].o' }, outputs: { o: o.txt } }
`,
    'a.sh': 'echo 1 > o.txt\n',
  });
  const options = { environment: { NODE_OPTIONS: '--max-old-space-size=256' } };
  const status = await rig.startWith(options, 'status').result;
  expect(status.code, status.stderr).toBe(0);
  expect(status.stdout).toContain('what 10001 cells of a will write is not known yet');
  expect(status.stdout.length).toBeLessThan(1000);
}, 120_000);
