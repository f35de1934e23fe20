// A manifest from a plan and what its stages left: addresses, closures, gates, gaps; and what is refused when read.
import { expect, test } from 'vitest';
import { buildManifest, closureDigests, type FinishedRun, readManifest } from '../../src/manifest/manifest.ts';
import { planPipeline } from '../../src/pipeline/pipeline.ts';
import type { Plan } from '../../src/pipeline/plan.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { validate_manifest } from '../../src/schema/validators.js';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { digestOf, machine, sketchStage, type StageSketch } from './sample.ts';

const text = `
name: small
seed: 7
params: { steps: 10 }
profiles: { ci: { params: { steps: 1 } } }
stages:
  data: { run: [sh, data.sh], outputs: { dataset: d.bin }, code: [data.sh] }
  train: { run: [sh, train.sh], code: [], params: [steps], inputs: { dataset: data.dataset }, numbers: n.json, matrix: { replicate: 2 } }
gates:
  low: { number: train.loss, max: 1 }
`;

function planOf(): Plan {
  const result = planPipeline(new SourceFile('pipeline.yaml', text), { profile: 'ci', overrides: { steps: 3 } });
  if ('diagnostics' in result) throw new Error(JSON.stringify(result.diagnostics.map((each) => each.message)));
  return result.plan;
}

const facts = {
  pipelineDigest: digestOf(text),
  git: { commit: 'abc', dirty: null },
  gitGaps: [],
  environment: machine,
  references: new Map(),
};

/** Every stage of the plan computed; sketches say what differs. */
function finish(plan: Plan, sketches: Record<string, Partial<StageSketch>> = {}): FinishedRun {
  return {
    runId: '20261123T221500Z-3f2a',
    startedAt: '2026-11-23T22:15:00.000Z',
    finishedAt: '2026-11-23T22:16:00.000Z',
    outcome: 'complete',
    cells: plan.cells.map((stage) => ({
      cell: stage,
      status: 'computed' as const,
      record: sketchStage({
        id: stage.id,
        cell: stage.axes as Record<string, string>,
        ...(stage.run.kind === 'command' && {
          command: stage.run.words,
          code: Object.fromEntries(stage.run.code.map((path) => [path, digestOf(path)])),
        }),
        ...(stage.stage === 'train' && { numbers: { loss: { value: 0.5, unit: 'nats', kind: 'estimate' } } }),
        ...sketches[stage.id],
      }).record!,
      sources: {},
      published: `artifacts/${stage.stage}`,
    })),
  };
}

test('buildManifest() gives each number an address, and gates their verdicts', () => {
  const plan = planOf();
  const manifest = buildManifest(plan, finish(plan), facts);
  expect(validate_manifest(manifest), JSON.stringify(validate_manifest.errors)).toBe(true);
  expect(manifest.numbers.map((entry) => entry.address)).toEqual([
    'train[replicate=0].loss',
    'train[replicate=1].loss',
  ]);
  expect(manifest.gates).toMatchObject([{ name: 'low', verdict: 'PASS', measured: { length: 2 } }]);
  expect(manifest.pipeline).toMatchObject({ profile: 'ci', overrides: { steps: 3 }, seed: 7, params: { steps: 3 } });
});

test('a closure changes with any ancestor and with nothing else', () => {
  const plan = planOf();
  const closures = (sketches: Record<string, Partial<StageSketch>>) =>
    buildManifest(plan, finish(plan, sketches), facts).numbers.map((entry) => entry.closure);
  const before = closures({});
  expect(closures({})).toEqual(before);
  const ancestor = closures({ data: { seed: 99 } });
  expect(ancestor[0]).not.toBe(before[0]);
  expect(ancestor[1]).not.toBe(before[1]);
  const sibling = closures({ 'train[replicate=0]': { seed: 99 } });
  expect(sibling[0]).not.toBe(before[0]);
  expect(sibling[1]).toBe(before[1]);
});

test('a failed stage has an error and no numbers, and its gate is unmeasured', () => {
  const plan = planOf();
  const run = finish(plan);
  const stages = run.cells.map((stage, index) =>
    index < 2
      ? stage
      : {
          cell: stage.cell,
          status: 'failed' as const,
          sources: {},
          failure: { code: 'exit-code', message: 'Ended with exit code 1', log: null, tail: [] },
        },
  );
  const manifest = buildManifest(plan, { ...run, outcome: 'failed', cells: stages }, facts);
  expect(validate_manifest(manifest)).toBe(true);
  expect(manifest.numbers).toHaveLength(1);
  expect(manifest.gates[0]).toMatchObject({ verdict: 'UNMEASURED', reason: 'not reported: train[replicate=1].loss' });
  expect(manifest.stages[2]).toMatchObject({ status: 'failed', error: { code: 'exit-code' } });
});

test('gaps say what is not known', () => {
  const plan = planOf();
  const gapsOf = (git: Manifest['git'], gitGaps: readonly string[] = []) =>
    buildManifest(plan, finish(plan), { ...facts, git, gitGaps }).gaps.map((gap) => `${gap.stage}: ${gap.message}`);
  expect(gapsOf({ commit: 'abc', dirty: null })).toEqual([
    '*: Reads of files that are not declared as inputs were not watched (run --strict, run --trace)',
    'data: The version of "sh" and the packages it loads are not recorded',
    'train[replicate=0]: No code files are declared for its command: a changed program is not noticed',
    'train[replicate=1]: No code files are declared for its command: a changed program is not noticed',
  ]);
  expect(gapsOf(null, ['Not in a git repository'])[0]).toBe('*: Not in a git repository');
  expect(gapsOf({ commit: 'abc', dirty: digestOf('x') })[0]).toContain('Uncommitted changes');
});

test('readManifest() gives back what was written', () => {
  const plan = planOf();
  const manifest = buildManifest(plan, finish(plan), facts);
  expect(readManifest(canonicalJson(manifest), 'm.json')).toEqual(manifest);
});

test('readManifest() refuses every truncation by name', () => {
  const plan = planOf();
  const written = canonicalJson(buildManifest(plan, finish(plan), facts));
  for (let length = 0; length < written.length; length += 97) {
    expect(() => readManifest(written.slice(0, length), 'm.json')).toThrow(
      '"m.json" is not a manifest: it is not JSON',
    );
  }
});

test('readManifest() says where another document differs', () => {
  expect(() => readManifest('{"format":"other/1"}', 'm.json')).toThrow('"m.json" is not a manifest');
  expect(() => readManifest('[]', 'm.json')).toThrow('must be object');
});

test('closureDigests() are those of the canonical JSON of the fingerprints of a stage and all its ancestors', () => {
  const stage = (id: string, ...dependsOn: string[]) => sketchStage({ id, dependsOn });
  const [b, last, other] = [stage('b'), stage('é[x="1"]', 'a'), stage('other')];
  const { record: _, ...a } = stage('a', 'b');
  const fingerprints = { b: b.record!.fingerprint, a: null, [last.id]: last.record!.fingerprint };
  const expected = digestOf(canonicalJson({ type: 'repro.closure/1', fingerprints }));
  expect(closureDigests([b, a, other, last])(last.id)).toBe(expected);
  expect(closureDigests([b, stage('a', 'b'), other, last])(last.id)).not.toBe(expected);
});
