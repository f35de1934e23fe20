import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalLogCdf } from '../../src/statistics/normal.ts';
import { integers, normalQuantile, normals, permutation, threefry, uniforms } from '../../src/tensor/random.ts';

const key = { seed: 2024, purpose: 'test' };

// All statistical tests look at fixed streams, so they are deterministic; the limits are the 1e-4 tails.
const SIGMAS = 3.9;
const KOLMOGOROV_1E4 = 2.23; // P(sqrt(n) D > 2.23) = 1e-4

/** Abramowitz & Stegun 7.1.26 is good to 1.5e-7, far below what these sample sizes resolve. */
function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-z * z);
  return x < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

function kolmogorovSmirnov(sample: Float32Array, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const p = cdf(sorted[i]!);
    distance = Math.max(distance, p - i / n, (i + 1) / n - p);
  }
  return Math.sqrt(n) * distance;
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = Math.min(a.length, b.length);
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    sumA += a[i]!;
    sumB += b[i]!;
    sumAA += a[i]! * a[i]!;
    sumBB += b[i]! * b[i]!;
    sumAB += a[i]! * b[i]!;
  }
  return (sumAB - (sumA * sumB) / n) / Math.sqrt((sumAA - (sumA * sumA) / n) * (sumBB - (sumB * sumB) / n));
}

describe('threefry', () => {
  const threefryWords = (key: number[], counter: number[], count: number): number[] => {
    const words = new Int32Array(count);
    threefry(words, Int32Array.from(key), Int32Array.from(counter));
    return Array.from(words, (word) => word >>> 0);
  };

  // kat_vectors of Random123: counter, key, result.
  test.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])('gives the published answer at counter %j', (counter, threefryKey, expected) => {
    expect(threefryWords(threefryKey, counter, 4).slice(0, 2)).toEqual(expected);
  });

  test('carries from the first counter word into the second', () => {
    const across = threefryWords([1, 2], [0xffffffff, 6], 8);
    expect(across.slice(2, 6)).toEqual(threefryWords([1, 2], [0, 7], 4));
    expect(threefryWords([1, 2], [0xfffffffe, 6], 8).slice(4)).toEqual(across.slice(2, 6));
  });
});

test('normalQuantile inverts the distribution function, to the last word of either tail', () => {
  const nearest = 0.5 - 2 ** -33;
  const even = Array.from({ length: 2001 }, (_, i) => (i / 1000 - 1) * 0.4999);
  const tails = Array.from({ length: 30 }, (_, i) => 0.5 - 2 ** -(i + 3));
  for (const q of [...even, ...tails, nearest]) {
    const z = normalQuantile(q);
    expect(normalQuantile(-q)).toBe(-z);
    // Relative to z as float32 numbers are; the slope of log Phi at -|z| turns the one error into the other.
    const tail = -Math.abs(z);
    const logP = Math.log(0.5 - Math.abs(q));
    const slope = Math.exp(-(z * z) / 2 - Math.log(2 * Math.PI) / 2 - logP);
    expect(Math.abs(normalLogCdf(tail) - logP)).toBeLessThan(1.5e-9 * slope * Math.max(Math.abs(z), 1e-3) + 1e-14);
  }
  expect(normalQuantile(nearest)).toBeCloseTo(6.338, 3);
});

test('streams keep their values: a change here changes every seeded result', () => {
  const golden = { seed: 2024, purpose: 'golden', step: 3 };
  expect(Array.from(normals(golden, 5))).toEqual([
    0.9684796333312988, 1.1413394212722778, 0.6198959350585938, -0.8639881610870361, -0.07175354659557343,
  ]);
  expect(Array.from(uniforms(golden, 5))).toEqual([
    0.5412706732749939, 0.21753787994384766, 0.20925301313400269, 0.6175846457481384, 0.13140547275543213,
  ]);
  expect(Array.from(integers(golden, 8, 1000))).toEqual([764, 275, 315, 981, 788, 726, 508, 576]);
  expect(Array.from(permutation(golden, 10))).toEqual([4, 5, 0, 9, 2, 6, 1, 7, 3, 8]);
});

describe('a slice of a stream', () => {
  const whole = { normals: normals(key, 300), uniforms: uniforms(key, 300), integers: integers(key, 300, 77) };
  test('is made alone, wherever it starts', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(100), (offset, count) => {
        expect(normals(key, count, offset)).toEqual(whole.normals.slice(offset, offset + count));
        expect(uniforms(key, count, offset)).toEqual(whole.uniforms.slice(offset, offset + count));
        expect(integers(key, count, 77, offset)).toEqual(whole.integers.slice(offset, offset + count));
      }),
    );
  });

  test('is the same where the whole is longer than what is made at a time', () => {
    const long = normals(key, 20_000);
    for (const offset of [4095, 4096, 8190, 12_301])
      expect(normals(key, 20_000 - offset, offset)).toEqual(long.slice(offset));
  });

  test('is right where the block number outgrows 32 bits', () => {
    const start = 2 * 2 ** 32 - 6;
    expect(normals(key, 12, start).slice(6)).toEqual(normals(key, 6, start + 6));
    expect(normals(key, 6, 2 * 2 ** 32)).not.toEqual(normals(key, 6, 0));
  });
});

