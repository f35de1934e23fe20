import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classLogPosterior } from '../../src/distributions/class-posterior.ts';
import { klFromStandardNormal } from '../../src/distributions/gaussian.ts';
import { densityFromSpec, type DensitySpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';

const alpha = Float64Array.of(1, 0.9, 0.5, 0);
const sigma = Float64Array.of(0, 0.4, 0.8, 1);
const specs: DensitySpec[] = [toySpec('two'), { kind: 'uniform-cube', dim: 2, side: 1 }, toySpec('mi2')];

test('classLogPosterior() sums to one, and a prior moves log-odds by its own', () => {
  const priors = fc.array(fc.double({ min: 0.01, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.constantFrom(...specs), priors, (spec, prior) => {
      const density = densityFromSpec(spec);
      const x = density.sample(5, { seed: 1, purpose: 'x' });
      const plain = classLogPosterior(density, { alpha, sigma }, x);
      const weighed = classLogPosterior(density, { alpha, sigma }, x, prior);
      for (let i = 0; i < 5; i++) {
        const row = weighed.subarray(4 * i, 4 * i + 4);
        expect(row.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 12);
        for (const t of [0, 1, 2]) {
          const odds = plain[4 * i + t]! - plain[4 * i + 3]!;
          expect(row[t]! - row[3]!).toBeCloseTo(odds + Math.log(prior[t]! / prior[3]!), 9);
          const ratio = density.at(alpha[t]!, sigma[t]!).logProb(x)[i]! - density.at(0, 1).logProb(x)[i]!;
          expect(odds).toBeCloseTo(ratio, 9);
        }
      }
    }),
  );
});

test('averaged over all noisy data it is the prior', () => {
  // E_x p(t | x) = p(t), with x drawn from the mixture of all classes.
  const density = densityFromSpec(toySpec('two'));
  const count = 4000;
  const mean = new Float64Array(4);
  for (let u = 0; u < 4; u++) {
    const x = density.at(alpha[u]!, sigma[u]!).sample(count, { seed: 2, purpose: 'x', step: u });
    for (const [i, log] of classLogPosterior(density, { alpha, sigma }, x).entries()) {
      mean[i % 4]! += Math.exp(log) / (4 * count);
    }
  }
  for (const share of mean) expect(Math.abs(share - 0.25)).toBeLessThan(4 * 0.5 * Math.sqrt(1 / (4 * count)));
});

test('normal pairs have the divergences that others published', () => {
  const cases = [
    { p: { mean: 0, std: 1e-6 }, q: { mean: 0, std: 1 }, nats: 13.3155 },
    { p: { mean: 0, std: 1e-3 }, q: { mean: 0, std: 1 }, nats: 6.4078 },
    { p: { mean: -1, std: 0.08 }, q: { mean: 2, std: 0.15 }, nats: 200.27 },
    { p: { mean: -2, std: 0.08 }, q: { mean: 2, std: 0.15 }, nats: 355.82 },
    { p: { mean: -5, std: 1 }, q: { mean: 5, std: 1 }, nats: 50 },
  ];
  for (const { nats, ...pair } of cases) {
    const density = densityFromSpec({ kind: 'normal-pair', ...pair });
    expect(Math.abs(klFromStandardNormal(density.components[0]!) - nats)).toBeLessThan(0.01);
    // log p/q is what it was before the change of unit.
    const x = pair.p.mean + 0.7 * pair.p.std;
    const log = ({ mean, std }: { mean: number; std: number }) => -(((x - mean) / std) ** 2) / 2 - Math.log(std);
    const y = (x - pair.q.mean) / pair.q.std;
    const ratio = density.logProb([y])[0]! + (y * y) / 2 + Math.log(2 * Math.PI) / 2;
    expect(ratio).toBeCloseTo(log(pair.p) - log(pair.q), 8);
  }
});
