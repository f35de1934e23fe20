// Which changes were made alone, and how much of each move they explain, as texts.
import { signedText } from '../text/decimal-text.ts';
import { count } from '../text/number-text.ts';
import type { Attribution, Factor, MadeFactor, NumberAttribution } from './attribution.ts';
import type { Change } from './change.ts';
import { changeText } from './change-text.ts';

/** `parameter training.steps 100 → 200 (train)`, or `the code (a.ts, b.ts)`. */
export function factorText({ kind, changes }: Factor): string {
  const [first] = changes;
  if (first && changes.length === 1) return changeText(first);
  if (kind !== 'program') return `${kind} of ${count(changes.length, 'stage')}`;
  const names = changes.map(({ name }) => name);
  const shown = names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return `the code (${shown})`;
}

/** Whether stages had to be executed for it, or why it could not be made alone. */
export function madeText({ failure, computed }: MadeFactor): string {
  if (failure !== null) return `cannot be replayed: ${failure}`;
  return computed.length === 0 ? 'all from the store' : `${count(computed.length, 'stage')} executed`;
}

/** Why a change is none of the factors. */
export function unmadeText(change: Change): string {
  return `${changeText(change)}: cannot be replayed: it changes what there is to run`;
}

/** What was done to which run. */
export function methodText({ base, isForward }: Pick<Attribution, 'base' | 'isForward'>): string {
  return `Each change alone, ${isForward ? 'made to' : 'unmade in'} run ${base}`;
}

/** A part of a move: `+0.1`, `25%`, and what made it. A part that is not known is `?` and has no share. */
export interface EffectText {
  readonly part: string;
  readonly share: string;
  readonly text: string;
}

/** What each change does alone; then what they do only together, where that is anything. */
export function effectTexts({ delta, effects, rest }: NumberAttribution): EffectText[] {
  const share = (part: number) => `${(100 * (part / delta)).toFixed(0)}%`.replace('-0%', '0%');
  const known = (part: number, text: string): EffectText => ({ part: signedText(part), share: share(part), text });
  const texts = effects.map(({ factor, delta: part }) =>
    part === null
      ? { part: '?', share: '', text: `${factorText(factor)}, not replayed` }
      : known(part, factorText(factor)),
  );
  const isAll = effects.every((effect) => effect.delta !== null);
  // Sums of floating-point numbers: what is that small is nothing.
  if (Math.abs(rest) <= 1e-9 * Math.abs(delta)) return texts;
  return [...texts, known(rest, isAll ? 'only together' : 'only together, and what was not replayed')];
}
