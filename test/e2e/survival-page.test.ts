// docs/survival.md names a test for each of its lines: the tests are there, by those names.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('every line of the page on survival names a test that exists', () => {
  const rows = read('docs/survival.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const shown = row.split(' | ').at(-1)!;
    const named = [...shown.matchAll(/`(test\/[^`]+)`: ((?:(?: and )?"[^"]+")+)/g)];
    expect(named.length, row).toBeGreaterThan(0);
    for (const [, file = '', titles = ''] of named) {
      for (const [, title = ''] of titles.matchAll(/"([^"]+)"/g)) expect(read(file), row).toContain(title);
    }
  }
});
