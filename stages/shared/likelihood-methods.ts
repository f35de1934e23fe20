// The likelihood of images by every method there is for these models: in one shot (Eq. 10), by the probability-flow ODE of
// the same network, and by the variational bound; and what each takes.
import { variationalBound } from '../../src/diffusion/bound.ts';
import { dimOf } from '../../src/diffusion/evaluate.ts';
import { flowLogDensity } from '../../src/diffusion/flow.ts';
import { firstLevelCode, type FirstLevelCode } from '../../src/diffusion/first-level.ts';
import { binCenters } from '../../src/diffusion/likelihood.ts';
import { compileModel, type CompiledModel } from '../../src/models/compiled.ts';
import {
  batchShapeOf,
  denoisingProgram,
  logDensityProgram,
  odeProgram,
  type TrainedModel,
} from '../../src/models/model.ts';
import type { Backend } from '../../src/tensor/backend.ts';
import { flopsOf } from '../../src/tensor/flops.ts';
import type { BatchedDefinition } from '../../src/tensor/program.ts';
import { trace } from '../../src/tensor/trace.ts';

/** Images that methods run through at a time. */
export const BATCH = 50;

/** Images as the models see them, x [count, h, w, c], and the pixels of 8-bit ones. */
export interface Images {
  readonly x: Float32Array;
  readonly pixels: Uint8Array | undefined;
}

export interface OdeParams {
  /** Of the ODE's solver, one run each, from coarse to fine; the last is `ode`, the others `ode-1e-2` and so on. */
  readonly tolerances: readonly number[];
  /** Random probes of the divergence, which share an evaluation; of two or more it is said how far they leave it open. */
  readonly probes: number;
}

/** What a method says of each image. */
interface Found {
  /** Nats; of 8-bit images and methods that bound their code length, the negative bound. */
  readonly logs: Float64Array;
  /** Standard error that random probes leave in each of them. */
  readonly probeErrors?: Float64Array | null;
  /** Of the ODE: mean square of the end of the image's path, over its dimensions. */
  readonly noiseSquares?: Float64Array;
  /** Network evaluations of each image. */
  readonly evaluations: ArrayLike<number>;
}

export interface Method {
  readonly name: string;
  readonly model: TrainedModel;
  readonly definition: BatchedDefinition;
  readonly run: (compiled: CompiledModel) => Promise<Found>;
}

/** What one method says of each image, and what it took. */
export interface Measurement extends Found {
  readonly name: string;
  readonly model: 'cdm' | 'ddm';
  readonly flopsPerEvaluation: number;
  /** Of all images, after compilation. */
  readonly seconds: number;
}

/** The methods for a model: `one-shot`, `one-shot-t1` and `lattice` of a classifier alone; `ode` and `bound` of either. */
export async function methodsOf(
  backend: Backend,
  model: TrainedModel,
  images: Images,
  ode: OdeParams,
  seed: number,
): Promise<Method[]> {
  const first = await firstLevelOf(backend, model, images, seed);
  const shots = model.spec.kind === 'cdm' ? oneShots(model, images, first) : [];
  const odes = ode.tolerances.map((tolerance, i) => {
    const name = i === ode.tolerances.length - 1 ? 'ode' : `ode-${tolerance.toExponential()}`;
    return odeMethod(name, model, first, { tolerance, probes: ode.probes, seed });
  });
  return [...shots, ...odes, bound(model, images, seed)];
}

/** What log p_1 is asked of: of 8-bit images noisy ones, with what is missing to a bound on their code length. */
export async function firstLevelOf(
  backend: Backend,
  model: TrainedModel,
  { x, pixels }: Images,
  seed: number,
): Promise<FirstLevelCode> {
  const count = x.length / dimOf(batchShapeOf(model.spec, 1).shape);
  if (pixels === undefined) return { x1: x, remainder: new Float64Array(count) };
  const {
    program: denoiser,
    batchShape,
    dispose,
  } = await compileModel(backend, denoisingProgram(model, BATCH), model.weights);
  const code = await firstLevelCode({ denoiser, batchShape, schedule: model.schedule, seed }, pixels);
  await dispose();
  return code;
}

/** Theorem 3.2 at t = 0 and at t = 1, where the ODE ends; and of 8-bit images at the middle of the bins of their pixels. */
function oneShots(model: TrainedModel, { x, pixels }: Images, { x1, remainder }: FirstLevelCode): Method[] {
  const definition = logDensityProgram(model, BATCH);
  const oneShot = (name: string, values: Float32Array, t: number, rest?: Float64Array): Method => ({
    name,
    model,
    definition,
    run: async ({ evaluate }) => {
      const logs = Float64Array.from(await evaluate(values, t), (log, i) => log + (rest?.[i] ?? 0));
      return { logs, evaluations: new Array<number>(logs.length).fill(1) };
    },
  });
  const shots = [oneShot('one-shot', x, 0), oneShot('one-shot-t1', x1, 1, remainder)];
  return pixels === undefined ? shots : [...shots, oneShot('lattice', binCenters(pixels), 0)];
}

function odeMethod(
  name: string,
  model: TrainedModel,
  { x1, remainder }: FirstLevelCode,
  { tolerance, probes, seed }: { readonly tolerance: number; readonly probes: number; readonly seed: number },
): Method {
  return {
    name,
    model,
    definition: odeProgram(model, BATCH, probes),
    run: async ({ program, batchShape }) => {
      const divergence = { kind: 'hutchinson', probes } as const;
      const run = { program, batchShape, schedule: model.schedule, tolerance, divergence, seed };
      const { logDensities, ...rest } = await flowLogDensity(run, x1);
      return { logs: logDensities.map((log, i) => log + remainder[i]!), ...rest };
    },
  };
}

/** DDPM's variational bound on all classes; of 8-bit images one on their code length. */
function bound(model: TrainedModel, { x, pixels }: Images, seed: number): Method {
  return {
    name: 'bound',
    model,
    definition: denoisingProgram(model, BATCH),
    run: async ({ program: denoiser, batchShape }) => {
      const run = { denoiser, batchShape, schedule: model.schedule, seed };
      const { bounds, nfe } = await variationalBound(run, pixels === undefined ? x : binCenters(pixels), pixels);
      return { logs: bounds.map((value) => -value), evaluations: new Array<number>(bounds.length).fill(nfe) };
    },
  };
}

/** Compiles and runs one method for all images; its seconds are those of the run alone. */
export async function measure(backend: Backend, { name, model, definition, run }: Method): Promise<Measurement> {
  const compiled = await compileModel(backend, definition, model.weights);
  const flopsPerEvaluation = flopsOf(trace(definition)) / BATCH;
  const start = performance.now();
  const found = await run(compiled);
  const seconds = (performance.now() - start) / 1000;
  await compiled.dispose();
  return { name, model: model.spec.kind, ...found, flopsPerEvaluation, seconds };
}
