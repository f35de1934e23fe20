// The results of `npm run bench remote` as rows, for the terminal and for the documentation alike.
import type { RemoteCase } from './remote.ts';
import type { Table } from './tensor-table.ts';

/** A table of what was moved, and one of runs that have nothing to do; empty ones are left out. */
export function remoteTables(cases: readonly RemoteCase[]): Table[] {
  const isNoOp = (each: RemoteCase): boolean => each.requests !== undefined;
  const moved = cases.filter((each) => !isNoOp(each));
  const idle = cases.filter(isNoOp);
  return [movedTable(moved), idleTable(idle)].filter(({ rows }) => rows.length > 0);
}

function movedTable(cases: readonly RemoteCase[]): Table {
  const peers = [...new Set(cases.flatMap((each) => Object.keys(each.peers)))];
  return {
    titles: [
      'Case',
      'Files',
      'MB',
      'Ours, s',
      ...peers.flatMap((peer) => [`${peer}, s`, `ours / ${peer}`]),
      'Rounds',
      'Load',
    ],
    rows: cases.map((each) => [
      each.case,
      each.files.toLocaleString('en'),
      each.megabytes.toLocaleString('en'),
      String(each.oursS),
      ...peers.flatMap((name) => {
        const peer = each.peers[name];
        return peer === undefined ? ['-', '-'] : [String(peer.s), ratioText(peer)];
      }),
      String(each.rounds),
      String(each.load),
    ]),
  };
}

function idleTable(cases: readonly RemoteCase[]): Table {
  return {
    titles: ['Case', 'With a remote, ms', 'Without, ms', 'Ratio', 'Requests', 'Rounds', 'Load'],
    rows: cases.map((each) => {
      const without = each.peers['without']!;
      const milliseconds = (seconds: number): string => String(Math.round(seconds * 1000));
      return [
        each.case,
        milliseconds(each.oursS),
        milliseconds(without.s),
        ratioText(without),
        String(each.requests),
        String(each.rounds),
        String(each.load),
      ];
    }),
  };
}

const ratioText = ({ ratio, interval }: RemoteCase['peers'][string]): string => `${ratio} (${interval.join('-')})`;
