// A toy's CDM, compiled: everything that is measured of it against the density in closed form.
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import type { GaussianMixture } from '../../src/distributions/mixture.ts';
import { cdmDenoiser, logDensity, type Classifier } from '../../src/diffusion/cdm.ts';
import { evaluationProgram } from '../../src/diffusion/evaluate.ts';
import { cdmFlow, flowLogDensity, flowProgram, type FlowDensities } from '../../src/diffusion/flow.ts';
import type { Schedule } from '../../src/diffusion/schedule.ts';
import { compileModel } from '../../src/models/compiled.ts';
import type { Backend } from '../../src/tensor/backend.ts';
import type { Parameter } from '../../src/tensor/flat.ts';
import type { Tensors } from '../../src/tensor/program.ts';

/** Values [count, …] of a model at the points x [count, dim] of one class. */
type AtClass = (x: Float32Array, t: number) => Promise<Float32Array>;

/** A density, and the CDM that learned it, compiled. */
export interface LearnedToy {
  readonly density: GaussianMixture;
  readonly schedule: Schedule;
  readonly logits: AtClass;
  readonly exactLogits: AtClass;
  readonly logDensity: AtClass;
  readonly denoiser: AtClass;
  /** log p_1 of the probability-flow ODE's samples at the points x. */
  readonly flowDensity: (x: Float32Array, seed: number) => Promise<Omit<FlowDensities, 'evaluations'>>;
}

const BATCH = 500;
/** Points that the ODE is solved for, of some 100 evaluations each. */
export const FLOW_POINTS = 200;
/** Random probes of its divergence; in as few dimensions or fewer it is exact. */
export const FLOW_PROBES = 4;

/** Compiles the classifier with its weights, and the optimal one, which has none. */
export async function compileToy(
  backend: Backend,
  density: GaussianMixture,
  schedule: Schedule,
  classifier: {
    parameters: readonly Parameter[];
    logits: (weights: Tensors, ...x: Parameters<Classifier>) => ReturnType<Classifier>;
  },
  weights: Float32Array,
): Promise<LearnedToy> {
  const shape = { batch: BATCH, shape: [density.dim] };
  const load = async (name: string, of: readonly Parameter[], model: Parameters<typeof evaluationProgram>[3]) => {
    return (await compileModel(backend, evaluationProgram(name, shape, of, model), weights)).evaluate;
  };
  const own = classifier.parameters;
  const exact = exactLogits(density, schedule.alpha, schedule.sigma);
  const f = (w: Tensors) => (x: Parameters<Classifier>[0]) => classifier.logits(w, x);
  return {
    density,
    schedule,
    logits: await load('toy logits', own, f),
    exactLogits: await load('exact logits', [], () => exact),
    logDensity: await load('toy density', own, (w) => (x, t) => logDensity(f(w), schedule, x, t)),
    denoiser: await load('toy denoiser', own, (w) => cdmDenoiser(f(w), schedule)),
    async flowDensity(x, seed) {
      const isExact = density.dim <= FLOW_PROBES;
      const definition = flowProgram(
        'toy flow',
        { batch: FLOW_POINTS, shape: [density.dim] },
        schedule,
        own,
        (w) => cdmFlow(f(w)),
        isExact ? 1 : FLOW_PROBES,
      );
      const { program, batchShape, dispose } = await compileModel(backend, definition, weights);
      const divergence = isExact
        ? ({ kind: 'exact' } as const)
        : ({ kind: 'hutchinson', probes: FLOW_PROBES } as const);
      const run = { program, batchShape, schedule, tolerance: 1e-3, divergence, seed };
      const densities = await flowLogDensity(run, x);
      await dispose();
      return densities;
    },
  };
}
