// Whether intervals hold, on audits that are made up.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorInterval, type AuditFile } from '../../stages/shared/density-audit.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const none = { value: 0, standardError: 0 };

test('an interval goes from the variance that is seen to the one that correlation may hide, and by two standard errors', () => {
  const seen = { value: 0.6, standardError: 0 };
  const params = { confidence: 0.95, correlation: 0.25 };
  const { low, high } = errorInterval({ value: 1, standardError: 0 }, seen, params);
  expect([low, high]).toEqual([expect.closeTo(1 - 0.4, 10), expect.closeTo(1 - 0.3, 10)]);
  // Of three: .6 / .75 = .8 each, of which a quarter is common to all.
  const average = errorInterval(none, seen, params, 3);
  expect(average.high).toBeCloseTo(-0.1, 10);
  expect(average.low).toBeCloseTo((-0.8 * (1 + 2 * 0.25)) / 3 / 2, 10);
  const wide = errorInterval({ value: 1, standardError: 0.1 }, none, { ...params, correlation: 0 });
  expect(wide.high - wide.low).toBeCloseTo(2 * 1.962 * 0.1, 3);
});

test('coverage: pairs of replicas, what was foretold taken off, and controls apart', () => {
  using directory = temporaryDirectory();
  const auditOf = (toy: string, measured: readonly number[], half: number): string => {
    const rows = measured.map((value, i) => {
      return {
        name: `replica-${i}`,
        logZ: { value: -0.2, standardError: 0.01 },
        measured: { value, standardError: 0 },
      };
    });
    // The pairs 0, 1 and 2, 3 differ by as much, all others by what must not be looked at.
    const halfVariances = measured.map((_, i) =>
      measured.slice(0, i).map((_, j) => (i % 2 && j === i - 1 ? half : 99)),
    );
    const file: AuditFile = { cell: { toy }, rows, halfVariances };
    const path = join(directory.path, `${toy}.json`);
    writeFileSync(path, JSON.stringify(file));
    return path;
  };
  const numbers = runStageProcess(directory.path, {
    stage: 'audit-coverage',
    params: { audit: { confidence: 0.95, correlation: 0 } },
    inputs: {
      audits: [auditOf('right', [-0.3, -0.31, -0.3, -0.35, 7], 0.2)],
      failing: [auditOf('wrong', [-1.3, -1.3], 0.2)],
    },
    outputs: ['figure'],
  });
  const value = (name: string): number => numbers[name]!.value;
  expect([value('coverage'), numbers['coverage']!.n]).toEqual([0.75, 4]);
  expect(value('coverage.right')).toBe(0.75);
  expect(value('error-before.right')).toBeCloseTo(0.315, 10);
  expect(value('error-after.right')).toBeCloseTo(0.015, 10);
  expect(value('coverage.wrong')).toBe(0);
  expect(value('miss.wrong')).toBeCloseTo(-1, 10);
});
