import { InferenceSession, Tensor } from 'onnxruntime-node';
import protobuf from 'protobufjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cdmDenoiser, logDensity } from '../../src/diffusion/cdm.ts';
import { evaluate, evaluationProgram, type BatchShape } from '../../src/diffusion/evaluate.ts';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { encoderClassifier } from '../../src/networks/encoder.ts';
import { cumsumHead, smoothHead } from '../../src/networks/heads.ts';
import { mlpClassifier } from '../../src/networks/mlp.ts';
import type { ClassifierNetwork } from '../../src/networks/network.ts';
import { unetClassifier, unetDenoiser } from '../../src/networks/unet.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { exportOnnx } from '../../src/tensor/export.ts';
import { flatLayout, initialize, type Parameter } from '../../src/tensor/flat.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';
import { expectClose } from '../support/close.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

/** What onnx.proto says, written down once more: field numbers that are wrong in our descriptor do not agree with these. */
const Model = protobuf.parse(`
  syntax = "proto3";
  message Model { int64 ir_version = 1; string producer_name = 2; Graph graph = 7; repeated OperatorSet opset_import = 8;
    repeated Entry metadata_props = 14; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Entry { string key = 1; string value = 2; }
  message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5;
    repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; string domain = 7; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; }
`).root.lookupType('Model'); // prettier-ignore

interface Decoded {
  opsetImport: { domain: string; version: number }[];
  metadataProps: { key: string; value: string }[];
  graph: {
    node: { input: string[]; output: string[]; name: string; opType: string; domain: string }[];
    initializer: { name: string; dims: number[]; dataType: number; rawData: Uint8Array }[];
    input: { name: string }[];
    output: { name: string }[];
  };
}
const decode = (bytes: Uint8Array): Decoded =>
  Model.toObject(Model.decode(bytes), { longs: Number, arrays: true, defaults: true }) as Decoded;

/** The file through ONNX Runtime and nothing of ours. */
async function runFile(
  bytes: Uint8Array,
  inputs: Record<string, [Float32Array | Int32Array, number[]]>,
): Promise<Record<string, { data: unknown; dims: readonly number[] }>> {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'model.onnx');
  writeFileSync(path, bytes);
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const feeds = Object.entries(inputs).map(([name, [data, dims]]) => [
    name,
    data instanceof Float32Array ? new Tensor('float32', data, dims) : new Tensor('int32', data, dims),
  ]);
  const results = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
  await session.release();
  return results;
}

/** Random, so that nothing is zero and every weight matters. */
function randomWeights(parameters: readonly Parameter[]): Float32Array {
  const noise = normals({ seed: 3, purpose: 'weights' }, flatLayout(parameters).size);
  return initialize(parameters, { seed: 1, purpose: 'test' }).map((value, i) => value + 0.1 * noise[i]!);
}

const schedule = scheduleFromSpec({ kind: 'uniform-log-snr', T: 10 });
const unetShape = { imageSize: 8, inChannels: 1, channels: 8, mult: [1, 2], blocks: 1, groups: 4 };
const moments = { mean: normals({ seed: 4, purpose: 'mean' }, 64), variance: 0.7 };
const classifierPrograms = (name: string, network: ClassifierNetwork, shape: readonly number[]) => [
  {
    name: `${name}, log density`,
    program: (batch: number) =>
      evaluationProgram('density', { batch, shape }, network.parameters, (weights) => (x, t) =>
        logDensity((input) => network.logits(weights, input), schedule, x, t),
      ),
    shape,
    parameters: network.parameters,
  },
  {
    name: `${name}, noise estimate`,
    program: (batch: number) =>
      evaluationProgram('denoiser', { batch, shape }, network.parameters, (weights) =>
        cdmDenoiser((input) => network.logits(weights, input), schedule),
      ),
    shape,
    parameters: network.parameters,
  },
]; // prettier-ignore
const denoiser = unetDenoiser(unetShape);
const mlp = mlpClassifier(
  { dim: 2, width: 32, depth: 2, inputScale: 4, squares: 8 },
  smoothHead(schedule, { mean: [0.3, -0.2], variance: 1.2 }, 8),
);
const encoder = encoderClassifier(
  { imageSize: 8, inChannels: 1, patchSize: 2, width: 12, blocks: 2, groups: 3 },
  smoothHead(schedule, moments, 8),
);
const programs = [
  ...classifierPrograms('MLP', mlp, [2]),
  ...classifierPrograms('encoder', encoder, [8, 8, 1]),
  ...classifierPrograms('U-Net', unetClassifier(unetShape, cumsumHead(schedule, moments)), [8, 8, 1]),
  {
    name: 'U-Net with time, noise estimate',
    program: (batch: number) =>
      evaluationProgram('ddm', { batch, shape: [8, 8, 1] }, denoiser.parameters, (weights) => (x, t) =>
        denoiser.epsilon(weights, x, t),
      ),
    shape: [8, 8, 1],
    parameters: denoiser.parameters,
  },
]; // prettier-ignore

