// Densities as plain JSON, which a data set carries in its metadata.
import { colourBasis, identityBasis, pairBasis } from './basis.ts';
import { blendWithIdentity, gaussianWithCovariance } from './covariance.ts';
import type { Density } from './density.ts';
import { fourierBasis, powerLawVariances } from './fields.ts';
import { GaussianMixture } from './mixture.ts';
import { UniformCube } from './uniform-cube.ts';

/** What `densityFromSpec` makes a mixture of Gaussians of. */
export type MixtureSpec =
  GaussianMixtureSpec | FieldMixtureSpec | ColourFieldSpec | CorrelatedPairsSpec | NormalPairSpec | CovarianceSpec;
export type DensitySpec = MixtureSpec | UniformCubeSpec;

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

/**
 * One Gaussian of size x size images in three colours, a stand-in for the covariance S of natural ones in appendix D's
 * sqrt(1 - gamma) S + sqrt(gamma) I: spectrum 1 / |k|^power, periodic, and for each coordinate of `colourBasis` a variance.
 */
export interface ColourFieldSpec {
  readonly kind: 'colour-field';
  readonly size: number;
  readonly power: number;
  /** Of a pixel, in brightness and in the two differences of colours. */
  readonly variances: readonly [number, number, number];
  readonly gamma: number;
}

/** dim / 2 independent pairs of standard normal numbers with correlation rho. */
export interface CorrelatedPairsSpec {
  readonly kind: 'correlated-pairs';
  readonly dim: number;
  readonly rho: number;
}

/**
 * p in the units of q: the law of (x - mean_q) / std_q for x ~ p, both normal on the line. There q is N(0, 1), the
 * reference of a classifier, and log p/q and KL(p || q) are what they were.
 */
export interface NormalPairSpec {
  readonly kind: 'normal-pair';
  readonly p: { readonly mean: number; readonly std: number };
  readonly q: { readonly mean: number; readonly std: number };
}

/** N(mean, covariance); the mean is zero by default. */
export interface CovarianceSpec {
  readonly kind: 'covariance';
  readonly covariance: readonly (readonly number[])[];
  readonly mean?: readonly number[];
}

/** Uniform on [-side / 2, side / 2]^dim. */
export interface UniformCubeSpec {
  readonly kind: 'uniform-cube';
  readonly dim: number;
  readonly side: number;
}

/** The density that a spec describes; throws a TypeError or RangeError saying what is wrong with it. */
export function densityFromSpec(spec: MixtureSpec): GaussianMixture;
export function densityFromSpec(spec: DensitySpec): Density;
export function densityFromSpec(spec: DensitySpec): Density {
  switch (spec.kind) {
    case 'gaussian-mixture':
      return gaussianMixture(spec);
    case 'field-mixture':
      return fieldMixture(spec);
    case 'colour-field':
      return colourField(spec);
    case 'correlated-pairs':
      return correlatedPairs(spec);
    case 'normal-pair':
      return normalPair(spec);
    case 'covariance':
      return gaussianWithCovariance(Float64Array.from(spec.covariance.flat()), spec.mean);
    case 'uniform-cube':
      return new UniformCube(checkPositiveInteger('dim', spec.dim), spec.side);
    default:
      throw new TypeError(
        `densityFromSpec: unknown kind ${JSON.stringify((spec as { kind?: unknown }).kind)}, ` +
          'not one of "gaussian-mixture", "field-mixture", "colour-field", "correlated-pairs", "normal-pair", ' +
          '"covariance", "uniform-cube"',
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

function colourField({ size, power, variances, gamma }: ColourFieldSpec): GaussianMixture {
  const basis = colourBasis(fourierBasis(checkPositiveInteger('size', size)));
  const spectrum = powerLawVariances(size, { power, anisotropy: 1 });
  const variance = Float64Array.from(
    { length: basis.dim },
    (_, d) => blendWithIdentity(Float64Array.of(variances[d % 3]! * spectrum[Math.floor(d / 3)]!), gamma)[0]!,
  );
  return new GaussianMixture(basis, [{ weight: 1, mean: new Float64Array(basis.dim), variance }]);
}

function correlatedPairs({ dim, rho }: CorrelatedPairsSpec): GaussianMixture {
  checkPositiveInteger('dim', dim);
  if (!(Math.abs(rho) < 1)) throw new RangeError(`densityFromSpec: rho must be in (-1, 1), got ${rho}`);
  const variance = Float64Array.from({ length: dim }, (_, d) => (d % 2 === 0 ? 1 + rho : 1 - rho));
  return new GaussianMixture(pairBasis(dim), [{ weight: 1, mean: new Float64Array(dim), variance }]);
}

function normalPair({ p, q }: NormalPairSpec): GaussianMixture {
  const mean = Float64Array.of((p.mean - q.mean) / q.std);
  return new GaussianMixture(identityBasis(1), [{ weight: 1, mean, variance: Float64Array.of((p.std / q.std) ** 2) }]);
}

function checkPositiveInteger(what: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`densityFromSpec: ${what} must be a positive integer, got ${value}`);
  }
  return value;
}
