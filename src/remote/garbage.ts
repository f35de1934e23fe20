// What a remote holds for no run that is kept. Others may share it, and somebody may be pushing right now: what cannot be read
// keeps all that it might name, what is young stays, and before each step what has come meanwhile is looked at.
import { ReproError } from '../error.ts';
import { readManifest } from '../manifest/manifest.ts';
import type { StageRecord } from '../schema/types.ts';
import { parseDigest } from '../store/digest.ts';
import { refusedRecord } from '../store/records.ts';
import { type Fetcher, parseJson } from './fetcher.ts';
import { folders, objectKey } from './keys.ts';
import { inParallel } from './parallel.ts';
import { probeFolder } from './probe.ts';
import { type Entry, RemoteFault } from './remote.ts';

export interface RemoteRule {
  /** Name of the pipeline whose runs may be given up; those of others stay. */
  readonly project: string;
  /** Keep the latest runs, this many; null: all. */
  readonly keep: number | null;
  /** Keep runs that ended at this moment (ISO 8601) or later; null: all. */
  readonly since: string | null;
  /** By the remote's clock, milliseconds since 1970: what was put later stays. */
  readonly young: number;
  /** The same for results that no run names. */
  readonly unnamed: number;
}

/** A run, as far as it matters what it names. */
interface Named {
  readonly entry: Entry;
  readonly id: string;
  readonly project: string;
  readonly endedAt: string;
  readonly fingerprints: readonly string[];
  readonly records: readonly StageRecord[];
}

export interface RemoteGarbage {
  readonly kept: { readonly runs: number; readonly tagged: number; readonly records: number; readonly objects: number };
  readonly runs: readonly Entry[];
  readonly records: readonly Entry[];
  readonly objects: readonly Entry[];
  /** What killed uploads left, and killed checks. */
  readonly parts: readonly Entry[];
  /** What was kept because it could not be read, as sentences. */
  readonly notes: readonly string[];
}

/** Of what is put by this program; servers have names of their own for what they have begun to write. */
const finalName = /^v1\/(objects\/[0-9a-f]{2}\/[0-9a-f]{62}|[a-z]+\/[^~]+\.json)$/;
const whole = (entries: readonly Entry[]): Entry[] => entries.filter(({ key }) => finalName.test(key));
const parts = (entries: readonly Entry[]): Entry[] => entries.filter(({ key }) => !finalName.test(key));

export class RemoteCollection {
  /** Believes everybody: what is kept needs no trust. */
  readonly #reader: Fetcher;
  readonly #trusting: Fetcher;
  readonly #rule: RemoteRule;
  readonly #runs = new Map<string, Named | null>();
  readonly #records = new Map<string, StageRecord | null>();
  readonly #files = new Map<string, readonly string[]>();
  readonly #notes = new Set<string>();

  /** @param trusting Gives up no run that it does not believe */
  constructor(reader: Fetcher, trusting: Fetcher, rule: RemoteRule) {
    this.#reader = reader;
    this.#trusting = trusting;
    this.#rule = rule;
  }

  /** What could be deleted now. @throws {RemoteFault} also where the remote cannot be listed */
  async find(): Promise<RemoteGarbage> {
    const isOld = ({ modified }: Entry): boolean => modified < this.#rule.unnamed;
    // First what is named, then what names it: what comes between the two is not among the first.
    const objects = await this.#list(folders.objects);
    const records = await this.#list(folders.records);
    const manifests = await this.#list(folders.manifests);
    const tags = await this.#list(folders.tags);
    const probes = await this.#list(probeFolder);
    const tagged = await this.#tagged(whole(tags));
    await this.#readRuns(whole(manifests));
    const dropped = await this.#dropped(whole(manifests), tagged);
    const kept = whole(manifests).filter((entry) => !dropped.includes(entry));
    const isBlind = kept.some(({ key }) => this.#runs.get(key) === null);
    const named = new Set(kept.flatMap(({ key }) => this.#runs.get(key)?.fingerprints ?? []));
    const oldRecords = isBlind
      ? []
      : whole(records).filter((entry) => isOld(entry) && !named.has(fingerprintOf(entry.key)));
    const gone = new Set(oldRecords.map(({ key }) => key));
    const live = await this.#live(
      kept,
      whole(records).filter(({ key }) => !gone.has(key)),
    );
    const oldObjects =
      live === null || isBlind ? [] : whole(objects).filter((entry) => isOld(entry) && !live.has(entry.key));
    return {
      kept: {
        runs: kept.length,
        tagged: tagged?.size ?? 0,
        records: whole(records).length - oldRecords.length,
        objects: whole(objects).length - oldObjects.length,
      },
      runs: dropped,
      records: oldRecords,
      objects: oldObjects,
      parts: [...[objects, records, manifests, tags].flatMap(parts), ...probes].filter(isOld),
      notes: [...this.#notes],
    };
  }

  /**
   * Deletes: runs, then records, then objects, so that killed at any moment nothing promises what is gone. Before each it
   * looks again.
   */
  async collect(): Promise<RemoteGarbage> {
    const { runs, parts, notes } = await this.find();
    await this.#remove(runs);
    const { records } = await this.find();
    await this.#remove(records);
    const { objects, kept } = await this.find();
    await this.#remove([...objects, ...parts]);
    await this.#reader.remote.removeEmpty(probeFolder, this.#reader.options.signal);
    return { kept, runs, records, objects, parts, notes };
  }

  async #remove(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const { remote, options } = this.#reader;
    await remote.remove(
      entries.map(({ key }) => key),
      options.signal,
    );
  }

  async #list(folder: string): Promise<Entry[]> {
    const { remote, options } = this.#reader;
    const entries: Entry[] = [];
    for await (const entry of remote.list(folder, options.signal)) entries.push(entry);
    return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Runs that a tag names; null where a tag cannot be read, which may name any. */
  async #tagged(tags: readonly Entry[]): Promise<Set<string> | null> {
    const runs = new Set<string>();
    let isBlind = false;
    await inParallel(tags, async ({ key }) => {
      const text = await this.#text('tag', key);
      const run = text === null ? undefined : (parseJson(text) as { run?: unknown } | undefined)?.run;
      if (typeof run === 'string') runs.add(run);
      else {
        isBlind = true;
        this.#notes.add(`${key} cannot be read: no run is given up, since it may be the one it names`);
      }
    });
    return isBlind ? null : runs;
  }

  async #readRuns(manifests: readonly Entry[]): Promise<void> {
    const unread = manifests.filter(({ key }) => !this.#runs.has(key));
    await inParallel(unread, async (entry) => {
      const run = await this.#readRun(entry);
      this.#runs.set(entry.key, run);
      if (run === null) this.#notes.add(`${entry.key} cannot be read: every result is kept, since it may name any`);
    });
  }

  async #readRun(entry: Entry): Promise<Named | null> {
    const text = await this.#text('manifest', entry.key);
    if (text === null) return null;
    try {
      const { run, pipeline, stages } = readManifest(text, entry.key);
      const records = stages.flatMap(({ record }) => record ?? []);
      const fingerprints = records.map(({ fingerprint }) => fingerprint);
      return { entry, id: run.id, project: pipeline.name, endedAt: run.finishedAt, fingerprints, records };
    } catch (error) {
      if (error instanceof ReproError) return null;
      throw error;
    }
  }

