// A gate that has never failed proves nothing: each is shown values beyond its limits, and must fail.
import type { GatePlan } from '../../pipeline/plan.ts';
import type { ManifestGate, ManifestNumber } from '../../schema/types.ts';
import { studentQuantile } from '../../statistics/student.ts';
import { addressesOf } from './gate-numbers.ts';
import { evaluateGates, type References } from './gates.ts';
import { valueText } from '../text/number-text.ts';

export interface SelfTest {
  readonly gate: string;
  readonly canFail: boolean;
  /** What was tried, and what came of it. */
  readonly trials: readonly { readonly what: string; readonly verdict: ManifestGate['verdict'] }[];
  /** Why it cannot fail. */
  readonly reason?: string;
}

/**
 * Alters measured numbers beyond each limit, one cell after the other, and judges again as a run does. A gate can fail
 * when every alteration makes it FAIL, and taking the number away makes it UNMEASURED.
 */
export function selfTestGates(
  gates: readonly GatePlan[],
  numbers: readonly ManifestNumber[],
  references: References,
): SelfTest[] {
  // Alone, so that another test's p-value does not decide.
  const judged = (gate: GatePlan, altered: readonly ManifestNumber[]) => evaluateGates([gate], altered, references)[0]!;
  return gates.map((gate): SelfTest => {
    const now = judged(gate, numbers);
    const addresses = addressesOf(gate);
    if (now.verdict === 'UNMEASURED' || addresses.length === 0) {
      return { gate: gate.name, canFail: false, trials: [], reason: now.reason ?? 'it speaks of no cell' };
    }
    const trials = alterations(gate, now, numbers).map(({ what, values }) => ({
      what,
      verdict: judged(gate, altered(numbers, values)).verdict,
    }));
    const gone = judged(
      gate,
      numbers.filter(({ address }) => address !== addresses[0]),
    ).verdict;
    const survived = trials.find(({ verdict }) => verdict !== 'FAIL');
    const reason =
      trials.length === 0
        ? (now.reason ?? 'no value lies beyond its limits')
        : survived !== undefined
          ? `${survived.what} leaves it ${survived.verdict}`
          : gone === 'PASS'
            ? 'it passes without its number'
            : undefined;
    const all = [...trials, { what: `${addresses[0]!} gone`, verdict: gone }];
    return { gate: gate.name, canFail: reason === undefined, trials: all, ...(reason !== undefined && { reason }) };
  });
}

interface Alteration {
  readonly what: string;
  readonly values: ReadonlyMap<string, number>;
}

function alterations(gate: GatePlan, now: ManifestGate, numbers: readonly ManifestNumber[]): Alteration[] {
  const { limit } = gate;
  const one = (address: string, value: number): Alteration[] =>
    Number.isFinite(value) ? [{ what: `${address} = ${value}`, values: new Map([[address, value]]) }] : [];
  if (limit.kind === 'bound') {
    return addressesOf(gate).flatMap((address) => [
      ...(limit.max === null ? [] : one(address, beyond(limit.max, 1))),
      ...(limit.min === null ? [] : one(address, beyond(limit.min, -1))),
    ]);
  }
  if (limit.kind === 'band') {
    return now.measured.flatMap(({ address, reference, tolerance }) =>
      reference === undefined || tolerance === undefined
        ? []
        : [...one(address, beyond(reference + tolerance, 1)), ...one(address, beyond(reference - tolerance, -1))],
    );
  }
  const result = now.test?.result;
  if (result === undefined || now.test === undefined) return [];
  // All replicates move together, to one standard error more than the level needs to show that it is worse.
  const worse = now.test.better === 'lower' ? 1 : -1;
  const excess = limit.margin + result.standardError * (studentQuantile(1 - limit.level, result.degreesOfFreedom) + 1);
  const shift = worse * excess - result.difference;
  const values = new Map(
    addressesOf(gate).map((address) => [
      address,
      numbers.find((each) => each.address === address)!.number.value + shift,
    ]),
  );
  return [{ what: `every replicate ${shift < 0 ? '-' : '+'} ${valueText(Math.abs(shift))}`, values }];
}

/** A value on the far side of a limit, well clear of rounding, with no more digits than a person wants to read. */
function beyond(limit: number, side: 1 | -1): number {
  return Number((limit + side * Math.max(Math.abs(limit) * 1e-6, 1e-12)).toPrecision(12));
}

function altered(numbers: readonly ManifestNumber[], values: ReadonlyMap<string, number>): ManifestNumber[] {
  return numbers.map((entry) => {
    const value = values.get(entry.address);
    return value === undefined ? entry : { ...entry, number: { ...entry.number, value } };
  });
}
