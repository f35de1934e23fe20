// TRE as its authors train it (Rhodes, Xu and Gutmann, 2020): waymarks that are linear in sigma, and for each bridge between
// two of them a function of its own. As one quadratic form a bridge it is logistic regression, which is convex.
import type { TrainingTask } from '../diffusion/training-step.ts';
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { FeatureNetwork } from './network.ts';

/** A log ratio for each of `bridges`, nats. */
export interface BridgeNetwork {
  readonly bridges: number;
  readonly parameters: readonly Parameter[];
  /** [bridges, count] of x [bridges, count, dim], each row by the function of its own bridge. */
  ratios(weights: Tensors, x: tf.Tensor3D): tf.Tensor2D;
  /** Their sum over all bridges at the same x [count, dim], [count]: the log ratio of the two ends. */
  total(weights: Tensors, x: tf.Tensor2D): tf.Tensor1D;
}

/**
 * x' W_k x + <a_k, x> + dim c_k, the constant in nats per dimension, as it grows with it: unscaled, it was still on its way after
 * thousands of steps. W_k starts at 0 and stays symmetric, as its gradients are multiples of x x'.
 */
export function quadraticBridges(dim: number, bridges: number): BridgeNetwork {
  const form: Parameter = { name: 'bridges/form', shape: [bridges, dim, dim], init: { kind: 'zeros' } };
  const slope: Parameter = { name: 'bridges/slope', shape: [bridges, dim, 1], init: { kind: 'zeros' } };
  const constant: Parameter = { name: 'bridges/constant', shape: [bridges, 1], init: { kind: 'zeros' } };
  const evaluate = (x: tf.Tensor3D, [w, a, c]: readonly tf.Tensor[]): tf.Tensor2D => {
    const squares = tf.sum(tf.mul(tf.matMul(x, w as tf.Tensor3D), x), 2);
    const linear = tf.squeeze(tf.matMul(x, a as tf.Tensor3D), [2]);
    return tf.add(tf.add(squares, linear), tf.mul(dim, c!));
  };
  const parameters = [form, slope, constant];
  return {
    bridges,
    parameters,
    ratios: (weights, x) =>
      evaluate(
        x,
        parameters.map(({ name }) => weights[name]!),
      ),
    // The sum of forms is a form: one evaluation, whatever the number of bridges.
    total: (weights, x) => {
      const sums = parameters.map(({ name }) => tf.sum(weights[name]!, 0, true));
      return tf.squeeze(evaluate(tf.expandDims(x, 0) as tf.Tensor3D, sums), [0]);
    },
  };
}

/** Output k of a network for bridge k; the trunk is shared, as in the authors' networks. */
export function featureBridges(trunk: FeatureNetwork, bridges: number): BridgeNetwork {
  return {
    bridges,
    parameters: trunk.parameters,
    ratios(weights, x) {
      const [, count, dim] = x.shape;
      const outputs = tf.reshape(trunk.apply(weights, tf.reshape(x, [bridges * count, dim])), [
        bridges,
        count,
        bridges,
      ]);
      return tf.sum(tf.mul(outputs, tf.reshape(tf.eye(bridges), [bridges, 1, bridges])), 2);
    },
    total: (weights, x) => tf.sum(trunk.apply(weights, x), 1),
  };
}

/**
 * The mean over bridges k of the logistic loss between x at sigma_k = k / bridges and at sigma_k+1, alpha = sqrt(1 - sigma^2), every
 * sample x0 with its epsilon at all waymarks, as in the authors' training.
 */
export function bridgesTask(network: BridgeNetwork): TrainingTask {
  const { bridges } = network;
  const sigma = (offset: number) => Array.from({ length: bridges }, (_, k) => (k + offset) / bridges);
  const column = (values: number[]) => tf.tensor3d(values, [bridges, 1, 1]);
  const place = (levels: number[], x0: tf.Tensor, epsilon: tf.Tensor): tf.Tensor => {
    const alpha = levels.map((s) => Math.sqrt((1 - s) * (1 + s)));
    return tf.add(tf.mul(column(alpha), tf.expandDims(x0, 0)), tf.mul(column(levels), tf.expandDims(epsilon, 0)));
  };
  return {
    name: bridges === 1 ? 'nce' : 'tre',
    parameters: network.parameters,
    loss: (weights, { x0, epsilon }) => {
      const x = tf.concat([place(sigma(0), x0, epsilon), place(sigma(1), x0, epsilon)], 1);
      const [near, far] = tf.split(network.ratios(weights, x as tf.Tensor3D), 2, 1);
      const loss = tf.add(tf.mean(tf.softplus(tf.neg(near!))), tf.mean(tf.softplus(far!)));
      return { loss: tf.mul(0.5, loss) };
    },
    classes: { first: 0, count: 1 },
  };
}
