// Runs that lie in a remote: a manifest, the tags that name it, and the results that it holds the records of.
import { ReproError } from '../error.ts';
import { isRecorded } from '../manifest/lineage.ts';
import { readManifest } from '../manifest/manifest.ts';
import { inconsistencies } from '../manifest/verification/consistency.ts';
import { formatCellId, parseAddress } from '../pipeline/reference.ts';
import { hasOutputs } from '../runner/outputs/outputs.ts';
import type { Manifest, ManifestStage, StageRecord } from '../schema/types.ts';
import { parseDigest } from '../store/digest.ts';
import { isObjectWith, isText } from '../store/shape.ts';
import { type Fetcher, parseJson } from './fetcher.ts';
import { folders, manifestKey, platformOf, tagKey } from './keys.ts';
import { inParallel } from './parallel.ts';
import { type Remote, RemoteFault } from './remote.ts';

export interface RemoteRun {
  readonly manifest: Manifest;
  /** Its bytes. */
  readonly text: string;
  /** Of whoever pushed it. */
  readonly platform: string;
}

/** A result that a remote does not give, and why. */
export interface Missing {
  readonly cell: string;
  readonly why: string;
}

export const isRunId = (name: string): boolean => /^[0-9][0-9A-Za-z-]*$/.test(name);

/**
 * The run of an id; null where the remote has none.
 * @throws {RemoteFault} `damaged` where the manifest is another run's, or does not agree with the records in it
 */
export async function fetchManifest(fetcher: Fetcher, id: string): Promise<RemoteRun | null> {
  const { url } = fetcher.remote;
  const opened = await fetcher.text('manifest', manifestKey(id));
  if (opened === null) return null;
  const manifest = readRemote(opened.text, `${url}: ${id}`);
  // Somebody may have put another run in its place.
  if (manifest.run.id !== id) throw new RemoteFault('damaged', `${url} has run ${manifest.run.id} as ${id}`);
  // Artifacts are published under these names.
  const odd = manifest.stages.find((stage) => !isCellName(stage));
  if (odd)
    throw new RemoteFault('damaged', `${url}: run ${id} has ${JSON.stringify(odd.id)}, which is no name of a cell`);
  // What gates lie around may not be here: they are judged by who has it.
  const [fault] = inconsistencies(manifest, new Map());
  if (fault) {
    const where = fault.stage === '*' ? '' : `${fault.stage}: `;
    throw new RemoteFault('damaged', `${url}: run ${id} does not agree with itself: ${where}${fault.message}`);
  }
  return { manifest, ...opened };
}

function isCellName({ id, stage, cell }: ManifestStage): boolean {
  return [id, formatCellId(stage, cell)].every((text) => {
    const address = parseAddress(text);
    return address?.stage === stage && address.name === null && !address.gathersRest && address.gathered.length === 0;
  });
}

/** A later version's manifest is an error of its own; anything else that is none is damage. */
function readRemote(text: string, where: string): Manifest {
  try {
    return readManifest(text, where);
  } catch (error) {
    if (!(error instanceof ReproError) || /of format \d/.test(error.message)) throw error;
    throw new RemoteFault('damaged', error.message, error);
  }
}

const isTag = isObjectWith<{ readonly tag: string; readonly run: string }>({ tag: isText, run: isText });

/** The run that a tag names there; null where there is no such tag. @throws {RemoteFault} */
export async function fetchTag(fetcher: Fetcher, name: string): Promise<string | null> {
  if (!/^[a-z][a-z0-9._-]*$/.test(name)) return null;
  const opened = await fetcher.text('tag', tagKey(name));
  if (opened === null) return null;
  const { url } = fetcher.remote;
  const tag = parseJson(opened.text);
  if (!isTag(tag) || !isRunId(tag.run)) throw new RemoteFault('damaged', `${url}: tag "${name}" names no run`);
  // Somebody may have put another tag in its place.
  if (tag.tag !== name) throw new RemoteFault('damaged', `${url} has tag "${tag.tag}" as "${name}"`);
  return tag.run;
}

/** Tags that lie there, for whoever misspelt one; none where the remote does not list. */
export async function tagsThere(remote: Remote, signal: AbortSignal): Promise<string[]> {
  const tags: string[] = [];
  try {
    for await (const { key } of remote.list(folders.tags, signal)) {
      if (key.endsWith('.json')) tags.push(key.slice(folders.tags.length, -'.json'.length));
    }
  } catch (error) {
    if (!(error instanceof RemoteFault)) throw error;
  }
  return tags.sort();
}

/**
 * Gets the results of a run into the store, by the records in its manifest: another run may have pushed another result of
 * the same fingerprint.
 * @param replace Also where the store has a whole result of that fingerprint
 * @returns Those that can be used now, by cell, and those that cannot
 */
export async function fetchRun(
  fetcher: Fetcher,
  { manifest, platform }: RemoteRun,
  replace: boolean,
): Promise<{ records: Map<string, StageRecord>; missing: Missing[] }> {
  const { store, platforms } = fetcher.options;
  const records = new Map<string, StageRecord>();
  const missing: Missing[] = [];
  await inParallel(manifest.stages.filter(isRecorded), async ({ id, record }) => {
    const theirs = platformOf(record.environment, platform);
    const why = !platforms.includes(theirs)
      ? `it was computed on ${theirs}, which is not taken`
      : record.format === 'repro.record/1'
        ? 'its record is of format 1'
        : null;
    if (why !== null) return void missing.push({ cell: id, why });
    const known = replace ? null : store.records.read(parseDigest(record.fingerprint));
    try {
      const whole = await fetcher.contents(record);
      if (known === null || !(await hasOutputs(store, known))) store.records.write(whole);
      records.set(id, whole);
    } catch (error) {
      if (!(error instanceof RemoteFault) || error.kind !== 'damaged') throw error;
      missing.push({ cell: id, why: error.message });
    }
  });
  return { records, missing: missing.sort((a, b) => (a.cell < b.cell ? -1 : 1)) };
}
