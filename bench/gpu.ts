// `npm run bench gpu`: training steps of the U-Net on a GPU, ours over PyTorch on the same card, and what of ours crosses
// the bus in a step. Needs a card, and a PyTorch that knows it (version 2 or later; --python names its interpreter).
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { execFileSync } from 'node:child_process';
import { cdmTask, ddmTask, trainingStep } from '../src/diffusion/training-step.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { scheduleFromSpec } from '../src/diffusion/schedule.ts';
import { cumsumHead } from '../src/networks/heads.ts';
import { unetClassifier, unetDenoiser } from '../src/networks/unet.ts';
import { openBackend, type BackendName } from '../src/tensor/backend.ts';
import type { ProgramDefinition, TensorSpec } from '../src/tensor/program.ts';
import { trace } from '../src/tensor/trace.ts';
import { sizeOf } from '../src/tensor/graph.ts';
import { revision, thisMachine } from './machine.ts';
import { median, medianRatio } from './ratio.ts';
import { resolveCase, scheduleOf, tensorCases, type TensorCase } from './tensor-cases.ts';
import type { Opened, OpenedOurs, Round } from './tensor-ours.ts';
import { Worker } from './worker.ts';

export interface GpuOptions {
  /** webgpu, cuda, or auto. */
  readonly backend: BackendName;
  readonly python: string;
  readonly rounds: number;
}

/** Steps of a round; with CUDA they are taken together. */
const ITERATIONS = 16;
const steps = tensorCases
  .filter(({ network, work }) => network.kind === 'unet' && work.kind.endsWith('step'))
  .map((entry) => ({ ...entry, iterations: ITERATIONS }));
const cases: readonly TensorCase[] = [
  ...steps,
  {
    ...steps[0]!,
    name: 'cdm-unet-cifar',
    title: 'CDM U-Net step, 32x32x3, 128 channels, mult 1, 2, 2, 2, 2 blocks, batch 32',
    network: { kind: 'unet', imageSize: 32, inChannels: 3, channels: 128, mult: [1, 2, 2, 2], blocks: 2, groups: 32 },
    T: 1000,
    batch: 32,
  },
];

/** Relative: float32 on a GPU, in its own order, three steps through a gradient's gradient. */
const TOLERANCE = 1e-3;
const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Measures every case and writes bench/results/gpu.json. Throws an Error when the two sides do not compute the same. */
export async function benchGpu({ backend: asked, python, rounds }: GpuOptions): Promise<void> {
  const { name: backend, description, versions } = await openBackend(asked, { threads: 1 });
  if (backend !== 'webgpu' && backend !== 'cuda') throw new Error(`No GPU to measure: ${description}`);
  const card = cardOf(python);
  console.log(`${card.name}, ${description}; PyTorch ${card.torch}\n`);
  const measured: object[] = [];
  for (const entry of cases) {
    await using ours = new Worker(process.execPath, ['--import', 'tsx', path('tensor-ours.ts')], {
      BENCH_BACKEND: backend,
    });
    await using peer = new Worker(python, [path('peers/torch_gpu.py')]);
    const request = { open: resolveCase(entry), threads: availableParallelism() };
    const [a, b] = [await ours.ask<OpenedOurs>(request), await peer.ask<Opened>(request)];
    const isEqual = a.values.every((value, i) => Math.abs(value - b.values[i]!) <= TOLERANCE * Math.abs(value));
    if (a.parameters !== b.parameters || !isEqual) {
      throw new Error(
        `The two sides of ${entry.name} differ: ${JSON.stringify(a)} here, ${JSON.stringify(b)} in PyTorch`,
      );
    }
    const round = async (side: Worker): Promise<number> => {
      await wait(50);
      return (await side.ask<Round>({ round: entry.iterations })).ms / entry.iterations;
    };
    await round(ours);
    await round(peer);
    const [oursMs, peerMs]: [number[], number[]] = [[], []];
    for (let i = 0; i < rounds; i++) {
      oursMs.push(await round(ours));
      peerMs.push(await round(peer));
    }
    const { ratio, interval } = medianRatio(oursMs, peerMs);
    const result = {
      case: entry.name,
      title: entry.title,
      oursMs: median(oursMs),
      peerMs: median(peerMs),
      ratio,
      ratioInterval: interval,
      parameters: a.parameters,
      busMb: busBytes(entry, backend) / 2 ** 20,
      traceMs: a.traceMs,
      sessionMs: a.sessionMs,
    };
    console.log(`${entry.title}: ours ${result.oursMs.toFixed(2)} ms, PyTorch ${result.peerMs.toFixed(2)} ms, ratio ${ratio.toFixed(2)} (${interval.map((x) => x.toFixed(2)).join('-')}), ${result.busMb.toFixed(1)} MB over the bus`); // prettier-ignore
    measured.push(result);
  }
  mkdirSync(path('results'), { recursive: true });
  const machine = { ...thisMachine(), card, versions };
  const text = JSON.stringify({ machine, backend, rounds, revision: revision(), cases: measured }, undefined, 2);
  writeFileSync(path('results/gpu.json'), text + '\n');
}

/** Bytes of a step that cross the bus, both ways: inputs and outputs, and with CUDA the state, once in a round. */
function busBytes(entry: TensorCase, backend: 'webgpu' | 'cuda'): number {
  const definition = stepOf(entry);
  const bytes = (specs: Readonly<Record<string, TensorSpec>>): number =>
    Object.values(specs).reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  const outputs = trace(definition).outputs.filter(({ name }) => name.startsWith('output/'));
  const results = outputs.reduce((sum, { value }) => sum + 4 * sizeOf(value.shape), 0);
  return bytes(definition.inputs) + results + (backend === 'cuda' ? (2 * bytes(definition.state)) / ITERATIONS : 0);
}

function stepOf(entry: TensorCase): ProgramDefinition {
  const { network, work, batch, T, lossWeights } = resolveCase(entry);
  if (network.kind !== 'unet') throw new TypeError(`${entry.name} is not a U-Net`);
  const schedule = scheduleFromSpec(scheduleOf(T));
  const shape = [network.imageSize, network.imageSize, network.inChannels];
  const task =
    work.kind === 'ddm-step'
      ? ddmTask(unetDenoiser(network), schedule)
      : cdmTask(unetClassifier(network, cumsumHead(schedule)), schedule, lossWeights ?? { ce: 1, mse: dimOf(shape) });
  return trainingStep(task, { batch, shape }, { beta1: 0.9, beta2: 0.99 });
}

function cardOf(python: string): { readonly name: string; readonly torch: string } {
  const program =
    'import json, torch; print(json.dumps({"name": torch.cuda.get_device_name(), "torch": torch.__version__}))';
  try {
    return JSON.parse(execFileSync(python, ['-c', program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as { name: string; torch: string }; // prettier-ignore
  } catch (cause) {
    throw new Error(`${python} has no torch that knows the card, the peer of this bench: name another interpreter with --python`, { cause }); // prettier-ignore
  }
}
