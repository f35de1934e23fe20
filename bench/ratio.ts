// Ratios of times that were measured in pairs, with their uncertainty.
import { integers } from '../src/tensor/random.ts';

const RESAMPLES = 2000;

/** The middle of some values, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** median(a) / median(b) and its 95% percentile bootstrap interval; round i made both a[i] and b[i] and is drawn whole. */
export function medianRatio(a: readonly number[], b: readonly number[]): { ratio: number; interval: [number, number] } {
  const n = a.length;
  const picks = integers({ seed: 0, purpose: 'bench/bootstrap' }, RESAMPLES * n, n);
  const ratios = Array.from({ length: RESAMPLES }, (_, k) => {
    const rounds = [...picks.subarray(k * n, (k + 1) * n)];
    return median(rounds.map((i) => a[i]!)) / median(rounds.map((i) => b[i]!));
  }).sort((x, y) => x - y);
  const quantile = (p: number): number => ratios[Math.round(p * (RESAMPLES - 1))]!;
  return { ratio: median(a) / median(b), interval: [quantile(0.025), quantile(0.975)] };
}
