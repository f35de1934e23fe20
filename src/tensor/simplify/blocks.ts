// Images in blocks of channels (blocked.ts): conversions to and fro meet and vanish.
import { onOne } from './rule.ts';
import type { Rule } from './rule.ts';

const ToBlocks = onOne<'ToBlocks'>((g, x, attrs) => {
  if (x.op === 'Upsample') return g.value('Upsample', [g.value('ToBlocks', x.inputs, attrs)], x.attrs);
  if (x.op !== 'FromBlocks') return undefined;
  const [blocked] = x.inputs;
  const [, count, , , block] = blocked!.shape;
  return block === attrs.block && x.shape[1] === count! * block ? blocked : undefined;
});

/** Images that come out of blocks are interleaved in blocks: whole vectors are moved, and once less. */
const Interleave: Rule<'Interleave'> = (g, inputs, attrs) => {
  const blocks = inputs.flatMap((image) => (image.op === 'FromBlocks' ? image.inputs : []));
  const { shape } = inputs[0]!;
  if (shape.length !== 4 || blocks.length < inputs.length) return undefined;
  return g.value('FromBlocks', [g.value('Interleave', blocks, attrs)], { channels: shape[1]! });
};

export const blockRules = { ToBlocks, Interleave };
