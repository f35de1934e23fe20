// Gates of a manifest judged again from its numbers: an edited verdict does not follow from them.
import { matchesCell, parseAddress } from '../../pipeline/reference.ts';
import type { GateLimit, GatePlan } from '../../pipeline/plan.ts';
import type { Manifest, ManifestGate, ManifestNumber, ReportedNumber } from '../../schema/types.ts';
import { evaluateGates, type ReferenceManifest, type References } from './gates.ts';
import { missingAddresses } from './left-out.ts';

/** What is wrong with a gate, as a sentence. */
export interface GateFault {
  readonly gate: string;
  readonly message: string;
}

type Judged = Pick<Manifest, 'stages' | 'numbers' | 'gates'>;

/**
 * Gates that say something else than their limits and the manifest's numbers give. Limits are taken as stated, since
 * only the pipeline file has them.
 * @param references By digest. A band around a manifest that is not at hand is judged by what the gate says of it.
 */
export function gateFaults(manifest: Judged, references: ReadonlyMap<string, ReferenceManifest>): GateFault[] {
  const plans = manifest.gates.map((gate) => planOf(gate, manifest));
  const faults: GateFault[] = [];
  const names = new Set<string>();
  manifest.gates.forEach(({ name, number }, index) => {
    if (names.has(name)) faults.push({ gate: name, message: 'is there twice' });
    names.add(name);
    if (plans[index] === null)
      faults.push({ gate: name, message: `speaks of "${number}", which is no number's address` });
  });
  const judgeable = manifest.gates.flatMap((gate, index) => (plans[index] ? [{ gate, plan: plans[index] }] : []));
  // All at once: a correction is over all tests of the run.
  const again = evaluateGates(
    judgeable.map(({ plan }) => plan),
    manifest.numbers,
    referencesOf(manifest, references),
  );
  const reported = new Set(manifest.numbers.map(({ address }) => address));
  judgeable.forEach(({ gate }, index) => {
    const message = difference(gate, again[index]!, reported);
    if (message !== null) faults.push({ gate: gate.name, message });
  });
  return faults;
}

function planOf(gate: ManifestGate, manifest: Judged): GatePlan | null {
  const measured = cellsOf(gate.number, manifest);
  const limit = limitOf(gate, manifest);
  if (measured === null || limit === null) return null;
  return { name: gate.name, number: gate.number, ...measured, limit, at: nowhere };
}

/** A gate of a manifest was written in no file. */
const nowhere = {} as GatePlan['at'];

function cellsOf(number: string, { stages }: Judged): Pick<GatePlan, 'cells' | 'numberName'> | null {
  const address = parseAddress(number);
  if (address === null || address.name === null) return null;
  const cells = stages.filter(({ stage, cell }) => stage === address.stage && matchesCell(address, cell));
  return { cells: cells.map(({ id }) => id), numberName: address.name };
}

function limitOf({ min, max, reference, test, name }: ManifestGate, manifest: Judged): GateLimit | null {
  if (reference !== undefined) {
    return {
      kind: 'band',
      reference: name,
      tolerance: reference.tolerance as (GateLimit & { kind: 'band' })['tolerance'],
    };
  }
  if (test === undefined) return { kind: 'bound', min: min ?? null, max: max ?? null };
  const { against, margin, level, better } = test;
  const shared = { kind: 'test', margin, level, better: better ?? null } as const;
  if (typeof against === 'number') return { ...shared, against };
  const other = cellsOf(against, manifest);
  return other && { ...shared, against: { number: against, ...other } };
}

/** By the names of gates, each of which has its own. */
function referencesOf({ gates, numbers }: Judged, known: ReadonlyMap<string, ReferenceManifest>): References {
  const reported = new Map(numbers.map(({ address, number }) => [address, number]));
  return new Map(
    gates.flatMap((gate) => {
      const digest = gate.reference?.digest;
      if (digest === undefined) return [];
      return [[gate.name, known.get(digest) ?? standIn(gate, digest, reported)] as const];
    }),
  );
}

/** A reference with what the gate says of it: middles, and where the band is of standard errors the one that gives its width. */
function standIn(
  { measured, reference }: ManifestGate,
  digest: string,
  reported: ReadonlyMap<string, ReportedNumber>,
): ReferenceManifest {
  const errors = reference?.tolerance.standardErrors;
  const numbers = measured.flatMap(({ address, reference: value, tolerance }): ManifestNumber[] => {
    if (value === undefined) return [];
    const own = reported.get(address)?.standardError ?? 0;
    const spread = errors === undefined || tolerance === undefined ? 0 : tolerance / errors;
    const standardError = Math.sqrt(Math.max(0, spread ** 2 - own ** 2));
    const number: ReportedNumber = { value, unit: '1', kind: 'estimate', ...(standardError > 0 && { standardError }) };
    return [{ address, stage: '', name: '', number, closure: digest }];
  });
  return { digest, run: reference?.run ?? '', numbers };
}

function difference(stated: ManifestGate, again: ManifestGate, reported: ReadonlySet<string>): string | null {
  // Of a run of chosen stages, cells that it left out are not in the manifest, and what was not measured never passes.
  const isPartial = stated.verdict === 'UNMEASURED' && isLeftOut(stated, reported);
  if (stated.verdict !== again.verdict && !isPartial) {
    return `is stated as ${stated.verdict}, its numbers make it ${again.verdict}`;
  }
  if (stated.min !== again.min || stated.max !== again.max) return 'has limits of two kinds';
  if (stated.reference?.run !== again.reference?.run) return 'names another run than its reference is of';
  const measured = (gate: ManifestGate) =>
    new Map(gate.measured.map(({ address, ...values }) => [address, values as Record<string, number>]));
  const [was, is] = [measured(stated), measured(again)];
  const isSame =
    stated.measured.length === was.size &&
    was.size === is.size &&
    [...was].every(([address, values]) => isClose(values, is.get(address)));
  if (!isSame) return 'does not state what was measured';
  return isPartial || isClose(stated.test?.result, again.test?.result) ? null : 'does not state what its test gives';
}

function isLeftOut(gate: ManifestGate, reported: ReadonlySet<string>): boolean {
  return !missingAddresses(gate).every((address) => reported.has(address));
}

/** Equal members; numbers up to what another version of the arithmetic changes. */
function isClose(a: object | undefined, b: object | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const [x, y] = [a, b] as Record<string, unknown>[];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => {
    const [was, is] = [x![key], y![key]];
    if (typeof was !== 'number' || typeof is !== 'number') return was === is;
    return Math.abs(was - is) <= 1e-9 * Math.max(Math.abs(was), Math.abs(is));
  });
}
