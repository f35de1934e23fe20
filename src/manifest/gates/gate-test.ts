// The gate that is a statistical test: over replicates, a number is shown to be worse than another by less than a margin.
import type { GateLimit } from '../../pipeline/plan.ts';
import type { GateTest, ManifestGate } from '../../schema/types.ts';
import { holm } from '../../statistics/holm.ts';
import { meanAndStandardError, pairedDifference, welchDifference } from '../../statistics/mean.ts';
import { studentTail } from '../../statistics/student.ts';
import { addressesOf, type NumbersByAddress } from './gate-numbers.ts';
import { fixedText, significantText } from '../text/decimal-text.ts';
import { valueText } from '../text/number-text.ts';

type Limit = GateLimit & { kind: 'test' };
type Result = NonNullable<GateTest['result']>;

/** Fills in what can be said of one test alone; its verdict needs the other tests of the run (`correctTests`). */
export function judgeTest(
  limit: Limit,
  judged: ManifestGate,
  addresses: readonly string[],
  reported: NumbersByAddress,
): void {
  const { against, margin, level } = limit;
  const known = addresses.map((address) => reported.get(address)?.better).find((side) => side !== undefined);
  const better = limit.better ?? (known === 'lower' || known === 'higher' ? known : undefined);
  const test: GateTest = { against: typeof against === 'number' ? against : against.number, margin, level };
  if (better !== undefined) test.better = better;
  judged.test = test;
  judged.verdict = 'INCONCLUSIVE';

  const others = typeof against === 'number' ? [] : addressesOf(against);
  const missing = [...addresses, ...others].filter((address) => !reported.has(address));
  if (missing.length > 0) {
    judged.verdict = 'UNMEASURED';
    judged.reason = `not reported: ${missing.join(', ')}`;
    return;
  }
  const values = (from: readonly string[]) => from.flatMap((address) => reported.get(address)?.value ?? []);
  const [ours, theirs] = [values(addresses), values(others)];
  if (ours.length < 2) {
    judged.reason = 'too few replicates: a test needs at least two';
  } else if (better === undefined) {
    judged.reason = 'neither the gate nor the number says which direction is better: add "better: lower" or "higher"';
  } else {
    const difference =
      typeof against === 'number'
        ? fromConstant(ours, against, 0)
        : others.length === 1
          ? fromConstant(ours, theirs[0]!, reported.get(others[0]!)?.standardError ?? 0)
          : sameReplicates(addresses, others)
            ? paired(ours, theirs)
            : { paired: false, ...welchDifference(ours, theirs) };
    if (difference.standardError === 0) {
      judged.reason = 'the replicates are all equal: nothing varies, so there is nothing to test; use a bound';
      return;
    }
    const worse = better === 'lower' ? difference.mean : -difference.mean;
    const { mean, ...rest } = difference;
    const p = studentTail((margin - worse) / difference.standardError, difference.degreesOfFreedom);
    test.result = { ...rest, difference: mean, p, corrected: p, tests: 1 };
    if (margin < difference.standardError && margin > 0) {
      const error = valueText(difference.standardError, [margin]);
      judged.warning = `the margin ${margin} is below one standard error of the difference (${error}): more replicates would decide`;
    }
  }
}

type Difference = { mean: number } & Pick<Result, 'paired' | 'standardError' | 'degreesOfFreedom'>;

function fromConstant(values: readonly number[], constant: number, constantError: number): Difference {
  const { mean, standardError, n } = meanAndStandardError(values);
  // A measured constant adds its own uncertainty; its degrees of freedom are many, those of the replicates few.
  const spread = standardError === 0 ? 0 : Math.hypot(standardError, constantError);
  return { paired: false, mean: mean - constant, standardError: spread, degreesOfFreedom: n - 1 };
}

function paired(a: readonly number[], b: readonly number[]): Difference {
  const { mean, standardError, n } = pairedDifference(a, b);
  return { paired: true, mean, standardError, degreesOfFreedom: n - 1 };
}

/** Whether both have the same replicates, in the same order. */
function sameReplicates(a: readonly string[], b: readonly string[]): boolean {
  const replicate = (address: string) => /[[,]replicate=(\d+)[\],]/.exec(address)?.[1];
  return a.length === b.length && a.every((address, index) => replicate(address) === replicate(b[index]!));
}

/**
 * The verdicts of the tests of a run, Holm's correction over all of them: PASS when p after correction is at most the
 * level. FAIL when the opposite is shown at the same level, uncorrected, since a correction must not hide a failure;
 * otherwise INCONCLUSIVE. A test that could not be made counts as one that could not reject.
 */
export function correctTests(gates: readonly ManifestGate[]): ManifestGate[] {
  const tests = gates.filter((gate) => gate.test !== undefined);
  const corrected = holm(tests.map((gate) => gate.test?.result?.p ?? 1));
  tests.forEach((gate, index) => {
    const result = gate.test?.result;
    if (gate.test === undefined || result === undefined || gate.verdict === 'UNMEASURED') return;
    result.corrected = corrected[index]!;
    result.tests = tests.length;
    gate.verdict =
      result.corrected <= gate.test.level ? 'PASS' : 1 - result.p <= gate.test.level ? 'FAIL' : 'INCONCLUSIVE';
    gate.reason = testText(gate.test, result);
  });
  return [...gates];
}

function testText({ margin, level }: GateTest, result: Result): string {
  const { difference, standardError, degreesOfFreedom, paired: pairs, p, corrected, tests } = result;
  const degrees = Number(degreesOfFreedom.toFixed(1));
  const how = `${pairs ? 'paired, ' : ''}t with ${degrees} degrees of freedom`;
  const probability = (value: number) => probabilityText(value, [level, 1 - level]);
  const correction = tests > 1 ? `, ${probability(corrected)} after Holm's correction over ${tests} tests` : '';
  return `difference ${valueText(difference, [margin, -margin])} ± ${significantText(standardError, 2)}, margin ${margin}: p = ${probability(p)} (${how})${correction}`;
}

function probabilityText(p: number, limits: readonly number[]): string {
  return p < 0.001 && limits.every((limit) => limit >= 0.001) ? p.toExponential(1) : fixedText(p, 3, limits);
}
