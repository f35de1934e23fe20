// The program that CUDA runs, here on the CPU: the loop is the same.
import { expect, test } from 'vitest';
import { balancedWeights } from '../../src/diffusion/loss.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { startTraining, train, type TrainingProgress } from '../../src/diffusion/training.ts';
import { cdmTask, trainingStep } from '../../src/diffusion/training-step.ts';
import { cumsumHead } from '../../src/networks/heads.ts';
import { mlpClassifier } from '../../src/networks/mlp.ts';
import { unetClassifier } from '../../src/networks/unet.ts';
import { fuseSums } from '../../src/tensor/gemm.ts';
import { openLoop } from '../../src/tensor/loop.ts';
import type { Program, ProgramDefinition } from '../../src/tensor/program.ts';
import { integers, normals } from '../../src/tensor/random.ts';
import { compile, loadRuntime, sessionOptions } from '../../src/tensor/session.ts';
import { tf } from '../../src/tensor/tf.ts';
import { trace } from '../../src/tensor/trace.ts';

const looped = async (definition: ProgramDefinition): Promise<Program> =>
  openLoop(await loadRuntime(), definition, fuseSums(trace(definition)), sessionOptions(1));

const oneByOne = (program: Program): Program => ({
  load: (state) => program.load(state),
  run: (inputs) => program.run(inputs),
  read: () => program.read(),
  dispose: () => program.dispose(),
});

test('runs together are runs one by one: each sees the state that the one before it left', async () => {
  const program = await looped({
    name: 'walk',
    state: { sum: { shape: [2], dtype: 'float32' }, scale: { shape: [], dtype: 'float32' } },
    inputs: { x: { shape: [2], dtype: 'float32' }, k: { shape: [], dtype: 'int32' } },
    run: ({ sum, scale }, { x, k }) => {
      const next = tf.add(sum!, tf.mul(x!, scale!));
      return { state: { sum: next }, outputs: { next, first: tf.slice(next, [0], [1]), twice: tf.add(k!, k!) } };
    },
  });
  program.load({ sum: Float32Array.of(1, 2), scale: Float32Array.of(10) });
  const inputs = [1, 2, 3].map((k) => ({ x: Float32Array.of(k, -k), k: Int32Array.of(k) }));
  expect(await program.together!.run(inputs)).toEqual([
    { next: Float32Array.of(11, -8), first: Float32Array.of(11), twice: Int32Array.of(2) },
    { next: Float32Array.of(31, -28), first: Float32Array.of(31), twice: Int32Array.of(4) },
    { next: Float32Array.of(61, -58), first: Float32Array.of(61), twice: Int32Array.of(6) },
  ]);
  expect((await program.run(inputs[0]!))['next']).toEqual(Float32Array.of(71, -68));
  expect(await program.read()).toEqual({ sum: Float32Array.of(71, -68), scale: Float32Array.of(10) });
  await program.dispose();
});

test('a program without state runs together, too', async () => {
  const program = await looped({
    name: 'squares',
    state: {},
    inputs: { x: { shape: [], dtype: 'float32' } },
    run: (_, { x }) => ({ outputs: { square: tf.square(x!) } }),
  });
  const squares = await program.together!.run([2, 3].map((x) => ({ x: Float32Array.of(x) })));
  expect(squares).toEqual([4, 9].map((square) => ({ square: Float32Array.of(square) })));
  await program.dispose();
});

test('a perceptron takes the steps of its program without a loop, bit for bit', async () => {
  const schedule = uniformLogSnr({ T: 10 });
  const shape = { dim: 2, width: 8, depth: 1, inputScale: 1 };
  const task = cdmTask(mlpClassifier(shape, cumsumHead(schedule)), schedule, balancedWeights(2));
  const definition = trainingStep(task, { batch: 8, shape: [2] }, {});
  const { state } = startTraining(task, 3);
  const inputs = Array.from({ length: 5 }, (_, i) => ({
    x0: normals({ seed: 3, purpose: 'data', step: i }, 16),
    epsilon: normals({ seed: 3, purpose: 'noise', step: i }, 16),
    t: integers({ seed: 3, purpose: 't', step: i }, 8, 12),
    learningRate: Float32Array.of(1e-2),
    step: Float32Array.of(i + 1),
    emaDecay: Float32Array.of(0.9),
  }));
  const [plain, loop] = [await compile(definition, 1), await looped(definition)];
  for (const program of [plain, loop]) program.load(state);
  const outputs = [];
  for (const each of inputs) outputs.push(await plain.run(each));
  expect(await loop.together!.run(inputs)).toEqual(outputs);
  expect(await loop.read()).toEqual(await plain.read());
  await Promise.all([plain.dispose(), loop.dispose()]);
});

test('a U-Net trained in groups of steps, batches in parts, is that of single runs, bit for bit', async () => {
  const schedule = uniformLogSnr({ T: 10 });
  const unet = { imageSize: 4, inChannels: 1, channels: 4, mult: [1, 2], blocks: 1, groups: 2, attention: [2], dropout: 0.3, labels: 3 }; // prettier-ignore
  const task = cdmTask(unetClassifier(unet, cumsumHead(schedule)), schedule, balancedWeights(16));
  const batchShape = { batch: 4, shape: [4, 4, 1] };
  const program = await looped(trainingStep(task, batchShape, {}, 4));
  const trained = async (by: Program, start: TrainingProgress, to: number) => {
    const saved: number[] = [];
    const run = {
      task,
      program: by,
      batchShape,
      accumulate: 4,
      seed: 3,
      data: (step: number) => normals({ seed: 3, purpose: 'data', step }, 64),
      labels: (step: number) => integers({ seed: 3, purpose: 'label', step }, 4, 4),
      learningRate: { peak: 1e-3, warmup: 0, steps: 20 },
      emaDecay: 0.9,
      checkpoint: { every: 6, save: ({ step }: TrainingProgress) => void saved.push(step) },
    };
    return { ...(await train(run, start, to)), saved };
  };
  const start = startTraining(task, 3);
  const single = await trained(oneByOne(program), start, 7);
  expect(single.saved).toEqual([6]);
  expect(await trained(program, start, 7)).toEqual(single);
  const half = await trained(program, start, 2);
  expect(await trained(program, half, 7)).toEqual(single);
  await program.dispose();
});
