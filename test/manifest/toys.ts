// A small run with replicates, for what quotes and judges numbers.
import type { Manifest, ReportedNumber } from '../../src/schema/types.ts';
import { sketchManifest, sketchStage } from './sample.ts';

/** Three replicates of two toys, a likelihood with standard errors, and numbers without any. */
export function toyManifest({ offset = 0, errors = [0.0061, 0.0028, 0.0001] } = {}): Manifest {
  const estimate = (value: number, standardError: number, unit = 'bits/dim'): ReportedNumber => ({
    value,
    standardError,
    n: 2000,
    unit,
    kind: 'estimate',
    better: 'lower',
  });
  const toys = [
    ['two', errors],
    ['mix16', errors.map((error) => error + 0.05)],
  ] as const;
  return sketchManifest([
    sketchStage({
      id: 'train',
      numbers: {
        parameters: { value: 412330, unit: '1', kind: 'exact' },
        odd: { value: 1.25e-7, unit: '<b>|_50%_\\', kind: 'exact' },
      },
    }),
    sketchStage({
      id: 'one-shot-nll',
      dependsOn: ['train'],
      numbers: {
        nll: estimate(1.673312 + offset, 0.00601),
        'nll-exact': { ...estimate(1.62258, 0.00663), kind: 'exact' },
      },
    }),
    ...toys.flatMap(([toy, values]) =>
      values.map((value, replicate) =>
        sketchStage({
          id: `toy[toy=${toy},replicate=${replicate}]`,
          cell: { toy, replicate },
          numbers: {
            error: estimate(value + offset, 0.002, 'nats'),
            weight: { value: 0.196 + value / 2, unit: '1', kind: 'estimate' },
          },
        }),
      ),
    ),
  ]);
}
