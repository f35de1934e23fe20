// Z of densities that are known, through classifiers in closed form: weights whose mean is Z whatever they are made with.
import { expect, test } from 'vitest';
import { cdmDenoiser, logDensity, type Classifier } from '../../src/diffusion/cdm.ts';
import { evaluate, evaluationProgram } from '../../src/diffusion/evaluate.ts';
import { cdmFlow, flowProgram, flowSample } from '../../src/diffusion/flow.ts';
import { ancestralWeights, flowWeights, reverseVariances } from '../../src/diffusion/normalizer.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import { logMeanExp, type LogMean } from '../../src/statistics/log-mean.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { tf } from '../../src/tensor/tf.ts';

const backend = await openBackend('cpu', { threads: 1 });
const schedule = uniformLogSnr({ T: 60, sigmaMin: 0.02, logSnrMin: -10 });
const density = densityFromSpec(toySpec('mix2'));
const batchShape = { batch: 300, shape: [2] };

/** The optimal classifier, with class 0 too likely by `shift` nats: Z of clean data is exp(shift), of all others 1. */
async function runOf(shift: number) {
  const exact = exactLogits(density, schedule.alpha, schedule.sigma);
  const offset = Float32Array.from(schedule.alpha, (_, t) => (t === 0 ? shift : 0));
  const classifier: Classifier = (x) => tf.add(exact(x), tf.tensor1d(offset));
  const compile = async (model: Parameters<typeof evaluationProgram>[3]) => {
    const program = await backend.compile(evaluationProgram('exact', batchShape, [], model));
    return (x: Float32Array, t: number) => evaluate(program, batchShape, x, t);
  };
  const own = {
    schedule,
    dim: 2,
    seed: 4,
    logDensity: await compile(() => (x, t) => logDensity(classifier, schedule, x, t)),
    denoiser: await compile(() => cdmDenoiser(classifier, schedule)),
  };
  const variances = await reverseVariances(own, density.sample(300, { seed: 1, purpose: 'known' }));
  const program = await backend.compile(flowProgram('exact flow', batchShape, schedule, [], () => cdmFlow(classifier)));
  const divergence = { kind: 'exact' } as const;
  return { run: { ...own, variances }, flow: { program, batchShape, schedule, tolerance: 1e-3, divergence, seed: 4 } };
}

const errorsFrom = (truth: number, { value, standardError }: LogMean): number =>
  Math.abs(value - truth) / (standardError + 0.002);

test('over samples of the ODE: each weight is nearly Z', async () => {
  const { run, flow } = await runOf(0.3);
  const weights = await flowWeights(run, await flowSample(flow, 300));
  const [clean, first] = [logMeanExp(weights.clean), logMeanExp(weights.first)];
  expect(errorsFrom(0, first)).toBeLessThan(4);
  expect(errorsFrom(0.3, clean)).toBeLessThan(4);
  expect(clean.standardError).toBeLessThan(0.01);
  expect(clean.effectiveShare).toBeGreaterThan(0.98);
});

test('over ancestral chains: their mean is Z, with variances that are worse too', async () => {
  const { run } = await runOf(0.3);
  const best = await ancestralWeights(run, 900);
  const worse = await ancestralWeights({ ...run, variances: run.variances.map((value) => value * 1.1) }, 900);
  for (const weights of [best, worse]) {
    expect(errorsFrom(0, logMeanExp(weights.first))).toBeLessThan(4);
    expect(errorsFrom(0.3, logMeanExp(weights.clean))).toBeLessThan(4);
  }
  expect(logMeanExp(best.clean).effectiveShare).toBeGreaterThan(0.8);
  expect(logMeanExp(worse.clean).effectiveShare).toBeLessThan(logMeanExp(best.clean).effectiveShare);
});

test('noise of random probes is taken off the mean weight', async () => {
  const { run, flow } = await runOf(0);
  const samples = await flowSample(flow, 300);
  const probeErrors = new Float64Array(300).fill(0.5);
  const { first } = await flowWeights(run, { ...samples, probeErrors });
  expect(logMeanExp(first).value).toBeCloseTo(-0.125, 2);
});
