// Every diagnostic as a reader sees it, one golden file per case; drop x.yaml into test/golden/diagnostics to add one.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnosticCodes } from '../../src/pipeline/diagnostic.ts';
import { patternText } from '../../src/pipeline/validate.ts';
import { expectGolden, goldenInputs } from '../support/golden.ts';
import { diagnosticsOf, texts } from './planning.ts';

const inputs = goldenInputs('diagnostics', '.yaml');

describe('planPipeline() explains', () => {
  test.each(inputs.map((path) => [basename(path, '.yaml'), path]))('%s', async (_name, path) => {
    const diagnostics = diagnosticsOf(readFileSync(path, 'utf8'));
    expect(diagnostics.length).toBeGreaterThan(0);
    await expectGolden(texts(diagnostics), path.replace(/yaml$/, 'txt'));
  });
});

test('every diagnostic code has a golden file', () => {
  const shown = inputs.flatMap((path) => diagnosticsOf(readFileSync(path, 'utf8')).map(({ code }) => code));
  expect([...new Set(shown)].sort()).toEqual([...diagnosticCodes].sort());
});

test('every pattern of the schema is said in words', () => {
  const schema = readFileSync(new URL('../../schemas/pipeline.schema.json', import.meta.url), 'utf8');
  const patterns = [...schema.matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g)].map(
    (match) => JSON.parse(match[1]!) as string,
  );
  expect(Object.keys(patternText).sort()).toEqual([...new Set(patterns)].sort());
});
