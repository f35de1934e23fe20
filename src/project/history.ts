// One number over the runs that are kept.
import { exitCode, ReproError } from '../error.ts';
import type { Change } from '../manifest/comparison/change.ts';
import { diffManifests, mergeChanges } from '../manifest/comparison/diff.ts';
import { addressSuggestion, numbersAt, statisticOf } from '../manifest/papers/citation.ts';
import { isWhole, profileName, settingsOf } from '../manifest/standing.ts';
import type { Manifest, ManifestNumber } from '../schema/types.ts';
import { keptRuns } from './kept-names.ts';
import { readAllKept } from './kept-runs.ts';

export interface HistoryEntry {
  readonly run: Manifest['run'];
  readonly pipeline: Pick<Manifest['pipeline'], 'profile' | 'overrides'>;
  readonly git: Manifest['git'];
  readonly value: number;
  readonly standardError: number | null;
  readonly unit: string;
  /** How many cells it is the mean of, where the address names several. */
  readonly cells: number;
  /** What of its making is otherwise than in the entry before; null for the first. */
  readonly changes: readonly Change[] | null;
}

export interface HistoryOptions {
  /** The default one, where none is named. */
  readonly profile?: string;
  /** Runs with `--set` and of other profiles, too. */
  readonly all?: boolean;
}

/**
 * A number over the kept runs that reported it, the first one first. Where its address leaves axes out, it is the mean over the
 * cells, with the standard error of their spread.
 * @throws {ReproError} `unknown-number` (usage) where no such run reported it
 */
export async function numberHistory(
  root: string,
  address: string,
  { profile, all = false }: HistoryOptions = {},
): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let [before, other]: [Manifest | null, Manifest | null] = [null, null];
  for await (const { manifest } of readAllKept(root, (await keptRuns(root)).reverse())) {
    other = manifest ?? other;
    if (manifest === null || !isOf(manifest, all, profile)) continue;
    const found = numbersAt(manifest, address);
    if (found.length === 0) continue;
    entries.push(entryOf(manifest, found, before && changesBetween(before, manifest, address)));
    before = manifest;
  }
  if (entries.length > 0) return entries;
  const hint = other === null ? 'run the pipeline: repro run' : addressSuggestion(other, address);
  throw new ReproError('unknown-number', `No kept run of profile "${profileName(profile)}" reported "${address}"`, {
    exit: exitCode.usage,
    ...(hint !== undefined && { hint: `${hint}${all ? '' : '; --all looks at every run'}` }),
  });
}

function isOf({ pipeline }: Manifest, all: boolean, profile: string | undefined): boolean {
  if (all && profile === undefined) return true;
  if (profileName(pipeline.profile) !== profileName(profile)) return false;
  // A stage that was run alone reports what it reports in a whole run.
  return all || isWhole({ run: {}, pipeline });
}

function entryOf(
  manifest: Manifest,
  found: readonly ManifestNumber[],
  changes: readonly Change[] | null,
): HistoryEntry {
  const [{ number }] = found as [ManifestNumber];
  const { run, git } = manifest;
  return {
    run,
    pipeline: settingsOf(manifest),
    git,
    value: statisticOf('mean', found) as number,
    standardError: found.length === 1 ? (number.standardError ?? null) : (statisticOf('se', found) as number | null),
    unit: number.unit,
    cells: found.length,
    changes,
  };
}

function changesBetween(from: Manifest, to: Manifest, address: string): Change[] {
  const closures = (manifest: Manifest) => numbersAt(manifest, address).map(({ closure }) => closure);
  if (closures(from).join() === closures(to).join()) return [];
  const wanted = new Set([from, to].flatMap((manifest) => numbersAt(manifest, address).map((each) => each.address)));
  const moved = diffManifests(from, to).numbers.filter((number) => wanted.has(number.address));
  return mergeChanges(moved.flatMap((number) => number.changes));
}
