// The differences between two runs as text: numbers by what became of them, then stages and gates.
import type { Change } from '../../manifest/comparison/change.ts';
import {
  type ManifestDifference,
  mergeChanges,
  type NumberClass,
  type NumberDifference,
  significantStandardErrors,
} from '../../manifest/comparison/diff.ts';
import { fixedText, significantText } from '../../manifest/text/decimal-text.ts';
import { count, numberText, valueTexts } from '../../manifest/text/number-text.ts';
import type { ReportedNumber } from '../../schema/types.ts';
import { changeText, divergenceText } from './change-text.ts';
import { paint, terminalWidth } from './print.ts';
import { paintedLines } from './table.ts';

export const headings: Record<NumberClass, string> = {
  unexplained: 'Moved though nothing recorded changed',
  attributed: 'Moved',
  new: 'New',
  gone: 'Gone',
  insensitive: 'Did not move though what they are made of changed',
  unchanged: 'Unchanged',
};

/** Numbers by class, those with the same causes together; then stages and gates. */
export function differenceLines(difference: ManifestDifference): string[] {
  const lines = [`${difference.from} → ${difference.to}`];
  for (const group of Object.keys(headings) as NumberClass[]) {
    const members = difference.numbers.filter((number) => number.class === group);
    if (members.length === 0) continue;
    const heading = `${headings[group]}: ${count(members.length, 'number')}`;
    lines.push('', paint(group === 'unexplained' ? ['bold', 'red'] : 'bold', heading));
    if (group === 'unchanged') continue;
    for (const [causes, numbers] of byCauses(members)) {
      lines.push(...causes.map((cause) => `  because ${cause}`), ...numberDifferenceLines(numbers));
    }
  }
  const stages = difference.stages.filter((stage) => stage.class !== 'same');
  lines.push('', paint('bold', `Stages: ${stages.length} of ${difference.stages.length} differ`));
  for (const stage of stages) {
    lines.push(`  ${stage.id}: ${stage.class}${stage.moved ? '' : ', its results are the same'}`);
  }
  lines.push(...unsaidChanges(difference).map((change) => `  because ${changeText(change)}`));
  for (const gate of difference.gates) {
    lines.push(`Gate ${gate.name}: ${gate.from ?? 'none'} → ${gate.to ?? 'none'}`);
  }
  return lines;
}

/** What changed in stages that no number which is shown depends on. */
export function unsaidChanges({ numbers, stages }: ManifestDifference): Change[] {
  const key = ({ kind, name, from, to }: Change): string => JSON.stringify([kind, name, from, to]);
  const explained = numbers.filter((number) => number.class !== 'new' && number.class !== 'gone');
  const said = new Set(explained.flatMap(({ changes }) => changes.map(key)));
  const changes = mergeChanges(stages.flatMap((stage) => stage.changes));
  // That a stage is new or gone its own line says.
  return changes.filter((change) => change.kind !== 'stage' && !said.has(key(change)));
}

/** Numbers with the same causes together. */
export function byCauses(numbers: readonly NumberDifference[]): [causes: string[], numbers: NumberDifference[]][] {
  const groups = new Map<string, [string[], NumberDifference[]]>();
  for (const number of numbers) {
    const explained = number.class === 'new' || number.class === 'gone' ? [] : number.changes.map(changeText);
    const causes = [...explained, ...number.divergences.map(divergenceText)];
    const key = causes.join('\n');
    const group = groups.get(key) ?? [causes, []];
    group[1].push(number);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function numberDifferenceLines(numbers: readonly NumberDifference[]): string[] {
  const lines = paintedLines(
    [
      { title: 'number' },
      { title: 'from' },
      { title: 'to' },
      { title: 'difference', align: 'decimal' },
      { title: 'unit' },
      { title: '' },
    ],
    numbers.map((number) => differenceCells(number, paint)),
    terminalWidth() - 4,
  );
  return lines.map((line) => `    ${line}`);
}

/** The number, from, to, difference, unit, and what to think of it. */
export function differenceCells(number: NumberDifference, mark: typeof paint): string[] {
  const hasMoved = number.class !== 'insensitive';
  return [
    number.address,
    hasMoved ? endText(number.from, number.to) : '',
    endText(number.to, number.from),
    hasMoved ? deltaText(number.delta) : '',
    (number.to ?? number.from)?.unit.replace(/^1$/, '') ?? '',
    remark(number, mark),
  ];
}

/** A value with its error; without one, with the digits that tell it from the other. */
function endText(number: ReportedNumber | null, other: ReportedNumber | null): string {
  if (number === null) return '';
  if (number.standardError === undefined) return valueTexts([number, other ?? number].map((end) => end.value))[0]!;
  const { value, error } = numberText(number);
  return error === null ? value : `${value} ± ${error}`;
}

function deltaText(delta: number | null): string {
  return delta === null ? '' : (delta > 0 ? '+' : '') + significantText(delta, 4);
}

/** How large a move is, and whether it is welcome where it is larger than chance. */
function remark({ standardErrors, beyondError, improved, class: group }: NumberDifference, mark: typeof paint): string {
  if (group === 'insensitive') return '';
  const size =
    standardErrors === null ? [] : [`${fixedText(standardErrors, 1, [significantStandardErrors])} standard errors`];
  if (beyondError === false) return `${size.join('')}, within error`;
  if (improved === null) return size.join('');
  return [...size, improved ? mark('green', 'better') : mark('yellow', 'worse')].join(', ');
}
