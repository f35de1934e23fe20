// The differences between two runs as text: numbers by what became of them, then stages and gates.
import { changeText } from '../../manifest/comparison/change-text.ts';
import type { ManifestDifference, NumberClass, NumberDifference } from '../../manifest/comparison/diff.ts';
import {
  byCauses,
  deltaText,
  endText,
  headings,
  judgement,
  sizeText,
  unsaidChanges,
} from '../../manifest/comparison/difference-text.ts';
import { count } from '../../manifest/text/number-text.ts';
import { paint, terminalWidth } from './print.ts';
import { paintedLines } from './table.ts';

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

/** How large a move is, and whether it is welcome where it is larger than chance. */
function remark(number: NumberDifference, mark: typeof paint): string {
  const { standardErrors, class: group } = number;
  if (group === 'insensitive') return '';
  const size = standardErrors === null ? [] : [`${sizeText(standardErrors)} standard errors`];
  const judged = judgement(number);
  const colour = judged === 'better' ? 'green' : 'yellow';
  return [...size, ...(judged === null ? [] : [judged === 'within error' ? judged : mark(colour, judged)])].join(', ');
}
