// A record with everything in it, for tests of what is stored.
import type { StageRecord } from '../../src/schema/types.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { fingerprintOf } from '../../src/store/records.ts';

/** A valid record whose preimage differs from the sample's by `changes`. */
export function sampleRecord(
  changes: Partial<StageRecord['preimage']> = {},
  finishedAt = '2026-11-23T22:15:00.000Z',
): StageRecord {
  const preimage: StageRecord['preimage'] = {
    format: 'repro.fingerprint/2',
    stage: 'train',
    cell: { toy: 'two', replicate: 1 },
    run: ['stages/train.ts'],
    params: { train: { steps: 3000, rate: 0.002 } },
    inputs: {
      dataset: { path: 'd.bin', digest: digestBytes('dataset') },
      all: [
        { path: 'x', digest: digestBytes('a') },
        { path: 'x', digest: digestBytes('b') },
      ],
      none: null,
    },
    outputs: { model: 'model.bin', frames: 'frames/' },
    numbers: 'numbers.json',
    code: { 'stages/train.ts': digestBytes('code') },
    packages: { 'onnxruntime-node@1.30.0': 'sha512-abc==' },
    runtime: { node: 'v20.20.2' },
    env: { HF_HOME: null },
    seed: 139552163219871,
    threads: 2,
    ...changes,
  };
  return {
    format: 'repro.record/2',
    fingerprint: fingerprintOf(preimage),
    preimage,
    outputs: Object.fromEntries(
      Object.entries(preimage.outputs).map(([name, path]) => [
        name,
        { path, digest: digestBytes(name), kind: path.endsWith('/') ? 'directory' : 'file', sizeBytes: 5 },
      ]),
    ),
    numbers: { nll: { value: 1.25, unit: 'nats', kind: 'estimate', n: 100, standardError: 0.5, better: 'lower' } },
    log: digestBytes('log'),
    run: '20261123T221500Z-3f2a',
    startedAt: '2026-11-23T22:14:00.000Z',
    finishedAt,
    seconds: 60.5,
    environment: { platform: 'linux', arch: 'x64', cpu: 'x', cores: 2, memoryBytes: 1024, node: 'v20.20.2' },
  };
}
