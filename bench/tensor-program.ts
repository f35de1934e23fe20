// What each case of `npm run bench tensor` runs on our side: the programs that the stages run.
import { cdmDenoiser, logDensity } from '../src/diffusion/cdm.ts';
import { dimOf, evaluate, evaluationProgram, type BatchShape } from '../src/diffusion/evaluate.ts';
import { ddimStep, sample } from '../src/diffusion/sampler.ts';
import { scheduleFromSpec } from '../src/diffusion/schedule.ts';
import { cdmTask, ddmTask, trainingStep } from '../src/diffusion/training-step.ts';
import { encoderClassifier } from '../src/networks/encoder.ts';
import { cumsumHead, smoothHead } from '../src/networks/heads.ts';
import { mlpClassifier } from '../src/networks/mlp.ts';
import type { ClassifierNetwork } from '../src/networks/network.ts';
import { unetClassifier, unetDenoiser } from '../src/networks/unet.ts';
import type { Parameter } from '../src/tensor/flat.ts';
import type { HostTensors, Program, ProgramDefinition } from '../src/tensor/program.ts';
import { sampleShape, scheduleOf, type ResolvedCase } from './tensor-cases.ts';
import { samples, weights } from './tensor-values.ts';

/** What is run, and how: `iterate` is one iteration, `values` what the peer must compute as well. */
export interface Bench {
  readonly parameters: readonly Parameter[];
  readonly definition: ProgramDefinition;
  /** The network alone, on one batch. */
  readonly forward: ProgramDefinition;
  start(program: Program): {
    iterate: () => Promise<number>;
    /** Several iterations at once, where the program can. */
    together?: ((count: number) => Promise<number>) | undefined;
    values: () => Promise<number[]>;
  };
}

export function benchOf(entry: ResolvedCase): Bench {
  const shape = { batch: entry.batch, shape: sampleShape(entry.network) };
  const schedule = scheduleFromSpec(scheduleOf(entry.T));
  if (entry.work.kind === 'ddm-step') {
    if (entry.network.kind !== 'unet') throw new RangeError('The DDM is measured on the U-Net');
    const network = unetDenoiser(entry.network);
    const task = ddmTask(network, schedule);
    return training(
      entry,
      shape,
      task,
      evaluationProgram('forward', shape, network.parameters, (values) => (x, t) => network.epsilon(values, x, t)),
    );
  }
  const network = classifierOf(entry);
  const { parameters, logits } = network;
  const forward = evaluationProgram('forward', shape, parameters, (values) => (x) => logits(values, x));
  if (entry.work.kind === 'cdm-step')
    return training(entry, shape, cdmTask(network, schedule, entry.lossWeights), forward);

  const dim = dimOf(shape.shape);
  const load = (program: Program): void => program.load({ parameters: weights(parameters) });
  if (entry.work.kind === 'nll') {
    const images = samples(1003, entry.work.images, dim, 0.5);
    return {
      parameters,
      forward,
      definition: evaluationProgram(
        'nll',
        shape,
        parameters,
        (values) => (x, t) => logDensity((y) => logits(values, y), schedule, x, t),
      ),
      start(program) {
        load(program);
        const iterate = async (): Promise<number> => mean(await evaluate(program, shape, images, 0));
        return { iterate, values: async () => [await iterate()] };
      },
    };
  }
  return {
    parameters,
    forward,
    definition: evaluationProgram('denoiser', shape, parameters, (values) =>
      cdmDenoiser((y) => logits(values, y), schedule),
    ),
    start(program) {
      load(program);
      const run = {
        denoiser: program,
        batchShape: shape,
        schedule,
        rule: ddimStep,
        grid: entry.grid,
        count: shape.batch,
      };
      let seed = 0;
      return {
        iterate: async () => mean((await sample({ ...run, seed: seed++ })).samples, square),
        values: async () => {
          const x = samples(1001, shape.batch, dim, 0.5);
          return [mean(await evaluate(program, shape, x, Math.floor(entry.T / 2)), square)];
        },
      };
    },
  };
}

function classifierOf({ network, T }: ResolvedCase): ClassifierNetwork {
  const schedule = scheduleFromSpec(scheduleOf(T));
  if (network.kind === 'unet') return unetClassifier(network, cumsumHead(schedule));
  const mean = new Float32Array(dimOf(sampleShape(network))).fill(network.mean);
  const head = smoothHead(schedule, { mean, variance: network.variance }, network.cosines);
  return network.kind === 'mlp' ? mlpClassifier(network, head) : encoderClassifier(network, head);
}

/** Training on one batch over and over: what is in it does not change the work. */
function training(
  { learningRate }: ResolvedCase,
  shape: BatchShape,
  task: Parameters<typeof trainingStep>[0],
  forward: ProgramDefinition,
): Bench {
  return {
    parameters: task.parameters,
    forward,
    definition: trainingStep(task, shape, { beta1: 0.9, beta2: 0.99 }),
    start(program) {
      const parameters = weights(task.parameters);
      const zeros = new Float32Array(parameters.length);
      program.load({ parameters, firstMoment: zeros, secondMoment: zeros, ema: parameters });
      const dim = dimOf(shape.shape);
      const { first, count } = task.classes;
      const inputs: HostTensors = {
        x0: samples(1001, shape.batch, dim, 0.5),
        epsilon: samples(1002, shape.batch, dim, 1),
        t: Int32Array.from({ length: shape.batch }, (_, i) => first + ((7 * i) % count)),
        learningRate: Float32Array.of(learningRate),
        emaDecay: Float32Array.of(0.995),
      };
      let step = 0;
      const next = (): HostTensors => ({ ...inputs, step: Float32Array.of(++step) });
      const iterate = async (): Promise<number> => (await program.run(next()))['loss']![0]!;
      const together =
        program.together &&
        (async (count: number): Promise<number> => {
          const outputs = await program.together!.run(Array.from({ length: count }, next));
          return outputs.at(-1)!['loss']![0]!;
        });
      return { iterate, together, values: async () => [await iterate(), await iterate(), await iterate()] };
    },
  };
}

const square = (value: number): number => value * value;

function mean(values: Float32Array, of: (value: number) => number = (value) => value): number {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length;
}
