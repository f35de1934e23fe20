// A stage with more numbers than a call can have arguments: every list of them ends, and the page says what it leaves out.
import { expect, test } from 'vitest';
import { numberLines } from '../../src/cli/view/number-lines.ts';
import { diffManifests } from '../../src/manifest/comparison/diff.ts';
import { reportPage } from '../../src/report/page.ts';
import { sketchManifest, sketchStage } from '../manifest/sample.ts';

const total = 150_000;
const numbers = (shift: number, prefix: string) =>
  Object.fromEntries(
    Array.from({ length: total }, (_, i) => [
      `${prefix}${i}`,
      { value: i + shift, standardError: 0.5, unit: 'nats', kind: 'estimate' as const },
    ]),
  );
const manifestOf = (shift: number, prefix = 'n', seed = 11) =>
  sketchManifest([sketchStage({ id: 'curve', seed, numbers: numbers(shift, prefix) })]);

test('150,000 numbers of one stage are listed, folded where they are a series', { timeout: 120_000 }, () => {
  expect(numberLines(manifestOf(0))).toHaveLength(total + 1);
  const folded = numberLines(manifestOf(0, 'mse.t'), true);
  expect(folded).toHaveLength(2);
  expect(folded[1]).toContain(`${total} numbers`);
});

test('they are compared, and each finds its cause', { timeout: 120_000 }, () => {
  const difference = diffManifests(manifestOf(0), manifestOf(1, 'n', 12));
  expect(difference.numbers).toHaveLength(total);
  expect(new Set(difference.numbers.map((number) => number.class))).toEqual(new Set(['attributed']));
});

test('the page shows the first of them, and says how many it leaves out', { timeout: 120_000 }, async () => {
  const page = await reportPage(manifestOf(0), () => Promise.reject(new Error('not in this test')));
  expect(page).toContain(`${total - 5000} of ${total} are left out here: repro numbers has them.`);
  expect(page.match(/<tr\s+data-address=/g)).toHaveLength(5000);
});
