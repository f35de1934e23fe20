// Verdicts of bounds, bands and tests: what was not measured does not pass, and what cannot be told apart is said.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { selfTestGates } from '../../../src/manifest/gates/self-test.ts';
import { evaluateGates, type References } from '../../../src/manifest/gates/gates.ts';
import { limitsText } from '../../../src/manifest/gates/limits-text.ts';
import type { GateLimit, GatePlan } from '../../../src/pipeline/plan.ts';
import { SourceFile } from '../../../src/pipeline/source.ts';
import type { ManifestNumber, ReportedNumber } from '../../../src/schema/types.ts';
import { digestOf } from '../sample.ts';

const at = { file: new SourceFile('pipeline.yaml', ''), span: { start: 0, end: 0 } };
const bound = (limits: { min?: number; max?: number }): GateLimit => ({
  kind: 'bound',
  min: limits.min ?? null,
  max: limits.max ?? null,
});

function gate(limit: GateLimit, cells = ['toy']): GatePlan {
  return { name: 'g', number: 'toy.nll', cells, numberName: 'nll', limit, at };
}

function numbers(values: Record<string, number>, extra: Partial<ReportedNumber> = {}): ManifestNumber[] {
  return Object.entries(values).map(([address, value]) => ({
    address,
    stage: address.slice(0, address.lastIndexOf('.')),
    name: 'nll',
    number: { value, unit: 'nats', kind: 'estimate', ...extra },
    closure: digestOf(address),
  }));
}

const replicates = (values: readonly number[], extra: Partial<ReportedNumber> = {}, stage = 'toy') =>
  numbers(Object.fromEntries(values.map((value, i) => [`${stage}[replicate=${i}].nll`, value])), extra);
const cellsOf = (count: number, stage = 'toy') => Array.from({ length: count }, (_, i) => `${stage}[replicate=${i}]`);

describe('a bound', () => {
  const verdictOf = (limits: { min?: number; max?: number }, values: Record<string, number>, cells = ['toy']) =>
    evaluateGates([gate(bound(limits), cells)], numbers(values))[0]!;

  test('passes at its limits and fails beyond them', () => {
    expect(verdictOf({ min: -1, max: 1 }, { 'toy.nll': 1 }).verdict).toBe('PASS');
    expect(verdictOf({ min: -1, max: 1 }, { 'toy.nll': -1 }).verdict).toBe('PASS');
    expect(verdictOf({ min: -1, max: 1 }, { 'toy.nll': 1.0001 }).verdict).toBe('FAIL');
    expect(verdictOf({ min: -1 }, { 'toy.nll': -1.0001 }).verdict).toBe('FAIL');
  });

  const good = { 'toy[replicate=0].nll': 0.1, 'toy[replicate=1].nll': 0.2 };

  test('over several cells needs all of them within the limits', () => {
    expect(verdictOf({ max: 0.2 }, good, cellsOf(2))).toMatchObject({ verdict: 'PASS', measured: { length: 2 } });
    expect(verdictOf({ max: 0.15 }, good, cellsOf(2))).toMatchObject({
      verdict: 'FAIL',
      reason: 'outside the limits: toy[replicate=1].nll',
    });
  });

  test('on a number that vanished is unmeasured', () => {
    expect(verdictOf({ max: 1 }, {})).toMatchObject({ verdict: 'UNMEASURED', reason: 'not reported: toy.nll' });
    expect(verdictOf({ max: 1 }, { 'toy[replicate=0].nll': 0 }, cellsOf(2))).toMatchObject({
      verdict: 'UNMEASURED',
      reason: 'not reported: toy[replicate=1].nll',
    });
  });

  test('fails on a value outside the limits even while another is missing', () => {
    expect(verdictOf({ max: 1 }, { 'toy[replicate=0].nll': 2 }, cellsOf(2)).verdict).toBe('FAIL');
  });

  test('narrower than one standard error is said to be equality in disguise', () => {
    const warning = (standardError: number) =>
      evaluateGates([gate(bound({ min: 0.9, max: 1.1 }))], numbers({ 'toy.nll': 1 }, { standardError }))[0]!.warning;
    expect(warning(0.09)).toBeUndefined();
    expect(warning(0.11)).toBe(
      'the tolerance 0.1 is below one standard error (0.11): chance alone moves the number out of it',
    );
  });
});

