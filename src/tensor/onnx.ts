// A graph as an ONNX model: how each operation is written. Equal graphs give equal bytes.
import { sizeOf } from './graph.ts';
import type {
  Attributes,
  ConvAttributes,
  BinaryOp,
  ConstantData,
  DType,
  Graph,
  OpName,
  ReduceOp,
  Shape,
  UnaryOp,
  Value,
} from './graph.ts';
import { binaryOps, reduceOps, unaryOps } from './graph.ts';
import { BOOL, encodeModel, FLOAT, INT32, INT64 } from './onnx-format.ts';
import type { AttributeMessage, ModelMessage, NodeMessage, TensorMessage, ValueInfoMessage } from './onnx-format.ts';

const OPSET = 18;
const IR_VERSION = 8;
/** ONNX Runtime's own domain of blocked convolutions; portable models are written without it. */
const NCHWC = 'com.microsoft.nchwc';

const elementTypes: Readonly<Record<DType, number>> = { float32: FLOAT, int32: INT32, bool: BOOL };

const intAttribute = (name: string, i: number): AttributeMessage => ({ name, type: 2, i });
const intsAttribute = (name: string, ints: readonly number[]): AttributeMessage => ({ name, type: 7, ints });
const textAttribute = (name: string, text: string): AttributeMessage => ({ name, type: 3, s: Buffer.from(text) });

// ---- Writing -------------------------------------------------------------------------------------------------------

/** Collects the nodes and initializers of a model. */
class ModelWriter {
  readonly nodes: NodeMessage[] = [];
  readonly initializers: TensorMessage[] = [];
  readonly #labels = new Set<string>();
  readonly #integers = new Map<string, string>();

  node(opType: string, input: readonly string[], output: string, attribute: readonly AttributeMessage[] = []): string {
    this.nodes.push({ opType, input, output: [output], name: `${output}:${opType}`, attribute });
    return output;
  }

  /** A node of the runtime's blocked domain, whose tensors are labelled [N, C, H, W] whatever their order is. */
  blockedNode(
    opType: string,
    input: readonly string[],
    output: string,
    attribute: readonly AttributeMessage[] = [],
  ): void {
    this.nodes.push({ opType, input, output: [output], name: `${output}:${opType}`, attribute, domain: NCHWC });
  }

