// The likelihood of images by every method there is for these models: in one shot (Eq. 10), by the probability-flow ODE of
// the same network, and by the variational bound; and what each takes.
import { variationalBound } from '../../src/diffusion/bound.ts';
import { flowLogDensity } from '../../src/diffusion/flow.ts';
import { binCenters } from '../../src/diffusion/likelihood.ts';
import { compileModel, type CompiledModel } from '../../src/models/compiled.ts';
import { denoisingProgram, logDensityProgram, odeProgram, type TrainedModel } from '../../src/models/model.ts';
import type { Backend } from '../../src/tensor/backend.ts';
import { flopsOf } from '../../src/tensor/flops.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
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
  /** Nats; of a bound on the code length of 8-bit images, its negative. */
  readonly logs: Float64Array;
  /** Standard error that random probes leave in each of them. */
  readonly probeErrors?: Float64Array | null;
  /** Network evaluations of each image. */
  readonly evaluations: ArrayLike<number>;
}

export interface Method {
  readonly name: string;
  readonly model: TrainedModel;
  readonly definition: ProgramDefinition;
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
export function methodsOf(model: TrainedModel, images: Images, ode: OdeParams, seed: number): Method[] {
  const shots = model.spec.kind === 'cdm' ? oneShots(model, images) : [];
  const odes = ode.tolerances.map((tolerance, i) => {
    const name = i === ode.tolerances.length - 1 ? 'ode' : `ode-${tolerance.toExponential()}`;
    return odeMethod(name, model, images, tolerance, ode.probes, seed);
  });
  return [...shots, ...odes, bound(model, images, seed)];
}

/** Theorem 3.2 at t = 0 and at t = 1, where the ODE ends; and of 8-bit images at the middle of the bins of their pixels. */
function oneShots(model: TrainedModel, { x, pixels }: Images): Method[] {
  const definition = logDensityProgram(model, BATCH);
  const oneShot = (name: string, values: Float32Array, t: number): Method => ({
    name,
    model,
    definition,
    run: async ({ evaluate }) => {
      const logs = Float64Array.from(await evaluate(values, t));
      return { logs, evaluations: new Array<number>(logs.length).fill(1) };
    },
  });
  const dequantized = [oneShot('one-shot', x, 0), oneShot('one-shot-t1', x, 1)];
  return pixels === undefined ? dequantized : [...dequantized, oneShot('lattice', binCenters(pixels), 0)];
}

function odeMethod(
  name: string,
  model: TrainedModel,
  { x }: Images,
  tolerance: number,
  probes: number,
  seed: number,
): Method {
  return {
    name,
    model,
    definition: odeProgram(model, BATCH, probes),
    run: async ({ program, batchShape }) => {
      const divergence = { kind: 'hutchinson', probes } as const;
      const run = { program, batchShape, schedule: model.schedule, tolerance, divergence, seed };
      const { logDensities, ...rest } = await flowLogDensity(run, x);
      return { logs: logDensities, ...rest };
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
