// The results of `npm run bench runner` as rows, for the terminal and for the documentation alike.
import type { RunnerCase } from './runner.ts';
import type { Table } from './tensor-table.ts';

/** A table of times, one row a case. */
export function runnerTable(cases: readonly RunnerCase[]): Table {
  const peers = [...new Set(cases.flatMap((result) => Object.keys(result.peers)))];
  const cell = (ms: number | null | undefined, note: string | undefined): string =>
    ms === null || ms === undefined ? (note ?? '-') : milliseconds(ms);
  return {
    titles: ['Case', 'Ours, ms', ...peers.map((peer) => `${peer}, ms`), 'Peak of ours, MB', 'Rounds', 'Load'],
    rows: cases.map((result) => [
      result.case,
      cell(result.oursMs, result.notes['ours']),
      ...peers.map((peer) => cell(result.peers[peer], result.notes[peer])),
      result.peakMb === null ? '-' : String(result.peakMb),
      roundsText(result.rounds),
      String(result.load),
    ]),
  };
}

/** Tools that were slow had time for fewer rounds than others. */
function roundsText(rounds: RunnerCase['rounds']): string {
  const counts = Object.values(rounds).filter((count) => count > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return counts.length === 0 ? '0' : least === most ? String(most) : `${least}-${most}`;
}

const milliseconds = (ms: number): string =>
  ms >= 100 ? Math.round(ms).toLocaleString('en') : String(Number(ms.toPrecision(3)));
