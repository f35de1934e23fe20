// What a stage is told: whole numbers beyond 2^53 are no integers, in whatever language it reads them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignmentText } from '../../src/runner/assignment-text.ts';
import type { StageAssignment } from '../../src/schema/types.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { Rig } from '../rig/rig.ts';

const assignment = (params: Record<string, unknown>): StageAssignment => ({
  protocol: 1,
  stage: 's',
  cell: {},
  seed: 2 ** 48 - 1,
  threads: 1,
  params,
  inputs: {},
  outputs: {},
});

const values = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: 16, max: 60 }).map((power) => 3 * 2 ** power),
  fc.string({ unit: fc.constantFrom('9', '"', '\\\\', ' ', '.', '-'), maxLength: 30 }),
);

test('says every value as it is, and no integer beyond 2^53', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.array(values)), (params) => {
      const text = assignmentText(assignment(params));
      expect(canonicalJson(JSON.parse(text))).toBe(canonicalJson(assignment(params)));
      for (const [integer] of text.replace(/"(?:[^"\\\\]|\\\\.)*"/g, '').matchAll(/(?<![\d.])-?\d+(?![\d.e])/g)) {
        expect(Number.isSafeInteger(Number(integer)), integer).toBe(true);
      }
    }),
  );
});

test('a stage in Python gets a float, reports one, and the manifest has it', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': `name: t
params: { flops: 1.8446744073709551616e19, mole: 6.02e23, one: 1.0 }
stages:
  s: { run: [python3, s.py], code: [s.py], params: [flops, mole, one], numbers: n.json }
`,
    's.py': `import json, os
params = json.load(open(os.environ["REPRO_STAGE"]))["params"]
assert params["flops"] == 2.0**64 and isinstance(params["flops"], float), params
json.dump({k: {"value": v * 2, "unit": "1", "kind": "exact"} for k, v in params.items()}, open("n.json", "w"))
`,
  });
  const { cells } = await rig.run();
  expect(cells[0]!.record?.numbers).toMatchObject({
    flops: { value: 2 ** 65 },
    mole: { value: 1.204e24 },
    one: { value: 2 },
  });
  expect((await rig.repro('run')).code).toBe(0);
  expect((await rig.repro('verify')).code).toBe(0);
});
