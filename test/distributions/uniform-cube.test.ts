import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logIntegral } from '../support/integral.ts';
import { UniformCube } from '../../src/distributions/uniform-cube.ts';

const LOG_SQRT_2PI = Math.log(2 * Math.PI) / 2;

// x up to four standard deviations outside, where the reference integrals are still exact to ten digits.
const cubes = fc
  .record({
    side: fc.double({ min: 0.25, max: 3, noNaN: true }),
    alpha: fc.double({ min: 0.02, max: 1, noNaN: true }),
    sigma: fc.double({ min: 0.05, max: 1, noNaN: true }),
    u: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    z: fc.double({ min: -4, max: 4, noNaN: true }),
  })
  .map(({ u, z, ...rest }) => ({ ...rest, x: rest.alpha * rest.side * u + rest.sigma * z }));

describe('UniformCube', () => {
  test('has the log density of appendix D, -ln side per dimension, and none outside', () => {
    for (const side of [0.25, 0.5, 1, 2, 3]) {
      const cube = new UniformCube(2, side);
      const [inside, outside] = cube.logProb([side / 4, -side / 2, side / 4, side * 0.51]);
      expect(inside).toBeCloseTo(-2 * Math.log(side), 12);
      expect(outside).toBe(-Infinity);
    }
  });

  test('at a noise level is the convolution of its scaled self with the noise', () => {
    fc.assert(
      fc.property(cubes, ({ side, alpha, sigma, x }) => {
        const expected = logIntegral(
          (clean) => -(((x - alpha * clean) / sigma) ** 2) / 2 - Math.log(sigma * side) - LOG_SQRT_2PI,
          -side / 2,
          side / 2,
        );
        const actual = new UniformCube(1, side).at(alpha, sigma).logProb([x])[0]!;
        expect(Math.abs(actual - expected)).toBeLessThan(1e-9 * (1 + Math.abs(expected)));
      }),
    );
  });

  test('has the posterior noise -sigma grad log p_t (Tweedie)', () => {
    fc.assert(
      fc.property(cubes, ({ side, alpha, sigma, x }) => {
        const cube = new UniformCube(1, side);
        const marginal = cube.at(alpha, sigma);
        const h = 1e-4 * sigma;
        const slope = (marginal.logProb([x + h])[0]! - marginal.logProb([x - h])[0]!) / (2 * h);
        const noise = cube.posteriorNoise([x], alpha, sigma)[0]!;
        expect(Math.abs(noise + sigma * slope)).toBeLessThan(1e-5 * (1 + Math.abs(noise)));
        // And so E[x0 | x] lies in the cube, which cancellation in the tails would break first.
        expect(Math.abs((x - sigma * noise) / alpha)).toBeLessThan((side / 2) * (1 + 1e-9) + 1e-12 / alpha);
      }),
    );
  });

  test('diffuses in two steps as in one, and ends as pure noise', () => {
    const cube = new UniformCube(3, 1.4);
    const x = [0.1, -0.6, 2, 0.4, 0.3, -0.2];
    const [twice, once] = [cube.at(0.8, 0.4).at(0.5, 0.7), cube.at(0.4, Math.hypot(0.2, 0.7))];
    for (const [i, value] of once.logProb(x).entries()) expect(twice.logProb(x)[i]).toBeCloseTo(value, 11);
    const noise = cube.at(0, 1).logProb(x);
    expect(noise[0]).toBeCloseTo(-(0.01 + 0.36 + 4) / 2 - 3 * LOG_SQRT_2PI, 11);
    // Just before it is nearly the same: the closed forms of the two cases agree.
    expect(cube.at(1e-9, 1).logProb(x)[0]).toBeCloseTo(noise[0]!, 8);
    expect(Array.from(cube.posteriorNoise([1, 2, 3], 1, 0))).toEqual([0, 0, 0]);
  });

  test('samples with its own variance, and sample k is the same in any batch', () => {
    const count = 20_000;
    const key = { seed: 1, purpose: 'cube' };
    for (const cube of [new UniformCube(2, 2), new UniformCube(2, 2).at(0.6, 0.5)]) {
      const x = cube.sample(count, key);
      const variance = x.reduce((sum, value) => sum + value * value, 0) / x.length;
      const expected = cube.side ** 2 / 12 + cube.noise ** 2;
      expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / x.length));
      expect(x.slice(0, 8)).toEqual(cube.sample(4, key));
    }
  });

  test('refuses what has no density', () => {
    expect(() => new UniformCube(2, 0)).toThrow('a side of 0 and noise of 0');
    expect(() => new UniformCube(2, NaN)).toThrow('NaN');
    expect(() => new UniformCube(2, 1).logProb([1])).toThrow('not whole vectors of dimension 2');
  });
});