describe('a band', () => {
  const path = 'artifacts/reference/ci.json';
  const references = (value: number, extra: Partial<ReportedNumber> = {}, address = 'toy.nll'): References =>
    new Map([[path, { digest: digestOf('ci'), run: 'run', numbers: numbers({ [address]: value }, extra) }]]);
  const judge = (
    tolerance: { absolute?: number; relative?: number; standardErrors?: number },
    value: number,
    reference: References,
    extra: Partial<ReportedNumber> = {},
  ) =>
    evaluateGates(
      [gate({ kind: 'band', reference: path, tolerance })],
      numbers({ 'toy.nll': value }, extra),
      reference,
    )[0]!;

  test('lies around the number of the reference, whose digest it records', () => {
    const judged = judge({ absolute: 0.5 }, 2.5, references(2));
    expect(judged).toMatchObject({
      verdict: 'PASS',
      measured: [{ address: 'toy.nll', value: 2.5, reference: 2, tolerance: 0.5 }],
      reference: { path, digest: digestOf('ci'), run: 'run', tolerance: { absolute: 0.5 } },
    });
    expect(judge({ absolute: 0.49 }, 2.5, references(2)).verdict).toBe('FAIL');
  });

  test('may be relative, or in standard errors of the difference', () => {
    expect(judge({ relative: 0.1 }, -2.2, references(-2)).verdict).toBe('PASS');
    expect(judge({ relative: 0.1 }, -2.21, references(-2)).verdict).toBe('FAIL');
    // sqrt(0.3^2 + 0.4^2) = 0.5
    const errors = (value: number, k: number) =>
      judge({ standardErrors: k }, value, references(0, { standardError: 0.3 }), { standardError: 0.4 }).verdict;
    expect([errors(1, 2), errors(1.01, 2)]).toEqual(['PASS', 'FAIL']);
  });

  test('without its reference, or the number in it, is unmeasured', () => {
    expect(judge({ absolute: 1 }, 1, new Map())).toMatchObject({
      verdict: 'UNMEASURED',
      reason: `there is no reference "${path}": copy the manifest of a run you trust there`,
    });
    expect(judge({ absolute: 1 }, 1, references(1, {}, 'toy.mae'))).toMatchObject({
      verdict: 'UNMEASURED',
      reason: 'not in the reference: toy.nll',
    });
  });

  test('in standard errors that nobody reports decides nothing', () => {
    expect(judge({ standardErrors: 3 }, 1, references(1)).verdict).toBe('INCONCLUSIVE');
  });

  test('narrower than one case of a proportion is said to be equality in disguise', () => {
    const accuracy = { unit: '1', n: 200 };
    const judged = judge({ absolute: 0.004 }, 0.93, references(0.93), accuracy);
    expect(judged).toMatchObject({
      verdict: 'PASS',
      warning: 'the tolerance 0.004 is below one of the 200 cases: it asks for equality',
    });
    expect(judge({ absolute: 0.005 }, 0.93, references(0.93), accuracy).warning).toBeUndefined();
  });
});