  /** A value under another shape, made once. */
  relabelled(name: string, shape: Shape): string {
    const label = `${name}:${shape.join('x')}`;
    if (!this.#labels.has(label)) this.node('Reshape', [name, this.integers(shape)], label);
    this.#labels.add(label);
    return label;
  }

  initializer(name: string, shape: Shape, dataType: number, data: Uint8Array): string {
    this.initializers.push({ dims: shape, dataType, name, rawData: data });
    return name;
  }

  /** The name of an int64 vector (shapes, axes, bounds), made once. */
  integers(values: readonly number[]): string {
    const key = values.join();
    let name = this.#integers.get(key);
    if (name === undefined) {
      name = `int64:${key}`;
      this.#integers.set(key, name);
      this.initializer(name, [values.length], INT64, bytesOf(BigInt64Array.from(values, BigInt)));
    }
    return name;
  }
}

const bytesOf = (data: ConstantData | BigInt64Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

type Write<O extends OpName> = (
  w: ModelWriter,
  inputs: readonly string[],
  output: string,
  attrs: Attributes[O],
  value: Value,
) => void;

const each = <K extends string, T>(names: readonly K[], make: (name: K) => T): Record<K, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, T>;

const plain =
  (opType: string): Write<UnaryOp | BinaryOp | 'Where'> =>
  (w, inputs, output) => {
    w.node(opType, inputs, output);
  };

const writeReduce =
  (op: ReduceOp): Write<ReduceOp> =>
  (w, inputs, output, { axes }) => {
    w.node(op, [...inputs, w.integers(axes)], output, [intAttribute('keepdims', 1)]);
  };

const writeArg =
  (op: 'ArgMax' | 'ArgMin'): Write<'ArgMax' | 'ArgMin'> =>
  (w, inputs, output, { axis }) => {
    const index = w.node(op, inputs, `${output}:index`, [intAttribute('axis', axis), intAttribute('keepdims', 1)]);
    w.node('Cast', [index], output, [intAttribute('to', INT32)]);
  };

/** Gemm packs transposed operands; nothing is copied. */
function writeGemm(w: ModelWriter, inputs: readonly string[], output: string, attrs: Attributes['Gemm']): void {
  const flags = [intAttribute('transA', Number(attrs.transA)), intAttribute('transB', Number(attrs.transB))];
  w.node('Gemm', inputs, output, flags);
}

const convAttributes = ({ strides, pads, dilations }: ConvAttributes): AttributeMessage[] => [
  intsAttribute('strides', strides),
  intsAttribute('pads', pads),
  intsAttribute('dilations', dilations),
];

/** Whether a value carries the runtime's label [N, C, H, W] by itself. */
const isLabelled = ({ op, shape }: Value): boolean =>
  shape.length === 4 || op === 'ToBlocks' || op === 'BlockedConv' || op === 'Upsample' || op === 'Interleave';
const imageLabel = ([n = 0, c = 0, h = 0, w = 0, block = 0]: Shape): Shape => [n, c * block, h, w];
/** [O/b, I/b, H, W, b, b] or [O/b, I, H, W, b] as OIHW. */
const filterLabel = (shape: Shape): Shape => {
  const [o = 0, i = 0, h = 0, w = 0, ...blocks] = shape;
  return [o * blocks.at(-1)!, blocks.length === 2 ? i * blocks[0]! : i, h, w];
};

const writeRules: { readonly [O in OpName]: Write<O> } = {
  ...each(unaryOps, plain),
  ...each(binaryOps, plain),
  ...each(reduceOps, writeReduce),
  ArgMax: writeArg('ArgMax'),
  ArgMin: writeArg('ArgMin'),
  Where: plain('Where'),
  Input: () => {},
  Constant: (w, _, output, { shape, dtype, data }) => {
    w.initializer(output, shape, elementTypes[dtype], bytesOf(data));
  },
  Cast: (w, inputs, output, { to }) => {
    w.node('Cast', inputs, output, [intAttribute('to', elementTypes[to])]);
  },
  MatMul: (w, [a, b], output, { transA, transB }, { inputs }) => {
    const [left, right] = inputs as [Value, Value];
    if (left.shape.length === 2 && right.shape.length === 2) {
      writeGemm(w, [a!, b!], output, { transA, transB });
      return;
    }
    const turned = (name: string, { shape }: Value, suffix: string): string => {
      const rank = shape.length;
      const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
      return w.node('Transpose', [name], `${output}:${suffix}`, [intsAttribute('perm', perm)]);
    };
    w.node('MatMul', [transA ? turned(a!, left, 'a') : a!, transB ? turned(b!, right, 'b') : b!], output);
  },
  Gemm: writeGemm,
  Conv: (w, inputs, output, attrs) => {
    w.node('Conv', inputs, output, convAttributes(attrs));
  },
  ToBlocks: (w, inputs, output) => {
    w.blockedNode('ReorderInput', inputs, output);
  },
  FromBlocks: (w, inputs, output, { channels }) => {
    w.blockedNode('ReorderOutput', inputs, output, [intAttribute('channels', channels)]);
  },
  BlockedConv: (w, [x, filter], output, attrs, { inputs }) => {
    const [image, blocks] = inputs as [Value, Value];
    const input = isLabelled(image) ? x! : w.relabelled(x!, imageLabel(image.shape));
    const names = [input, w.relabelled(filter!, filterLabel(blocks.shape))];
    w.blockedNode('Conv', names, output, [
      ...convAttributes(attrs),
      intsAttribute('kernel_shape', blocks.shape.slice(2, 4)),
    ]);
  },
  Upsample: (w, [x], output, { factors }, { inputs }) => {
    const nearest = [
      textAttribute('mode', 'nearest'),
      textAttribute('coordinate_transformation_mode', 'asymmetric'),
      textAttribute('nearest_mode', 'floor'),
    ];
    if (inputs[0]!.shape.length === 5) {
      const input = isLabelled(inputs[0]!) ? x! : w.relabelled(x!, imageLabel(inputs[0]!.shape));
      w.blockedNode('Upsample', [input], output, [intsAttribute('scales', [1, 1, ...factors]), ...nearest.slice(0, 2)]);
      return;
    }
    const scales = w.initializer(`${output}:scales`, [4], FLOAT, bytesOf(Float32Array.of(1, 1, ...factors)));
    w.node('Resize', [x!, '', scales], output, nearest);
  },
  Interleave: (w, images, output, { factors }, { inputs, shape }) => {
    const [n = 0, c = 0, height = 0, width = 0, block = 1] = inputs[0]!.shape;
    const across = factors[1]!;
    const rows = Array.from({ length: factors[0]! }, (_, i) => {
      const parts = images
        .slice(i * across, (i + 1) * across)
        .map((x) => w.relabelled(x, [n * c * height, width, block]));
      const row = w.node('Concat', parts, `${output}:row${i}`, [intAttribute('axis', 2)]);
      return w.relabelled(row, [n * c * height, across * width * block]);
    });
    const all = w.node('Concat', rows, `${output}:rows`, [intAttribute('axis', 1)]);
    w.node('Reshape', [all, w.integers(shape.length === 5 ? imageLabel(shape) : shape)], output);
  },
  CumSum: (w, inputs, output, { axis, exclusive, reverse }) => {
    w.node('CumSum', [...inputs, w.integers([axis])], output, [
      intAttribute('exclusive', Number(exclusive)),
      intAttribute('reverse', Number(reverse)),
    ]);
  },
  Reshape: (w, inputs, output, { shape }) => {
    w.node('Reshape', [...inputs, w.integers(shape)], output, [intAttribute('allowzero', Number(sizeOf(shape) === 0))]);
  },
  Transpose: (w, inputs, output, { perm }) => {
    w.node('Transpose', inputs, output, [intsAttribute('perm', perm)]);
  },
  Expand: (w, inputs, output, { shape }) => {
    w.node('Expand', [...inputs, w.integers(shape)], output);
  },
  Concat: (w, inputs, output, { axis }) => {
    w.node('Concat', inputs, output, [intAttribute('axis', axis)]);
  },
  Slice: (w, [x], output, { starts, sizes, steps }, { inputs }) => {
    // Whole axes are left out. Backwards to the very start is an end before every index.
    const { shape } = inputs[0]!;
    const axes = shape.flatMap((n, i) => (starts[i] !== 0 || sizes[i] !== n || steps[i] !== 1 ? [i] : []));
    const ends = axes.map((i) => {
      const end = starts[i]! + (sizes[i]! - 1) * steps[i]! + Math.sign(steps[i]!);
      return end < 0 ? -shape[i]! - 1 : end;
    });
    const bounds = [axes.map((i) => starts[i]!), ends, axes, axes.map((i) => steps[i]!)];
    w.node('Slice', [x!, ...bounds.map((numbers) => w.integers(numbers))], output);
  },
  Pad: (w, [x], output, { before, after, value: number }, value) => {
    const fill = `${output}:fill`;
    const data = value.dtype === 'int32' ? Int32Array.of(number) : Float32Array.of(number);
    const inputs = [x!, w.integers([...before, ...after])];
    w.node(
      'Pad',
      number === 0 ? inputs : [...inputs, w.initializer(fill, [], elementTypes[value.dtype], bytesOf(data))],
      output,
    );
  },
  Gather: (w, inputs, output, { axis }) => {
    w.node('Gather', inputs, output, [intAttribute('axis', axis)]);
  },
  GatherND: (w, [x, indices], output) => {
    const index = w.node('Cast', [indices!], `${output}:index`, [intAttribute('to', INT64)]);
    w.node('GatherND', [x!, index], output);
  },
};

function write<O extends OpName>(
  w: ModelWriter,
  value: Value & { op: O },
  inputs: readonly string[],
  output: string,
): void {
  const rule: Write<O> = writeRules[value.op];
  rule(w, inputs, output, value.attrs as Attributes[O], value);
}

/** A graph's input or output. */
export const valueInfo = (name: string, { shape, dtype }: Value): ValueInfoMessage => ({
  name,
  type: { tensorType: { elemType: elementTypes[dtype], shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
});

/** The bytes of the ONNX model of a graph. */
export const encodeOnnx = (graph: Graph): Uint8Array => encodeModel(onnxModel(graph));

/** The ONNX model of a graph. */
export function onnxModel(graph: Graph): ModelMessage {
  const w = new ModelWriter();
  const names = new Map<Value, string>();
  for (const { name, value } of graph.inputs) names.set(value, name);
  // A value that is an output is written under the output's name; further names for it are copies.
  const copies: { from: Value; to: string }[] = [];
  for (const { name, value } of graph.outputs) {
    if (names.has(value) || value.op === 'Constant') copies.push({ from: value, to: name });
    else names.set(value, name);
  }
  graph.values.forEach((value, i) => {
    const name = names.get(value) ?? `v${i}`;
    names.set(value, name);
    write(w, value, value.inputs.map((input) => names.get(input)!), name); // prettier-ignore
  });
  for (const { from, to } of copies) w.node('Identity', [names.get(from)!], to);
  return {
    irVersion: IR_VERSION,
    producerName: 'repro',
    opsetImport: [
      { domain: '', version: OPSET },
      ...(graph.values.some(({ op }) => op === 'ToBlocks' || op === 'BlockedConv')
        ? [{ domain: NCHWC, version: 1 }]
        : []),
    ],
    graph: {
      name: graph.name,
      node: w.nodes,
      initializer: w.initializers,
      input: graph.inputs.map(({ name, value }) => valueInfo(name, value)),
      output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
    },
  };
}
