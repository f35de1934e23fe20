// The Gaussian with the covariance of some data, as the control variate of the ODE's trace (flow-path.ts).
import type { TraceControl } from '../diffusion/flow-path.ts';
import { gaussianWithCovariance } from '../distributions/covariance.ts';
import { covarianceOfSamples } from '../statistics/moments.ts';

/** Of the mean variance, added to each: pixels that never change, and fewer samples than dimensions, leave a zero. */
const RIDGE = 1e-6;

/** The control of data like x [count, dim]. */
export function traceControl(x: Float32Array, dim: number): TraceControl {
  const covariance = covarianceOfSamples(x, dim);
  let trace = 0;
  for (let d = 0; d < dim; d++) trace += covariance[d * (dim + 1)]!;
  for (let d = 0; d < dim; d++) covariance[d * (dim + 1)]! += (RIDGE * trace) / dim;
  const { basis, components } = gaussianWithCovariance(covariance);
  return { coordinates: (vectors) => basis.coordinates(vectors), variance: components[0]!.variance };
}