describe('a test over replicates', () => {
  const limit = (changes: Partial<GateLimit & { kind: 'test' }> = {}): GateLimit => ({
    kind: 'test',
    against: 1,
    margin: 0.1,
    level: 0.05,
    better: 'lower',
    ...changes,
  });
  const judge = (values: readonly number[], changes: Partial<GateLimit & { kind: 'test' }> = {}) =>
    evaluateGates([gate(limit(changes), cellsOf(values.length))], replicates(values))[0]!;

  test('passes where the number is shown to be worse by less than the margin', () => {
    // Mean 1.02, standard error 0.01 over 3: t = 8 with 2 degrees of freedom, p = (1 - 8/sqrt(66)) / 2.
    const judged = judge([1.02 - Math.sqrt(3) / 100, 1.02, 1.02 + Math.sqrt(3) / 100]);
    expect(judged.verdict).toBe('PASS');
    expect(judged.test!.result!.p).toBeCloseTo((1 - 8 / Math.sqrt(66)) / 2, 12);
    expect(judged.test!.result).toMatchObject({ paired: false, degreesOfFreedom: 2, tests: 1 });
  });

  test('fails where it is shown to be worse by more, and is inconclusive between', () => {
    expect(judge([1.2, 1.21, 1.19]).verdict).toBe('FAIL');
    expect(judge([1.05, 1.1, 1.15]).verdict).toBe('INCONCLUSIVE');
    expect(judge([0.8, 0.79, 0.81], { better: 'higher' }).verdict).toBe('FAIL');
    expect(judge([0.8, 0.79, 0.81]).verdict).toBe('PASS');
  });

  test('needs two replicates that differ, and a direction', () => {
    expect(judge([1])).toMatchObject({ verdict: 'INCONCLUSIVE', reason: expect.stringContaining('too few') });
    expect(judge([1, 1, 1])).toMatchObject({ verdict: 'INCONCLUSIVE', reason: expect.stringContaining('all equal') });
    expect(judge([0.5, 0.6], { better: null })).toMatchObject({
      verdict: 'INCONCLUSIVE',
      reason: expect.stringContaining('which direction'),
    });
    const said = evaluateGates(
      [gate(limit({ better: null }), cellsOf(3))],
      replicates([1, 1.01, 0.99], { better: 'lower' }),
    );
    expect(said[0]).toMatchObject({ verdict: 'PASS', test: { better: 'lower' } });
  });

  test('is unmeasured when a replicate of either side is missing', () => {
    const against = { number: 'base.nll', cells: cellsOf(2, 'base'), numberName: 'nll' };
    const plan = gate(limit({ against }), cellsOf(2));
    expect(evaluateGates([plan], replicates([1, 1.1]))[0]).toMatchObject({
      verdict: 'UNMEASURED',
      reason: 'not reported: base[replicate=0].nll, base[replicate=1].nll',
    });
    const paired = gate(limit({ against: { ...against, cells: cellsOf(3, 'base') } }), cellsOf(3));
    const part = [...replicates([1, 1.05]), ...replicates([1, 1.1, 1.2], {}, 'base')];
    expect(evaluateGates([paired], part)[0]).toMatchObject({
      verdict: 'UNMEASURED',
      reason: 'not reported: toy[replicate=2].nll',
    });
  });

  test('is paired where both have the same replicates, and Welch otherwise', () => {
    const against = (count: number) => ({ number: 'base.nll', cells: cellsOf(count, 'base'), numberName: 'nll' });
    const result = (ours: number[], theirs: number[]) =>
      evaluateGates(
        [gate(limit({ against: against(theirs.length) }), cellsOf(ours.length))],
        [...replicates(ours), ...replicates(theirs, {}, 'base')],
      )[0]!;
    // The replicates vary by 10, their differences by 0.01.
    const paired = result([1, 11, 21], [1.01, 11, 20.99]);
    expect(paired).toMatchObject({ verdict: 'PASS', test: { result: { paired: true, degreesOfFreedom: 2 } } });
    const welch = result([1, 2, 3], [1, 3]);
    // Variances of the means 1/3 and 1: (4/3)^2 / ((1/3)^2 / 2 + 1) = 32/19.
    expect(welch.test!.result!.paired).toBe(false);
    expect(welch.test!.result!.degreesOfFreedom).toBeCloseTo(32 / 19, 12);
    expect(welch.test!.result!.standardError).toBeCloseTo(Math.sqrt(4 / 3), 12);
  });

  test('pays for the other tests of the run', () => {
    // p = 0.0288 alone: (1 - t/sqrt(2 + t^2)) / 2 at t = 4.
    const values = [1 - Math.sqrt(3) * 0.02, 1, 1 + Math.sqrt(3) * 0.02].map((value) => value + 0.02);
    const plan = gate(limit(), cellsOf(3));
    const alone = evaluateGates([plan], replicates(values))[0]!;
    expect(alone.verdict).toBe('PASS');
    expect(alone.test!.result!.p).toBeCloseTo((1 - 4 / Math.sqrt(18)) / 2, 12);
    const three = evaluateGates([plan, plan, plan], replicates(values));
    expect(three.map(({ verdict }) => verdict)).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE', 'INCONCLUSIVE']);
    expect(three[0]!.test!.result!.corrected).toBeCloseTo(3 * alone.test!.result!.p, 12);
  });

  test('never both passes and can be reversed by mirroring the numbers', () => {
    const values = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(values, (some) => {
        const lower = judge(some, { margin: 0, against: 0 }).verdict;
        const mirrored = judge(
          some.map((value) => -value),
          { margin: 0, against: 0, better: 'higher' },
        ).verdict;
        expect(mirrored).toBe(lower);
        const reversed = judge(some, { margin: 0, against: 0, better: 'higher' }).verdict;
        if (lower === 'PASS') expect(reversed).toBe('FAIL');
      }),
    );
  });
});

