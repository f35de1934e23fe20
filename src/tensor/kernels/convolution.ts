// Convolutions of NHWC images with HWIO filters, and both their gradients, each in terms of the others, so that they
// differentiate to any order.
import { tf } from '../tf.ts';
import { sizeOf } from '../graph.ts';
import type { Shape, Value } from '../graph.ts';
import type { SimplifyingBuilder } from '../simplifying-builder.ts';
import { materialize, permuted, placed, reshape } from '../view.ts';
import type { View } from '../view.ts';
import { matMul } from './matmul.ts';
import { slice } from './shape.ts';
import { rule, unsupported } from './rule.ts';

// Logical NHWC lies as NCHW, HWIO filters lie as OIHW.
const BATCH_FIRST = [0, 3, 1, 2];
const FILTER = [3, 2, 0, 1];

interface Geometry {
  readonly inSize: Shape;
  readonly outSize: Shape;
  readonly filterSize: Shape;
  readonly strides: Shape;
  /** Zeros before and after, for height and width. */
  readonly before: Shape;
  readonly after: Shape;
}

interface ConvAttrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The sizes of a convolution as tfjs defines them. */
function geometry(xShape: Shape, filterShape: Shape, attrs: ConvAttrs): Geometry {
  if (attrs.dataFormat !== 'NHWC')
    throw new TypeError('Cannot trace a convolution of NCHW images: transpose them to NHWC');
  const info = tf.backend_util.computeConv2DInfo(
    xShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1) {
    throw new TypeError(
      'Cannot trace a dilated convolution: tfjs has no gradient for it; use more layers or larger filters',
    );
  }
  // tfjs works out both sizes from the height's filter and stride.
  if (
    typeof attrs.pad === 'number' &&
    (info.filterHeight !== info.filterWidth || info.strideHeight !== info.strideWidth)
  ) {
    throw new TypeError(
      'Cannot trace a convolution padded by a number whose filter or strides are not square: use tf.pad and padding "valid"',
    );
  }
  const { top, bottom, left, right } = info.padInfo;
  return {
    inSize: [info.inHeight, info.inWidth],
    outSize: [info.outHeight, info.outWidth],
    filterSize: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    before: [top, left],
    after: [bottom, right],
  };
}

/** Correlation in NCHW with zeros around; negative amounts crop. */
function correlate(
  g: SimplifyingBuilder,
  x: Value,
  filter: Value,
  padding: { readonly before: Shape; readonly after: Shape; readonly strides?: Shape; readonly dilations?: Shape },
): Value {
  const { before, after, strides = [1, 1], dilations = [1, 1] } = padding;
  const cropped = g.value('Pad', [x], {
    before: [0, 0, ...before.map((n) => Math.min(n, 0))],
    after: [0, 0, ...after.map((n) => Math.min(n, 0))],
    value: 0,
  });
  const pads = [...before, ...after].map((n) => Math.max(n, 0));
  return g.value('Conv', [cropped, filter], { strides, pads, dilations });
}

/** y = x * filter. */
function convolve(g: SimplifyingBuilder, x: View, filter: View, { before, after, strides, outSize }: Geometry): View {
  const y = correlate(g, materialize(g, x, BATCH_FIRST), materialize(g, filter, FILTER), { before, after, strides });
  return placed(y, [x.shape[0]!, ...outSize, filter.shape[3]!], BATCH_FIRST);
}

/**
 * What x receives from y's gradient: correlations with the flipped filter, inputs and outputs exchanged, which are faster
 * than a transposed convolution. With strides, every phase of x (pixels s apart) has its own taps of the filter: s x s
 * small correlations, their results interleaved.
 */
function inputGradient(g: SimplifyingBuilder, xShape: Shape, dy: View, filter: View, geo: Geometry): View {
  const { inSize, outSize, filterSize, strides } = geo;
  const image = materialize(g, dy, BATCH_FIRST);
  // Phase i of an axis: its pixels are i, i + s, …; its taps are a, a + s, … with a = (i + zeros before) mod s.
  const phases = [0, 1].map((axis) => {
    const [stride = 1, zeros = 0] = [strides[axis], geo.before[axis]];
    return Array.from({ length: stride }, (_, i) => {
      const tap = (i + zeros) % stride;
      const taps = Math.ceil((filterSize[axis]! - tap) / stride);
      const count = Math.ceil((inSize[axis]! - i) / stride);
      const before = taps - 1 - (i + zeros - tap) / stride;
      return { tap, taps, count, before, after: count - outSize[axis]! - before + taps - 1 };
    });
  }) as [Phase[], Phase[]];
  // Phases have equal sizes if the strides divide the image; otherwise the last ones are a pixel larger than needed.
  const size = phases.map((list) => list[0]!.count);
  const images = phases[0].flatMap((row) =>
    phases[1].map((column) => {
      const both = [row, column];
      if (both.some(({ taps }) => taps <= 0)) {
        return g.value('Expand', [g.scalar(0)], { shape: [xShape[0]!, xShape[3]!, ...size] });
      }
      const [begin, steps] = [both.map(({ tap, taps }, i) => tap + (taps - 1) * strides[i]!), strides.map((n) => -n)];
      const part = slice(
        g,
        filter,
        [...begin, 0, 0],
        [row.taps, column.taps, ...filter.shape.slice(2)],
        [...steps, 1, 1],
      );
      const before = both.map((phase) => phase.before);
      const after = both.map((phase, i) => phase.after + size[i]! - phase.count);
      return correlate(g, image, materialize(g, part, [2, 3, 0, 1]), { before, after });
    }),
  );
  const whole = images.length === 1 ? images[0]! : g.value('Interleave', images, { factors: strides });
  const cropped = g.value('Slice', [whole], {
    starts: [0, 0, 0, 0],
    sizes: [...whole.shape.slice(0, 2), ...inSize],
    steps: [1, 1, 1, 1],
  });
  return placed(cropped, xShape, BATCH_FIRST);
}

