// Gates on stages that a run of chosen stages left out: nothing is known of them, good or bad.
import type { ManifestGate } from '../../schema/types.ts';

/** Addresses that a gate needs and the run did not report; empty for a gate that was measured. */
export function missingAddresses({ reason }: Pick<ManifestGate, 'reason'>): string[] {
  // Commas stand within addresses, too.
  return /^not reported: (.*)$/s.exec(reason ?? '')?.[1]?.split(/, (?=[a-z])/) ?? [];
}

/** Names of the gates that a run could not measure because it did not include their stages. @param ids Stages of the run. */
export function gatesLeftOut(gates: readonly ManifestGate[], ids: Iterable<string>): string[] {
  const included = new Set(ids);
  const isIncluded = (address: string): boolean =>
    [...address.matchAll(/\./g)].some(({ index }) => included.has(address.slice(0, index)));
  return gates
    .filter((gate) => gate.verdict === 'UNMEASURED' && missingAddresses(gate).some((address) => !isIncluded(address)))
    .map(({ name }) => name);
}

/** The gates that a run of chosen stages can be judged by; all, for a run that had all stages. */
export function judgedGates(gates: readonly ManifestGate[], ids: Iterable<string>): ManifestGate[] {
  const leftOut = new Set(gatesLeftOut(gates, ids));
  return gates.filter(({ name }) => !leftOut.has(name));
}
