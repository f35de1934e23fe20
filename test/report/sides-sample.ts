// Three runs of one experiment: the second with another rate and other code, the third with another seed and without a stage.
import { encode } from 'fast-png';
import type { Side, Sides } from '../../src/report/sides/side.ts';
import { diffManifests } from '../../src/manifest/comparison/diff.ts';
import type { ReadOutput } from '../../src/report/figures.ts';
import type { Manifest, PlotFile, ReportedNumber } from '../../src/schema/types.ts';
import { digestOf, sketchManifest, sketchStage } from '../manifest/sample.ts';

const estimate = (value: number, standardError: number, changes: Partial<ReportedNumber> = {}): ReportedNumber => ({
  value,
  standardError,
  unit: 'nats',
  kind: 'estimate',
  better: 'lower',
  ...changes,
});

export const lossPlot = (scale: number, changes: Partial<PlotFile> = {}): PlotFile => ({
  title: 'Training',
  x: { label: 'step' },
  y: { label: 'loss' },
  series: [
    { name: 'loss', points: [0, 1, 2, 3].map((step): [number, number, number] => [step, scale / (1 + step), 0.01]) },
  ],
  ...changes,
});

const image = (shade: number) => encode({ width: 40, height: 20, channels: 1, data: new Uint8Array(800).fill(shade) });

/** Contents of outputs, by digest. */
export const sampleFiles = new Map<string, string | Uint8Array>([
  ...[1, 2, 3].map((run) => [digestOf(`plot ${run}`), JSON.stringify(lossPlot(run))] as const),
  ...[1, 2, 3].map((run) => [digestOf(`image ${run}`), image(80 * run)] as const),
]);

export const readSample: ReadOutput = async (_, { digest }) => {
  const content = sampleFiles.get(digest);
  if (content === undefined) throw new Error('its bytes are no longer in the store');
  return typeof content === 'string' ? Buffer.from(content) : content;
};

/** @param run 1, 2 or 3 */
export function sampleRun(run: number, changes: Partial<Manifest> = {}): Manifest {
  const isSecond = run === 2;
  const loss = [2.5, 2.2, 2.49][run - 1]!;
  const train = sketchStage({
    id: 'train',
    params: { rate: isSecond ? 0.2 : 0.1 },
    seed: run === 3 ? 7 : 11,
    code: { 'stages/train.ts': digestOf(isSecond ? 'other code' : 'code') },
    outputs: {
      curve: { path: 'loss.plot.json', digest: digestOf(`plot ${run}`) },
      samples: { path: 'samples.png', digest: digestOf(`image ${run}`) },
      same: { path: 'same.png', digest: digestOf('image 1') },
      ...(run === 2 && { lost: { path: 'lost.png', digest: digestOf('lost') } }),
    },
    numbers: {
      loss: estimate(loss, 0.05),
      bias: estimate(run === 1 ? 0.01 : 0.02, 0.05),
      weights: { value: isSecond ? 2000 : 1000, unit: '1', kind: 'exact' },
      gap: { value: 0.1 * run, unit: 'nats', kind: 'estimate' },
      seconds: { value: 3 + run, unit: 's', kind: 'timing' },
      ...(run === 2 && { extra: estimate(1, 0.1) }),
    },
  });
  const test = sketchStage({
    id: 'test',
    numbers: { rows: { value: 100, unit: '1', kind: 'exact' }, drift: estimate(run, 0.1) },
  });
  const gate = {
    name: 'low',
    number: 'train.loss',
    max: 2.4,
    verdict: (loss <= 2.4 ? 'PASS' : 'FAIL') as 'PASS' | 'FAIL',
    measured: [{ address: 'train.loss', value: loss }],
  };
  const sketch = sketchManifest(run === 3 ? [train] : [train, test], {
    gates: run === 3 ? [{ ...gate, max: 3, verdict: 'PASS' }] : [gate],
    gaps: [{ stage: '*', message: 'Nobody watched' }, ...(isSecond ? [{ stage: 'train', message: 'Odd' }] : [])],
    ...changes,
  });
  sketch.run = { ...sketch.run, id: `2026112${run}T221500Z-3f2a` };
  return sketch;
}

/** The runs side by side. */
export function sides(manifests: readonly Manifest[], labels = ['baseline', 'wider', 'again']): Sides {
  const runs = manifests.map((manifest, index): Side => ({
    label: labels[index]!,
    manifest,
    path: `run-${index + 1}.json`,
    notes: [],
    curves: [],
  }));
  const differences = manifests.slice(1).map((each) => diffManifests(manifests[0]!, each));
  return { runs, differences, attributions: null };
}