interface Phase {
  /** The first tap of the filter and how many there are. */
  readonly tap: number;
  readonly taps: number;
  /** How many pixels of x. */
  readonly count: number;
  readonly before: number;
  readonly after: number;
}

/** What the filter receives: x correlated with dy over the batch, dy spread out by the strides. */
function filterGradient(g: SimplifyingBuilder, x: View, dy: View, filterShape: Shape, geo: Geometry): View {
  const { inSize, outSize, filterSize, strides, before } = geo;
  const [inChannels, outChannels] = [x.shape[3]!, dy.shape[3]!];
  if (
    sizeOf(filterSize) === 1 &&
    sizeOf(strides) === 1 &&
    before.every((n) => n === 0) &&
    geo.after.every((n) => n === 0)
  ) {
    const count = sizeOf(dy.shape) / outChannels;
    const pixels = { x: reshape(g, x, [count, inChannels]), dy: reshape(g, dy, [count, outChannels]) };
    return reshape(g, matMul(g, permuted(pixels.x, [1, 0]), pixels.dy), filterShape);
  }
  const after = filterSize.map((n, i) => n - 1 + (outSize[i]! - 1) * strides[i]! + 1 - inSize[i]! - before[i]!);
  // By way of NCHW, the form in which other convolutions have them.
  const [left, right] = [x, dy].map((image) =>
    g.value('Transpose', [materialize(g, image, BATCH_FIRST)], { perm: [1, 0, 2, 3] }),
  ) as [Value, Value];
  const value = correlate(g, left, right, { before, after, dilations: strides });
  return placed(value, filterShape, [2, 3, 0, 1]);
}

const pooling = 'tf.mean or tf.max over a reshape to [n, h, 2, w, 2, c]';
const upsampling = 'a product with tf.ones on [n, h, 1, w, 1, c], reshaped: it differentiates to any order';
const patches = 'tf.conv2d, or tf.matMul on patches';

export const convolutionRules = {
  Conv2D: rule<tf.Conv2DInputs, ConvAttrs>((g, { x, filter }, attrs) =>
    convolve(g, x, filter, geometry(x.shape, filter.shape, attrs)),
  ),
  Conv2DBackpropInput: rule<tf.Conv2DBackpropInputInputs, ConvAttrs & { inputShape: Shape }>(
    (g, { dy, filter }, attrs) =>
      inputGradient(g, attrs.inputShape, dy, filter, geometry(attrs.inputShape, filter.shape, attrs)),
  ),
  Conv2DBackpropFilter: rule<tf.Conv2DBackpropFilterInputs, ConvAttrs & { filterShape: Shape }>((g, { x, dy }, attrs) =>
    filterGradient(g, x, dy, attrs.filterShape, geometry(x.shape, attrs.filterShape, attrs)),
  ),
  AvgPool: unsupported(pooling),
  AvgPoolGrad: unsupported(pooling),
  AvgPool3D: unsupported(pooling),
  AvgPool3DGrad: unsupported(pooling),
  MaxPool: unsupported(pooling),
  MaxPoolGrad: unsupported(pooling),
  MaxPool3D: unsupported(pooling),
  MaxPool3DGrad: unsupported(pooling),
  MaxPoolWithArgmax: unsupported(pooling),
  Pool: unsupported(pooling),
  ResizeBilinear: unsupported(upsampling),
  ResizeBilinearGrad: unsupported(upsampling),
  ResizeNearestNeighbor: unsupported(upsampling),
  ResizeNearestNeighborGrad: unsupported(upsampling),
  Conv3D: unsupported(patches),
  Conv3DBackpropFilterV2: unsupported(patches),
  Conv3DBackpropInputV2: unsupported(patches),
  DepthwiseConv2dNative: unsupported(patches),
  DepthwiseConv2dNativeBackpropFilter: unsupported(patches),
  DepthwiseConv2dNativeBackpropInput: unsupported(patches),
  Dilation2D: unsupported(patches),
  Dilation2DBackpropFilter: unsupported(patches),
  Dilation2DBackpropInput: unsupported(patches),
  FusedConv2D: unsupported('tf.conv2d followed by tf.add and the activation'),
  FusedDepthwiseConv2D: unsupported(patches),
};
