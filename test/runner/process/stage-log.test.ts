import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StageLog } from '../../../src/runner/process/stage-log.ts';
import type { LogLimits } from '../../../src/runner/process/stage-log.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

it('keeps the beginning and the end of what is printed, and says how much is left out between them', () => {
  using directory = temporaryDirectory();
  let file = 0;
  const lines = fc.array(fc.string({ maxLength: 30, unit: fc.constantFrom('a', 'ä', ' ') }), { maxLength: 60 });
  fc.assert(
    fc.property(lines, fc.nat(100), fc.integer({ min: 1, max: 100 }), (texts, beginning, end) => {
      const path = join(directory.path, String(file++));
      print(path, { beginning, end }, texts);
      const whole = Buffer.from(texts.map((text) => `${text}\n`).join(''));
      const written = readFileSync(path);
      const note = /^\[(\d+) bytes are left out here: the log is too long\]\n/m.exec(written.toString('latin1'));
      if (note === null) {
        expect(written).toEqual(whole);
        return;
      }
      const before = written.subarray(0, note.index);
      const after = written.subarray(note.index + note[0].length);
      expect(before.length).toBeLessThanOrEqual(beginning);
      expect(after.length).toBeLessThanOrEqual(end);
      expect(before.length + after.length + Number(note[1])).toBe(whole.length);
      expect(whole.subarray(0, before.length)).toEqual(before);
      expect(whole.subarray(whole.length - after.length)).toEqual(after);
      // Whole lines, and as many as there is room for.
      const lengths = texts.map((text) => Buffer.byteLength(text) + 1);
      const first = texts.findIndex((_, i) => sum(lengths.slice(0, i + 1)) > beginning);
      expect(before.length).toBe(sum(lengths.slice(0, first)));
      const last = texts.findLastIndex((_, i) => sum(lengths.slice(i)) > end);
      expect([sum(lengths.slice(last + 1)), after.length]).toEqual([after.length, after.length]);
    }),
  );
});

it('goes on with the log of an attempt before, within the same bound', () => {
  using directory = temporaryDirectory({ log: 'first\n' });
  const path = join(directory.path, 'log');
  print(path, { beginning: 12, end: 8 }, ['12345', 'lost', 'more', 'last']);
  expect(readFileSync(path, 'utf8')).toBe('first\n12345\n[10 bytes are left out here: the log is too long]\nlast\n');
});

function print(path: string, limits: LogLimits, lines: readonly string[]): void {
  using log = new StageLog(path, limits);
  for (const line of lines) log.write(Buffer.from(line));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
