// The differences between two runs as Markdown, for a comment on a change or the summary of a CI job.
import { changeText } from '../../manifest/comparison/change-text.ts';
import type { ManifestDifference, NumberClass } from '../../manifest/comparison/diff.ts';
import { byCauses, headings, unsaidChanges } from '../../manifest/comparison/difference-text.ts';
import { asMarkdown, joinMarkdown, type Markdown, markdownTable } from '../../manifest/text/markdown-text.ts';
import { count } from '../../manifest/text/number-text.ts';
import { differenceCells } from './difference-lines.ts';

const titles = ['number', 'from', 'to', 'difference', 'unit', ''];

/** @param notes What to know of the runs that are compared. */
export function differenceMarkdown(difference: ManifestDifference, notes: readonly string[]): string {
  const { from, to, numbers, stages, gates } = difference;
  const moved = numbers.filter(({ class: group }) => group !== 'unchanged' && group !== 'insensitive').length;
  const differing = stages.filter((stage) => stage.class !== 'same');
  const others = unsaidChanges(difference).map(changeText);
  const blocks: Markdown[] = [
    asMarkdown`### ${moved} of ${count(numbers.length, 'number')} moved`,
    asMarkdown`${from} → ${to}`,
    ...notes.map((note) => asMarkdown`> ${note}`),
    ...(Object.keys(headings) as NumberClass[]).flatMap((group) => classBlocks(difference, group)),
    ...(differing.length === 0
      ? []
      : [asMarkdown`**Stages: ${differing.length} of ${stages.length} differ**`, list(differing.map(stageText))]),
    ...(others.length === 0 ? [] : [list(others.map((cause) => asMarkdown`because ${cause}`))]),
    ...(gates.length === 0
      ? []
      : [
          markdownTable(
            ['gate', 'from', 'to'],
            gates.map((gate) => [gate.name, gate.from ?? 'none', gate.to ?? 'none']),
          ),
        ]),
  ];
  return `${joinMarkdown(blocks, '\n\n').text}\n`;
}

function classBlocks({ numbers }: ManifestDifference, group: NumberClass): Markdown[] {
  const members = numbers.filter((number) => number.class === group);
  if (members.length === 0) return [];
  const heading = asMarkdown`**${headings[group]}: ${count(members.length, 'number')}**`;
  if (group === 'unchanged') return [heading];
  return [
    heading,
    ...byCauses(members).flatMap(([causes, same]) => [
      ...(causes.length === 0 ? [] : [list(causes.map((cause) => asMarkdown`because ${cause}`))]),
      markdownTable(
        titles,
        same.map((number) => differenceCells(number, (_, text) => text)),
      ),
    ]),
  ];
}

function stageText({ id, class: group, moved }: ManifestDifference['stages'][number]): Markdown {
  return asMarkdown`${id}: ${group}${moved ? '' : ', its results are the same'}`;
}

function list(items: readonly Markdown[]): Markdown {
  return joinMarkdown(
    items.map((item) => asMarkdown`- ${item}`),
    '\n',
  );
}
