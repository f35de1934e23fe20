// Convolutions in ONNX Runtime's blocked layout (domain com.microsoft.nchwc): channels in blocks of 8 or 16 innermost,
// as wide as the machine's vectors. Its direct convolution reaches 125-140 GFLOP/s here on two cores where Conv, which
// copies patches, reaches 25-85; the gradient of a filter is a convolution with a filter as large as the image.
import { finishGraph, sizeOf } from './graph.ts';
import type { ConvAttributes, Graph, Value } from './graph.ts';
import { SimplifyingBuilder } from './simplifying-builder.ts';

/** The graph with every Conv as BlockedConv and the changes of layout around it. */
export function blockConvolutions(graph: Graph, block: number): Graph {
  const g = new SimplifyingBuilder();
  const made = new Map<Value, Value>();
  for (const value of graph.values) {
    const inputs = value.inputs.map((input) => made.get(input)!);
    const [x, filter] = inputs;
    const rewritten =
      value.op === 'Conv' ? blockedConv(g, x!, filter!, value.attrs, block) : g.value(value.op, inputs, value.attrs);
    made.set(value, rewritten);
  }
  const renewed = ({ name, value }: { name: string; value: Value }): { name: string; value: Value } => ({
    name,
    value: made.get(value)!,
  });
  return finishGraph(graph.name, graph.inputs.map(renewed), graph.outputs.map(renewed));
}

function blockedConv(g: SimplifyingBuilder, x: Value, filter: Value, attrs: ConvAttributes, block: number): Value {
  const [outChannels = 0, inChannels = 0] = filter.shape;
  // Fewer channels than a block are read as they lie.
  const isBlocked = inChannels >= block;
  const missingIn = isBlocked ? -inChannels & (block - 1) : 0;
  const missingOut = -outChannels & (block - 1);
  const wide = padAxis(g, x, 1, missingIn);
  const input = isBlocked ? g.value('ToBlocks', [wide], { block }) : wide;
  const { value: padded, pads } = padBeforehand(g, input, filter, attrs);
  const blocks = blockFilter(g, filter, { block, missingIn, missingOut, isBlocked });
  const y = g.value('BlockedConv', [padded, blocks], { ...attrs, pads });
  return g.value('FromBlocks', [y], { channels: outChannels });
}

function padAxis(g: SimplifyingBuilder, x: Value, axis: number, amount: number): Value {
  const before = x.shape.map(() => 0);
  return g.value('Pad', [x], { before, after: x.shape.map((_, i) => (i === axis ? amount : 0)), value: 0 });
}

/**
 * Zeros around the image written out where the filter is about as large as the image: nearly all of the few outputs
 * would take the convolution's slow path for borders (74 against 138 GFLOP/s).
 */
function padBeforehand(
  g: SimplifyingBuilder,
  x: Value,
  filter: Value,
  { pads, dilations }: ConvAttributes,
): { value: Value; pads: ConvAttributes['pads'] } {
  const [height = 0, width = 0] = x.shape.slice(2);
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  if (filter.shape[3]! * dilations[1]! * 2 <= width || pads.every((n) => n === 0)) return { value: x, pads };
  const inner = sizeOf(x.shape.slice(4));
  const rows = g.value('Reshape', [x], { shape: [x.shape[0]!, x.shape[1]!, height, width * inner] });
  const padded = g.value('Pad', [rows], {
    before: [0, 0, top, left * inner],
    after: [0, 0, bottom, right * inner],
    value: 0,
  });
  const shape = [x.shape[0]!, x.shape[1]!, height + top + bottom, width + left + right, ...x.shape.slice(4)];
  return { value: g.value('Reshape', [padded], { shape }), pads: [0, 0, 0, 0] };
}

/** OIHW to [O/b, I/b, H, W, b of I, b of O], or to [O/b, I, H, W, b of O] where the input is not blocked. */
function blockFilter(
  g: SimplifyingBuilder,
  filter: Value,
  layout: { block: number; missingIn: number; missingOut: number; isBlocked: boolean },
): Value {
  const { block, missingIn, missingOut, isBlocked } = layout;
  // The transpose that made OIHW and the one that makes blocks are one transpose of what lies before both.
  const [source, perm] = filter.op === 'Transpose' ? [filter.inputs[0]!, filter.attrs.perm] : [filter, [0, 1, 2, 3]];
  const [outAxis, inAxis, heightAxis, widthAxis] = perm as [number, number, number, number];
  const padded = padAxis(g, padAxis(g, source, outAxis, missingOut), inAxis, missingIn);
  if (isBlocked && inAxis === 0 && outAxis === 1 && heightAxis === 2) {
    // An image with its batch as input channels: its channels are put into blocks as for a convolution of it, which
    // is often needed anyway, and then whole blocks are moved.
    const [batch = 0, channels = 0, height = 0, width = 0] = padded.shape;
    const blocks = g.value('ToBlocks', [padded], { block });
    const split = g.value('Reshape', [blocks], {
      shape: [batch / block, block, channels / block, height * width, block],
    });
    const moved = g.value('Transpose', [split], { perm: [2, 0, 3, 1, 4] });
    return g.value('Reshape', [moved], { shape: [channels / block, batch / block, height, width, block, block] });
  }
  // Split axes are counted as they will be: an axis after a split one moves by one.
  const splits = isBlocked ? [outAxis, inAxis] : [outAxis];
  const shape = padded.shape.flatMap((n, axis) => (splits.includes(axis) ? [n / block, block] : [n]));
  const at = (axis: number): number => axis + splits.filter((split) => split < axis).length;
  const order = [
    at(outAxis),
    at(inAxis),
    at(heightAxis),
    at(widthAxis),
    ...(isBlocked ? [at(inAxis) + 1] : []),
    at(outAxis) + 1,
  ];
  return g.value('Transpose', [g.value('Reshape', [padded], { shape })], { perm: order });
}
