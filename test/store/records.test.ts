import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDigest } from '../../src/store/digest.ts';
import { sealJson } from '../../src/store/sealed-json.ts';
import { statKey } from '../../src/store/stat-cache.ts';
import { openStore } from '../../src/store/store.ts';
import { everyFlip, everyTruncation } from '../rig/damage.ts';
import { sampleRecord } from '../rig/sample-record.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

describe('Records', () => {
  it('gives back what was written, and null for what was not', () => {
    using directory = temporaryDirectory();
    const record = sampleRecord();
    openStore(directory.path).records.write(record);
    const { records } = openStore(directory.path);
    expect(records.read(parseDigest(record.fingerprint))).toEqual(record);
    expect(records.read(parseDigest(sampleRecord({ seed: 1 }).fingerprint))).toBeNull();
  });

  it('gives the sample this fingerprint; a change here is a new format version', () => {
    expect(sampleRecord().fingerprint).toBe('sha256:c2042e03e4c08ea7566c3421af5d169d7a176bcc788c04d9113b2b89ad059115');
  });

  it('refuses to write a record whose fingerprint is not that of its preimage, or that is not valid', () => {
    using directory = temporaryDirectory();
    const { records } = openStore(directory.path);
    const record = sampleRecord();
    expect(() => records.write({ ...record, preimage: { ...record.preimage, seed: 1 } })).toThrow(/Internal error/);
    expect(() => records.write({ ...record, seconds: -1 })).toThrow(/Internal error/);
    expect(records.list()).toEqual([]);
  });

  it('counts a record as missing, and sets it aside, for every truncation and flipped bit', () => {
    using directory = temporaryDirectory();
    const record = sampleRecord();
    const fingerprint = parseDigest(record.fingerprint);
    const store = openStore(directory.path);
    store.records.write(record);
    const path = store.records.path(fingerprint);
    const bytes = fs.readFileSync(path);
    const damages = [...everyTruncation(bytes, 7), ...everyFlip(bytes, 7)];
    for (const damaged of damages) {
      fs.writeFileSync(path, damaged);
      expect(store.records.read(fingerprint)).toBeNull();
      expect(fs.existsSync(path)).toBe(false);
    }
    expect(store.takeDamage()).toHaveLength(damages.length);
  });

  it('leaves a record of a later format where it is: it is whole, for another version of the program', () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const record = sampleRecord();
    const fingerprint = parseDigest(record.fingerprint);
    store.records.write(record);
    const text = sealJson({ ...record, format: 'repro.record/3' });
    fs.writeFileSync(store.records.path(fingerprint), text);
    expect(store.records.read(fingerprint)).toBeNull();
    expect(openStore(directory.path).records.earlier(record.preimage.stage, record.preimage.cell, 9)).toEqual([]);
    expect(fs.readFileSync(store.records.path(fingerprint), 'utf8')).toBe(text);
    expect(store.takeDamage()).toEqual([]);
  });

  it('does not take a sound record that lies under the name of another', () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    store.records.write(sampleRecord());
    const other = parseDigest(sampleRecord({ seed: 1 }).fingerprint);
    fs.renameSync(store.records.path(parseDigest(sampleRecord().fingerprint)), store.records.path(other));
    expect(store.records.read(other)).toBeNull();
  });

  it('finds earlier executions of a cell, the latest first, also when the index is lost, damaged or behind', () => {
    using directory = temporaryDirectory();
    const cell = { toy: 'two', replicate: 1 };
    const seeds = (): number[] =>
      openStore(directory.path)
        .records.earlier('train', cell, 2)
        .map(({ preimage }) => preimage.seed);
    const { records } = openStore(directory.path);
    for (const seed of [1, 2, 3]) records.write(sampleRecord({ seed }, `2026-11-23T22:15:0${seed}.000Z`));
    records.write(sampleRecord({ cell: { toy: 'two', replicate: 2 } }));
    records.write(sampleRecord({ stage: 'other' }));
    expect(seeds()).toEqual([3, 2]);
    const index = join(directory.path, '.repro/cache/records.json');
    fs.rmSync(index);
    expect(seeds()).toEqual([3, 2]);
    fs.writeFileSync(index, fs.readFileSync(index).subarray(0, 100));
    expect(seeds()).toEqual([3, 2]);
    records.write(sampleRecord({ seed: 4 }, '2026-11-23T22:15:04.000Z'));
    expect(seeds()).toEqual([4, 3]);
    fs.rmSync(records.path(parseDigest(sampleRecord({ seed: 4 }).fingerprint)));
    expect(seeds()).toEqual([3, 2]);
    // A later run, while the clock was put back.
    records.write({ ...sampleRecord({ seed: 5 }, '1970-01-01T00:00:00.000Z'), run: '20261123T221500Z-3f3a' });
    expect(seeds()).toEqual([5, 3]);
  });

  it('keeps the index with what was written since it was read, so that nothing of that is read for it again', () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const [old, fresh] = [sampleRecord({ seed: 1 }), sampleRecord({ seed: 2 })];
    store.records.write(old);
    store.records.earlier('train', { toy: 'two', replicate: 1 }, 1);
    store.records.write(fresh);
    store.save();
    const text = fs.readFileSync(join(directory.path, '.repro/cache/records.json'), 'utf8');
    const { entries } = JSON.parse(text.split('\n')[0]!) as { entries: Readonly<Record<string, unknown>> };
    const names = [old, fresh].map(({ fingerprint }) => fingerprint.slice('sha256:'.length));
    expect(Object.keys(entries).sort()).toEqual(names.sort());
  });

  it('need not be read where they are known, while the status of their files is the same', () => {
    using directory = temporaryDirectory();
    const store = openStore(directory.path);
    const { records } = store;
    const record = sampleRecord();
    const fingerprint = parseDigest(record.fingerprint);
    const path = records.path(fingerprint);
    records.write(record);
    records.know(new Map([[fingerprint, { record, key: statKey(fs.statSync(path, { bigint: true })) }]]));
    expect(records.read(fingerprint)).toBe(record);
    fs.writeFileSync(path, fs.readFileSync(path));
    fs.utimesSync(path, 1, 1);
    expect(records.read(fingerprint)).not.toBe(record);
    expect(records.read(fingerprint)).toEqual(record);
    fs.writeFileSync(path, 'damaged');
    expect(records.read(fingerprint)).toBeNull();
    expect(store.takeDamage()).toHaveLength(1);
    expect(records.read(fingerprint)).toBeNull();
  });
});
