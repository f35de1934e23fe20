// Whole files to whole plans: golden plan texts, sizes, and that a plan is data.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SourceFile } from '../../src/pipeline/source.ts';
import { expectGolden, goldenInputs } from '../support/golden.ts';
import { diagnosticsOf, planLines, planOf, planText, texts } from './planning.ts';

describe('planPipeline() plans', () => {
  test.each(goldenInputs('plan', '.yaml').map((path) => [basename(path, '.yaml'), path]))('%s', async (_name, path) => {
    await expectGolden(planLines(planOf(readFileSync(path, 'utf8'))), path.replace(/yaml$/, 'txt'));
  });
});

const experiment = readFileSync(goldenInputs('plan', 'experiment.yaml')[0]!, 'utf8');

test('planPipeline() gives equal plans for equal texts, and a plan survives JSON', () => {
  const plan = planOf(experiment);
  const json = JSON.stringify(plan);
  expect(JSON.stringify(planOf(experiment))).toBe(json);
  const withoutFiles = JSON.parse(json, (_key, value: unknown) => value) as object;
  expect(JSON.parse(JSON.stringify(withoutFiles))).toEqual(withoutFiles);
  // Nothing that JSON loses: no undefined, no -0, no Map; a location's file becomes its path.
  expect(withoutFiles).toEqual(plainOf(plan));
});

function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (value === null || typeof value !== 'object') return value;
  if ('file' in value && 'span' in value) return { file: 'pipeline.yaml', span: value.span };
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainOf(each)]));
}

test('planPipeline() expands a matrix of 10,000 cells and what reads them', () => {
  const values = Array.from({ length: 100 }, (_, index) => index).join(', ');
  const plan = planOf(`
name: large
stages:
  train: { run: a.ts, matrix: { size: [${values}], replicate: 100 }, outputs: { model: m.bin } }
  evaluate: { run: b.ts, inputs: { model: train.model }, outputs: { table: t.csv } }
  summary: { run: c.ts, inputs: { tables: 'evaluate[*].table' } }
`);
  expect(plan.cells).toHaveLength(20_001);
  expect(plan.cells.at(-1)!.dependsOn).toHaveLength(10_000);
});

test('planPipeline() follows a chain of 1,000 stages written in reverse', () => {
  const stages = Array.from({ length: 1000 }, (_, index) => {
    const input = index === 0 ? '' : `, inputs: { x: s${index - 1}.x }`;
    return `  s${index}: { run: s.ts, outputs: { x: x.bin }${input} }`;
  });
  const plan = planOf(['name: chain', 'stages:', ...stages.reverse()].join('\n'));
  expect(plan.cells.map(({ id }) => id)).toEqual(stages.map((_, index) => `s${index}`));
});

test('planPipeline() reports errors together with warnings, and every kind of mistake at once', () => {
  const result = planText(`
name: example
stages:
  a: { run: [x], inputs: { i: b.missing }, params: [nothing] }
  b: { run: b.ts, outputs: { o: /o } }
gates:
  g: { number: b.n, max: 1 }
`);
  const codes = 'diagnostics' in result ? result.diagnostics.map(({ code }) => code) : [];
  expect(codes).toEqual(['missing-code', 'unknown-output', 'unknown-parameter', 'bad-path', 'bad-reference']);
});

const repository = new URL('../../', import.meta.url);
const ownFile = (path: string): SourceFile => new SourceFile(path, readFileSync(new URL(path, repository), 'utf8'));

test.each([
  'default',
  'ci',
  'science',
  'truth',
  'baselines',
  'bmi',
  'mnist',
  'cifar10',
  'cifar10-conditional',
  'celeba64',
])("the repository's own experiment plans without a warning with profile %s", (profile) => {
  expect(texts(diagnosticsOf(ownFile('pipeline.yaml').text, { profile, read: ownFile }))).toBe('');
});

test('the stages of the mission are within the first 120 lines of the experiment', () => {
  const beginning = ownFile('pipeline.yaml').text.split('\n').slice(0, 120);
  const names = ['prepare-data', 'train-cdm', 'train-ddm', 'sample', 'denoising-mse', 'one-shot-nll', 'toy-check'];
  expect(names.filter((name) => !beginning.includes(`  ${name}:`))).toEqual([]);
});

test('the pipelines that docs/pipeline.md shows can be planned', () => {
  const page = readFileSync(new URL('../../docs/pipeline.md', import.meta.url), 'utf8');
  const shown = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text]) => text!);
  const whole = shown.filter((text) => /^stages:/m.test(text) && !text.includes('included.schema.json'));
  expect(whole.length).toBeGreaterThan(2);
  for (const text of whole) {
    const named = /^name:/m.test(text) ? text : `name: shown\n${text}`;
    const read = (path: string): SourceFile =>
      new SourceFile(
        path,
        shown.find((each) => each.includes(`# ${path}\n`))!,
      );
    expect(texts(diagnosticsOf(named, { read }))).toBe('');
  }
});
