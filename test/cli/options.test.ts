// The table of options: commander gives a verb each value by the name that the verb's type has.
import { Option } from 'commander';
import { expect, test } from 'vitest';
import * as tables from '../../src/cli/options.ts';

const options = Object.entries(tables).flatMap(([table, entries]) =>
  Object.entries(entries as object)
    .filter((entry): entry is [string, Option] => entry[1] instanceof Option)
    .map(([name, option]) => [`${table}.${name}`, name, option] as const),
);

test.each(options)('%s', (_path, name, option) => {
  expect(option.attributeName()).toBe(name);
});

test('a verb that needs a value has one', () => {
  expect(tables.graphOptions.format.defaultValue).toBe('text');
  expect(tables.auditOptions.runs.defaultValue).toBe(1);
  expect(tables.globalOptions.file.defaultValue).toBe('pipeline.yaml');
});
