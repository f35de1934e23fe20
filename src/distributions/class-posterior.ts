// The optimal classifier of noise levels in float64: what a trained one is compared with.
import { logSoftmax } from '../statistics/log-softmax.ts';
import type { Density } from './density.ts';

/**
 * log p(t | x), natural, [count, classes] row-major: of x [count, dim], the class t whose noise alpha[t] x0 + sigma[t] eps
 * it is, where x0 follows `density` and t the prior (any sum; default: all classes alike).
 */
export function classLogPosterior(
  density: Density,
  { alpha, sigma }: { readonly alpha: Float64Array; readonly sigma: Float64Array },
  x: ArrayLike<number>,
  prior?: ArrayLike<number>,
): Float64Array {
  const classes = alpha.length;
  const count = x.length / density.dim;
  const logs = new Float64Array(count * classes);
  for (let t = 0; t < classes; t++) {
    const logProb = density.at(alpha[t]!, sigma[t]!).logProb(x);
    const logPrior = prior === undefined ? 0 : Math.log(prior[t]!);
    for (let i = 0; i < count; i++) logs[i * classes + t] = logPrior + logProb[i]!;
  }
  return logSoftmax(logs, classes);
}
