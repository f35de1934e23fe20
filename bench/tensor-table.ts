// The results of `npm run bench tensor` as rows, for the terminal and for the documentation alike.
import { tensorCases } from './tensor-cases.ts';
import type { TensorResult } from './tensor.ts';

/** All tables of some results, in order. */
export const tablesOf = (cases: readonly TensorResult[]): readonly Table[] =>
  [timeTable, imageTable, wasmTable, costTable].map((make) => make(cases)).filter(({ rows }) => rows.length > 0);

export interface Table {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How fast. */
function timeTable(cases: readonly TensorResult[]): Table {
  return {
    titles: [
      'Case',
      'Ours, ms',
      'PyTorch, ms',
      'Ratio',
      '95%',
      'Target',
      'Met',
      'GFLOP/s',
      'PyTorch GFLOP/s',
      'Of the limit',
    ],
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
      limitShare(result),
    ]),
  };
}

/** GFLOP/s of ours over those of a large matrix product; a case that was measured before that was has none. */
function limitShare({ gflop, oursMs, limitGflops }: TensorResult): string {
  return limitGflops === undefined ? '-' : `${((gflop / oursMs / limitGflops) * 1e5).toFixed(0)}%`;
}

/** With what. */
function costTable(cases: readonly TensorResult[]): Table {
  return {
    titles: [
      'Case', 'Parameters', 'GFLOP', 'Threads', 'PyTorch threads', 'Peak, MB', 'PyTorch MB', 'Trace, ms', 'Session, ms', 'Noise, ms', 'Noise, %',
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
      isStep(result) ? ((100 * result.noiseMs) / result.oursMs).toFixed(1) : '-',
      `${result.rounds} x ${result.iterations}`,
      String(result.load),
      result.revision,
    ]),
  };
}

/** Where one network should take at most half the time of another for an image. */
function imageTable(cases: readonly TensorResult[]): Table {
  const rows = tensorCases.flatMap(({ name, half, batch }) => {
    const ours = cases.find((result) => result.case === name);
    const other = cases.find((result) => result.case === half);
    if (ours === undefined || other === undefined) return [];
    const [small, large] = [
      ours.oursMs / batch,
      other.oursMs / tensorCases.find((entry) => entry.name === half)!.batch,
    ];
    return [
      [
        ours.title,
        other.title,
        number(small),
        number(large),
        (small / large).toFixed(2),
        small <= large / 2 ? 'yes' : 'no',
      ],
    ];
  });
  return { titles: ['Case', 'Compared with', 'ms per image', 'ms per image', 'Ratio', 'At most half'], rows };
}

/** Against tfjs's own WebAssembly backend, which runs what it has kernels for. */
function wasmTable(cases: readonly TensorResult[]): Table {
  return {
    titles: ['Case', 'Ours, ms', 'tfjs wasm, ms', 'Ratio'],
    rows: cases.map(({ title, oursMs, wasmMs, wasmMissing }) => [
      title,
      number(oursMs),
      wasmMs === null ? `no kernel ${wasmMissing}` : number(wasmMs),
      wasmMs === null ? '-' : (oursMs / wasmMs).toFixed(3),
    ]),
  };
}

const isStep = ({ case: name }: TensorResult): boolean =>
  tensorCases.some((entry) => entry.name === name && entry.work.kind.endsWith('step'));

/** Three digits, never an exponent. */
function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
