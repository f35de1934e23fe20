// What a run would do, and why; what a number was made of.
import { exitCode, ReproError } from '../error.ts';
import { type Lineage, lineageOf } from '../manifest/lineage.ts';
import { profileName, settingsText, standingText } from '../manifest/standing.ts';
import type { Plan } from '../pipeline/plan.ts';
import { matchesCell, parseAddress } from '../pipeline/reference.ts';
import { named, select } from '../pipeline/selection.ts';
import { suggestion } from '../pipeline/suggest.ts';
import { inspectPipeline } from '../runner/inspect.ts';
import type { CellInspection } from '../runner/result.ts';
import type { Manifest } from '../schema/types.ts';
import type { LockOwner } from '../store/lock.ts';
import { openStore, type Store } from '../store/store.ts';
import { findKept, isSetAs } from './kept-runs.ts';
import { loadManifest, type NamedManifest } from './named-manifest.ts';
import type { Place } from './places.ts';
import { loadPlan, type PlanOptions } from './plan.ts';
import { overridesOf } from './settings.ts';

export interface StatusOptions extends PlanOptions {
  /** Name of a remote that is asked what it has. */
  readonly remote?: string;
  readonly signal?: AbortSignal;
}

export interface Status {
  readonly plan: Plan;
  /** Who works in the project now; null where nobody does, or it cannot be told. */
  readonly atWork: LockOwner | null;
  /** What the remote has that is of no use, as sentences. */
  readonly damage: readonly string[];
  /** In the order of the plan. */
  readonly cells: readonly CellInspection[];
}

export type Explanation =
  | { readonly kind: 'stage'; readonly cells: readonly CellInspection[] }
  | { readonly kind: 'number'; readonly lineage: Lineage; readonly manifest: Manifest };

export async function status(place: Place, options: StatusOptions): Promise<Status> {
  const { plan } = await loadPlan(place, options);
  const store = openStore(place.root);
  const { remote, signal = new AbortController().signal } = options;
  const atWork = holderOf(store);
  if (remote === undefined) return { plan, cells: await inspectPipeline(plan, store), damage: [], atWork };
  const { inspectWithRemote } = await import('./remote-status.ts');
  return { plan, ...(await inspectWithRemote(plan, store, remote, signal)), atWork };
}

function holderOf(store: Store): LockOwner | null {
  try {
    return store.holder();
  } catch (error) {
    if (error instanceof ReproError) return null; // The next run says that the lock is damaged.
    throw error;
  }
}

export async function why(place: Place, what: string, options: PlanOptions): Promise<Explanation> {
  const address = parseAddress(what);
  if (address !== null && address.name !== null) return whyNumber(place.root, what, options);
  const { plan } = await loadPlan(place, options);
  // A stage is explained with what it needs planned, and without it in the answer.
  const chosen = { ...plan, cells: select(plan, [what]) };
  const cells = await inspectPipeline(chosen, openStore(place.root));
  const wanted = named(plan, [what]);
  return { kind: 'stage', cells: cells.filter(({ cell }) => wanted.has(cell.id)) };
}

async function whyNumber(root: string, address: string, options: PlanOptions): Promise<Explanation> {
  const { manifest } = await runAsked(root, options);
  const number = manifest.numbers.find((entry) => entry.address === address);
  if (number) return { kind: 'number', lineage: lineageOf(manifest, number), manifest };
  const remark = standingText(manifest);
  throw new ReproError(
    'unknown-number',
    `Run ${manifest.run.id}${remark === null ? '' : `, ${remark},`} reported no number "${address}"`,
    {
      exit: exitCode.usage,
      hint: numberHint(manifest, address),
    },
  );
}

/** The latest whole run, of a profile where one is named; with settings, the last run that was made with just these. */
async function runAsked(root: string, { profile, set = {} }: PlanOptions): Promise<NamedManifest> {
  const overrides = overridesOf(set);
  if (Object.keys(overrides).length === 0) return loadManifest(root, 'latest', profile);
  const found = await findKept(root, (manifest) => isSetAs(manifest, { profile, overrides }));
  if (found !== null) return found;
  throw new ReproError(
    'no-manifest',
    `No run of profile "${profileName(profile)}" is kept with ${settingsText(overrides)!}`,
    {
      exit: exitCode.usage,
      hint: 'repro runs lists those that are',
    },
  );
}

/** Cells that a shorter address could mean, or the nearest address. */
function numberHint({ numbers, stages }: Manifest, text: string): string {
  const address = parseAddress(text);
  const meant = numbers
    .filter(({ stage, name }) => {
      const cell = stages.find((candidate) => candidate.id === stage);
      return (
        address !== null && cell?.stage === address.stage && name === address.name && matchesCell(address, cell.cell)
      );
    })
    .map((entry) => entry.address);
  if (meant.length > 5) return `name one of its ${meant.length} cells, such as ${meant.slice(0, 3).join(', ')}`;
  if (meant.length > 0) return `name one of its cells: ${meant.join(', ')}`;
  const near = suggestion(
    text,
    numbers.map((entry) => entry.address),
  );
  return near ?? 'repro numbers lists them';
}
