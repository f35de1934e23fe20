// Mixtures of Gaussians that are diagonal in one common orthonormal basis: closed under x_t = alpha x_0 + sigma eps,
// so that every noisy marginal, its score and the optimal denoiser are closed forms.
import { normals, uniforms, type StreamKey } from '../tensor/random.ts';
import type { Basis } from './basis.ts';
import type { Density } from './density.ts';
import { diffuse, logKernel, logNormalizer, type DiagonalGaussian } from './gaussian.ts';

/** A Gaussian in the basis's coordinates, and its share of the samples. */
export interface MixtureComponent extends DiagonalGaussian {
  readonly weight: number;
}

export class GaussianMixture implements Density {
  readonly dim: number;
  readonly basis: Basis;
  /** Weights sum to one. */
  readonly components: readonly MixtureComponent[];
  readonly #logConstants: readonly number[];

  /** Weights may have any sum. Throws a RangeError for a weight or variance that is not positive, or a wrong length. */
  constructor(basis: Basis, components: readonly MixtureComponent[]) {
    checkComponents(basis.dim, components);
    const total = components.reduce((sum, { weight }) => sum + weight, 0);
    this.dim = basis.dim;
    this.basis = basis;
    this.components = components.map((component) => ({ ...component, weight: component.weight / total }));
    this.#logConstants = this.components.map((component) => Math.log(component.weight) + logNormalizer(component));
  }

  sample(count: number, key: StreamKey): Float32Array {
    const { dim, components } = this;
    const chosen = this.componentsOf(count, key);
    const coordinates = new Float64Array(normals(key, count * dim));
    for (let i = 0; i < count; i++) {
      const { mean, variance } = components[chosen[i]!]!;
      for (let d = 0; d < dim; d++) {
        coordinates[i * dim + d] = mean[d]! + Math.sqrt(variance[d]!) * coordinates[i * dim + d]!;
      }
    }
    return new Float32Array(this.basis.vectors(coordinates));
  }

  /** Of which component each of the samples is that `sample` draws with this key. */
  componentsOf(count: number, key: StreamKey): Int32Array {
    return Int32Array.from(uniforms(key, count), (u) => this.#componentAt(u));
  }

  logProb(x: ArrayLike<number>): Float64Array {
    const coordinates = this.#coordinates('logProb', x);
    const logs = new Float64Array(this.components.length);
    return Float64Array.from({ length: x.length / this.dim }, (_, i) => this.#logJoint(coordinates, i, logs));
  }

  at(alpha: number, sigma: number): GaussianMixture {
    const components = this.components.map((component) => ({
      weight: component.weight,
      ...diffuse(component, alpha, sigma),
    }));
    return new GaussianMixture(this.basis, components);
  }

  posteriorNoise(x: ArrayLike<number>, alpha: number, sigma: number): Float64Array {
    const marginal = this.at(alpha, sigma);
    const coordinates = marginal.#coordinates('posteriorNoise', x);
    const noise = new Float64Array(coordinates.length);
    const logs = new Float64Array(this.components.length);
    for (let begin = 0; begin < noise.length; begin += this.dim) {
      const total = marginal.#logJoint(coordinates, begin / this.dim, logs);
      for (const [k, { mean, variance }] of marginal.components.entries()) {
        // E[eps | x, k] = sigma (x - alpha mean) / (alpha^2 variance + sigma^2), averaged over p(k | x).
        const share = sigma * Math.exp(logs[k]! - total);
        for (let d = 0; d < this.dim; d++) {
          noise[begin + d]! += (share * (coordinates[begin + d]! - mean[d]!)) / variance[d]!;
        }
      }
    }
    return this.basis.vectors(noise);
  }

  /** Fills `logs` with log p(x_i, k) and returns their log-sum-exp, log p(x_i). */
  #logJoint(coordinates: Float64Array, i: number, logs: Float64Array): number {
    let largest = -Infinity;
    for (const [k, component] of this.components.entries()) {
      logs[k] = this.#logConstants[k]! + logKernel(component, coordinates, i * this.dim);
      largest = Math.max(largest, logs[k]!);
    }
    let sum = 0;
    for (const log of logs) sum += Math.exp(log - largest);
    return largest + Math.log(sum);
  }

  /** The component whose share of [0, 1) holds u. */
  #componentAt(u: number): number {
    let end = 0;
    for (const [k, { weight }] of this.components.entries()) {
      end += weight;
      if (u < end) return k;
    }
    return this.components.length - 1;
  }

  #coordinates(method: string, x: ArrayLike<number>): Float64Array {
    if (x.length % this.dim !== 0) {
      throw new RangeError(`${method}: ${x.length} numbers are not whole vectors of dimension ${this.dim}`);
    }
    return this.basis.coordinates(x);
  }
}

function checkComponents(dim: number, components: readonly MixtureComponent[]): void {
  if (components.length === 0) throw new RangeError('GaussianMixture: no components');
  for (const [k, { weight, mean, variance }] of components.entries()) {
    if (!(weight > 0 && weight < Infinity)) throw new RangeError(`GaussianMixture: weight ${k} is ${weight}`);
    if (mean.length !== dim || variance.length !== dim) {
      throw new RangeError(
        `GaussianMixture: component ${k} has ${mean.length} means and ${variance.length} variances in dimension ${dim}`,
      );
    }
    if (!mean.every(Number.isFinite)) throw new RangeError(`GaussianMixture: a mean of component ${k} is not finite`);
    if (!variance.every((v) => v > 0 && v < Infinity)) {
      throw new RangeError(`GaussianMixture: a variance of component ${k} is not a positive number`);
    }
  }
}
