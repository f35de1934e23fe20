// One change, as a sentence.
import type { Change, Divergence } from '../manifest/diff.ts';
import { count } from '../manifest/number-text.ts';
import { visibleText } from '../manifest/visible-text.ts';

/** `parameter training.steps 1200 → 2000 (train-cdm)`. */
export function changeText({ kind, name, from, to, stages }: Change): string {
  const side = (text: string | null) => (text === null ? 'nothing' : visibleText(shortDigests(text)));
  // Cells of a matrix change together; the numbers below a change say which.
  const names = [...new Set(stages.map((stage) => stage.replace(/\[.*/s, '')))];
  const reach = names.length > 4 ? count(names.length, 'stage') : names.map(visibleText).join(', ');
  if (kind === 'stage') return `stage ${visibleText(name)} ${from === null ? 'appeared' : 'disappeared'}`;
  return `${kind} ${visibleText(name)} ${side(from)} → ${side(to)} (${reach})`;
}

/** What a stage gave otherwise from the same things, and where. */
export function divergenceText({ stage, outputs, numbers, machines }: Divergence): string {
  const what = [...outputs.map((name) => `output ${name}`), ...numbers.map((name) => `number ${name}`)].join(', ');
  const where = machines === null ? 'on the same kind of machine' : `on ${machines.from} and on ${machines.to}`;
  return visibleText(`stage ${stage} gave other results from the same inputs (${what}), ${where}`);
}

/** Digests cut to what the eye compares. */
function shortDigests(text: string): string {
  return text.replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…');
}
