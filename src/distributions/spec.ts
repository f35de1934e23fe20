// Densities as plain JSON, which a data set carries in its metadata.
import { identityBasis, pairBasis } from './basis.ts';
import { fourierBasis, powerLawVariances } from './fields.ts';
import { GaussianMixture } from './mixture.ts';

export type DensitySpec = GaussianMixtureSpec | FieldMixtureSpec | CorrelatedPairsSpec;

/** Isotropic Gaussians of one standard deviation. Weights may have any sum. */
export interface GaussianMixtureSpec {
  readonly kind: 'gaussian-mixture';
  readonly means: readonly (readonly number[])[];
  readonly std: number;
  readonly weights: readonly number[];
}

/** Periodic size x size Gaussian fields with power-law spectra (fields.ts), unit mean pixel variance. */
export interface FieldMixtureSpec {
  readonly kind: 'field-mixture';
  readonly size: number;
  readonly components: readonly {
    readonly weight: number;
    readonly power: number;
    /** Default 1, isotropic. */
    readonly anisotropy?: number;
    /** The mean of every pixel; default 0. */
    readonly mean?: number;
  }[];
}

/** dim / 2 independent pairs of standard normal numbers with correlation rho. */
export interface CorrelatedPairsSpec {
  readonly kind: 'correlated-pairs';
  readonly dim: number;
  readonly rho: number;
}

/** The density that a spec describes; throws a TypeError or RangeError saying what is wrong with it. */
export function densityFromSpec(spec: DensitySpec): GaussianMixture {
  switch (spec.kind) {
    case 'gaussian-mixture':
      return gaussianMixture(spec);
    case 'field-mixture':
      return fieldMixture(spec);
    case 'correlated-pairs':
      return correlatedPairs(spec);
    default:
      throw new TypeError(
        `densityFromSpec: unknown kind ${JSON.stringify((spec as { kind?: unknown }).kind)}, ` +
          'not one of "gaussian-mixture", "field-mixture", "correlated-pairs"',
      );
  }
}

function gaussianMixture({ means, std, weights }: GaussianMixtureSpec): GaussianMixture {
  if (means.length !== weights.length) {
    throw new RangeError(`densityFromSpec: ${means.length} means but ${weights.length} weights`);
  }
  const dim = checkPositiveInteger('dimension of the first mean', means[0]?.length ?? 0);
  const variance = new Float64Array(dim).fill(std * std);
  const components = means.map((mean, k) => ({ weight: weights[k]!, mean: Float64Array.from(mean), variance }));
  return new GaussianMixture(identityBasis(dim), components);
}

function fieldMixture({ size, components }: FieldMixtureSpec): GaussianMixture {
  const basis = fourierBasis(checkPositiveInteger('size', size));
  return new GaussianMixture(
    basis,
    components.map(({ weight, power, anisotropy = 1, mean = 0 }) => ({
      weight,
      mean: basis.coordinates(new Float64Array(basis.dim).fill(mean)),
      variance: powerLawVariances(size, { power, anisotropy }),
    })),
  );
}

function correlatedPairs({ dim, rho }: CorrelatedPairsSpec): GaussianMixture {
  checkPositiveInteger('dim', dim);
  if (!(Math.abs(rho) < 1)) throw new RangeError(`densityFromSpec: rho must be in (-1, 1), got ${rho}`);
  const variance = Float64Array.from({ length: dim }, (_, d) => (d % 2 === 0 ? 1 + rho : 1 - rho));
  return new GaussianMixture(pairBasis(dim), [{ weight: 1, mean: new Float64Array(dim), variance }]);
}

function checkPositiveInteger(what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`densityFromSpec: ${what} must be a positive integer, got ${value}`);
  }
  return value;
}
