// What executions of one fingerprint gave together, and where it is remembered.
import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestBytes, parseDigest } from '../../src/store/digest.ts';
import { classOf } from '../../src/store/repeats.ts';
import { openStore } from '../../src/store/store.ts';
import { sampleRecord } from '../rig/sample-record.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

test.each([
  ['equal', [{ value: 1 }, { value: 1 }], 'bitwise'],
  [
    'another error',
    [
      { value: 1, standardError: 0.1 },
      { value: 1, standardError: 0.2 },
    ],
    'within-error',
  ],
  [
    'within every error',
    [
      { value: 1, standardError: 0.25 },
      { value: 1.25, standardError: 0.5 },
    ],
    'within-error',
  ],
  [
    'beyond the smaller error',
    [
      { value: 1, standardError: 0.05 },
      { value: 1.1, standardError: 0.2 },
    ],
    'unstable',
  ],
  ['no error stated', [{ value: 1, standardError: 0.5 }, { value: 1.1 }], 'unstable'],
  ['three whose ends are too far apart', [0, 0.08, 0.16].map((value) => ({ value, standardError: 0.1 })), 'unstable'],
] as const)('classOf() of %s', (_, measured, expected) => expect(classOf(measured)).toBe(expected));

test('repeats are kept with the recorded execution first, and audited together', () => {
  using directory = temporaryDirectory();
  const record = sampleRecord();
  const fingerprint = parseDigest(record.fingerprint);
  const { repeats } = openStore(directory.path);
  expect(repeats.audit(fingerprint)).toBeUndefined();
  repeats.add(record, { ...record, run: 'second', numbers: { nll: { ...record.numbers.nll!, value: 1.5 } } });
  expect(repeats.read(fingerprint).map(({ run }) => run)).toEqual([record.run, 'second']);
  const again = openStore(directory.path).repeats;
  again.add(record, { run: 'third', finishedAt: record.finishedAt, failure: 'Ended with exit code 1' });
  const other = { ...record.outputs.model!, digest: digestBytes('other') };
  again.add(record, { ...record, run: 'fourth', outputs: { ...record.outputs, model: other }, numbers: {} });
  expect(openStore(directory.path).repeats.audit(fingerprint)).toEqual({
    executions: 3,
    failures: 1,
    outputs: { model: 'unstable', frames: 'bitwise' },
    numbers: { nll: { class: 'unstable', min: 1.25, max: 1.5 } },
  });
});

test('a damaged history counts as none', () => {
  using directory = temporaryDirectory();
  const record = sampleRecord();
  const fingerprint = parseDigest(record.fingerprint);
  openStore(directory.path).repeats.add(record, { ...record, run: 'second' });
  const file = join(directory.path, '.repro/repeats', `${fingerprint.slice('sha256:'.length)}.json`);
  fs.writeFileSync(file, fs.readFileSync(file).subarray(0, 50));
  expect(openStore(directory.path).repeats.audit(fingerprint)).toBeUndefined();
});

test('a duration is not held against an execution', () => {
  using directory = temporaryDirectory();
  const took = (value: number) => {
    const record = sampleRecord();
    return { ...record, numbers: { ...record.numbers, seconds: { value, unit: 's', kind: 'timing' as const } } };
  };
  const { repeats } = openStore(directory.path);
  repeats.add(took(2), { ...took(3), run: 'second' });
  expect(repeats.audit(parseDigest(took(2).fingerprint))?.numbers).toEqual({
    nll: { class: 'bitwise', min: 1.25, max: 1.25 },
  });
});
