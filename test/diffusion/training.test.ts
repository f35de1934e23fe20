import { describe, expect, test } from 'vitest';
import { epochBatches } from '../../src/diffusion/batches.ts';
import { balancedWeights } from '../../src/diffusion/loss.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { cdmTask, ddmTask, trainingStep, type TrainingTask } from '../../src/diffusion/training-step.ts';
import {
  decodeProgress,
  encodeProgress,
  learningRateAt,
  startTraining,
  train,
  type TrainingProgress,
  type TrainingRow,
} from '../../src/diffusion/training.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import { cumsumHead, smoothHead } from '../../src/networks/heads.ts';
import { mlpClassifier, mlpDenoiser } from '../../src/networks/mlp.ts';
import type { AdamOptions } from '../../src/tensor/adam.ts';
import { openBackend, type BackendName } from '../../src/tensor/backend.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const schedule = uniformLogSnr({ T: 10 });
const density = densityFromSpec(toySpec('two'));
const shape = { dim: 2, width: 8, depth: 1, inputScale: 2 };
const batchShape = { batch: 16, shape: [2] };
const learningRate = { peak: 4e-3, warmup: 3, steps: 20 };

const tasks: Record<string, TrainingTask> = {
  cdm: cdmTask(mlpClassifier(shape, cumsumHead(schedule)), schedule, balancedWeights(2)),
  smooth: cdmTask(
    mlpClassifier({ ...shape, squares: 3 }, smoothHead(schedule, { mean: [-0.72, 0], variance: 0.5 }, 4)),
    schedule,
    balancedWeights(2),
  ),
  ddm: ddmTask(mlpDenoiser(shape, 10, 4), schedule),
};

async function open(name: string, backendName: BackendName = 'tfjs', accumulate = 1, adam: AdamOptions = {}) {
  const task = tasks[name]!;
  const backend = await openBackend(backendName, { threads: 1 });
  const program = await backend.compile(trainingStep(task, batchShape, adam, accumulate));
  const data = (step: number) => density.sample(16, { seed: 5, purpose: 'data', step });
  return { task, program, batchShape, accumulate, data, seed: 5, learningRate, emaDecay: 0.9 };
}

describe.each(['tfjs', 'cpu'] as const)('on the backend %s', (backend) => {
  test.each(Object.keys(tasks))('a resumed run of %s is the uninterrupted one, bit for bit', async (name) => {
    const run = await open(name, backend);
    const whole = await train(run, startTraining(run.task, 5), 12);

    const saved: Uint8Array[] = [];
    const checkpoint = { every: 5, save: (progress: TrainingProgress) => void saved.push(encodeProgress(progress)) };
    await train({ ...(await open(name, backend)), checkpoint }, startTraining(run.task, 5), 7);
    expect(saved.length).toBe(1);
    const resumed = await train(await open(name, backend), decodeProgress(saved[0]!, learningRate), 12);

    expect(resumed).toEqual(whole);
    expect(Buffer.from(encodeProgress(resumed)).equals(encodeProgress(whole))).toBe(true);
  });

  test('a batch accumulated in parts takes the step of the whole batch', async () => {
    // Logits do not change when all move together, so some gradients are nothing but rounding, which Adam by itself
    // blows up to a full step.
    const calm = { epsilon: 1 };
    const whole = await open('cdm', backend, 1, calm);
    const steps = await train(whole, startTraining(whole.task, 5), 3);
    for (const parts of [2, 16]) {
      const run = await open('cdm', backend, parts, calm);
      const { state, log } = await train(run, startTraining(run.task, 5), 3);
      expect(Object.keys(state)).toEqual(Object.keys(steps.state));
      for (const [i, { losses }] of log.entries()) {
        for (const [name, value] of Object.entries(losses)) expect(value).toBeCloseTo(steps.log[i]!.losses[name]!, 4);
      }
      for (const [name, values] of Object.entries(state)) {
        const expected = steps.state[name]!;
        const scale = Math.max(...Array.from(expected, Math.abs));
        const error = Math.max(...Array.from(values, (value, k) => Math.abs(value - expected[k]!)));
        expect(error / scale, name).toBeLessThan(2e-5);
      }
    }
  });

  test('a resumed run in parts is the uninterrupted one, bit for bit, and its checkpoint needs no parts', async () => {
    const run = await open('cdm', backend, 4);
    const whole = await train(run, startTraining(run.task, 5), 6);
    const start = startTraining(run.task, 5);
    const half = decodeProgress(encodeProgress(await train(run, start, 3)), learningRate);
    expect(await train(await open('cdm', backend, 4), half, 6)).toEqual(whole);
    expect(Object.keys(half.state).toSorted()).toEqual(Object.keys(start.state).toSorted());
  });

  test('training lowers the loss, and the average follows the parameters', async () => {
    const run = { ...(await open('ddm', backend)), learningRate: { peak: 0.02, warmup: 5, steps: 120 } };
    const { log, state } = await train(run, startTraining(run.task, 5), 120);
    const mean = (rows: readonly TrainingRow[]) =>
      rows.reduce((sum, row) => sum + row.losses['loss']!, 0) / rows.length;
    expect(mean(log.slice(-30))).toBeLessThan(0.8 * mean(log.slice(0, 10)));
    const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Math.hypot(...Array.from(a, (value, i) => value - b[i]!));
    const start = startTraining(run.task, 5).state['parameters']!;
    expect(distance(state['ema']!, state['parameters']!)).toBeLessThan(0.1 * distance(start, state['parameters']!));
  });
});

