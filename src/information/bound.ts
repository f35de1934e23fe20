// The Donsker-Varadhan bound: from an estimate of log p(y | x) / p(y), up to a constant, to the mutual information.
import { logSumExp } from '../statistics/log-softmax.ts';
import type { CanonicalPairs } from './coordinates.ts';

export interface Bound {
  /** E[log ratio] over pairs less `logNormalizer`, nats: at most the mutual information but for the noise of both means. */
  readonly value: number;
  /** log E[ratio] over x and y that do not belong together: 0 for the true ratio. */
  readonly logNormalizer: number;
  /** Of the value, by the delta method: each pair stands in both means, as itself and in its x and its y apart. */
  readonly standardError: number;
}

/**
 * The bound of a log ratio that is evaluated at the given pairs and, for the second mean, at each y with the x of `partners`
 * other pairs: pair i with that of i + shift, for as many shifts evenly spread over the pairs.
 */
export async function donskerVaradhan(
  logRatio: (pairs: CanonicalPairs) => Promise<ArrayLike<number>>,
  { x, y }: CanonicalPairs,
  dimX: number,
  partners: number,
): Promise<Bound> {
  const count = x.length / dimX;
  const own = await logRatio({ x, y });
  const shifts = Array.from({ length: partners }, (_, k) => Math.floor(((k + 1) * count) / (partners + 1)));
  const apart: ArrayLike<number>[] = [];
  for (const shift of shifts) apart.push(await logRatio({ x: turned(x, shift * dimX), y }));
  const logNormalizer = logSumExp(apart.map(logSumExp)) - Math.log(count * partners);

  let mean = 0;
  for (let i = 0; i < count; i++) mean += own[i]! / count;
  // How far each pair moves the value: by its own ratio, and by the ratios of its y and of its x with others'.
  const influence = Float64Array.from({ length: count }, (_, i) => own[i]! - mean + 2);
  for (const [k, logs] of apart.entries()) {
    for (let i = 0; i < count; i++) {
      const part = Math.exp(logs[i]! - logNormalizer) / partners;
      influence[i]! -= part;
      influence[(i + shifts[k]!) % count]! -= part;
    }
  }
  const squares = influence.reduce((sum, value) => sum + value ** 2, 0);
  return { value: mean - logNormalizer, logNormalizer, standardError: Math.sqrt(squares / (count - 1) / count) };
}

/** Values from `first` on, then those before. */
function turned(values: Float32Array, first: number): Float32Array {
  const result = new Float32Array(values.length);
  result.set(values.subarray(first));
  result.set(values.subarray(0, first), values.length - first);
  return result;
}
