// How much of each move each change explains, as text.
import type { Attribution, Factor, NumberAttribution } from '../../manifest/comparison/attribution.ts';
import { significantText } from '../../manifest/text/decimal-text.ts';
import { count } from '../../manifest/text/number-text.ts';
import { changeText } from './change-text.ts';
import { paint } from './print.ts';

/** `parameter training.steps 100 → 200 (train)`, or `the code (a.ts, b.ts)`. */
export function factorText({ kind, changes }: Factor): string {
  const [first] = changes;
  if (first && changes.length === 1) return changeText(first);
  if (kind !== 'program') return `${kind} of ${count(changes.length, 'stage')}`;
  const names = changes.map(({ name }) => name);
  const shown = names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return `the code (${shown})`;
}

export function attributionLines({ base, isForward, factors, unmade, numbers }: Attribution): string[] {
  const lines = [
    '',
    paint('bold', isForward ? `Each change alone, made to run ${base}` : `Each change alone, unmade in run ${base}`),
  ];
  for (const { failure, computed, ...factor } of factors) {
    const made = computed.length === 0 ? 'all from the store' : `${count(computed.length, 'stage')} executed`;
    lines.push(`  ${factorText(factor)}: ${failure === null ? made : `cannot be replayed: ${failure}`}`);
  }
  for (const change of unmade)
    lines.push(`  ${changeText(change)}: cannot be replayed: it changes what there is to run`);
  for (const number of numbers) lines.push('', ...numberLines(number));
  if (numbers.length === 0) lines.push('', 'No number moved with a cause.');
  return lines;
}

function numberLines({ address, delta, effects, rest }: NumberAttribution): string[] {
  const share = (part: number) => `${(100 * (part / delta)).toFixed(0)}%`.replace('-0%', '0%');
  const rows = effects.map(({ factor, delta: part }): [string, string, string] =>
    part === null ? ['?', '', `${factorText(factor)}, not replayed`] : [signed(part), share(part), factorText(factor)],
  );
  const isAll = effects.every((effect) => effect.delta !== null);
  // Sums of floating-point numbers: what is that small is nothing.
  if (Math.abs(rest) > 1e-9 * Math.abs(delta)) {
    rows.push([signed(rest), share(rest), isAll ? 'only together' : 'only together, and what was not replayed']);
  }
  const widths = [0, 1].map((column) => rows.reduce((most, row) => Math.max(most, row[column]!.length), 0));
  return [
    `${paint('bold', address)} moved by ${signed(delta)}`,
    ...rows.map(([part, percent, text]) => `  ${part.padStart(widths[0]!)}  ${percent.padStart(widths[1]!)}  ${text}`),
  ];
}

function signed(value: number): string {
  return (value > 0 ? '+' : '') + significantText(value, 4);
}
