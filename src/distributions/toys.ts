// The named densities that results are reported on, each a spec of one of the general kinds.
import { normals } from '../tensor/random.ts';
import type { CorrelatedPairsSpec, FieldMixtureSpec, GaussianMixtureSpec, MixtureSpec } from './spec.ts';

/**
 * The toy of this name: `two`, `ring`, `mix<D>` (ten modes in R^D), `mi<D>` (correlated pairs with mutual information
 * D / 4 nats), `field<N>` (one N x N field) or `textures<N>` (three). Throws a RangeError for any other.
 */
export function toySpec(name: string): MixtureSpec {
  const [, family = '', digits = ''] = /^([a-z]+)([1-9]\d*)?$/.exec(name) ?? [];
  const size = Number(digits);
  if (name === 'two') return twoModes();
  if (name === 'ring') return ring();
  if (size > 0 && family === 'mix') return tenModes(size);
  if (size > 0 && family === 'mi') return correlatedPairs(size);
  if (size > 0 && family === 'field') return field(size);
  if (size > 0 && family === 'textures') return textures(size);
  throw new RangeError(`toySpec: no toy "${name}": use two, ring, mix16, mi40, field8, textures8 (or other sizes)`);
}

/** Two modes in the plane at (-1.2, 0) and (1.2, 0), std .2, weights .8 and .2. */
export function twoModes(): GaussianMixtureSpec {
  const means = [
    [-1.2, 0],
    [1.2, 0],
  ];
  return { kind: 'gaussian-mixture', means, std: 0.2, weights: [0.8, 0.2] };
}

/** Eight modes in the plane at radius 1.4 and angles k * 45 degrees, std .15, weights proportional to 1 .. 8. */
export function ring(): GaussianMixtureSpec {
  const angles = Array.from({ length: 8 }, (_, k) => (k * Math.PI) / 4);
  const means = angles.map((angle) => [1.4 * Math.cos(angle), 1.4 * Math.sin(angle)]);
  return { kind: 'gaussian-mixture', means, std: 0.15, weights: means.map((_, k) => k + 1) };
}

/** Ten modes in R^dim, means drawn once and for all from N(0, .91 I), std .3, weights proportional to 1 .. 10. */
export function tenModes(dim: number): GaussianMixtureSpec {
  const means = Array.from({ length: 10 }, (_, step) =>
    Array.from(normals({ seed: 0, purpose: 'ten-modes/mean', step }, dim), (z) => Math.sqrt(0.91) * z),
  );
  return { kind: 'gaussian-mixture', means, std: 0.3, weights: means.map((_, k) => k + 1) };
}

/**
 * Pairs whose KL to N(0, I), the mutual information of their halves, is -(dim / 4) ln(1 - rho^2) nats. The default
 * rho makes it dim / 4 (Rhodes et al. 2020, Choi et al. 2022).
 */
export function correlatedPairs(dim: number, rho = Math.sqrt(1 - 1 / Math.E)): CorrelatedPairsSpec {
  return { kind: 'correlated-pairs', dim, rho };
}

/** One isotropic size x size field with spectrum 1 / |k|^2. */
export function field(size: number): FieldMixtureSpec {
  return { kind: 'field-mixture', size, components: [{ weight: 1, power: 2 }] };
}

/** Three kinds of field: isotropic, smooth along x, and smooth along y, with weights .5, .3 and .2. */
export function textures(size: number): FieldMixtureSpec {
  const components = [
    { weight: 0.5, power: 2 },
    { weight: 0.3, power: 3, anisotropy: 2 },
    { weight: 0.2, power: 3, anisotropy: 0.5 },
  ];
  return { kind: 'field-mixture', size, components };
}
