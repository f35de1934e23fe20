// Uniform data in a cube, and what noise makes of it: every coordinate is a uniform number plus a normal one, so that the
// noisy marginals are differences of two normal distribution functions and the optimal denoiser a truncated mean.
import { normalInterval } from '../statistics/normal.ts';
import { normals, uniforms, type StreamKey } from '../tensor/random.ts';
import type { Density } from './density.ts';

/** u + noise z in R^dim, with u uniform on [-side / 2, side / 2]^dim and z ~ N(0, I). */
export class UniformCube implements Density {
  readonly dim: number;
  readonly side: number;
  readonly noise: number;

  /** A RangeError unless side and noise are at least 0 and one of them is above. */
  constructor(dim: number, side: number, noise = 0) {
    if (!(side >= 0 && noise >= 0 && side + noise > 0 && side + noise < Infinity)) {
      throw new RangeError(`UniformCube: a side of ${side} and noise of ${noise} have no density`);
    }
    this.dim = dim;
    this.side = side;
    this.noise = noise;
  }

  sample(count: number, key: StreamKey): Float32Array {
    const u = uniforms(key, count * this.dim);
    const z = this.noise > 0 ? normals(key, count * this.dim) : null;
    return u.map((value, i) => this.side * (value - 0.5) + (z === null ? 0 : this.noise * z[i]!));
  }

  logProb(x: ArrayLike<number>): Float64Array {
    this.#checkLength('logProb', x);
    const logs = new Float64Array(x.length / this.dim);
    for (let i = 0; i < x.length; i++) logs[Math.floor(i / this.dim)]! += this.#coordinate(x[i]!).log;
    return logs;
  }

  at(alpha: number, sigma: number): UniformCube {
    return new UniformCube(this.dim, alpha * this.side, Math.hypot(alpha * this.noise, sigma));
  }

  posteriorNoise(x: ArrayLike<number>, alpha: number, sigma: number): Float64Array {
    this.#checkLength('posteriorNoise', x);
    if (sigma === 0) return new Float64Array(x.length);
    const marginal = this.at(alpha, sigma);
    // Tweedie's formula, E[eps | x] = -sigma grad log p_t(x).
    return Float64Array.from({ length: x.length }, (_, i) => -sigma * marginal.#coordinate(x[i]!).slope);
  }

  /** Log density of one coordinate, and its derivative. */
  #coordinate(x: number): { log: number; slope: number } {
    const { side, noise } = this;
    if (noise === 0) return { log: Math.abs(x) <= side / 2 ? -Math.log(side) : -Infinity, slope: 0 };
    if (side === 0) {
      return { log: -((x / noise) ** 2) / 2 - Math.log(noise) - Math.log(2 * Math.PI) / 2, slope: -x / noise ** 2 };
    }
    // x - u = noise z for z between (x - side/2) / noise and (x + side/2) / noise.
    const { logMass, mean } = normalInterval(x / noise, side / (2 * noise));
    return { log: logMass - Math.log(side), slope: -mean / noise };
  }

  #checkLength(method: string, x: ArrayLike<number>): void {
    if (x.length % this.dim !== 0) {
      throw new RangeError(`${method}: ${x.length} numbers are not whole vectors of dimension ${this.dim}`);
    }
  }
}