describe('normals', () => {
  const n = 100_000;
  const sample = normals(key, n);
  test('have the moments of the standard normal law', () => {
    const moment = (p: number) => sample.reduce((sum, z) => sum + z ** p, 0) / n;
    const error = SIGMAS / Math.sqrt(n);
    expect(Math.abs(moment(1))).toBeLessThan(error);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(error * Math.sqrt(2));
    expect(Math.abs(moment(3))).toBeLessThan(error * Math.sqrt(15));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(error * Math.sqrt(96));
  });
  test('have its distribution function', () => {
    expect(kolmogorovSmirnov(sample, normalCdf)).toBeLessThan(KOLMOGOROV_1E4);
  });
  test('are finite', () => {
    expect(sample.every(Number.isFinite)).toBe(true);
  });
});

test('uniforms have the uniform distribution on [0, 1)', () => {
  const sample = uniforms(key, 100_000);
  expect(sample.every((u) => u >= 0 && u < 1)).toBe(true);
  expect(kolmogorovSmirnov(sample, (x) => x)).toBeLessThan(KOLMOGOROV_1E4);
});

test.each([2, 7, 256, 1000])('integers below %i are equally likely', (below) => {
  const n = 100_000;
  const counts = new Float64Array(below);
  for (const value of integers(key, n, below)) counts[value]!++;
  const expected = n / below;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // Wilson-Hilferty: (chi2/k)^(1/3) is nearly normal.
  const degrees = below - 1;
  const z = (Math.cbrt(chiSquare / degrees) - (1 - 2 / (9 * degrees))) / Math.sqrt(2 / (9 * degrees));
  expect(Math.abs(z)).toBeLessThan(SIGMAS);
});

test('integers reach the whole range of 2^31', () => {
  const sample = integers(key, 10_000, 2 ** 31);
  expect(sample.every((value) => value >= 0)).toBe(true);
  expect(sample.some((value) => value > 2 ** 31 * 0.999)).toBe(true);
});

test('neighboring elements are uncorrelated', () => {
  const n = 50_000;
  const sample = normals(key, n);
  const squares = sample.map((z) => z * z);
  for (const lag of [1, 2, 3, 4, 8, 64]) {
    expect(Math.abs(correlation(sample, sample.subarray(lag)))).toBeLessThan(SIGMAS / Math.sqrt(n));
    expect(Math.abs(correlation(squares, squares.subarray(lag)))).toBeLessThan(SIGMAS / Math.sqrt(n));
  }
});

test('streams of other seeds, purposes, steps and kinds are uncorrelated', () => {
  const n = 50_000;
  const streams = [
    normals(key, n),
    normals({ ...key, seed: key.seed + 1 }, n),
    normals({ ...key, purpose: 'tess' }, n),
    normals({ ...key, step: 1 }, n),
    normals({ ...key, step: 2 }, n),
    normals({ ...key, step: 2 ** 32 }, n),
    uniforms(key, n),
  ];
  for (const [i, a] of streams.entries()) {
    for (const b of streams.slice(i + 1)) {
      expect(Math.abs(correlation(a, b))).toBeLessThan(SIGMAS / Math.sqrt(n));
    }
  }
});

test('the first elements of successive steps are normal too', () => {
  const firsts = Float32Array.from({ length: 5000 }, (_, step) => normals({ ...key, step }, 1)[0]!);
  expect(kolmogorovSmirnov(firsts, normalCdf)).toBeLessThan(KOLMOGOROV_1E4);
  expect(Math.abs(correlation(firsts, firsts.subarray(1)))).toBeLessThan(SIGMAS / Math.sqrt(5000));
});

describe('permutation', () => {
  test('holds every index once', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (n, step) => {
        expect(permutation({ ...key, step }, n).sort()).toEqual(Int32Array.from({ length: n }, (_, i) => i));
      }),
    );
  });
  test('gives each order of three equally often', () => {
    const counts = new Map<string, number>();
    const n = 6000;
    for (let step = 0; step < n; step++) {
      const order = permutation({ ...key, step }, 3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) {
      expect(Math.abs(count - n / 6)).toBeLessThan(SIGMAS * Math.sqrt((n / 6) * (5 / 6)));
    }
  });
});

test('wrong seeds, steps, counts and bounds are refused by name', () => {
  expect(() => normals({ seed: -1, purpose: 'x' }, 1)).toThrow('normals: seed must be a safe integer >= 0, got -1');
  expect(() => uniforms({ seed: 1, purpose: 'x', step: 0.5 }, 1)).toThrow('uniforms: step');
  expect(() => normals(key, 2.5)).toThrow('normals: count');
  expect(() => normals(key, 1, Number.MAX_SAFE_INTEGER)).toThrow('offset + count');
  expect(() => integers(key, 1, 0)).toThrow('below must be an integer in [1, 2^31], got 0');
});
