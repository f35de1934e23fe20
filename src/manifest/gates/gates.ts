// Gates: what numbers must be like. What was not measured never passes.
import type { GateLimit, GatePlan } from '../../pipeline/plan.ts';
import type { ManifestGate, ManifestNumber, ReportedNumber } from '../../schema/types.ts';
import { addressesOf, byAddress, type NumbersByAddress } from './gate-numbers.ts';
import { correctTests, judgeTest } from './gate-test.ts';
import { resolutionWarning } from './resolution.ts';

/** A manifest that bands lie around. */
export interface ReferenceManifest {
  readonly digest: string;
  readonly run: string;
  readonly numbers: readonly ManifestNumber[];
}

/** By path; a reference that is not there is missing here. */
export type References = ReadonlyMap<string, ReferenceManifest>;

/**
 * Judges each gate by the numbers of a run. A gate over several cells needs all of them: one value outside the limits
 * fails it, and one that is missing leaves it unmeasured. Limits are inclusive.
 */
export function evaluateGates(
  gates: readonly GatePlan[],
  numbers: readonly Pick<ManifestNumber, 'address' | 'number'>[],
  references: References = new Map(),
): ManifestGate[] {
  const reported = byAddress(numbers);
  return correctTests(gates.map((gate) => judge(gate, reported, references)));
}

function judge(gate: GatePlan, reported: NumbersByAddress, references: References): ManifestGate {
  const addresses = addressesOf(gate);
  const found = addresses.flatMap((address) => {
    const number = reported.get(address);
    return number === undefined ? [] : [{ address, number }];
  });
  const measured = found.map(({ address, number }) => ({ address, value: number.value }));
  const judged: ManifestGate = { name: gate.name, number: gate.number, verdict: 'PASS', measured };
  switch (gate.limit.kind) {
    case 'bound':
      judgeBound(gate.limit, judged, found);
      break;
    case 'band':
      judgeBand(gate.limit, judged, found, references);
      break;
    case 'test':
      judgeTest(gate.limit, judged, addresses, reported);
  }
  const missing = addresses.filter((address) => !reported.has(address));
  if (judged.verdict !== 'FAIL' && (missing.length > 0 || addresses.length === 0)) {
    judged.verdict = 'UNMEASURED';
    judged.reason = `not reported: ${missing.join(', ') || gate.number}`;
  }
  return judged;
}

type Found = readonly { readonly address: string; readonly number: ReportedNumber }[];

function judgeBound({ min, max }: GateLimit & { kind: 'bound' }, judged: ManifestGate, found: Found): void {
  if (min !== null) judged.min = min;
  if (max !== null) judged.max = max;
  const outside = found.filter(
    ({ number: { value } }) => (min !== null && value < min) || (max !== null && value > max),
  );
  if (outside.length > 0) fail(judged, outside);
  const halfWidth = min === null || max === null ? null : (max - min) / 2;
  warn(
    judged,
    found.map(({ number }) =>
      halfWidth === null ? null : resolutionWarning(halfWidth, number.standardError ?? 0, number),
    ),
  );
}

function judgeBand(
  { reference: path, tolerance }: GateLimit & { kind: 'band' },
  judged: ManifestGate,
  found: Found,
  references: References,
): void {
  judged.reference = { path, tolerance: { ...tolerance } };
  const reference = references.get(path);
  if (reference === undefined) {
    judged.verdict = 'UNMEASURED';
    judged.reason = `there is no reference "${path}": copy the manifest of a run you trust there`;
    return;
  }
  Object.assign(judged.reference, { digest: reference.digest, run: reference.run });
  const middles = byAddress(reference.numbers);
  const compared = found.map(({ address, number }) => {
    const middle = middles.get(address);
    const spread = middle && Math.hypot(number.standardError ?? 0, middle.standardError ?? 0);
    return { address, number, middle, spread: spread ?? 0, allowed: middle && allowedOf(tolerance, middle, spread) };
  });
  judged.measured = compared.map(({ address, number, middle, allowed }) => ({
    address,
    value: number.value,
    ...(middle && { reference: middle.value }),
    ...(typeof allowed === 'number' && { tolerance: allowed }),
  }));
  const without = (what: 'middle' | 'allowed') =>
    compared.filter((each) => each[what] === undefined).map(({ address }) => address);
  // Limits first, then compared: 1.1 lies within 0.1 of 1, whatever 1.1 - 1 is in binary.
  const outside = compared.filter(
    ({ number: { value }, middle, allowed }) =>
      middle !== undefined &&
      allowed !== undefined &&
      (value > middle.value + allowed || value < middle.value - allowed),
  );
  if (outside.length > 0) fail(judged, outside);
  else if (without('middle').length > 0) {
    judged.verdict = 'UNMEASURED';
    judged.reason = `not in the reference: ${without('middle').join(', ')}`;
  } else if (without('allowed').length > 0) {
    judged.verdict = 'INCONCLUSIVE';
    judged.reason = `neither run reports a standard error: ${without('allowed').join(', ')}`;
  }
  warn(
    judged,
    compared.map(({ number, spread, allowed }) =>
      allowed === undefined ? null : resolutionWarning(allowed, spread, number),
    ),
  );
}

/** Half the width of a band; undefined where it is counted in standard errors and there are none. */
function allowedOf(
  { absolute, relative, standardErrors }: (GateLimit & { kind: 'band' })['tolerance'],
  middle: ReportedNumber,
  spread = 0,
): number | undefined {
  if (absolute !== undefined) return absolute;
  if (relative !== undefined) return relative * Math.abs(middle.value);
  return standardErrors === undefined || spread === 0 ? undefined : standardErrors * spread;
}

function fail(judged: ManifestGate, outside: readonly { readonly address: string }[]): void {
  judged.verdict = 'FAIL';
  judged.reason = `outside the limits: ${outside.map(({ address }) => address).join(', ')}`;
}

/** The first warning is enough. */
function warn(judged: ManifestGate, warnings: readonly (string | null)[]): void {
  const first = warnings.find((warning) => warning !== null);
  if (first !== undefined && first !== null) judged.warning = first;
}
