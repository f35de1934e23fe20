// The samplers that models are drawn from with, by the names that numbers and figures have.
import {
  classGrid,
  ddimStep,
  ddpmStep,
  dpmSolverStep,
  type DpmSolver,
  type SamplerRule,
  type Spacing,
} from '../diffusion/sampler.ts';

export interface SamplingParams {
  /** Samples from each model and sampler. */
  readonly count: number;
  readonly ddpmSteps: number;
  readonly ddimSteps: number;
  readonly dpmSolverSteps: number;
  readonly dpmSolver: DpmSolver;
  readonly spacing: Spacing;
}

export interface NamedSampler {
  readonly name: string;
  readonly rule: SamplerRule;
  /** The classes it visits of 1..T. */
  readonly grid: (T: number) => number[];
}

/** The samplers, with the steps that the parameters give each: ancestral (DDPM), and two deterministic ones (DDIM, DPM-Solver). */
export function samplersOf(params: SamplingParams): NamedSampler[] {
  const { ddpmSteps, ddimSteps, dpmSolverSteps, dpmSolver, spacing } = params;
  const sampler = (name: string, rule: SamplerRule, steps: number): NamedSampler => ({
    name,
    rule,
    grid: (T) => classGrid(T, steps, spacing),
  });
  return [
    sampler('ddpm', ddpmStep, ddpmSteps),
    sampler('ddim', ddimStep, ddimSteps),
    sampler('dpm-solver', dpmSolverStep(dpmSolver), dpmSolverSteps),
  ];
}
