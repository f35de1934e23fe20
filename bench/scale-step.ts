// A process that takes one step of a training, to see what it costs: `scale.ts` starts it for each case.
import { cdmTask, ddmTask, trainingStep } from '../src/diffusion/training-step.ts';
import { startTraining, train } from '../src/diffusion/training.ts';
import { balancedWeights } from '../src/diffusion/loss.ts';
import { uniformLogSnr } from '../src/diffusion/schedule.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { cumsumHead } from '../src/networks/heads.ts';
import { cifarUnet, unetClassifier, unetDenoiser } from '../src/networks/unet.ts';
import { openBackend } from '../src/tensor/backend.ts';
import { normals } from '../src/tensor/random.ts';
import { trace } from '../src/tensor/trace.ts';
import type { ScaleCase, ScaleStep } from './scale.ts';

const SEED = 1;

async function step({
  model,
  batch,
  accumulate,
  threads,
}: ScaleCase & { readonly threads: number }): Promise<ScaleStep> {
  const schedule = uniformLogSnr({ T: 1000 });
  const shape = [cifarUnet.imageSize, cifarUnet.imageSize, cifarUnet.inChannels];
  const task =
    model === 'cdm'
      ? cdmTask(unetClassifier(cifarUnet, cumsumHead(schedule)), schedule, balancedWeights(dimOf(shape)))
      : ddmTask(unetDenoiser(cifarUnet), schedule);
  const definition = trainingStep(task, { batch, shape }, { beta1: 0.9, beta2: 0.99 }, accumulate);

  const seconds = async <T>(work: () => T | Promise<T>): Promise<[T, number]> => {
    const start = performance.now();
    const result = await work();
    return [result, (performance.now() - start) / 1000];
  };
  const [graph, traceS] = await seconds(() => trace(definition));
  const nodes = graph.values.length;
  const backend = await openBackend('cpu', { threads });
  // Compiling traces once more.
  const [program, compileS] = await seconds(() => backend.compile(definition));

  const start = startTraining(task, SEED);
  const ends: number[] = [];
  const run = {
    task,
    program,
    batchShape: { batch, shape },
    accumulate,
    seed: SEED,
    data: (k: number) => normals({ seed: SEED, purpose: 'data', step: k }, batch * dimOf(shape)),
    learningRate: { peak: 2e-4, warmup: 0, steps: 1000 },
    emaDecay: 0.9999,
    onStep: () => void ends.push(performance.now()),
  };
  const began = performance.now();
  const end = await train(run, start, accumulate > 1 ? 1 : 3);
  const times = ends.map((at, i) => (at - (ends[i - 1] ?? began)) / 1000);
  return {
    parameters: end.state['parameters']!.length,
    nodes,
    traceS,
    sessionS: compileS - traceS,
    stepS: Math.min(...times),
    peakMb: process.resourceUsage().maxRSS / 1024,
    loss: end.log.at(-1)!.losses['loss']!,
  };
}

const request = JSON.parse(process.argv[2]!) as ScaleCase & { readonly threads: number };
process.stdout.write(JSON.stringify(await step(request)) + '\n');
