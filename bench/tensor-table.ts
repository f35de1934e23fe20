// The results of `npm run bench tensor` as rows, for the terminal and for the documentation alike.
import type { TensorResult } from './tensor.ts';

export interface Table {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How fast. */
export function timeTable(cases: readonly TensorResult[]): Table {
  return {
    titles: ['Case', 'Ours, ms', 'PyTorch, ms', 'Ratio', '95%', 'Target', 'Met', 'GFLOP/s', 'PyTorch GFLOP/s'],
    rows: cases.map((result) => [
      result.title,
      number(result.oursMs),
      number(result.peerMs),
      result.ratio.toFixed(2),
      result.ratioInterval.map((end) => end.toFixed(2)).join('-'),
      result.target.toFixed(1),
      result.ratio <= result.target ? 'yes' : 'no',
      number((result.gflop / result.oursMs) * 1e3),
      number((result.gflop / result.peerMs) * 1e3),
    ]),
  };
}

/** With what. */
export function costTable(cases: readonly TensorResult[]): Table {
  return {
    titles: [
      'Case', 'Parameters', 'GFLOP', 'Threads', 'PyTorch threads', 'Peak, MB', 'PyTorch MB', 'Trace, ms', 'Session, ms', 'Noise, ms',
      'Rounds', 'Load', 'Commit',
    ], // prettier-ignore
    rows: cases.map((result) => [
      result.title,
      result.parameters.toLocaleString('en'),
      number(result.gflop),
      String(result.oursThreads),
      String(result.peerThreads),
      result.oursPeakMb?.toLocaleString('en') ?? '-',
      result.peerPeakMb?.toLocaleString('en') ?? '-',
      number(result.traceMs),
      number(result.sessionMs),
      number(result.noiseMs),
      `${result.rounds} x ${result.iterations}`,
      String(result.load),
      result.revision,
    ]),
  };
}

/** Three digits, never an exponent. */
function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
