// The numbers that gates speak of, by address.
import type { GatePlan } from '../../pipeline/plan.ts';
import type { ManifestNumber, ReportedNumber } from '../../schema/types.ts';

export type NumbersByAddress = ReadonlyMap<string, ReportedNumber>;

export function byAddress(numbers: readonly Pick<ManifestNumber, 'address' | 'number'>[]): Map<string, ReportedNumber> {
  return new Map(numbers.map((entry) => [entry.address, entry.number]));
}

/** Addresses of a gate's number, one for each of its cells. */
export function addressesOf({ cells, numberName }: Pick<GatePlan, 'cells' | 'numberName'>): string[] {
  return cells.map((cell) => `${cell}.${numberName}`);
}
