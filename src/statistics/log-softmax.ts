// Logarithms of sums of exponentials, in float64.

/** log softmax of each row of logits [rows, classes], nats. */
export function logSoftmax(logits: ArrayLike<number>, classes: number): Float64Array {
  const result = Float64Array.from(logits);
  for (let first = 0; first < result.length; first += classes) {
    const row = result.subarray(first, first + classes);
    const normalizer = logSumExp(row);
    for (let t = 0; t < classes; t++) row[t]! -= normalizer;
  }
  return result;
}

/** log(sum of exp(value)), which does not overflow. */
export function logSumExp(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp(values[i]! - largest);
  return largest + Math.log(sum);
}
