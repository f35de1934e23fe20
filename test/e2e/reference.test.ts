// The reference pages name everything: keys of the pipeline file, of manifests and records, codes of errors, verbs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** Words that a page shows as code, those within longer pieces of code included. */
function codeWords(page: string): Set<string> {
  const code = [...page.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
  return new Set(code.flatMap((piece) => [piece, ...piece.split(/[^A-Za-z0-9-]+/)]));
}

/** Every key that a schema knows, at any depth. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value as object) : []),
    ...keysOf(value),
  ]);
}

test.each([
  ['docs/pipeline.md', ['schemas/pipeline.schema.json']],
  ['docs/manifest.md', ['schemas/manifest.schema.json', 'schemas/record.schema.json']],
  ['docs/stage-protocol.md', ['schemas/stage.schema.json', 'schemas/numbers.schema.json', 'schemas/plot.schema.json']],
])('%s names every key of %j', (page, schemas) => {
  const text = read(page);
  // Examples count: a key shown in JSON or YAML is named.
  const examples = [...text.matchAll(/^```\w+\n([^]*?)^```$/gm)].flatMap((match) => match[1]!.split(/[^A-Za-z0-9-]+/));
  const named = new Set([...codeWords(text), ...examples]);
  const keys = [...new Set(schemas.flatMap((path) => keysOf(JSON.parse(read(path)))))];
  expect(keys.length).toBeGreaterThan(5);
  expect(keys.filter((key) => !named.has(key)).sort()).toEqual([]);
});

test('docs/pipeline.md has a row for every code of an error', () => {
  const sources = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^(cli|manifest|pipeline|report|runner|store)\/.*\.ts$/.test(path),
  );
  const codes = sources.flatMap((path) =>
    [...read(`src/${path}`).matchAll(/new ReproError\(\s*'([a-z-]+)'/g)].map((match) => match[1]!),
  );
  // A row may name several: | `one`, `two` | …
  const rows = [...read('docs/pipeline.md').matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+) \|/gm)].flatMap((match) =>
    match[1]!.split(', ').map((code) => code.slice(1, -1)),
  );
  expect(codes.length).toBeGreaterThan(20);
  expect([...new Set(codes)].filter((code) => !rows.includes(code)).sort()).toEqual([]);
});

test('docs/asking.md has a row for every verb', async () => {
  await using rig = await Rig.create({});
  const { stdout } = await rig.repro('--help');
  const verbs = [...stdout.matchAll(/^ {2}([a-z]\S*)/gm)].map((match) => match[1]!);
  const rows = read('docs/asking.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const named = new Set(rows.flatMap((row) => [...row.matchAll(/`([a-z-]+)/g)].map((match) => match[1])));
  expect(verbs.length).toBeGreaterThan(10);
  expect(verbs.filter((verb) => verb !== 'help' && !named.has(verb))).toEqual([]);
});
