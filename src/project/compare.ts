// Two runs compared: the numbers that moved, and because of what.
import { exitCode, ReproError } from '../error.ts';
import { attribute, type Attribution, type Factor, factorsOf, withFactor } from '../manifest/comparison/attribution.ts';
import type { MadeFactor } from '../manifest/comparison/attribution.ts';
import { diffManifests, type ManifestDifference } from '../manifest/comparison/diff.ts';
import { calledAsIn } from '../manifest/comparison/renamed.ts';
import { isRecorded } from '../manifest/lineage.ts';
import type { Emit } from '../runner/event.ts';
import { type Recording, unavailableCells } from '../runner/replay.ts';
import type { RunResult } from '../runner/result.ts';
import type { Manifest } from '../schema/types.ts';
import { openStore, type Store } from '../store/store.ts';
import { loadManifest, type NamedManifest } from './named-manifest.ts';
import { recordingOf, replay } from './replay.ts';

export interface Comparison {
  readonly from: NamedManifest;
  readonly to: NamedManifest;
  readonly difference: ManifestDifference;
}

export interface AttributionOptions {
  readonly cpus?: number;
  /** Is told of each change before stages run with it alone; `isMade` unless it is one that is taken back. */
  readonly onFactor?: (factor: Factor, isMade: boolean) => void;
  readonly onEvent?: Emit;
  readonly signal?: AbortSignal;
}

export async function diff(root: string, from: string, to: string, profile?: string): Promise<Comparison> {
  return (await compareWithFirst(root, [from, to], profile))[0]!;
}

/**
 * The first of several runs compared with each of the others. Stages are called as in the last of them.
 * @throws {ReproError} `no-manifest` where two git revisions lead to one run
 */
export async function compareWithFirst(
  root: string,
  names: readonly string[],
  profile?: string,
): Promise<Comparison[]> {
  const found = await Promise.all(names.map((name) => loadManifest(root, name, profile)));
  for (const [index, each] of found.entries()) refuseSameRun([names[0]!, found[0]!], [names[index]!, each]);
  const last = found.at(-1)!.manifest;
  const [from, ...others] = found.map((each) => ({ ...each, manifest: calledAsIn(each.manifest, last) }));
  return others.map((to) => ({ from: from!, to, difference: diffManifests(from!.manifest, to.manifest) }));
}

type Asked = readonly [name: string, found: NamedManifest];

function refuseSameRun([from, a]: Asked, [to, b]: Asked): void {
  if (a.commit === undefined || b.commit === undefined || a.commit === b.commit || !isSameRun(a, b)) return;
  const { id } = a.manifest.run;
  const message = `"${from}" and "${to}" both lead to run ${id}: there are no runs of the two commits to compare`;
  throw new ReproError('no-manifest', message, {
    exit: exitCode.usage,
    hint: 'check each of them out, and run the pipeline there without --set and uncommitted changes',
  });
}

function isSameRun(a: NamedManifest, b: NamedManifest): boolean {
  return a.manifest.run.id === b.manifest.run.id;
}

/**
 * The stages behind the numbers that moved, run again with one change at a time. Never touches the working tree or
 * `artifacts`; what it computes stays in the store, so that asking again is quick.
 */
export async function attributeMoves(
  root: string,
  { from: { manifest: from }, to: { manifest: to }, difference }: Comparison,
  { cpus, onFactor, onEvent: emit = () => {}, signal = new AbortController().signal }: AttributionOptions,
): Promise<Attribution> {
  const store = openStore(root);
  const { factors, unmade } = factorsOf(difference);
  const moved = difference.numbers.filter((number) => number.class === 'attributed' && number.delta !== 0);
  const stageOf = (address: string) => to.numbers.find((entry) => entry.address === address)?.stage;
  const wanted = new Set(moved.flatMap(({ address }) => stageOf(address) ?? []));
  const isForward = (await missing(from, wanted, store)) <= (await missing(to, wanted, store));
  const [base, other] = isForward ? [from, to] : [to, from];
  const recording = recordingOf(base, wanted);

  const made: MadeFactor[] = [];
  const measured: ReadonlyMap<string, number>[] = [];
  for (const factor of factors) {
    onFactor?.(factor, isForward);
    const result = await replay(changedRecording(recording, base, other, factor), store, { cpus, emit, signal });
    const failure = failureOf(result);
    const computed = result.cells.filter(({ status }) => status === 'computed').map(({ cell }) => cell.id);
    made.push({ ...factor, failure, computed });
    measured.push(valuesOf(result, base));
  }
  const numbers = attribute(difference, factors, isForward ? 1 : -1, measured);
  return { base: base.run.id, isForward, factors: made, unmade, numbers };
}

/** How many of the stages could not be executed here. */
async function missing(manifest: Manifest, wanted: ReadonlySet<string>, store: Store): Promise<number> {
  return (await unavailableCells(recordingOf(manifest, wanted), store)).size;
}

function changedRecording(recording: Recording, base: Manifest, other: Manifest, factor: Factor): Recording {
  const { seed, preimages } = withFactor(base.stages.filter(isRecorded), other, recording.seed, factor);
  return {
    ...recording,
    seed,
    cells: recording.cells.map((cell) => ({ ...cell, preimage: preimages.get(cell.id) ?? cell.preimage })),
  };
}

/** Values by address. A stage that the change does not reach has the value it was reported with, whatever the store says. */
function valuesOf({ cells }: RunResult, base: Manifest): Map<string, number> {
  const values = new Map<string, number>();
  for (const { cell, record } of cells) {
    const reported = base.stages.find(({ id }) => id === cell.id)?.record;
    const source = reported?.fingerprint === record?.fingerprint ? reported : record;
    for (const [name, { value }] of Object.entries(source?.numbers ?? {})) values.set(`${cell.id}.${name}`, value);
  }
  return values;
}

function failureOf({ cells }: RunResult): string | null {
  const failed = cells.find(({ failure }) => failure !== undefined);
  return failed?.failure === undefined ? null : `${failed.cell.id}: ${failed.failure.message}`;
}
