// What `gc --remote` gives up, in a directory whose files are as old as the test says.
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildManifest } from '../../src/manifest/manifest.ts';
import { DirectoryRemote } from '../../src/remote/directory.ts';
import type { Trust } from '../../src/remote/envelope.ts';
import { Fetcher } from '../../src/remote/fetcher.ts';
import { RemoteCollection, type RemoteRule } from '../../src/remote/garbage.ts';
import { thisPlatform } from '../../src/remote/keys.ts';
import { Pusher } from '../../src/remote/pusher.ts';
import { RemoteFault } from '../../src/remote/remote.ts';
import { readEnvironment } from '../../src/runner/environment.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { openStore } from '../../src/store/store.ts';
import { Rig } from '../rig/rig.ts';
import { sharedFiles } from '../rig/shared-project.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../rig/temporary.ts';

const { signal } = new AbortController();
const day = 24 * 3600 * 1000;
const days = (ago: number): number => Date.now() - ago * day;

/** A project whose runs are pushed, and the directory that they are pushed to. */
class Shared implements AsyncDisposable {
  readonly #directory: TemporaryDirectory = temporaryDirectory({});
  readonly at = this.#directory.path;
  readonly remote = new DirectoryRemote(this.at);
  readonly rig: Rig;

  private constructor(rig: Rig) {
    this.rig = rig;
  }

  static async open(name = 'shared'): Promise<Shared> {
    const text = sharedFiles['pipeline.yaml']!.replace('name: shared', `name: ${name}`);
    return new Shared(await Rig.create({ ...sharedFiles, 'pipeline.yaml': text }));
  }

  /** Runs with a text, and pushes; its id. */
  async push(text: string, { tags = [] as string[], remote = this.remote, isRun = true } = {}): Promise<string> {
    const result = await this.rig.run({ overrides: { text } });
    const manifest = buildManifest(this.rig.plan({ text }), result, {
      pipelineDigest: digestBytes(this.rig.read('pipeline.yaml')),
      git: null,
      gitGaps: ['This is not in a git repository'],
      environment: readEnvironment(),
      references: new Map(),
    });
    const pusher = new Pusher(remote, { store: openStore(this.rig.root), key: null, signal });
    if (isRun) await pusher.run({ manifest, text: canonicalJson(manifest), tags });
    else await pusher.results(result.cells.map(({ cell, record }) => ({ id: cell.id, record: record! })));
    return result.runId;
  }

  collection(rule: Partial<RemoteRule> = {}, trust: Trust = 'anyone'): RemoteCollection {
    const options = { store: openStore(this.rig.root), platforms: [thisPlatform()], signal };
    return new RemoteCollection(
      new Fetcher(this.remote, { ...options, trust: 'anyone' }),
      new Fetcher(this.remote, { ...options, trust }),
      { project: 'shared', keep: 1, since: null, young: days(7), unnamed: days(7), ...rule },
    );
  }

  files(part = ''): string[] {
    return readdirSync(this.at, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => file.includes(part))
      .sort();
  }

