// Convolutions of NHWC images with HWIO filters, and both their gradients, each in terms of the others, so that they
// differentiate to any order.
import { unsupported } from './rule.ts';

const pooling = 'tf.mean or tf.max over a reshape to [n, h, 2, w, 2, c]';
const upsampling = 'a product with tf.ones on [n, h, 1, w, 1, c], reshaped: it differentiates to any order';
const patches = 'tf.conv2d, or tf.matMul on patches';

export const convolutionRules = {
  Conv2D: unsupported(patches),
  Conv2DBackpropInput: unsupported(patches),
  Conv2DBackpropFilter: unsupported(patches),
  AvgPool: unsupported(pooling),
  AvgPoolGrad: unsupported(pooling),
  AvgPool3D: unsupported(pooling),
  AvgPool3DGrad: unsupported(pooling),
  MaxPool: unsupported(pooling),
  MaxPoolGrad: unsupported(pooling),
  MaxPool3D: unsupported(pooling),
  MaxPool3DGrad: unsupported(pooling),
  MaxPoolWithArgmax: unsupported(pooling),
  Pool: unsupported(pooling),
  ResizeBilinear: unsupported(upsampling),
  ResizeBilinearGrad: unsupported(upsampling),
  ResizeNearestNeighbor: unsupported(upsampling),
  ResizeNearestNeighborGrad: unsupported(upsampling),
  Conv3D: unsupported(patches),
  Conv3DBackpropFilterV2: unsupported(patches),
  Conv3DBackpropInputV2: unsupported(patches),
  DepthwiseConv2dNative: unsupported(patches),
  DepthwiseConv2dNativeBackpropFilter: unsupported(patches),
  DepthwiseConv2dNativeBackpropInput: unsupported(patches),
  Dilation2D: unsupported(patches),
  Dilation2DBackpropFilter: unsupported(patches),
  Dilation2DBackpropInput: unsupported(patches),
  FusedConv2D: unsupported('tf.conv2d followed by tf.add and the activation'),
  FusedDepthwiseConv2D: unsupported(patches),
};
