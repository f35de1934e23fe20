// The samplers that models are drawn from with, by the names that numbers and figures have.
import { ddimStep, ddpmStep, dpmSolverStep, type SamplerRule } from '../diffusion/sampler.ts';

export interface SamplingParams {
  /** Samples from each model and sampler. */
  readonly count: number;
  readonly ddpmSteps: number;
  readonly ddimSteps: number;
  readonly dpmSolverSteps: number;
}

export interface NamedSampler {
  readonly name: string;
  readonly rule: SamplerRule;
  readonly steps: number;
}

/** The samplers, with the steps that the parameters give each: ancestral (DDPM), and two deterministic ones (DDIM, DPM-Solver). */
export function samplersOf({ ddpmSteps, ddimSteps, dpmSolverSteps }: SamplingParams): NamedSampler[] {
  return [
    { name: 'ddpm', rule: ddpmStep, steps: ddpmSteps },
    { name: 'ddim', rule: ddimStep, steps: ddimSteps },
    { name: 'dpm-solver', rule: dpmSolverStep, steps: dpmSolverSteps },
  ];
}