  /** Makes all that is there, or some of it, so many days old. */
  age(ago: number, part = ''): void {
    for (const file of this.files(part)) utimesSync(file, new Date(days(ago)), new Date(days(ago)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
    this.#directory[Symbol.dispose]();
  }
}

const numbers = ({
  runs,
  records,
  objects,
}: {
  runs: readonly unknown[];
  records: readonly unknown[];
  objects: readonly unknown[];
}) => [runs.length, records.length, objects.length];

test('an old run goes with what it alone names; the latest and tagged ones stay whole', async () => {
  await using shared = await Shared.open();
  await shared.push('first');
  await shared.push('tagged', { tags: ['best'] });
  await shared.push('latest');
  expect(numbers(await shared.collection().find())).toEqual([0, 0, 0]);
  shared.age(8);
  const before = shared.files();
  // Of the first: records of `make` and `measure`, and data.txt, which is copy.txt as well, and two logs at most.
  const found = await shared.collection().find();
  expect(found).toMatchObject({ kept: { runs: 2, tagged: 1 }, notes: [] });
  expect(numbers(found).slice(0, 2)).toEqual([1, 2]);
  expect(shared.files()).toEqual(before);
  await shared.collection().collect();
  expect(shared.files('manifests')).toHaveLength(2);
  expect(numbers(await shared.collection().find())).toEqual([0, 0, 0]);
  await using other = await Shared.open();
  const fetcher = new Fetcher(shared.remote, {
    store: openStore(other.rig.root),
    trust: 'anyone',
    platforms: [thisPlatform()],
    signal,
  });
  const { fetchManifest, fetchRun, fetchTag } = await import('../../src/remote/runs.ts');
  const run = await fetchManifest(fetcher, (await fetchTag(fetcher, 'best'))!);
  expect((await fetchRun(fetcher, run!, true)).missing).toEqual([]);
});

test('runs of other projects, of other keys and of the last days stay, and so do results of no run while they are young', async () => {
  await using shared = await Shared.open();
  await using other = await Shared.open('another');
  await shared.push('first');
  await other.push('theirs', { remote: shared.remote });
  shared.age(30);
  await shared.push('unnamed', { isRun: false });
  await shared.push('latest');
  shared.age(3, 'records');
  const found = await shared.collection({ since: new Date(days(-1)).toISOString() }).find();
  expect(numbers(found)).toEqual([1, 0, 0]);
  shared.age(30);
  expect((await shared.collection().find()).records).toHaveLength(4);
  expect(numbers(await shared.collection({ unnamed: days(90) }).find())).toEqual([1, 0, 0]);
  const untrusted = await shared.collection({}, []).find();
  expect(untrusted.runs).toEqual([]);
  expect(untrusted.notes).toEqual([expect.stringContaining('is signed by no key that is trusted: it is kept')]);
});

test('what cannot be read keeps all that it might name', async () => {
  for (const [part, expected] of [
    ['manifests', 'every result is kept'],
    ['tags', 'no run is given up'],
    ['records', 'every object is kept'],
  ] as const) {
    await using shared = await Shared.open();
    await shared.push('first', { tags: part === 'tags' ? ['best'] : [] });
    await shared.push('latest');
    const [, last] = [...shared.files(part), ...shared.files(part)].slice(-2);
    const harmed =
      part === 'records' ? shared.files(part).find((file) => readFileSync(file, 'utf8').includes('"payload"'))! : last!;
    writeFileSync(harmed, '{}');
    shared.age(30);
    if (part === 'records') shared.age(1, harmed);
    const { notes, objects } = await shared.collection().collect();
    expect(notes.join()).toContain(expected);
    expect(objects).toEqual([]);
  }
});

test('what is pushed while it is collected is whole afterwards', async () => {
  await using shared = await Shared.open();
  await shared.push('old');
  await shared.push('latest');
  shared.age(30);
  // Between the first look and the last, somebody pushes a run that needs what was garbage.
  const { remove } = DirectoryRemote.prototype;
  let pushed: Promise<string> | null = null;
  shared.remote.remove = async function (keys, aborted) {
    await remove.call(this, keys, aborted);
    pushed ??= shared.push('old');
    await pushed;
  };
  await shared.collection().collect();
  expect(pushed).not.toBeNull();
  await using other = await Shared.open();
  const fetcher = new Fetcher(shared.remote, {
    store: openStore(other.rig.root),
    trust: 'anyone',
    platforms: [thisPlatform()],
    signal,
  });
  const { fetchManifest, fetchRun } = await import('../../src/remote/runs.ts');
  const run = await fetchManifest(fetcher, await pushed!);
  expect((await fetchRun(fetcher, run!, true)).missing).toEqual([]);
});

test('killed after any of its steps, it leaves nothing that promises what is gone', async () => {
  for (let step = 1; step <= 3; step++) {
    await using shared = await Shared.open();
    await shared.push('old');
    const latest = await shared.push('latest');
    shared.age(30);
    const { remove } = DirectoryRemote.prototype;
    let count = 0;
    shared.remote.remove = async function (keys, aborted) {
      if (++count > step) throw new RemoteFault('unreachable', 'gone');
      // The last step is killed in the middle of it.
      await remove.call(this, count === step ? keys.slice(0, 1) : keys, aborted);
      if (count === step) throw new RemoteFault('unreachable', 'gone');
    };
    await expect(shared.collection().collect()).rejects.toThrow('gone');
    shared.remote.remove = remove;
    await using other = await Shared.open();
    const fetcher = new Fetcher(shared.remote, {
      store: openStore(other.rig.root),
      trust: 'anyone',
      platforms: [thisPlatform()],
      signal,
    });
    const { fetchManifest, fetchRun } = await import('../../src/remote/runs.ts');
    const run = await fetchManifest(fetcher, latest);
    expect((await fetchRun(fetcher, run!, true)).missing).toEqual([]);
    for (const file of shared.files('records')) {
      const name = file.split('/').slice(-2).join('').replace('.json', '');
      expect(await fetcher.result(`sha256:${name}`)).toBe(true);
    }
  }
});

test('what killed uploads and checks have left goes when it is old, and hides nothing', async () => {
  await using shared = await Shared.open();
  await shared.push('first');
  await shared.push('latest', { tags: ['best'] });
  const folders = ['objects', 'records', 'manifests', 'tags'];
  // The second is nginx's name for what it copies from another disk.
  const left = folders.flatMap((part) => ['.part~1', '.0000000008'].map((end) => `${shared.files(part)[0]!}${end}`));
  const probe = path.join(shared.at, 'v1/probes/0f0e');
  mkdirSync(path.dirname(probe));
  for (const file of [...left, probe]) writeFileSync(file, 'half');
  expect((await shared.collection().find()).parts).toEqual([]);
  shared.age(8);
  const found = await shared.collection().collect();
  expect(found).toMatchObject({ parts: { length: 9 }, runs: { length: 1 }, notes: [] });
  expect(left.filter((file) => existsSync(file))).toEqual([]);
  expect(readdirSync(path.join(shared.at, 'v1'))).not.toContain('probes');
});
