// Every kernel of tfjs, complete by type: either the rule that records it or what to write instead.
import { arithmeticRules } from './arithmetic.ts';
import { convolutionRules } from './convolution.ts';
import { matMulRules } from './matmul.ts';
import { reductionRules } from './reduction.ts';
import { unsupported } from './rule.ts';
import type { KernelName, KernelRule, Unsupported } from './rule.ts';
import { shapeRules } from './shape.ts';

const onTheHost = 'a computation on the host, given to the program as an input';
const complexNumbers = 'real arithmetic: cosines and sines, or tf.matMul with a Fourier matrix';
const sampling = 'random numbers made outside (random.ts) and given as inputs';
const knownShapes = 'operations whose output shape is known beforehand';

export const kernelRules: Readonly<Record<KernelName, KernelRule | Unsupported>> = {
  ...arithmeticRules,
  ...reductionRules,
  ...shapeRules,
  ...matMulRules,
  ...convolutionRules,
  Complex: unsupported(complexNumbers),
  ComplexAbs: unsupported(complexNumbers),
  FFT: unsupported(complexNumbers),
  IFFT: unsupported(complexNumbers),
  Imag: unsupported(complexNumbers),
  Real: unsupported(complexNumbers),
  Multinomial: unsupported(sampling),
  Draw: unsupported(onTheHost),
  FromPixels: unsupported(onTheHost),
  CropAndResize: unsupported(onTheHost),
  FlipLeftRight: unsupported('tf.reverse'),
  RotateWithOffset: unsupported(onTheHost),
  Transform: unsupported(onTheHost),
  NonMaxSuppressionV3: unsupported(knownShapes),
  NonMaxSuppressionV4: unsupported(knownShapes),
  NonMaxSuppressionV5: unsupported(knownShapes),
  LowerBound: unsupported('tf.sum of tf.less'),
  UpperBound: unsupported('tf.sum of tf.lessEqual'),
  SearchSorted: unsupported('tf.sum of tf.less'),
  RaggedGather: unsupported(knownShapes),
  RaggedRange: unsupported(knownShapes),
  RaggedTensorToTensor: unsupported(knownShapes),
  SparseFillEmptyRows: unsupported(knownShapes),
  SparseReshape: unsupported(knownShapes),
  SparseSegmentMean: unsupported('tf.matMul with tf.oneHot'),
  SparseSegmentSum: unsupported('tf.matMul with tf.oneHot'),
  StaticRegexReplace: unsupported(onTheHost),
  StringNGrams: unsupported(onTheHost),
  StringSplit: unsupported(onTheHost),
  StringToHashBucketFast: unsupported(onTheHost),
};
