import { expect, test } from 'vitest';
import { colourBasis, identityBasis } from '../../src/distributions/basis.ts';
import { fourierBasis } from '../../src/distributions/fields.ts';
import { densityFromSpec, type ColourFieldSpec } from '../../src/distributions/spec.ts';
import { covarianceOfSamples } from '../../src/statistics/moments.ts';
import { normals } from '../../src/tensor/random.ts';

test('colourBasis() is orthonormal, and its coordinates are those of planes and colours', () => {
  const basis = colourBasis(fourierBasis(3));
  const x = normals({ seed: 1, purpose: 'x' }, 2 * basis.dim);
  const coordinates = basis.coordinates(x);
  const norm = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value ** 2, 0);
  for (const i of [0, basis.dim]) {
    expect(norm(coordinates.subarray(i, i + basis.dim))).toBeCloseTo(norm(x.subarray(i, i + basis.dim)), 8);
  }
  for (const [i, value] of basis.vectors(coordinates).entries()) expect(value).toBeCloseTo(x[i]!, 8);
  // One gray pixel has brightness alone; a red one less a blue one is the first difference of colours.
  const colours = colourBasis(identityBasis(1));
  const expected = [
    [[1, 1, 1], [Math.sqrt(3), 0, 0]],
    [[1, 0, -1], [0, Math.SQRT2, 0]],
    [[1, -2, 1], [0, 0, Math.sqrt(6)]],
  ] as const; // prettier-ignore
  for (const [colour, values] of expected) {
    for (const [d, value] of colours.coordinates(colour).entries()) expect(value).toBeCloseTo(values[d]!, 12);
  }
});

test('a colour field has the covariance of appendix D: sqrt(1 - gamma) S + sqrt(gamma) I', () => {
  const spec: ColourFieldSpec = { kind: 'colour-field', size: 2, power: 2, variances: [0.7, 0.2, 0.1], gamma: 0.36 };
  const [plain, blended] = [densityFromSpec({ ...spec, gamma: 0 }), densityFromSpec(spec)];
  const count = 40_000;
  const covariance = covarianceOfSamples(plain.sample(count, { seed: 2, purpose: 'samples' }), 12);
  // Pixels have the sum of the three variances over three channels, and the colours their own.
  const trace = Array.from({ length: 12 }, (_, i) => covariance[i * 13]!).reduce((a, b) => a + b, 0);
  expect(Math.abs(trace / 4 - 1)).toBeLessThan(0.05);
  const brightness = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => covariance[i * 12 + j]!)).reduce((a, b) => a + b, 0);
  expect(Math.abs(brightness / 3 - 0.7)).toBeLessThan(0.05);
  for (const [d, variance] of blended.components[0]!.variance.entries()) {
    expect(variance).toBeCloseTo(0.8 * plain.components[0]!.variance[d]! + 0.6, 12);
  }
});
