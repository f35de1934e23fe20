// `npm run bench -- --check`: ratios measured now against those that are kept, case by case.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from './tensor-table.ts';

/** Ours over a peer's, in one case: below 1 we are faster. */
export interface Ratio {
  readonly subject: Subject;
  readonly case: string;
  readonly peer: string;
  readonly ratio: number;
  /** What repetition shows, 95%; of results that tell none the ratio itself. */
  readonly interval: readonly [low: number, high: number];
}

type Interval = Ratio['interval'];
type PeerRatios = Readonly<Record<string, { readonly ratio: number; readonly interval: Interval } | null>>;

/** How the ratios of each subject stand in its file of results. */
const readers = {
  tensor: ({ case: name, ratio, ratioInterval }: { case: string; ratio: number; ratioInterval: Interval }) => [
    { case: name, peer: 'PyTorch', ratio, interval: ratioInterval },
  ],
  runner: (result: {
    case: string;
    oursMs: number | null;
    peers: Readonly<Record<string, number | null>>;
    intervals?: Readonly<Record<string, Interval>>;
  }) =>
    Object.entries(result.peers).flatMap(([peer, ms]) => {
      if (ms === null || result.oursMs === null) return [];
      const ratio = result.oursMs / ms;
      return [{ case: result.case, peer, ratio, interval: result.intervals?.[peer] ?? ([ratio, ratio] as const) }];
    }),
  remote: ofPeers,
  slurm: ofPeers,
} as const;
export type Subject = keyof typeof readers;
export const checkedSubjects = Object.keys(readers) as Subject[];

function ofPeers({ case: name, peers }: { case: string; peers: PeerRatios }): Omit<Ratio, 'subject'>[] {
  return Object.entries(peers).flatMap(([peer, found]) =>
    typeof found?.ratio === 'number' ? [{ case: name, peer, ratio: found.ratio, interval: found.interval }] : [],
  );
}

/**
 * The ratios of a subject in a folder of results; none where it was not measured. Throws for a file that is damaged: of two
 * ratios of which one is no number, none is the worse.
 */
export function readRatios(folder: string, subject: Subject): Ratio[] {
  const file = join(folder, `${subject}.json`);
  if (!existsSync(file)) return [];
  const read: (result: never) => readonly Omit<Ratio, 'subject'>[] = readers[subject];
  try {
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly never[] };
    const ratios = cases.flatMap((result) => read(result).map((ratio) => ({ subject, ...ratio })));
    if (ratios.every(({ ratio, interval: [low, high] }) => [ratio, low, high].every(Number.isFinite))) return ratios;
  } catch {
    // Of another shape.
  }
  throw new Error(`"${file}" is damaged: restore it, or measure ${subject} again`);
}

export interface Compared {
  readonly kept: Ratio;
  readonly measured: Ratio;
}

/** What got worse beyond the noise: the least of the ratio now is above the most that it was. */
export function worseRatios(kept: readonly Ratio[], measured: readonly Ratio[]): Compared[] {
  return pairs(kept, measured).filter(({ kept: before, measured: now }) => now.interval[0] > before.interval[1]);
}

/** Cases that are kept with a peer and were measured now. */
export function pairs(kept: readonly Ratio[], measured: readonly Ratio[]): Compared[] {
  const before = new Map(kept.map((ratio) => [keyOf(ratio), ratio]));
  return measured.flatMap((now) => {
    const known = before.get(keyOf(now));
    return known === undefined ? [] : [{ kept: known, measured: now }];
  });
}

/** Of two measurements of a case the better one, so that a disturbance alone is no change. */
export function bestOf(first: readonly Ratio[], second: readonly Ratio[]): Ratio[] {
  const again = new Map(second.map((ratio) => [keyOf(ratio), ratio]));
  return first.map((ratio) => {
    const other = again.get(keyOf(ratio));
    return other !== undefined && other.interval[0] < ratio.interval[0] ? other : ratio;
  });
}

function keyOf({ subject, case: name, peer }: Ratio): string {
  return JSON.stringify([subject, name, peer]);
}

/** What got worse, one row a case and peer. */
export function worseTable(worse: readonly Compared[]): Table {
  const text = ({ ratio, interval }: Ratio): string[] => [
    ratio.toPrecision(3),
    interval.map((value) => value.toPrecision(3)).join('-'),
  ];
  return {
    titles: ['Case', 'Peer', 'Kept', '95%', 'Now', '95%', 'Worse by'],
    rows: worse.map(({ kept, measured }) => [
      `${kept.subject} ${kept.case}`,
      kept.peer,
      ...text(kept),
      ...text(measured),
      `${Math.round((measured.ratio / kept.ratio - 1) * 100)}%`,
    ]),
  };
}
