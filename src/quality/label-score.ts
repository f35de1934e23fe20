// How sure a classifier is of samples, and of how many labels: the inception score (Salimans et al., 2016) with a classifier of
// one's own.
import { meanAndStandardError } from '../statistics/mean.ts';

/**
 * exp of the mean over images of KL(p(label | image) || p(label)), with p(label) the mean over images: 1 where the classifier
 * knows nothing, or knows one label alone, and the number of labels where it is sure and has as many images of each. Of
 * probabilities [count, labels], each row of sum 1. The standard error is that of the mean over images; the mean p(label) adds
 * nothing to it in first order. A RangeError for fewer than two images.
 */
export function labelScore(probabilities: ArrayLike<number>, labels: number): { value: number; standardError: number } {
  const count = probabilities.length / labels;
  const mean = new Float64Array(labels);
  for (let i = 0; i < probabilities.length; i++) mean[i % labels]! += probabilities[i]! / count;
  const divergences = Float64Array.from({ length: count }, (_, image) => {
    let sum = 0;
    for (let label = 0; label < labels; label++) {
      const p = probabilities[image * labels + label]!;
      if (p > 0) sum += p * Math.log(p / mean[label]!);
    }
    return sum;
  });
  const { mean: information, standardError } = meanAndStandardError(divergences);
  const value = Math.exp(information);
  return { value, standardError: value * standardError };
}
