// What the store holds for no run, as text.
import type { Garbage } from '../../manifest/garbage.ts';
import type { Leftover } from '../../manifest/leftovers.ts';
import type { Remains } from '../../runner/outputs/remains.ts';
import { count } from '../../manifest/text/number-text.ts';

/** So many leftovers are named; the largest first. */
const namedLeftovers = 10;

/** What was looked for. */
export interface Found extends Garbage {
  readonly leftovers: readonly Leftover[];
  /** Null where it is not known which stages there are. */
  readonly remains: Pick<Remains, 'files' | 'bytes'> | null;
}

export function garbageLines({ kept, heap, leftovers, remains }: Found, isDeleted: boolean): string[] {
  const files = remains?.files ?? [];
  const bytes = heap.bytes + sumOf(leftovers.filter(({ isKept }) => !isKept)) + (remains?.bytes ?? 0);
  const given = leftovers.filter(({ isKept }) => !isKept);
  const tagged = kept.tagged === 0 ? '' : ` (${kept.tagged} tagged)`;
  const numbers = [
    count(heap.runs.length, 'run'),
    count(heap.records.length, 'record'),
    count(heap.objects.length, 'object'),
    ...(heap.others.length === 0 ? [] : [count(heap.others.length, 'damaged or left-over file')]),
    ...(given.length === 0 ? [] : [`${given.length} unfinished`]),
    ...(files.length === 0 ? [] : [count(files.length, 'artifact')]),
  ].join(', ');
  const isEmpty = [heap.runs, heap.records, heap.objects, heap.others, given, files].every(
    ({ length }) => length === 0,
  );
  return [
    `kept     ${count(kept.runs, 'run')}${tagged}, ${count(kept.records, 'record')}, ${count(kept.objects, 'object')}`,
    `${isDeleted ? 'deleted ' : 'garbage '} ${isEmpty ? 'nothing' : `${numbers}: ${sizeText(bytes)}`}`,
    ...leftoverLines(leftovers, isDeleted),
    ...artifactLines(files, isDeleted),
    ...(isDeleted || isEmpty ? [] : ['Nothing was deleted: add --delete to do it.']),
  ];
}

/** What executions and downloads left, each with its size and what becomes of it. */
function leftoverLines(leftovers: readonly Leftover[], isDeleted: boolean): string[] {
  const ordered = [...leftovers].sort((a, b) => b.bytes - a.bytes);
  const rest = ordered.slice(namedLeftovers);
  const lines = ordered.slice(0, namedLeftovers).map(({ path, bytes, touchedAt, isKept, why }) => {
    const fate = isKept ? 'kept' : isDeleted ? 'deleted' : 'garbage';
    return `unfinished  ${path}: ${sizeText(bytes)}, last written ${touchedAt.slice(0, 10)}, ${fate}, ${why}`;
  });
  return rest.length === 0 ? lines : [...lines, `unfinished  ${rest.length} more: ${sizeText(sumOf(rest))}`];
}

/** Files of stages that neither the pipeline nor the latest manifest has any more. */
function artifactLines(files: readonly string[], isDeleted: boolean): string[] {
  const rest = files.length - namedLeftovers;
  const named = rest > 1 ? files.slice(0, namedLeftovers) : files;
  const fate = isDeleted ? 'deleted' : 'garbage';
  return [
    ...named.map((path) => `artifact    ${path}: ${fate}, its stage is no more`),
    ...(rest > 1 ? [`artifact    ${rest} more`] : []),
  ];
}

function sumOf(leftovers: readonly Leftover[]): number {
  return leftovers.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** `512 B`, `3.2 MB`. */
function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]!}`;
}
