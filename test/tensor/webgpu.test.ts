// WebGPU against the CPU: every kernel with its derivatives, whole training steps, and what stays on the device.
import { describe, expect, test } from 'vitest';
import { balancedWeights } from '../../src/diffusion/loss.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { startTraining, train } from '../../src/diffusion/training.ts';
import { cdmTask, trainingStep } from '../../src/diffusion/training-step.ts';
import { cumsumHead } from '../../src/networks/heads.ts';
import { unetClassifier } from '../../src/networks/unet.ts';
import { openBackend, type BackendName } from '../../src/tensor/backend.ts';
import type { HostTensors, Program, ProgramDefinition, TensorSpec } from '../../src/tensor/program.ts';
import { integers, normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';
import { derivativeProgram, runOnce, type DerivativeCase } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { kernelCases } from '../support/kernel-cases.ts';
import { webgpuProblem } from '../support/webgpu.ts';

type Case = readonly [string, (...xs: tf.Tensor[]) => tf.Tensor, DerivativeCase];

/** Many cases as one program: a session on a GPU takes long to open. */
function together(cases: readonly Case[]): { definition: ProgramDefinition; values: HostTensors } {
  const programs = cases.map(([name, f, options]) => ({ name, ...derivativeProgram(f, options) }));
  const entries = <T>(of: (program: (typeof programs)[number]) => Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      programs.flatMap((program, i) => Object.entries(of(program)).map(([key, value]) => [`${i} ${program.name} ${key}`, value])), // prettier-ignore
    );
  const definition: ProgramDefinition = {
    name: 'cases',
    state: {},
    inputs: entries<TensorSpec>((program) => program.definition.inputs),
    run: (_, given) => ({
      outputs: entries((program) => {
        const prefix = `${programs.indexOf(program)} ${program.name} `;
        const own = Object.fromEntries(Object.keys(program.inputs).map((key) => [key, given[prefix + key]!]));
        return program.definition.run({}, own).outputs;
      }),
    }),
  };
  return { definition, values: entries<Float32Array>((program) => program.inputs) };
}

const conv = (strides: number, pad: 'same' | 'valid' | number) => (x: tf.Tensor, w: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
const convolutions: readonly Case[] = [
  ['3x3, same', conv(1, 'same'), { shapes: [[2, 4, 3, 2], [3, 3, 2, 3]] }],
  ['3x3, stride 2, odd', conv(2, 'same'), { shapes: [[1, 5, 5, 1], [3, 3, 1, 2]] }],
  ['2x2, stride 2, valid', conv(2, 'valid'), { shapes: [[1, 5, 4, 1], [2, 2, 1, 2]] }],
  ['1x1', conv(1, 'same'), { shapes: [[2, 3, 2, 2], [1, 1, 2, 3]] }],
  ['explicit padding', conv(1, 2), { shapes: [[1, 3, 3, 1], [3, 3, 1, 2]] }],
]; // prettier-ignore
/** WGSL lets a shader assume that numbers are finite. */
const unfit = ['isNaN, isInf, isFinite'];
/** WGSL promises 2^-11 of sine and cosine, and no more of what is made of them. */
const tolerances: Readonly<Record<string, number>> = { sin: 2 ** -11, cos: 2 ** -11, tan: 2 ** -10 };

describe.skipIf(webgpuProblem !== undefined)(`webgpu${webgpuProblem ? `, skipped: ${webgpuProblem}` : ''}`, () => {
  test.each(Object.entries({ ...kernelCases, convolutions }))(
    'every kernel of %s computes what the CPU does, derivatives included',
    async (_, cases) => {
      const { definition, values } = together(cases.filter(([name]) => !unfit.includes(name)));
      const [onGpu, onCpu] = await Promise.all(
        (['webgpu', 'cpu'] as const).map(async (name) =>
          runOnce(await openBackend(name, { threads: 2 }), definition, values),
        ),
      );
      for (const [key, expected] of Object.entries(onCpu!)) {
        expectClose(onGpu![key]!, expected, tolerances[key.split(' ')[1]!] ?? 1e-4, key);
      }
    },
    300_000,
  );

  test('training steps of the whole U-Net move the parameters as on the CPU, and the same way twice', async () => {
    const schedule = uniformLogSnr({ T: 10 });
    const unet = { imageSize: 4, inChannels: 1, channels: 4, mult: [1, 2], blocks: 1, groups: 2, attention: [2], dropout: 0.3, labels: 3 }; // prettier-ignore
    const task = cdmTask(unetClassifier(unet, cumsumHead(schedule)), schedule, balancedWeights(16));
    const batchShape = { batch: 4, shape: [4, 4, 1] };
    const start = startTraining(task, 3);
    const noise = normals({ seed: 3, purpose: 'weights' }, start.state['parameters']!.length);
    const parameters = noise.map((z, i) => start.state['parameters']![i]! + 0.1 * z);
    const compiled = async (name: BackendName) =>
      (await openBackend(name, { threads: 2 })).compile(trainingStep(task, batchShape, {}));
    const twoSteps = (program: Program) => {
      const run = {
        task,
        program,
        batchShape,
        seed: 3,
        data: (step: number) => normals({ seed: 3, purpose: 'data', step }, 64),
        labels: (step: number) => integers({ seed: 3, purpose: 'label', step }, 4, 4),
        learningRate: { peak: 1e-3, warmup: 0, steps: 10 },
        emaDecay: 0.9,
      };
      return train(run, { ...start, state: { ...start.state, parameters } }, 2);
    };
    const [onGpu, onCpu] = [await compiled('webgpu'), await compiled('cpu')];
    const [gpu, again, cpu] = [await twoSteps(onGpu), await twoSteps(onGpu), await twoSteps(onCpu)];
    await Promise.all([onGpu, onCpu].map((program) => program.dispose()));
    expect(again).toEqual(gpu);
    for (const [i, { losses }] of cpu.log.entries()) {
      expectClose(Object.values(gpu.log[i]!.losses), Object.values(losses), 2e-5, `losses of step ${i + 1}`);
    }
    const means = cpu.state['firstMoment']!;
    expectClose(gpu.state['firstMoment']!, means, 1e-4, 'mean of the gradients');
    // In units of the learning rate, whose sign is anything where Adam sees a gradient of nearly zero.
    const certain = (_: unknown, i: number): boolean => Math.abs(means[i]!) > 1e-5;
    const moved = (state: HostTensors) => state['parameters']!.map((value, i) => (value - parameters[i]!) / 1e-3);
    expect(means.filter(certain).length).toBeGreaterThan(0.99 * means.length);
    expectClose(moved(gpu.state).filter(certain), moved(cpu.state).filter(certain), 1e-3, 'steps of the parameters');
  }, 300_000);
});
