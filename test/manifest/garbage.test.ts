// Collecting garbage against a model: whatever happened, and wherever it is cut short, what is kept is whole.
import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteGarbage, findGarbage, type KeepRule } from '../../src/manifest/garbage.ts';
import type { StageRecord } from '../../src/schema/types.ts';
import { parseDigest } from '../../src/store/digest.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { faultyFileSystem } from '../rig/faults.ts';
import { sampleRecord } from '../rig/sample-record.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { sketchManifest, sketchStage } from './sample.ts';

const now = '2026-11-23T23:00:00.000Z';
const everything: KeepRule = { keep: null, since: null, now };
const runId = (number: number): string => `20261123T22${String(number).padStart(2, '0')}00Z-0000`;
const endOf = (number: number): string => `2026-11-23T22:${String(number).padStart(2, '0')}:30.000Z`;

/** What a stage with this parameter leaves: its record, an output, a directory, a log, its code. */
function execute(store: Store, value: number, run: number): StageRecord {
  const put = (text: string): string => store.objects.putBytes(text).digest;
  const tree = { path: 'x.txt', digest: put(`inside ${value >> 1}`), executable: false, sizeBytes: 8 };
  const preimage = { params: { value }, code: { 'a.sh': put(`code ${value % 2}`) }, inputs: {} };
  const record = {
    ...sampleRecord(preimage, endOf(run)),
    run: runId(run),
    outputs: {
      model: { path: 'model.bin', digest: put(`model ${value}`), kind: 'file' as const, sizeBytes: 7 },
      frames: {
        path: 'frames/',
        digest: put(JSON.stringify({ a: 'repro.tree/1', entries: [tree] })),
        kind: 'directory' as const,
        sizeBytes: 8,
      },
    },
    log: put(`log ${value}`),
  };
  const known = store.records.read(parseDigest(record.fingerprint));
  if (known) return known;
  store.records.write(record);
  return record;
}

function writeManifest(store: Store, run: number, records: readonly StageRecord[], ended = run): void {
  const stages = records.map((record, i) => ({ ...sketchStage({ id: `s${i}` }), record }));
  const facts = { id: runId(run), startedAt: endOf(ended), finishedAt: endOf(ended), outcome: 'complete' as const };
  const text = JSON.stringify(sketchManifest(stages, { run: facts }));
  for (const path of [`.repro/manifests/${runId(run)}.json`, 'artifacts/manifest.json']) {
    fs.mkdirSync(join(store.root, path, '..'), { recursive: true });
    fs.writeFileSync(join(store.root, path), text);
  }
}

async function expectWhole(store: Store, records: readonly StageRecord[]): Promise<void> {
  for (const { fingerprint, outputs, log, preimage } of records) {
    expect(store.records.read(parseDigest(fingerprint))).not.toBeNull();
    const files = [log, ...Object.values(preimage.code)].map((digest) => ({ digest, kind: 'file' as const }));
    for (const { digest, kind } of [...Object.values(outputs), ...files]) {
      expect(await store.objects.verify(parseDigest(digest), kind, 'thorough'), digest).toBe(true);
    }
  }
}

const objectsIn = (store: Store): number =>
  fs
    .readdirSync(join(store.directory, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).length;

const step = fc.oneof(
  fc.record({ kind: fc.constant('run' as const), values: fc.array(fc.nat(9), { maxLength: 3 }), killed: fc.boolean() }),
  fc.record({ kind: fc.constant('tag' as const), pick: fc.nat() }),
  fc.record({
    kind: fc.constant('collect' as const),
    keep: fc.constantFrom(null, null, 1, 2),
    failing: fc.option(fc.nat(60), { nil: null }),
  }),
);

describe('garbage', () => {
  it('is never what a kept run needs, and all of the rest, also after a collection that was cut short', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        using directory = temporaryDirectory();
        const store = openStore(directory.path);
        /** Runs that must be whole, the oldest first. */
        let runs: { number: number; records: StageRecord[]; killed: boolean; tagged: boolean }[] = [];
        for (const [number, step] of steps.entries()) {
          if (step.kind === 'run') {
            const records = step.values.map((value) => execute(store, value, number));
            if (!step.killed) writeManifest(store, number, records);
            runs.push({ number, records, killed: step.killed, tagged: false });
          } else if (step.kind === 'tag') {
            const run = runs.filter(({ killed }) => !killed)[step.pick % runs.length];
            if (run === undefined) continue;
            fs.mkdirSync(join(store.directory, 'tags'), { recursive: true });
            fs.writeFileSync(
              join(store.directory, 'tags', `t${number}.json`),
              JSON.stringify({ run: runId(run.number) }),
            );
            run.tagged = true;
          } else {
            const rule = { keep: step.keep, since: null, now };
            try {
              const faulty = openStore(directory.path, faultyFileSystem(step.failing, 'EIO').fileSystem);
              deleteGarbage(faulty, findGarbage(faulty, rule).heap);
            } catch (error) {
              // It stops at the fault, or refuses to judge by what it cannot read.
              expect(['EIO', 'store-damaged']).toContain((error as { code?: string }).code);
            }
            const latest = runs.findLast(({ killed }) => !killed);
            if (step.keep === null) continue;
            const newest = runs.slice(-step.keep);
            runs = runs.filter((run) => run.tagged || run === latest || (newest.includes(run) && !run.killed));
          }
        }
        for (const { records } of runs) await expectWhole(store, records);
        deleteGarbage(store, findGarbage(store, everything).heap);
        for (const { records } of runs) await expectWhole(store, records);
        expect(findGarbage(store, everything).heap).toEqual({
          runs: [],
          records: [],
          objects: [],
          others: [],
          bytes: 0,
        });
        expect(fs.existsSync(join(store.directory, 'trash'))).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('is counted before anything is deleted, and goes with the runs that are given up', () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    for (const number of [0, 1, 2]) writeManifest(store, number, [execute(store, number, number)]);
    store.objects.putBytes('nobody names this');
    const before = objectsIn(store);
    const { kept, heap } = findGarbage(store, everything);
    expect(kept).toMatchObject({ runs: 3, tagged: 0, records: 3 });
    expect([heap.runs, heap.records, heap.objects.length, heap.bytes]).toEqual([[], [], 1, 17]);
    expect(objectsIn(store)).toBe(before);
    const old = findGarbage(store, { keep: null, since: endOf(2), now });
    expect(old.heap.runs).toEqual([`.repro/manifests/${runId(0)}.json`, `.repro/manifests/${runId(1)}.json`]);
    deleteGarbage(store, old.heap);
    expect(fs.readdirSync(join(store.directory, 'manifests'))).toEqual([`${runId(2)}.json`]);
    expect(store.records.list()).toHaveLength(1);
  });

  it('is old by its end where its name lies in the future, and by its name too where that does not', () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    writeManifest(store, 5, [], 0);
    writeManifest(store, 9, []);
    const dropped = (clock: number): readonly string[] =>
      findGarbage(store, { keep: null, since: endOf(1), now: endOf(clock) }).heap.runs;
    expect(dropped(6)).toEqual([]);
    expect(dropped(4)).toEqual([`.repro/manifests/${runId(5)}.json`]);
  });

  it('cannot be told when a manifest cannot be read', () => {
    using directory = temporaryDirectory({ '.repro/manifests/broken.json': '{' });
    expect(() => findGarbage(openStore(directory.path), everything)).toThrow(/broken\.json" is not a manifest/);
  });
});
