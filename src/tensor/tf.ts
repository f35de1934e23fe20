// The one import of tfjs. The package's CommonJS main registers every gradient and the reference CPU backend;
// tfjs-core's ES modules import without file extensions and do not load in Node.
import * as tfjs from '@tensorflow/tfjs';

export * as tf from '@tensorflow/tfjs';

// Otherwise the first tensor prints an advertisement for tfjs-node.
tfjs.enableProdMode();

// Second derivatives, repaired. For exp and its like tfjs saves the *output* for the gradient, as a copy that the tape
// records before the operation itself; what flows back into that copy is lost, and second derivatives are missing or
// silently wrong (tfjs issue 3252). Gradients written with the input have no such problem, and in a traced graph
// common sub-expressions make the repeated operation free. tf.logSoftmax, whose gradient cannot be replaced, still
// has no second derivative.
differentiate('Exp', 'x', (dy, x) => tfjs.mul(dy, tfjs.exp(x)));
differentiate('Tanh', 'x', (dy, x) => tfjs.mul(dy, tfjs.sub(1, tfjs.square(tfjs.tanh(x)))));
differentiate('Sigmoid', 'x', (dy, x) => {
  const s = tfjs.sigmoid(x);
  return tfjs.mul(dy, tfjs.mul(s, tfjs.sub(1, s)));
});
differentiate('Softmax', 'logits', (dy, logits) => {
  const probabilities = tfjs.softmax(logits);
  const weighted = tfjs.mul(dy, probabilities);
  return tfjs.sub(weighted, tfjs.mul(tfjs.sum(weighted, -1, true), probabilities));
});

// Repaired: tfjs un-permutes the gradient of a cumulative sum wrongly unless the axis is the last.
tfjs.unregisterGradient('Cumsum');
tfjs.registerGradient({
  kernelName: 'Cumsum',
  gradFunc: (dy, _, attrs) => {
    const { axis, exclusive, reverse } = attrs as unknown as tfjs.CumsumAttrs;
    return { x: () => tfjs.cumsum(dy as tfjs.Tensor, axis, exclusive, !reverse) };
  },
});

// Repaired: the gradients of these kernels keep the shape of the result where an input was broadcast.
for (const kernelName of ['Maximum', 'Minimum', 'SquaredDifference']) {
  const { gradFunc } = tfjs.getGradient(kernelName);
  tfjs.unregisterGradient(kernelName);
  tfjs.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attrs) => {
      const gradients = gradFunc(dy, saved, attrs);
      const [a, b] = saved as [tfjs.Tensor, tfjs.Tensor];
      return { a: () => sumTo(a.shape, gradients['a']!()), b: () => sumTo(b.shape, gradients['b']!()) };
    },
  });
}

/** Sums a tensor over the axes along which one of `shape` was broadcast to it. */
function sumTo(shape: number[], x: tfjs.Tensor): tfjs.Tensor {
  const axes = tfjs.broadcast_util.getReductionAxes(shape, x.shape);
  return axes.length === 0 ? x : tfjs.reshape(tfjs.sum(x, axes), shape);
}

// Comparisons are constant wherever they have a derivative. Without these, tf.where, tf.max, tf.maximum, tf.clipByValue
// and tf.logSumExp have no second derivative.
for (const kernelName of ['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'LogicalAnd', 'LogicalOr']) {
  constantGradient(kernelName, ['a', 'b']);
}
constantGradient('LogicalNot', ['x']);

function constantGradient(kernelName: string, inputs: string[]): void {
  tfjs.registerGradient({
    kernelName,
    inputsToSave: inputs,
    gradFunc: (_, saved) => Object.fromEntries(inputs.map((name, i) => [name, () => tfjs.zeros(saved[i]!.shape)])),
  });
}

function differentiate(
  kernelName: string,
  input: string,
  gradient: (dy: tfjs.Tensor, x: tfjs.Tensor) => tfjs.Tensor,
): void {
  tfjs.unregisterGradient(kernelName);
  tfjs.registerGradient({
    kernelName,
    inputsToSave: [input],
    gradFunc: (dy, [x]) => ({ [input]: () => gradient(dy as tfjs.Tensor, x as tfjs.Tensor) }),
  });
}

// tfjs differentiates a convolution's input gradient but not its filter gradient. Both are bilinear as the convolution
// is: <w', dFilter(x, dy)> = <dy, conv(x, w')> = <x, dInput(dy, w')>.
tfjs.registerGradient({
  kernelName: 'Conv2DBackpropFilter',
  inputsToSave: ['x', 'dy'],
  gradFunc: (dw, saved, attrs) => {
    const [x, dy] = saved as [tfjs.Tensor4D, tfjs.Tensor4D];
    const filter = dw as tfjs.Tensor4D;
    const { strides, pad, dataFormat, dimRoundingMode } = attrs as unknown as tfjs.Conv2DBackpropFilterAttrs;
    return {
      x: () => tfjs.conv2dTranspose(dy, filter, x.shape, strides, pad, dimRoundingMode),
      dy: () => tfjs.conv2d(x, filter, strides, pad, dataFormat, 1, dimRoundingMode),
    };
  },
});
