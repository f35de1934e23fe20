import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRunId, momentOfRun } from '../../src/store/run-id.ts';

test('makeRunId() names the moment, and momentOfRun() reads it', () => {
  const id = makeRunId('2026-11-23T22:15:00.999Z', []);
  expect(id).toMatch(/^20261123T221500Z-3e7[0-9a-f]$/);
  expect(momentOfRun(id)).toBe(Date.parse('2026-11-23T22:15:00.999Z'));
  for (const other of ['notes', '20261399T000000Z-0000']) expect(momentOfRun(other)).toBeNull();
});

test('makeRunId() sorts after every run there is, whatever the clock says', () => {
  const moment = fc.date({ min: new Date('2001-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(fc.array(moment, { minLength: 2, maxLength: 20 }), (clock) => {
      const ids: string[] = [];
      for (const now of clock) ids.push(makeRunId(now.toISOString(), ['.gitignore', ...ids]));
      expect([...ids].sort()).toEqual(ids);
      expect(new Set(ids).size).toBe(ids.length);
      ids.forEach((id, i) => expect(momentOfRun(id)).toBeGreaterThanOrEqual(clock[i]!.getTime()));
    }),
  );
});