describe.each(programs)('exportOnnx(): $name', ({ program, shape, parameters }) => {
  const weights = randomWeights(parameters);
  const bytes = exportOnnx(program, { parameters: weights }, { equation: 'σ ∇F' });

  test('computes what evaluate() does, for batches of any size', async () => {
    const dim = shape.reduce((a, b) => a * b, 1);
    const batchShape: BatchShape = { batch: 4, shape };
    const compiled = await (await openBackend('cpu', { threads: 1 })).compile(program(4));
    compiled.load({ parameters: weights });
    for (const count of [1, 4, 7]) {
      const x = normals({ seed: 5, purpose: 'x', step: count }, count * dim);
      const expected = await evaluate(compiled, batchShape, x, 3);
      const { value } = await runFile(bytes, {
        x: [x, [count, ...shape]],
        t: [new Int32Array(count).fill(3), [count]],
      });
      expect(value!.dims[0]).toBe(count);
      // The runtime may add in another order for another batch size.
      expectClose(value!.data as Float32Array, expected, 2e-5);
    }
    await compiled.dispose();
  });

  test('is whole: standard operators in order, names unique, every weight in it once', () => {
    const { opsetImport, metadataProps, graph } = decode(bytes);
    expect(opsetImport).toEqual([{ domain: '', version: 18 }]);
    expect(metadataProps).toEqual([{ key: 'equation', value: 'σ ∇F' }]);
    expect(graph.input.map(({ name }) => name)).toEqual(['x', 't']);
    expect(graph.output.map(({ name }) => name)).toEqual(['value']);
    const known = new Set([...graph.input, ...graph.initializer].map(({ name }) => name));
    expect(known.size).toBe(graph.input.length + graph.initializer.length);
    for (const { input, output, domain } of graph.node) {
      expect(domain).toBe('');
      for (const name of input) expect(name === '' || known.has(name), name).toBe(true);
      for (const name of output) {
        expect(known.has(name), name).toBe(false);
        known.add(name);
      }
    }
    expect(known.has('value')).toBe(true);
    for (const { dims, rawData, dataType } of graph.initializer) {
      const size = dims.reduce((a, b) => a * b, 1);
      expect(rawData.length).toBe(size * (dataType === 7 ? 8 : 4));
    }
    // No flat vector, and about as many numbers as weights.
    const floats = graph.initializer.filter(({ dataType }) => dataType === 1);
    expect(Math.max(...floats.map(({ rawData }) => rawData.length / 4))).toBeLessThan(weights.length);
    expect(floats.reduce((sum, { rawData }) => sum + rawData.length / 4, 0)).toBeLessThan(2.5 * weights.length);
  });

  test('gives equal bytes for equal models', () => {
    expect(Buffer.compare(bytes, exportOnnx(program, { parameters: weights }, { equation: 'σ ∇F' }))).toBe(0);
  });
});

const float = (shape: readonly number[]) => ({ shape, dtype: 'float32' }) as const;
const stateless = (
  inputs: ProgramDefinition['inputs'],
  run: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
): ProgramDefinition => ({ name: 'example', state: {}, inputs, run: (_, given) => ({ outputs: run(given) }) });

