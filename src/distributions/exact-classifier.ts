// The classifier that a CDM is trained towards: log p_t(x) of every noise level, in closed form and in
// differentiable tfjs operations. With it Theorems 3.1 and 3.2 must hold to rounding, without any training.
import { tf } from '../tensor/tf.ts';
import { diffuse, logNormalizer } from './gaussian.ts';
import type { GaussianMixture } from './mixture.ts';

/**
 * Logits x [batch, …] -> [batch, T + 2]: logits[., t] = log p_t(x) in nats, where p_t is the law of
 * alpha[t] x0 + sigma[t] eps. This is the optimal classifier up to a function of x that all classes share.
 * Axes of x after the first are flattened to the density's dimension.
 */
export function exactLogits(
  density: GaussianMixture,
  alpha: Float64Array,
  sigma: Float64Array,
): (x: tf.Tensor) => tf.Tensor2D {
  const { dim, components, basis } = density;
  const classes = alpha.length;
  const columns = classes * components.length;
  if (sigma.length !== classes) throw new RangeError(`exactLogits: ${classes} alphas but ${sigma.length} sigmas`);

  // log p_t(x, k) = -1/2 sum c^2 / v + sum c m / v + constant in the coordinates c: two matrix products for all
  // classes and components. The cancellation costs |m|^2 / v float32 roundings, 1e-4 nats in the worst of our toys.
  const squareWeights = new Float32Array(dim * columns);
  const linearWeights = new Float32Array(dim * columns);
  const constants = new Float32Array(columns);
  for (let t = 0; t < classes; t++) {
    for (const [k, component] of components.entries()) {
      const marginal = diffuse(component, alpha[t]!, sigma[t]!);
      const column = t * components.length + k;
      let constant = Math.log(component.weight) + logNormalizer(marginal);
      for (let d = 0; d < dim; d++) {
        const mean = marginal.mean[d]!;
        const variance = marginal.variance[d]!;
        squareWeights[d * columns + column] = -0.5 / variance;
        linearWeights[d * columns + column] = mean / variance;
        constant -= (0.5 * mean * mean) / variance;
      }
      constants[column] = constant;
    }
  }
  // The vectors whose coordinates are unit vectors are the basis vectors, one per row.
  const axes = new Float64Array(dim * dim);
  for (let d = 0; d < dim; d++) axes[d * dim + d] = 1;
  const basisRows = new Float32Array(basis.vectors(axes));

  return (x) => {
    const coordinates = tf.matMul(tf.reshape(x, [-1, dim]), tf.tensor2d(basisRows, [dim, dim]), false, true);
    const squares = tf.matMul(tf.square(coordinates), tf.tensor2d(squareWeights, [dim, columns]));
    const products = tf.matMul(coordinates, tf.tensor2d(linearWeights, [dim, columns]));
    const joint = tf.add(tf.add(squares, products), tf.tensor1d(constants));
    if (components.length === 1) return joint as tf.Tensor2D;
    return logSumExp(tf.reshape(joint, [-1, classes, components.length]) as tf.Tensor3D);
  };
}

/** Over the last axis. tf.logSumExp has no second derivative, because the gradient of a maximum has none. */
function logSumExp(logs: tf.Tensor3D): tf.Tensor2D {
  // Any constant shift gives the same value, so the maximum may count as one.
  const shift = tf.customGrad((x) => ({
    value: tf.max(x as tf.Tensor, 2, true),
    gradFunc: () => tf.zeros(logs.shape),
  }))(logs);
  const sum = tf.sum(tf.exp(tf.sub(logs, shift)), 2);
  return tf.add(tf.log(sum), tf.squeeze(shift, [2])) as tf.Tensor2D;
}
