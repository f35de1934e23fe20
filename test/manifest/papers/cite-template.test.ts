// Placeholders: every template in test/golden/cite is filled, or refused, as its golden file shows.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { diagnosticLines } from '../../../src/cli/view/diagnostic-text.ts';
import { aliasesOf, type CitedManifest, fillTemplate } from '../../../src/manifest/papers/cite-template.ts';
import { SourceFile } from '../../../src/pipeline/source.ts';
import { expectGolden, goldenInputs } from '../../support/golden.ts';
import { digestOf } from '../sample.ts';
import { toyManifest } from '../toys.ts';

const cited = (offset: number): CitedManifest => ({
  manifest: toyManifest({ offset }),
  path: 'artifacts/manifest.json',
  digest: digestOf(`manifest ${offset}`),
});
const manifests = new Map([
  ['', cited(0)],
  ['before', cited(0.01)],
  ['unused', cited(0.02)],
]);

test.each(goldenInputs('cite', '.md').map((path) => [basename(path), path]))(
  'fillTemplate() fills or explains %s',
  async (name, path) => {
    const result = fillTemplate(new SourceFile(name, readFileSync(path, 'utf8')), manifests);
    const text =
      'text' in result
        ? result.text
        : result.diagnostics.map((each) => `${diagnosticLines(each).join('\n')}\n`).join('');
    await expectGolden(text, path.replace(/md$/, 'txt'));
  },
);

test('aliasesOf() finds the manifests that a template asks for, and no escaped ones', () => {
  const template = new SourceFile('t.md', '{{a.b}} {{old:a.b | value}} {{?older:a.c}} \\{{oldest:a.b}}');
  expect([...aliasesOf(template)]).toEqual(['', 'old', 'older']);
});

test('what is optional of a manifest that nobody named is a dash, and what is not is an error', () => {
  const fill = (text: string) => fillTemplate(new SourceFile('t.md', text), new Map());
  expect(fill('{{?later:a.b | mean ± se}}\n')).toEqual({ text: '—\n' });
  expect(fill('{{?later:a.b}} {{later:a.b}}\n')).toMatchObject({ diagnostics: [{ code: 'unknown-manifest' }] });
});

test('a text without placeholders stays as it is', () => {
  expect(fillTemplate(new SourceFile('t.md', 'Plain {text}.\n'), manifests)).toEqual({ text: 'Plain {text}.\n' });
});
