// How much of each move each change explains, as text.
import type { Attribution, NumberAttribution } from '../../manifest/comparison/attribution.ts';
import { effectTexts, factorText, madeText, signedText } from '../../manifest/comparison/attribution-text.ts';
import { changeText } from '../../manifest/comparison/change-text.ts';
import { paint } from './print.ts';

export function attributionLines({ base, isForward, factors, unmade, numbers }: Attribution): string[] {
  const lines = [
    '',
    paint('bold', isForward ? `Each change alone, made to run ${base}` : `Each change alone, unmade in run ${base}`),
  ];
  for (const factor of factors) lines.push(`  ${factorText(factor)}: ${madeText(factor)}`);
  for (const change of unmade)
    lines.push(`  ${changeText(change)}: cannot be replayed: it changes what there is to run`);
  for (const number of numbers) lines.push('', ...numberLines(number));
  if (numbers.length === 0) lines.push('', 'No number moved with a cause.');
  return lines;
}

function numberLines(number: NumberAttribution): string[] {
  const rows = effectTexts(number);
  const [parts, shares] = (['part', 'share'] as const).map((column) =>
    rows.reduce((most, row) => Math.max(most, row[column].length), 0),
  );
  return [
    `${paint('bold', number.address)} moved by ${signedText(number.delta)}`,
    ...rows.map(({ part, share, text }) => `  ${part.padStart(parts!)}  ${share.padStart(shares!)}  ${text}`),
  ];
}