describe('selfTestGates()', () => {
  const tested = (limit: GateLimit, values: ManifestNumber[], cells = ['toy']) =>
    selfTestGates([gate(limit, cells)], values, new Map())[0]!;

  test('shows that each limit of each cell can fail', () => {
    const result = tested(bound({ min: 0, max: 1 }), replicates([0.2, 0.4]), cellsOf(2));
    expect(result).toMatchObject({ canFail: true });
    expect(result.trials.map(({ what, verdict }) => `${what}: ${verdict}`)).toEqual([
      'toy[replicate=0].nll = 1.000001: FAIL',
      'toy[replicate=0].nll = -1e-12: FAIL',
      'toy[replicate=1].nll = 1.000001: FAIL',
      'toy[replicate=1].nll = -1e-12: FAIL',
      'toy[replicate=0].nll gone: UNMEASURED',
    ]);
  });

  test('finds gates that cannot fail: no number, no value beyond the limit, no replicates', () => {
    expect(tested(bound({ max: 1 }), [])).toMatchObject({ canFail: false, reason: 'not reported: toy.nll' });
    expect(tested(bound({ max: Number.MAX_VALUE }), numbers({ 'toy.nll': 1 }))).toMatchObject({ canFail: false });
    const one: GateLimit = { kind: 'test', against: 1, margin: 1, level: 0.05, better: 'lower' };
    expect(tested(one, replicates([1]), cellsOf(1))).toMatchObject({
      canFail: false,
      reason: 'too few replicates: a test needs at least two',
    });
    expect(tested(one, replicates([1, 1.2]), cellsOf(2))).toMatchObject({ canFail: true });
  });
});

test('limitsText() reads as a sentence would', () => {
  const reference = (tolerance: object) => ({ reference: { path: 'ci.json', tolerance } });
  const margin = { against: 'toy.exact', margin: 0.02, level: 0.05 };
  expect(
    [
      { min: 0, max: 1 },
      { max: 0.06 },
      { min: 2 },
      reference({ absolute: 0.1 }),
      reference({ relative: 0.07 }),
      reference({ standardErrors: 3 }),
      { test: { ...margin, better: 'lower' as const } },
      { test: { ...margin, margin: 0, better: 'higher' as const } },
    ].map(limitsText),
  ).toEqual([
    '0 to 1',
    'at most 0.06',
    'at least 2',
    'within 0.1 of ci.json',
    'within 7% of ci.json',
    'within 3 standard errors of ci.json',
    'less than 0.02 above toy.exact, p <= 0.05',
    'above toy.exact, p <= 0.05',
  ]);
});