  /** Runs of this project that nothing keeps. */
  async #dropped(manifests: readonly Entry[], tagged: ReadonlySet<string> | null): Promise<Entry[]> {
    const { project, keep, since, young } = this.#rule;
    if (tagged === null || (keep === null && since === null)) return [];
    const ours = manifests
      .flatMap(({ key }) => this.#runs.get(key) ?? [])
      .filter((run) => run.project === project)
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    const newest = new Set(ours.slice(0, Math.max(1, keep ?? 1)));
    const candidates = ours.filter(
      (run) =>
        !newest.has(run) &&
        !tagged.has(run.id) &&
        (since === null || run.endedAt < since) &&
        run.entry.modified < young,
    );
    const dropped: Entry[] = [];
    await inParallel(candidates, async ({ entry }) => {
      if ((await this.#text('manifest', entry.key, this.#trusting)) !== null) dropped.push(entry);
      else this.#notes.add(`${entry.key} is signed by no key that is trusted: it is kept`);
    });
    return dropped;
  }

  /** Keys of objects that kept runs and records name; null where that cannot be known. */
  async #live(manifests: readonly Entry[], records: readonly Entry[]): Promise<Set<string> | null> {
    await inParallel(
      records.filter(({ key }) => !this.#records.has(key)),
      async ({ key }) => {
        const text = await this.#text('record', key);
        const value = text === null ? null : parseJson(text);
        this.#records.set(key, refusedRecord(value) === null ? (value as StageRecord) : null);
      },
    );
    const unreadable = records.filter(({ key }) => this.#records.get(key) === null);
    if (unreadable.length > 0) {
      for (const { key } of unreadable)
        this.#notes.add(`${key} cannot be read: every object is kept, since it may name any`);
      return null;
    }
    const all = [
      ...manifests.flatMap(({ key }) => this.#runs.get(key)?.records ?? []),
      ...records.map(({ key }) => this.#records.get(key)!),
    ];
    const live = new Set<string>();
    await inParallel(all, async ({ outputs, log, curves, preimage }) => {
      const files = [log, ...(curves === undefined ? [] : [curves])];
      for (const digest of [...files, ...Object.values(preimage.code)]) live.add(objectKey(parseDigest(digest)));
      for (const { digest, kind } of Object.values(outputs)) {
        live.add(objectKey(parseDigest(digest)));
        if (kind === 'directory') for (const key of await this.#filesOf(digest)) live.add(key);
      }
    });
    return live;
  }

  /** Where the list of a directory is gone nobody can have the directory, until it is pushed again with its files. */
  async #filesOf(digest: string): Promise<readonly string[]> {
    const known = this.#files.get(digest);
    if (known !== undefined) return known;
    const tree = await this.#reader.tree(parseDigest(digest));
    const keys = tree?.files.map((file) => objectKey(file.digest)) ?? [];
    this.#files.set(digest, keys);
    return keys;
  }

  /** Null for what is no envelope of that kind, or vouched for by nobody who is believed. */
  async #text(kind: 'record' | 'manifest' | 'tag', key: string, fetcher = this.#reader): Promise<string | null> {
    try {
      return (await fetcher.text(kind, key))?.text ?? null;
    } catch (error) {
      if (error instanceof RemoteFault && error.kind === 'damaged') return null;
      throw error;
    }
  }
}

/** `v1/records/PLATFORM/ab/cd….json` */
function fingerprintOf(key: string): string {
  const [folder = '', rest = ''] = key.split('/').slice(-2);
  return `sha256:${folder}${rest.replace(/\.json$/, '')}`;
}
