// All runs that are kept, as they followed each other: what came out of each, and what had changed since the one before.
import type { Change } from '../manifest/comparison/change.ts';
import { diffManifests, mergeChanges } from '../manifest/comparison/diff.ts';
import type { Manifest, ManifestGate } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { keptRuns } from './kept-names.ts';
import { readAllKept } from './kept-runs.ts';
import { loadManifest } from './named-manifest.ts';
import { listed, type ListedRun, type RunList } from './runs.ts';
import { readTags } from './tags.ts';

export interface HistoryRun extends ListedRun {
  readonly pipelineName: string;
  readonly verdicts: readonly Pick<ManifestGate, 'name' | 'verdict'>[];
  /** What is otherwise than in the run before that was asked the same; null for the first of those. */
  readonly changes: readonly Change[] | null;
}

export interface NumberPoint {
  /** Place of its run in the list. */
  readonly run: number;
  readonly value: number;
  readonly standardError: number | null;
}

export interface NumberOverRuns {
  readonly address: string;
  readonly unit: string;
  /** Whether a gate judges it, in any run. */
  readonly isGated: boolean;
  readonly points: readonly NumberPoint[];
}

export interface RunHistory {
  /** The first one first. */
  readonly runs: readonly HistoryRun[];
  readonly unreadable: RunList['unreadable'];
  /** In the order of the last run; those that it lacks behind. A number whose unit changed is one for each unit. */
  readonly numbers: readonly NumberOverRuns[];
}

export async function runHistory(root: string): Promise<RunHistory> {
  const latest = await loadManifest(root, 'latest').catch(() => null);
  const tags = await readTags(root);
  const runs: HistoryRun[] = [];
  const unreadable: { run: string; message: string }[] = [];
  const numbers = new Map<string, NumberOverRuns & { points: NumberPoint[] }>();
  /** The last of those that were asked the same. */
  const before = new Map<string, Manifest>();
  for await (const { manifest, ...found } of readAllKept(root, (await keptRuns(root)).reverse())) {
    if (manifest === null) {
      if ('message' in found) unreadable.push(found);
      continue;
    }
    const asked = canonicalJson([
      manifest.pipeline.profile,
      manifest.pipeline.overrides,
      manifest.run.selected ?? null,
    ]);
    const earlier = before.get(asked);
    before.set(asked, manifest);
    addNumbers(numbers, manifest, runs.length);
    runs.push({
      ...listed(manifest, latest?.manifest.run.id ?? null, tags),
      pipelineName: manifest.pipeline.name,
      verdicts: manifest.gates.map(({ name, verdict }) => ({ name, verdict })),
      changes: earlier === undefined ? null : changesBetween(earlier, manifest),
    });
  }
  return { runs, unreadable, numbers: inOrder([...numbers.values()], runs.length - 1) };
}

function changesBetween(from: Manifest, to: Manifest): Change[] {
  return mergeChanges(diffManifests(from, to).stages.flatMap(({ changes }) => changes));
}

function addNumbers(
  numbers: Map<string, NumberOverRuns & { points: NumberPoint[] }>,
  manifest: Manifest,
  run: number,
): void {
  const gated = new Set(manifest.gates.flatMap(({ measured }) => measured.map(({ address }) => address)));
  for (const { address, number } of manifest.numbers) {
    const key = canonicalJson([address, number.unit]);
    const known = numbers.get(key) ?? { address, unit: number.unit, isGated: false, points: [] };
    known.points.push({ run, value: number.value, standardError: number.standardError ?? null });
    numbers.set(key, { ...known, isGated: known.isGated || gated.has(address) });
  }
}

function inOrder(numbers: readonly NumberOverRuns[], last: number): NumberOverRuns[] {
  const isThere = ({ points }: NumberOverRuns) => points.at(-1)?.run === last;
  return [...numbers.filter(isThere), ...numbers.filter((number) => !isThere(number))];
}
