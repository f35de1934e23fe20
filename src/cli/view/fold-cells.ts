// A matrix has hundreds of cells. Those of a stage of which the same is said are told together, and lists are cut.

/** More than this many are folded: a person reads so many. */
export const few = 5;

/** What is said of one entry, or of several at once. */
export interface Folded<Entry> {
  readonly entries: readonly [Entry, ...Entry[]];
  /** `train: 197 cells`; null where it is one entry, which has a name. */
  readonly name: string | null;
}

/**
 * Entries in their order; cells of a stage of which the same is said stand where the first of them is.
 * @param said All that would be told of an entry beside its name; cells and digests in it may differ
 */
export function foldCells<Entry>(
  entries: readonly Entry[],
  stage: (entry: Entry) => string,
  said: (entry: Entry) => readonly string[],
): Folded<Entry>[] {
  const alike = groupsOf(entries, (entry) => JSON.stringify([stage(entry), said(entry).map(withoutCell)]));
  const place = new Map(entries.map((entry, index) => [entry, index]));
  return alike
    .flatMap((group): Folded<Entry>[] => {
      const [first, ...others] = group;
      if (group.length > few) return [{ entries: [first, ...others], name: `${stage(first)}: ${group.length} cells` }];
      return group.map((entry) => ({ entries: [entry], name: null }));
    })
    .sort((a, b) => place.get(a.entries[0])! - place.get(b.entries[0])!);
}

/** Entries of the same key together, in the order in which keys come first. */
export function groupsOf<Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
): (readonly [Entry, ...Entry[]])[] {
  const groups = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group) group.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  return [...groups.values()];
}

/** What is said of a cell, as it is said of all that differ in nothing but their axes and the digests of their inputs. */
export function withoutCell(text: string): string {
  return text
    .replace(/\[[^\]]*\]/g, '[…]')
    .replace(/\b(sha256:)[0-9a-f]+/g, '$1…')
    .replaceAll('……', '…');
}

/** Cells by name, or their number where a stage has many: `data, 200 cells of train`. */
export function cellsText(ids: readonly string[]): string {
  return groupsOf(ids, stageOf)
    .map((group) => (group.length > few ? `${group.length} cells of ${stageOf(group[0])}` : group.join(', ')))
    .join(', ');
}

/** Names, the first few of many. @param rest What the others are, such as `more cells` */
export function listedText(names: readonly string[], rest: string): string {
  const more = names.length - few;
  return more > 1 ? `${names.slice(0, few).join(', ')} and ${more} ${rest}` : names.join(', ');
}

/** The stage of a cell. */
export const stageOf = (cell: string): string => cell.replace(/\[.*$/, '');
