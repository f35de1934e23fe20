// One change, as a sentence.
import type { Change } from '../../manifest/comparison/change.ts';
import type { Divergence } from '../../manifest/comparison/diff.ts';
import { count } from '../../manifest/text/number-text.ts';
import { cutTexts } from '../../pipeline/value-text.ts';

/** `parameter training.steps 1200 → 2000 (train-cdm)`. */
export function changeText({ kind, name, from, to, stages }: Change): string {
  const [was, is] = [from, to].map((text) => (text === null ? null : shortDigests(text)));
  const sides = was && is ? cutTexts(was, is) : [cutTexts(was ?? 'nothing', '')[0], cutTexts(is ?? 'nothing', '')[0]];
  // Cells of a matrix change together; the numbers below a change say which.
  const names = [...new Set(stages.map((stage) => stage.replace(/\[.*/s, '')))];
  const reach = names.length > 4 ? count(names.length, 'stage') : names.join(', ');
  if (kind === 'stage') return `stage ${name} ${from === null ? 'appeared' : 'disappeared'}`;
  // Which stage an input comes from is told as of the input.
  const subject = `${kind === 'edge' ? 'input' : kind} ${name}`;
  return `${subject} ${sides.join(' → ')} (${reach})`;
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
