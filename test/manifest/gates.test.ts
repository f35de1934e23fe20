// Verdicts: what was not measured does not pass.
import { expect, test } from 'vitest';
import { evaluateGates, limitsText } from '../../src/manifest/gates.ts';
import type { GatePlan } from '../../src/pipeline/plan.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import type { ManifestNumber } from '../../src/schema/types.ts';
import { digestOf } from './sample.ts';

const at = { file: new SourceFile('pipeline.yaml', ''), span: { start: 0, end: 0 } };

function gate(changes: Partial<GatePlan>): GatePlan {
  return { name: 'g', number: 'toy.nll', cells: ['toy'], numberName: 'nll', min: null, max: null, at, ...changes };
}

function numbers(values: Record<string, number>): ManifestNumber[] {
  return Object.entries(values).map(([address, value]) => ({
    address,
    stage: address.slice(0, address.lastIndexOf('.')),
    name: 'nll',
    number: { value, unit: 'nats', kind: 'estimate' },
    closure: digestOf(address),
  }));
}

const verdictOf = (changes: Partial<GatePlan>, values: Record<string, number>) =>
  evaluateGates([gate(changes)], numbers(values))[0]!;

test('a gate passes at its limits and fails beyond them', () => {
  expect(verdictOf({ min: -1, max: 1 }, { 'toy.nll': 1 }).verdict).toBe('PASS');
  expect(verdictOf({ min: -1, max: 1 }, { 'toy.nll': -1 }).verdict).toBe('PASS');
  expect(verdictOf({ min: -1, max: 1 }, { 'toy.nll': 1.0001 }).verdict).toBe('FAIL');
  expect(verdictOf({ min: -1 }, { 'toy.nll': -1.0001 }).verdict).toBe('FAIL');
});

const cells = ['toy[replicate=0]', 'toy[replicate=1]'];

test('a gate over several cells needs all of them within the limits', () => {
  const good = { 'toy[replicate=0].nll': 0.1, 'toy[replicate=1].nll': 0.2 };
  expect(verdictOf({ cells, max: 0.2 }, good)).toMatchObject({ verdict: 'PASS', measured: { length: 2 } });
  expect(verdictOf({ cells, max: 0.15 }, good)).toMatchObject({
    verdict: 'FAIL',
    reason: 'outside the limits: toy[replicate=1].nll',
  });
});

test('a number that vanished leaves the gate unmeasured', () => {
  expect(verdictOf({ max: 1 }, {})).toMatchObject({ verdict: 'UNMEASURED', reason: 'not reported: toy.nll' });
  expect(verdictOf({ cells, max: 1 }, { 'toy[replicate=0].nll': 0 })).toMatchObject({
    verdict: 'UNMEASURED',
    reason: 'not reported: toy[replicate=1].nll',
  });
});

test('a value outside the limits fails a gate even while another is missing', () => {
  expect(verdictOf({ cells, max: 1 }, { 'toy[replicate=0].nll': 2 }).verdict).toBe('FAIL');
});

test('limitsText() reads as a sentence would', () => {
  expect([{ min: 0, max: 1 }, { max: 0.06 }, { min: 2 }].map(limitsText)).toEqual([
    '0 to 1',
    'at most 0.06',
    'at least 2',
  ]);
});
