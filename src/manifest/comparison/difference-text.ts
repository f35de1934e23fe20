// The numbers of two runs that are compared, as texts: what became of each, because of what, and how large its move is.
import { fixedText, signedText } from '../text/decimal-text.ts';
import { numberText, valueTexts } from '../text/number-text.ts';
import type { ReportedNumber } from '../../schema/types.ts';
import type { Change } from './change.ts';
import { changeText, divergenceText } from './change-text.ts';
import {
  type ManifestDifference,
  mergeChanges,
  type NumberClass,
  type NumberDifference,
  significantStandardErrors,
} from './diff.ts';

export const headings: Record<NumberClass, string> = {
  unexplained: 'Moved though nothing recorded changed',
  attributed: 'Moved',
  new: 'New',
  gone: 'Gone',
  insensitive: 'Did not move though what they are made of changed',
  unchanged: 'Unchanged',
};

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

/** A value with its error; without one, with the digits that tell it from the other. */
export function endText(number: ReportedNumber | null, other: ReportedNumber | null): string {
  if (number === null) return '';
  if (number.standardError === undefined) return valueTexts([number, other ?? number].map((end) => end.value))[0]!;
  const { value, error } = numberText(number);
  return error === null ? value : `${value} ± ${error}`;
}

export function deltaText(delta: number | null): string {
  return delta === null ? '' : signedText(delta);
}

/** A move in its standard errors, on its side of what is beyond chance. */
export function sizeText(standardErrors: number): string {
  return fixedText(standardErrors, 1, [significantStandardErrors]);
}

/** What to think of a move: null where nobody can say. */
export function judgement({ beyondError, improved }: NumberDifference): 'within error' | 'better' | 'worse' | null {
  if (beyondError === false) return 'within error';
  if (improved === null) return null;
  return improved ? 'better' : 'worse';
}