describe('exportOnnx()', () => {
  test('names the batch in every shape that follows it, wherever the axis is', async () => {
    const program = (batch: number) =>
      stateless({ rows: float([3, batch]), more: float([batch, 3]) }, ({ rows, more }) => ({
        both: tf.add(tf.transpose(rows!), more!),
        outer: tf.matMul(more!, rows!),
        filled: tf.mul(tf.fill([batch, 2], 3), tf.tensor1d([1, 2])),
        doubled: tf.sum(tf.reshape(tf.concat([more!, more!], 1), [2 * batch, 3]), 1, true).reshape([batch, 2]),
      }));
    const bytes = exportOnnx(program, {}, {});
    const session = await InferenceSession.create(bytes);
    expect(session.inputMetadata.map((info) => info.isTensor && info.shape)).toEqual([
      [3, 'batch'],
      ['batch', 3],
    ]);
    expect(session.outputMetadata.map((info) => info.isTensor && info.shape)).toEqual([
      ['batch', 3],
      ['batch', 'batch'],
      ['batch', 2],
      ['batch', 2],
    ]);
    for (const batch of [1, 5]) {
      const inputs = { rows: normals({ seed: 1, purpose: 'a' }, 3 * batch), more: normals({ seed: 1, purpose: 'b' }, 3 * batch) }; // prettier-ignore
      const expected = await (await (await openBackend('tfjs', { threads: 1 })).compile(program(batch))).run(inputs);
      const results = await runFile(bytes, { rows: [inputs.rows, [3, batch]], more: [inputs.more, [batch, 3]] });
      for (const [name, values] of Object.entries(expected)) {
        expectClose(results[name]!.data as Float32Array, values, 1e-6, name);
      }
    }
  });

  test('keeps the shapes of a program of one batch size', async () => {
    const bytes = exportOnnx(
      stateless({ x: float([2, 3]) }, ({ x }) => ({ mean: tf.mean(x!, 0) })),
      {},
      {},
    );
    const session = await InferenceSession.create(bytes);
    expect(session.inputMetadata.map((info) => info.isTensor && info.shape)).toEqual([[2, 3]]);
    const { mean } = await runFile(bytes, { x: [Float32Array.of(1, 2, 3, 5, 6, 7), [2, 3]] });
    expect(mean).toMatchObject({ data: Float32Array.of(3, 4, 5), dims: [3] });
  });

  test('builds slices and transposes of the state in', async () => {
    const definition: ProgramDefinition = {
      name: 'views',
      state: { w: float([4, 3, 2]) },
      inputs: { x: float([1]) },
      run: ({ w }, { x }) => ({
        outputs: {
          turned: tf.mul(tf.reshape(tf.transpose(w!, [2, 0, 1]), [24]), x!),
          part: tf.mul(tf.slice(w!, [1, 0, 1], [2, 3, 1]), x!),
          backwards: tf.mul(tf.reverse(w!, 0), x!),
          strided: tf.mul(tf.stridedSlice(w!, [3, 0, 0], [0, 3, 2], [-2, 2, 1]), x!),
        },
      }),
    };
    const w = Float32Array.from({ length: 24 }, (_, i) => i);
    const bytes = exportOnnx(definition, { w }, {});
    expect(new Set(decode(bytes).graph.node.map(({ opType }) => opType))).not.toContain('Transpose');
    const eager = await (await openBackend('tfjs', { threads: 1 })).compile(definition);
    eager.load({ w });
    const x = Float32Array.of(2);
    const results = await runFile(bytes, { x: [x, [1]] });
    for (const [name, values] of Object.entries(await eager.run({ x }))) expect(results[name]!.data).toEqual(values);
  });

  test('refuses what a file of any batch size cannot be, by name', () => {
    const overBatch = (run: (x: tf.Tensor, batch: number) => tf.Tensor) => () =>
      exportOnnx((batch) => stateless({ x: float([batch, 2]) }, ({ x }) => ({ y: run(x!, batch) })), {}, {});
    expect(overBatch((x, batch) => tf.div(x, batch))).toThrow(
      'program "example" depends on its batch size in a constant of the operation',
    );
    expect(overBatch((x, batch) => tf.slice(x, [0, 0], [batch - 1, 2]))).toThrow('axis 0 of "y"');
    expect(overBatch((x, batch) => tf.sum(tf.slice(x, [0, 0], [batch - 1, 2])))).toThrow(
      'the sizes [96] of the operation Slice: export it for one batch size',
    );
    expect(overBatch((x, batch) => (batch === 97 ? tf.sin(x) : tf.cos(x)))).toThrow('the operation Sin');
    expect(() => exportOnnx((batch) => stateless({}, () => ({ y: tf.fill([batch], 2) })), {}, {})).toThrow(
      'no input of the program has the batch as an axis',
    );
  });

  test('refuses a program that changes its state, wrong weights, and one name for two values', () => {
    const counter: ProgramDefinition = {
      name: 'counter',
      state: { n: float([]) },
      inputs: {},
      run: ({ n }) => ({ state: { n: tf.add(n!, 1) }, outputs: { n: n! } }),
    };
    expect(() => exportOnnx(counter, { n: Float32Array.of(1) }, {})).toThrow('program "counter": it changes its state');
    expect(() => exportOnnx(counter, {}, {})).toThrow('needs the tensor "n"');
    const echo = stateless({ x: float([2]) }, ({ x }) => ({ x: tf.neg(x!) }));
    expect(() => exportOnnx(echo, {}, {})).toThrow('two values called "x"');
  });
});
