// Gates: limits on numbers. What was not measured never passes.
import type { GatePlan } from '../pipeline/plan.ts';
import type { ManifestGate, ManifestNumber } from '../schema/types.ts';

/**
 * Judges each gate by the numbers of a run. A gate over several cells needs all of them: one value outside the limits
 * fails it, and one that is missing leaves it unmeasured. Limits are inclusive.
 */
export function evaluateGates(gates: readonly GatePlan[], numbers: readonly ManifestNumber[]): ManifestGate[] {
  const values = new Map(numbers.map((entry) => [entry.address, entry.number.value]));
  return gates.map((gate) => {
    const addresses = gate.cells.map((cell) => `${cell}.${gate.numberName}`);
    const measured = addresses.flatMap((address) => {
      const value = values.get(address);
      return value === undefined ? [] : [{ address, value }];
    });
    const outside = measured.filter(
      ({ value }) => (gate.min !== null && value < gate.min) || (gate.max !== null && value > gate.max),
    );
    const missing = addresses.filter((address) => !values.has(address));
    const judged: ManifestGate = { name: gate.name, number: gate.number, verdict: 'PASS', measured };
    if (gate.min !== null) judged.min = gate.min;
    if (gate.max !== null) judged.max = gate.max;
    if (outside.length > 0) {
      judged.verdict = 'FAIL';
      judged.reason = `outside the limits: ${outside.map(({ address }) => address).join(', ')}`;
    } else if (missing.length > 0 || addresses.length === 0) {
      judged.verdict = 'UNMEASURED';
      judged.reason = `not reported: ${missing.join(', ') || gate.number}`;
    }
    return judged;
  });
}

/** `0.18 to 0.22`, `at most 0.06` or `at least 1`. */
export function limitsText(gate: Pick<ManifestGate, 'min' | 'max'>): string {
  if (gate.min !== undefined && gate.max !== undefined) return `${gate.min} to ${gate.max}`;
  if (gate.max !== undefined) return `at most ${gate.max}`;
  return gate.min === undefined ? 'any value' : `at least ${gate.min}`;
}
