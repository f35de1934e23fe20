// How often the error bars that need no truth hold where the truth is known: of every replica of every audit, paired with one
// other, as who has two would have it. What is misspecified, or has seen the same few data as its twin, must be missed.
import { readFileSync } from 'node:fs';
import { runStage, type PlotFile, type Stage } from '../src/stage/index.ts';
import { errorInterval, type AuditFile, type AuditParams } from './shared/density-audit.ts';

interface Params {
  readonly audit: Pick<AuditParams, 'confidence' | 'correlation'>;
}

/** One density: the mean error of log p_hat, nats, as it was foretold and as it is. */
interface Case {
  readonly predicted: number;
  readonly measured: number;
  /** Of the difference of the two. */
  readonly standardError: number;
  readonly isCovered: boolean;
}

await runStage<Params>((stage) => {
  const holds = read(stage, 'audits');
  const fails = stage.inputNames.includes('failing') ? read(stage, 'failing') : new Map<string, Case[]>();
  for (const [toy, cases] of [...holds, ...fails]) reportCases(stage, `.${toy}`, cases);
  reportCases(
    stage,
    '',
    [...holds.values()].flatMap((cases) => cases),
  );
  stage.writePlot('figure', predictionPlot(new Map([...holds, ...fails])));
});

function read(stage: Stage<Params>, input: string): Map<string, Case[]> {
  return new Map(
    stage.inputs(input).map((path) => {
      const file = JSON.parse(readFileSync(path, 'utf8')) as AuditFile;
      return [String(file.cell['toy']), casesOf(file, stage.params.audit)] as const;
    }),
  );
}

/** Replicas 0 and 1, 2 and 3, … with the variance that each pair shows; a last one alone is left out. */
function casesOf({ rows, halfVariances }: AuditFile, params: Params['audit']): Case[] {
  return halfVariances.flatMap((own, i) => {
    const partner = i % 2 === 1 ? i - 1 : i + 1;
    const half = i % 2 === 1 ? own[partner] : halfVariances[partner]?.[i];
    const { logZ, measured } = rows[i]!;
    if (half === undefined) return [];
    if (measured === undefined) throw new Error('Coverage needs the truth: an audit has none');
    const standardError = Math.hypot(logZ.standardError, measured.standardError);
    const { low, high } = errorInterval({ ...logZ, standardError }, { value: half, standardError: 0 }, params);
    const isCovered = low <= measured.value && measured.value <= high;
    return [{ predicted: logZ.value - half / 2, measured: measured.value, standardError, isCovered }];
  });
}

function reportCases(stage: Stage<Params>, suffix: string, cases: readonly Case[]): void {
  const { confidence, correlation } = stage.params.audit;
  const misses = cases.map(({ predicted, measured }) => measured - predicted);
  const nats = { unit: 'nats', better: 'lower' } as const;
  stage.reportMean(
    `coverage${suffix}`,
    cases.map(({ isCovered }) => Number(isCovered)),
    {
      unit: '1',
      note: `share of densities whose mean error is in its interval: confidence ${confidence}, correlation of replicas up to ${correlation}`,
    },
  );
  stage.reportMean(`miss${suffix}`, misses, { unit: 'nats', note: 'mean error of log p_hat less the foretold one' });
  const sizes = cases.map(({ measured }) => Math.abs(measured));
  stage.reportMean(`error-before${suffix}`, sizes, { ...nats, note: 'size of the mean error of log p_hat' });
  const after = 'what is left of it when the foretold one is taken off';
  stage.reportMean(`error-after${suffix}`, misses.map(Math.abs), { ...nats, note: after });
}

function predictionPlot(toys: ReadonlyMap<string, readonly Case[]>): PlotFile {
  const every = [...toys.values()].flat().flatMap(({ predicted, measured }) => [predicted, measured]);
  const ends = [Math.min(...every), Math.max(...every)];
  return {
    title: 'Mean error of the log density: foretold without the truth, and measured',
    x: { label: 'ln Z - variance / 2 (nats)' },
    y: { label: 'mean of log p_hat - log p (nats)' },
    series: [
      { name: 'equal', points: ends.map((value) => [value, value]) },
      ...[...toys].map(([name, cases]) => ({
        name,
        points: cases
          .map(({ predicted, measured, standardError }): [number, number, number] => [
            predicted,
            measured,
            standardError,
          ])
          .sort(([a], [b]) => a - b),
      })),
    ],
  };
}