test('seeds differ, equal seeds do not', async () => {
  const parameters = async (seed: number) => {
    const run = { ...(await open('cdm')), seed };
    return (await train(run, startTraining(run.task, seed), 2)).state['parameters'];
  };
  expect(await parameters(1)).toEqual(await parameters(1));
  expect(await parameters(1)).not.toEqual(await parameters(2));
});

test('a loss that is not finite stops the run and names the step', async () => {
  const run = await open('cdm');
  const data = (step: number) => (step === 3 ? new Float32Array(32).fill(NaN) : run.data(step));
  await expect(train({ ...run, data }, startTraining(run.task, 5), 5)).rejects.toThrow(
    'Training of the cdm diverged: loss NaN at step 3',
  );
});

test('onStep sees every row of the log as it is written', async () => {
  const rows: TrainingRow[] = [];
  const run = { ...(await open('cdm')), onStep: (row: TrainingRow) => void rows.push(row) };
  const { log } = await train(run, startTraining(run.task, 5), 4);
  expect(rows).toEqual(log);
  expect(rows.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  expect(Object.keys(rows[0]!.losses).toSorted()).toEqual(['accuracy', 'ce', 'loss', 'mse']);
});

test('classes are drawn evenly: every class of 0..T+1 for a CDM, of 1..T for a DDM', async () => {
  for (const [name, expected] of [
    ['cdm', Array.from({ length: 12 }, (_, t) => t)],
    ['ddm', Array.from({ length: 10 }, (_, i) => i + 1)],
  ] as const) {
    const run = await open(name);
    const seen = new Map<number, number>();
    const program = {
      ...run.program,
      load: () => undefined,
      read: () => Promise.resolve({}),
      run: ({ t }: Record<string, Float32Array | Int32Array>) => {
        for (const k of t!) seen.set(k, (seen.get(k) ?? 0) + 1);
        return Promise.resolve({ loss: Float32Array.of(0) });
      },
    };
    await train({ ...run, program }, startTraining(run.task, 5), 200);
    expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual(expected);
    // 200 batches of 16, each with one or two of every class.
    for (const count of seen.values()) expect(Math.abs(count - 3200 / expected.length)).toBeLessThan(40);
  }
});

test('the decay of the moving average is k / (k + 10) in step k until it reaches its own', async () => {
  const run = await open('ddm');
  const decays: number[] = [];
  const program = {
    ...run.program,
    load: () => undefined,
    read: () => Promise.resolve({}),
    run: ({ emaDecay }: Record<string, Float32Array | Int32Array>) => {
      decays.push(emaDecay![0]!);
      return Promise.resolve({ loss: Float32Array.of(0) });
    },
  };
  await train({ ...run, program, emaDecay: 0.75 }, startTraining(run.task, 5), 40);
  // 3/4 = 30/40.
  expect([1, 10, 20, 29, 30, 31, 40].map((step) => decays[step - 1])).toEqual(
    [1 / 11, 1 / 2, 2 / 3, 29 / 39, 0.75, 0.75, 0.75].map(Math.fround),
  );
});

test('learningRateAt() warms up linearly to the peak and decays to zero at the last step', () => {
  const rate = { peak: 2, warmup: 10, steps: 110 };
  expect(learningRateAt(rate, 1)).toBeCloseTo(0.2, 12);
  expect(learningRateAt(rate, 10)).toBe(2);
  expect(learningRateAt(rate, 60)).toBeCloseTo(1, 12);
  expect(learningRateAt(rate, 110)).toBe(0);
  expect(learningRateAt({ ...rate, warmup: 0 }, 1)).toBeLessThan(2);
});

test('learningRateAt() drops after each so many steps where that is asked for', () => {
  const rate = { peak: 2, warmup: 10, steps: 110, drops: { every: 40, factor: 0.1 } };
  const at = (step: number) => learningRateAt(rate, step);
  expect([at(5), at(10), at(40)]).toEqual([1, 2, 2]);
  expect(at(41)).toBeCloseTo(0.2, 12);
  expect(at(80)).toBeCloseTo(0.2, 12);
  expect(at(81)).toBeCloseTo(0.02, 12);
});

test('a training step has the gradient of its loss: first step of Adam goes down every coordinate by the rate', async () => {
  // Adam's first step is lr * g / (|g| + eps): its sign is the gradient's, here by central differences of the loss.
  const run = await open('smooth');
  const { task } = run;
  const start = startTraining(task, 5);
  start.state['parameters']!.set(normals({ seed: 9, purpose: 'weights' }, start.state['parameters']!.length));
  run.program.load(start.state);
  const inputs = {
    x0: run.data(1),
    epsilon: normals({ seed: 1, purpose: 'e' }, 32),
    t: Int32Array.from({ length: 16 }, (_, i) => i % 12),
    emaDecay: Float32Array.of(0),
  };
  const scalars = (rate: number) => ({ learningRate: Float32Array.of(rate), step: Float32Array.of(1) });
  const lossAt = async (parameters: Float32Array) => {
    run.program.load({ ...start.state, parameters });
    return (await run.program.run({ ...inputs, ...scalars(0) }))['loss']![0]!;
  };
  const before = start.state['parameters'] as Float32Array;
  run.program.load(start.state);
  await run.program.run({ ...inputs, ...scalars(1) });
  const moment = (await run.program.read())['firstMoment']!;
  for (let i = 0; i < before.length; i += 7) {
    const h = 1e-2;
    const [up, down] = [before.slice(), before.slice()];
    up[i]! += h;
    down[i]! -= h;
    const slope = ((await lossAt(up)) - (await lossAt(down))) / (2 * h);
    // firstMoment is the gradient after one step from zero.
    expect(Math.abs(moment[i]! - slope)).toBeLessThan(2e-2 * (1 + Math.abs(slope)));
  }
});

test('runs before the last of a step add up gradients and leave the rest of the state as it is', async () => {
  const { task, program, data } = await open('cdm', 'tfjs', 2);
  const start = startTraining(task, 5).state;
  program.load({ ...start, gradient: new Float32Array(start['parameters']!.length) });
  const inputs = {
    x0: data(1).slice(0, 16),
    epsilon: normals({ seed: 1, purpose: 'e' }, 16),
    t: Int32Array.from({ length: 8 }, (_, i) => i),
    learningRate: Float32Array.of(1),
    step: Float32Array.of(1),
    emaDecay: Float32Array.of(0.5),
  };
  await program.run({ ...inputs, isLast: Int32Array.of(0) });
  const { gradient, ...rest } = await program.read();
  expect(rest).toEqual(start);
  expect(gradient!.some((value) => value !== 0)).toBe(true);
  await program.run({ ...inputs, isLast: Int32Array.of(1) });
  const after = await program.read();
  expect(after['gradient']!.every((value) => value === 0)).toBe(true);
  // The same half twice, each counted half: firstMoment = gradient + gradient.
  const moment = after['firstMoment']!;
  for (const [i, value] of gradient!.entries()) expect(moment[i]).toBeCloseTo(2 * value, 3);
});

test('a batch that does not split into equal parts is refused', () => {
  expect(() => trainingStep(tasks['cdm']!, batchShape, {}, 3)).toThrow(
    'A batch of 16 cannot be accumulated in 3 equal parts',
  );
});

test('trainingStep() leaks no tensor', async () => {
  const run = await open('cdm');
  await train(run, startTraining(run.task, 5), 1);
  const before = tf.memory().numTensors;
  await train(run, startTraining(run.task, 5), 3);
  expect(tf.memory().numTensors).toBe(before);
});

test('decodeProgress() refuses what is not a checkpoint', () => {
  const row = { step: 1, learningRate: 0, losses: { loss: 1 } };
  const bytes = encodeProgress({ step: 2, state: { parameters: new Float32Array(2) }, log: [row] });
  expect(() => decodeProgress(bytes, learningRate)).toThrow('Not a training checkpoint: 1 rows of log/loss at step 2');
  expect(() => decodeProgress(bytes.subarray(0, 20), learningRate)).toThrow();
});

test('epochBatches() visits every sample once an epoch, in a fresh order, as a function of the step', () => {
  const samples = Float32Array.from({ length: 24 }, (_, i) => i);
  const batches = epochBatches(samples, 2, 3, 1);
  const epoch = (first: number) => [0, 1, 2, 3].flatMap((i) => Array.from(batches(first + i)));
  expect(epoch(1).toSorted((a, b) => a - b)).toEqual(Array.from(samples));
  expect(epoch(5)).not.toEqual(epoch(1));
  expect(batches(7)).toEqual(epochBatches(samples, 2, 3, 1)(7));
  for (const row of [0, 1, 2]) expect(batches(2)[2 * row + 1]).toBe(batches(2)[2 * row]! + 1);
  expect(epochBatches(new Uint8Array(24), 2, 5, 1)(1)).toEqual(new Uint8Array(10));
  expect(() => epochBatches(samples, 2, 13, 1)).toThrow('batches of 13');
});

test('antithetic batches hold each sample and class twice, with noise of opposite sign', async () => {
  const halves = (values: tf.Tensor): [tf.Tensor, tf.Tensor] => tf.split(values, 2) as [tf.Tensor, tf.Tensor];
  const largest = (values: tf.Tensor): tf.Scalar => tf.max(tf.abs(tf.cast(values, 'float32')));
  const probe: TrainingTask = {
    name: 'probe',
    parameters: [{ name: 'w', shape: [1], init: { kind: 'zeros' } }],
    loss: ({ w }, { x0, epsilon, t }) => ({
      loss: tf.sum(tf.square(w!)),
      data: largest(tf.sub(...halves(x0))),
      noise: largest(tf.add(...halves(epsilon))),
      classes: largest(tf.sub(...halves(t))),
      spread: largest(epsilon),
    }),
    classes: { first: 0, count: 12 },
  };
  const backend = await openBackend('tfjs', { threads: 1 });
  const program = await backend.compile(trainingStep(probe, batchShape, {}));
  const data = (step: number) => density.sample(8, { seed: 5, purpose: 'data', step });
  const run = { task: probe, program, batchShape, antithetic: true, data, seed: 5, learningRate, emaDecay: 0.9 };
  const { log } = await train(run, startTraining(probe, 5), 2);
  for (const { losses } of log) {
    expect(losses).toMatchObject({ data: 0, noise: 0, classes: 0 });
    expect(losses['spread']).toBeGreaterThan(1);
  }
});
