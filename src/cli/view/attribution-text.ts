// How much of each move each change explains, as text.
import type { Attribution, NumberAttribution } from '../../manifest/comparison/attribution.ts';
import {
  effectTexts,
  factorText,
  madeText,
  methodText,
  unmadeText,
} from '../../manifest/comparison/attribution-text.ts';
import { signedText } from '../../manifest/text/decimal-text.ts';
import { paint } from './print.ts';

export function attributionLines(attribution: Attribution): string[] {
  const { factors, unmade, numbers } = attribution;
  const lines = ['', paint('bold', methodText(attribution))];
  for (const factor of factors) lines.push(`  ${factorText(factor)}: ${madeText(factor)}`);
  for (const change of unmade) lines.push(`  ${unmadeText(change)}`);
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
