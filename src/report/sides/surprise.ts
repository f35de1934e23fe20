// The numbers of several runs in the order of how surprising their moves are.
import type { ManifestDifference, NumberDifference } from '../../manifest/comparison/diff.ts';
import type { ReportedNumber } from '../../schema/types.ts';

/** What became of a number in that run in which it moved most surprisingly; the most surprising first. */
export const ranks = ['exact', 'beyond', 'unknown', 'within', 'partial', 'still', 'timing'] as const;
export type Rank = (typeof ranks)[number];

export interface SideNumber {
  readonly address: string;
  readonly rank: Rank;
  /** By run, the first one first; null where a run has no such number. */
  readonly values: readonly (ReportedNumber | null)[];
  /** From the first run to each of the others; null where both have none. */
  readonly moves: readonly (NumberDifference | null)[];
}

/** By rank, and within one the largest moves first. */
export function sideNumbers(differences: readonly ManifestDifference[]): SideNumber[] {
  const byAddress = differences.map(({ numbers }) => new Map(numbers.map((number) => [number.address, number])));
  const addresses = new Set(differences.flatMap(({ numbers }) => numbers.map(({ address }) => address)));
  const found = [...addresses].map((address): SideNumber & { readonly size: number } => {
    const moves = byAddress.map((numbers) => numbers.get(address) ?? null);
    const first = moves.find((move) => move !== null)?.from ?? null;
    const values = [first, ...moves.map((move) => move?.to ?? null)];
    const rank = ranks[Math.min(...moves.map((move) => ranks.indexOf(rankOf(move))))]!;
    const size = Math.max(...moves.map((move) => (rankOf(move) === rank ? sizeOf(move) : 0)));
    return { address, rank, values, moves, size };
  });
  return found
    .sort((a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank) || b.size - a.size)
    .map(({ size: _, ...number }) => number);
}

function rankOf(move: NumberDifference | null): Rank {
  if (move === null) return 'partial';
  const { class: group, from, to, beyondError } = move;
  if ((to ?? from)?.kind === 'timing') return 'timing';
  if (group === 'new' || group === 'gone') return 'partial';
  if (group === 'insensitive' || group === 'unchanged') return 'still';
  if (isOtherUnit(move)) return 'unknown';
  if (beyondError !== null) return beyondError ? 'beyond' : 'within';
  return from?.kind === 'exact' && to?.kind === 'exact' ? 'exact' : 'unknown';
}

/** In standard errors; without those, relative to the larger of both. What nothing recorded explains comes before all. */
function sizeOf(move: NumberDifference | null): number {
  if (move === null || move.delta === null) return 0;
  if (isOtherUnit(move)) return Infinity;
  if (move.standardErrors !== null) return move.standardErrors;
  const relative =
    Math.abs(move.delta) / Math.max(Math.abs(move.from!.value), Math.abs(move.to!.value), Number.MIN_VALUE);
  return move.class === 'unexplained' ? 10 + relative : relative;
}

/** Of values in different units there is no difference. */
export function isOtherUnit({ from, to }: NumberDifference): boolean {
  return from !== null && to !== null && from.unit !== to.unit;
}
