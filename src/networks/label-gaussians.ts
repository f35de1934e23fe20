// What the images of each label have in common, in closed form: a Gaussian for each, of its own mean and of the covariance that
// they share around their means (linear discriminant analysis). A conditional classifier that starts from them need not find the
// labels at the noise levels at which they tell least.
import { tf } from '../tensor/tf.ts';
import { principalLogRatios, type PrincipalGaussian } from './heads.ts';
import type { Conditions, NoiseLevels } from './network.ts';

/** Gaussians of one covariance, as in PrincipalGaussian, and of a mean for each label. */
export interface LabelGaussians {
  /** [labels, dim], row-major. */
  readonly labelMeans: Float32Array;
  readonly withinBasis: Float32Array;
  readonly withinVariances: Float32Array;
  readonly rest: number;
}

/**
 * log N(x; alpha_t m_y, alpha_t^2 C_within + sigma_t^2 I) - log N(x; alpha_t m, alpha_t^2 C + sigma_t^2 I) for every class t:
 * [batch, T+2] from x [batch, dim] and the label y of each, and 0 where that is "not known". Added to the logits of a head on
 * `overall`, it makes them those of a head on the label's own Gaussian.
 */
export function labelLogRatios(
  { labelMeans, withinBasis: basis, withinVariances: variances, rest }: LabelGaussians,
  overall: PrincipalGaussian,
  levels: NoiseLevels,
  x: tf.Tensor2D,
  given?: Conditions,
): tf.Tensor2D {
  if (given?.label === undefined) throw new Error('A head that knows labels needs the label of each image');
  const dim = overall.mean.length;
  const labels = labelMeans.length / dim;
  const centred = principalLogRatios({ mean: new Float32Array(dim), basis, variances, rest }, levels, x);
  const { inBasis, products, constants } = meanTerms(labelMeans, { basis, variances, rest }, levels, dim);

  const known = tf.oneHot(given.label, labels + 1, 1, 0, 'float32') as tf.Tensor2D;
  const of = (rows: Float32Array): tf.Tensor2D => {
    const width = rows.length / labels;
    return tf.matMul(known, tf.concat([tf.tensor2d(rows, [labels, width]), tf.zeros([1, width])], 0));
  };
  const along = tf.mul(tf.matMul(x, tf.tensor2d(basis, [dim, variances.length])), of(inBasis));
  const product = tf.sum(tf.mul(x, of(labelMeans)), 1, true);
  const linear = tf.matMul(tf.concat([along, product], 1), products);
  const own = tf.add(tf.add(centred, linear), of(constants));
  const isKnown = tf.sub(1, tf.slice(known, [0, labels], [-1, 1]));
  return tf.mul(isKnown, tf.sub(own, principalLogRatios(overall, levels, x)));
}

/**
 * What the mean m of a Gaussian adds to log N(x; alpha_t m, C_t): alpha_t <x, C_t^-1 m> - alpha_t^2 <m, C_t^-1 m> / 2. The first
 * is linear in the products of the coordinates of x and m [count], of which `inBasis` [labels, count] has those of the means,
 * and in <x, m>: by `products` [count + 1, T+2]. The second are `constants` [labels, T+2].
 */
function meanTerms(
  labelMeans: Float32Array,
  { basis, variances, rest }: Omit<PrincipalGaussian, 'mean'>,
  { alpha, sigma }: NoiseLevels,
  dim: number,
): { readonly inBasis: Float32Array; readonly products: tf.Tensor2D; readonly constants: Float32Array } {
  const [count, classes, labels] = [variances.length, alpha.length, labelMeans.length / dim];
  const inBasis = new Float32Array(labels * count);
  for (let y = 0; y < labels; y++) {
    for (let d = 0; d < dim; d++) {
      for (let k = 0; k < count; k++) inBasis[y * count + k]! += labelMeans[y * dim + d]! * basis[d * count + k]!;
    }
  }
  const products = new Float32Array((count + 1) * classes);
  const constants = new Float32Array(labels * classes);
  for (let t = 0; t < classes; t++) {
    const [a, noise] = [alpha[t]!, sigma[t]! ** 2];
    const isotropic = a ** 2 * rest + noise;
    for (let k = 0; k < count; k++) {
      products[k * classes + t] = a * (1 / (a ** 2 * variances[k]! + noise) - 1 / isotropic);
    }
    products[count * classes + t] = a / isotropic;
    for (let y = 0; y < labels; y++) {
      const mean = labelMeans.subarray(y * dim, (y + 1) * dim);
      let sum = mean.reduce((total, value) => total + value ** 2, 0) * products[count * classes + t]!;
      for (let k = 0; k < count; k++) sum += inBasis[y * count + k]! ** 2 * products[k * classes + t]!;
      constants[y * classes + t] = (-a * sum) / 2;
    }
  }
  return { inBasis, products: tf.tensor2d(products, [count + 1, classes]), constants };
}
