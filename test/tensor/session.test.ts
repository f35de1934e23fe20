import { describe, expect, test, vi } from 'vitest';
import { openBackend, type BackendName } from '../../src/tensor/backend.ts';
import type { HostTensors, ProgramDefinition } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { describeBackends, scatter } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { webgpuProblem } from '../support/webgpu.ts';

// SwiftShader takes seconds for each session that it opens.
vi.setConfig({ testTimeout: 240_000 });

const SIZE = 40;
/** Gradient descent on a tanh layer with momentum; `steps` counts, `bias` never changes. */
const descent: ProgramDefinition = {
  name: 'descent',
  state: {
    w: { shape: [SIZE, SIZE], dtype: 'float32' },
    momentum: { shape: [SIZE, SIZE], dtype: 'float32' },
    steps: { shape: [], dtype: 'int32' },
    bias: { shape: [SIZE], dtype: 'float32' },
  },
  inputs: { x: { shape: [16, SIZE], dtype: 'float32' } },
  run({ w, momentum, steps, bias }, { x }) {
    const loss = (weights: tf.Tensor): tf.Scalar =>
      tf.mean(tf.square(tf.sub(tf.tanh(tf.add(tf.matMul(x!, weights), bias!)), x!)));
    const { value, grad } = tf.valueAndGrad(loss)(w!);
    const moved = tf.add(tf.mul(momentum!, 0.9), grad);
    return {
      state: { w: tf.sub(w!, tf.mul(moved, 0.5)), momentum: moved, steps: tf.add(steps!, tf.scalar(1, 'int32')) },
      outputs: { loss: value },
    };
  },
};
const start = (): HostTensors => ({
  w: scatter(SIZE * SIZE, 1),
  momentum: new Float32Array(SIZE * SIZE),
  steps: Int32Array.of(0),
  bias: scatter(SIZE, 2),
});
const batch = (step: number): HostTensors => ({ x: scatter(16 * SIZE, 10 + step) });

describeBackends(
  'a program',
  (open) => {
    test('carries its state from run to run', async () => {
      const program = await (await open()).compile(descent);
      const losses: number[] = [];
      program.load(start());
      for (let step = 0; step < 5; step++) losses.push((await program.run(batch(step)))['loss']![0]!);
      const carried = await program.read();
      expect(carried['steps']).toEqual(Int32Array.of(5));
      expect(carried['bias']).toEqual(start()['bias']);
      expect(losses[4]).toBeLessThan(losses[0]!);
      // The same by hand: load, run once, read.
      let state = start();
      for (let step = 0; step < 5; step++) {
        program.load(state);
        expect((await program.run(batch(step)))['loss']![0]).toBe(losses[step]);
        state = await program.read();
      }
      expect(state).toEqual(carried);
      await program.dispose();
    });

    test('gives equal bits for equal inputs, and takes and gives copies', async () => {
      const backend = await open();
      const runs = [];
      for (let run = 0; run < 2; run++) {
        const program = await backend.compile(descent);
        const given = start();
        program.load(given);
        given['w']!.fill(7);
        for (let step = 0; step < 3; step++) await program.run(batch(step));
        const read = await program.read();
        const copy = read['w']!.slice();
        read['w']!.fill(7);
        expect((await program.read())['w']).toEqual(copy);
        const loss = await program.run(batch(3));
        await program.run(batch(4));
        runs.push({ copy, loss, state: await program.read() });
        await program.dispose();
      }
      expect(runs[0]).toEqual(runs[1]);
    });

    test('leaks no tensors', async () => {
      const backend = await open();
      const before = tf.memory().numTensors;
      const program = await backend.compile(descent);
      program.load(start());
      program.load(start());
      await program.run(batch(0));
      await program.run(batch(1));
      await program.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    test('names what is wrong with its inputs', async () => {
      const program = await (await open()).compile(descent);
      await expect(async () => program.run(batch(0))).rejects.toThrow('Load the state of program "descent"');
      expect(() => program.load({})).toThrow('needs the tensor "w" of shape [40, 40]');
      program.load(start());
      await expect(async () => program.run({})).rejects.toThrow('Program "descent" needs the tensor "x"');
      await expect(async () => program.run({ ...batch(0), y: Float32Array.of(1) })).rejects.toThrow(
        'has no tensor "y"',
      );
      await expect(async () => program.run({ x: Float32Array.of(1) })).rejects.toThrow(
        '"x" of shape [16, 40] has 640 elements, got 1',
      );
      await expect(async () => program.run({ x: new Int32Array(640) })).rejects.toThrow(
        '"x" must be float32, got Int32Array',
      );
      await program.dispose();
    });
  },
  { webgpu: webgpuProblem },
);

describe('openBackend()', () => {
  test('compiled and eager agree', async () => {
    const results = await Promise.all(
      (['cpu', 'tfjs'] as const).map(async (name) => {
        const program = await (await openBackend(name, { threads: 2 })).compile(descent);
        program.load(start());
        for (let step = 0; step < 3; step++) await program.run(batch(step));
        return program.read();
      }),
    );
    expectClose(results[0]!['w']!, results[1]!['w']!, 1e-5);
  });

  test('says what computes', async () => {
    const backend = await openBackend('cpu', { threads: 2 });
    expect(backend).toMatchObject({ name: 'cpu', threads: 2 });
    expect(Object.keys(backend.versions)).toEqual(['@tensorflow/tfjs', 'onnxruntime-node']);
    for (const version of Object.values(backend.versions)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('leaves the choice to auto, which says what it picked and why', async () => {
    const backend = await openBackend('auto', { threads: 2 });
    expect(['cpu', 'webgpu', 'cuda']).toContain(backend.name);
    expect(backend.description).toMatch(new RegExp(`^backend ${backend.name}, threads 2, .*picked by "auto"`));
    if (backend.name === 'cpu') expect(backend.description).toMatch(/(no|not) webgpu.*/);
  });

  test('says what a GPU needs where there is none', async () => {
    // The CUDA provider is no part of the package: it is downloaded, or it is not there.
    const problem = await openBackend('cuda', { threads: 1 }).catch((error: Error) => error.message);
    if (typeof problem === 'string')
      expect(problem).toMatch(/"cuda" does not work here: it needs an NVIDIA GPU, CUDA 12.*npm rebuild onnxruntime-node.*"cpu"/); // prettier-ignore
    else expect(problem.name).toBe('cuda');
  });

  test('names the command that installs a missing package', async () => {
    const missing = ['tensorflow', 'tensorflow-gpu'] as const;
    for (const name of missing satisfies readonly BackendName[]) {
      const isInstalled = await import(/* @vite-ignore */ `@tensorflow/tfjs-node${name === 'tensorflow' ? '' : '-gpu'}`).then(() => true, () => false); // prettier-ignore
      if (!isInstalled)
        await expect(openBackend(name, { threads: 1 })).rejects.toThrow(/npm install @tensorflow\/tfjs-node/);
    }
  });

  test('refuses no threads', async () => {
    await expect(openBackend('cpu', { threads: 0 })).rejects.toThrow('Threads must be a positive integer, got 0');
  });
});

test('a backend that there is not is said with those that there are', async () => {
  await expect(openBackend('onnx' as never, { threads: 1 })).rejects.toThrow(
    'There is no backend "onnx": there are auto, cpu, webgpu, cuda, tfjs, tensorflow, tensorflow-gpu',
  );
});
