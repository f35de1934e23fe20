// How manifests are told in a terminal: golden texts of numbers, gates and differences.
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { differenceLines } from '../../src/cli/view/difference-lines.ts';
import { gateLines, gateSummary } from '../../src/cli/view/gate-lines.ts';
import { numberLines } from '../../src/cli/view/number-lines.ts';
import { diffManifests } from '../../src/manifest/comparison/diff.ts';
import type { Manifest, ReportedNumber } from '../../src/schema/types.ts';
import { digestOf, sketchManifest, sketchStage } from '../manifest/sample.ts';

const text = (lines: readonly string[]) => stripVTControlCharacters(`${lines.join('\n')}\n`);
const estimate = (value: number, standardError: number, changes: Partial<ReportedNumber> = {}): ReportedNumber => ({
  value,
  standardError,
  n: 2000,
  unit: 'bits/dim',
  kind: 'estimate',
  better: 'lower',
  ...changes,
});

interface Run {
  readonly id: string;
  readonly steps: number;
  readonly points: number;
  readonly model: string;
  readonly nll: number;
  readonly error: number;
  readonly extra: string;
  readonly cpu: string;
}

/** data -> train -> nll, and a toy. */
function experiment(run: Run): Manifest {
  return sketchManifest(
    [
      sketchStage({ id: 'data', outputs: { dataset: { path: 'd.bin', digest: digestOf('dataset') } } }),
      sketchStage({
        id: 'train',
        dependsOn: ['data'],
        inputs: { dataset: { source: 'data.dataset', digest: digestOf('dataset') } },
        params: { training: { steps: run.steps } },
        outputs: { model: { path: 'm.bin', digest: digestOf(run.model) } },
        numbers: { parameters: { value: 412330, unit: '1', kind: 'exact' } },
      }),
      sketchStage({
        id: 'nll',
        dependsOn: ['train'],
        inputs: { model: { source: 'train.model', digest: digestOf(run.model) } },
        numbers: {
          nll: estimate(run.nll, 0.00213, { note: 'Equation 10' }),
          [run.extra]: { value: 2.61, unit: 'bits/dim', kind: 'upper-bound' },
        },
      }),
      sketchStage({
        id: 'toy[toy=two]',
        cell: { toy: 'two' },
        cpu: run.cpu,
        params: { toys: { points: run.points } },
        numbers: { error: estimate(run.error, 0.01, { unit: 'nats' }), weight: estimate(0.2, 0.003, { unit: '1' }) },
      }),
    ],
    {
      run: { ...sketchManifest([]).run, id: run.id },
      gates: [
        {
          name: 'toy',
          number: 'toy.error',
          max: 0.05,
          verdict: run.error > 0.05 ? 'FAIL' : 'PASS',
          measured: [{ address: 'toy[toy=two].error', value: run.error }],
          ...(run.error > 0.05 && { reason: 'outside the limits: toy[toy=two].error' }),
        },
        {
          name: 'lost',
          number: 'nll.lost',
          min: 0,
          max: 1,
          verdict: 'UNMEASURED',
          measured: [],
          reason: 'not reported: nll.lost',
        },
      ],
    },
  );
}

const first: Run = {
  id: '20261123T100000Z-aaaa',
  steps: 100,
  points: 10,
  model: 'one',
  nll: 2.34561,
  error: 0.01,
  extra: 'bound',
  cpu: 'CPU A',
};
const runs: Record<string, Run> = {
  same: { ...first, id: '20261123T110000Z-bbbb' },
  attributed: { ...first, id: '20261123T110000Z-bbbb', steps: 200, model: 'two', nll: 2.2911, extra: 'other-bound' },
  insensitive: { ...first, id: '20261123T110000Z-bbbb', points: 20 },
  unexplained: { ...first, id: '20261123T110000Z-bbbb', model: 'two', nll: 2.3471, error: 0.06, cpu: 'CPU B' },
};

test.each(Object.keys(runs))('repro diff tells of runs that are %s', async (name) => {
  const difference = diffManifests(experiment(first), experiment(runs[name]!));
  await expect(text(differenceLines(difference))).toMatchFileSnapshot(`../golden/diff/${name}.txt`);
});

test('repro numbers and repro gate are tables', async () => {
  const manifest = experiment({ ...first, error: 0.06, extra: 'hostile\u001b[2J' });
  const { gates } = manifest;
  const shown = [...numberLines(manifest), '', ...gateLines(manifest), '', gateSummary(gates)];
  await expect(text(shown)).toMatchFileSnapshot('../golden/numbers/numbers-and-gates.txt');
});
