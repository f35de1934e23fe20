// The order of keys means nothing but the order of cells and axes: a shuffled file has the same cells, edges and gates.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml, toJson } from '../../src/pipeline/parse.ts';
import type { Json, Plan, CellPlan } from '../../src/pipeline/plan.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import { goldenInputs } from '../support/golden.ts';
import { planOf } from './planning.ts';

const text = readFileSync(goldenInputs('plan', 'experiment.yaml')[0]!, 'utf8');
const parsed = parseYaml(new SourceFile('pipeline.yaml', text));
if ('diagnostics' in parsed) throw new Error('The example does not parse');
const document = toJson(parsed.root);

/** Keys in the order of random weights, at every depth. */
function shuffle(value: Json, weights: number[]): Json {
  if (Array.isArray(value)) return value.map((each: Json) => shuffle(each, weights));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, shuffle(each, weights), weights.pop() ?? 0] as const)
      .toSorted((a, b) => a[2] - b[2])
      .map(([key, each]) => [key, each]),
  );
}

/** A plan with cells named by their axes in alphabetical order, and without locations. */
function facts(plan: Plan): unknown {
  const canonical = ({ stage, axes }: CellPlan): string =>
    `${stage}[${Object.entries(axes)
      .map(([axis, value]) => `${axis}=${String(value)}`)
      .sort()
      .join(',')}]`;
  const names = new Map(plan.cells.map((stage) => [stage.id, canonical(stage)]));
  const rename = (id: string): string => names.get(id)!;
  const stages = plan.cells.map(({ at: _at, id, inputs, dependsOn, ...rest }) => ({
    ...rest,
    id: rename(id),
    dependsOn: dependsOn.map(rename).sort(),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, { at: _location, ...input }]) => {
        if (input.kind === 'output') return [name, { ...input, cell: rename(input.cell) }];
        if (input.kind !== 'gathered') return [name, input];
        return [name, input.from.map(({ cell, output }) => `${rename(cell)}.${output}`).sort()];
      }),
    ),
  }));
  const gates = plan.gates.map(({ at: _at, cells, ...rest }) => ({ ...rest, cells: cells.map(rename).sort() }));
  return {
    params: plan.params,
    stages: stages.sort((a, b) => (a.id < b.id ? -1 : 1)),
    gates: gates.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

test('planPipeline() gives the same facts for any order of keys', () => {
  const expected = facts(planOf(text));
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1000 }), { minLength: 120, maxLength: 120 }), (weights) => {
      const plan = planOf(JSON.stringify(shuffle(document, [...weights]), null, 1));
      expect(facts(plan)).toEqual(expected);
      const before = new Set<string>();
      for (const stage of plan.cells) {
        for (const id of stage.dependsOn) expect(before).toContain(id);
        before.add(stage.id);
      }
    }),
    { numRuns: 40 },
  );
});
