// One change, as a sentence.
import type { Change } from './change.ts';
import type { Divergence } from './diff.ts';
import { count } from '../text/number-text.ts';
import { cutTexts } from '../../pipeline/value-text.ts';

/** `parameter training.steps 1200 → 2000 (train-cdm)`. */
export function changeText({ kind, name, from, to, stages }: Change): string {
  if (kind === 'stage') return `stage ${name} ${from === null ? 'appeared' : 'disappeared'}`;
  return `${subjectText({ kind, name })} ${changeEnds({ from, to }).join(' → ')} (${reachText(stages)})`;
}

/** Which stage an input comes from is told as of the input. */
export function subjectText({ kind, name }: Pick<Change, 'kind' | 'name'>): string {
  return `${kind === 'edge' ? 'input' : kind} ${name}`;
}

/** Both sides, cut to where they differ. */
export function changeEnds({ from, to }: Pick<Change, 'from' | 'to'>): [from: string, to: string] {
  const [was, is] = [from, to].map((text) => (text === null ? null : shortDigests(text)));
  return was && is ? cutTexts(was, is) : [cutTexts(was ?? 'nothing', '')[0], cutTexts(is ?? 'nothing', '')[0]];
}

/** Cells of a matrix change together; the numbers below a change say which. */
export function reachText(stages: readonly string[]): string {
  const names = [...new Set(stages.map((stage) => stage.replace(/\[.*/s, '')))];
  return names.length > 4 ? count(names.length, 'stage') : names.join(', ');
}

/** What a stage gave otherwise from the same things, and where. */
export function divergenceText({ stage, outputs, numbers, machines }: Divergence): string {
  const what = [...outputs.map((name) => `output ${name}`), ...numbers.map((name) => `number ${name}`)].join(', ');
  const where = machines === null ? 'on the same kind of machine' : `on ${machines.from} and on ${machines.to}`;
  return `stage ${stage} gave other results from the same inputs (${what}), ${where}`;
}

/** Digests cut to what the eye compares. */
function shortDigests(text: string): string {
  return text.replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…');
}
