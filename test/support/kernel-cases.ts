// Every kernel with the shapes it is tested on: values and derivatives against float64, and one backend against another.
import { tf } from '../../src/tensor/tf.ts';
import type { DerivativeCase } from './backends.ts';

export type Case = [name: string, f: (...xs: tf.Tensor[]) => tf.Tensor, options: DerivativeCase];
const x = [[2, 3]];
const away = { shapes: x, center: 2.5, spread: 1 }; // positive, away from kinks
const inside = { shapes: x, spread: 0.8 }; // inside (-1, 1)

const unary: Case[] = [
  ['abs', tf.abs, away],
  ['acos', tf.acos, inside],
  ['acosh', tf.acosh, away],
  ['asin', tf.asin, inside],
  ['asinh', tf.asinh, { shapes: x }],
  ['atan', tf.atan, { shapes: x }],
  ['atanh', tf.atanh, inside],
  ['clipByValue', (a) => tf.clipByValue(a, -0.35, 0.45), { shapes: x }],
  ['cos', tf.cos, { shapes: x }],
  ['cosh', tf.cosh, { shapes: x }],
  ['elu', tf.elu, { ...away, order: 1 }],
  ['erf', tf.erf, { shapes: x }],
  ['exp', tf.exp, { shapes: x }],
  ['expm1', tf.expm1, { shapes: x }],
  ['leakyRelu', (a) => tf.leakyRelu(a, 0.1), { shapes: x }],
  ['log', tf.log, away],
  ['log1p', tf.log1p, away],
  ['log1p of small numbers', tf.log1p, { shapes: x, spread: 1e-4 }],
  ['neg', tf.neg, { shapes: x }],
  ['pow by constants', (a) => tf.addN([3, 2, 1, 0.5, -1, 1.5, -0.5, 2.3].map((n) => tf.pow(a, n))), away],
  ['pow', tf.pow, { shapes: [[2, 3], [2, 3]], center: 2.5, order: 1 }], // prettier-ignore
  ['prelu', tf.prelu, { shapes: [[2, 3], [3]], order: 1 }], // prettier-ignore
  ['reciprocal', tf.reciprocal, away],
  ['relu', tf.relu, { shapes: x }],
  ['relu6', tf.relu6, { shapes: x, center: 5.5, order: 1 }],
  ['rsqrt', tf.rsqrt, away],
  ['selu', tf.selu, { shapes: x, order: 1 }],
  ['sigmoid', tf.sigmoid, { shapes: x, spread: 4 }],
  ['sin', tf.sin, { shapes: x }],
  ['sinh', tf.sinh, { shapes: x }],
  ['softplus', tf.softplus, { shapes: x, spread: 4 }],
  ['sqrt', tf.sqrt, away],
  ['square', tf.square, { shapes: x }],
  ['tan', tf.tan, { shapes: x }],
  ['tanh', tf.tanh, { shapes: x, spread: 3 }],
  ['ceil, floor, round, sign', (a) => tf.addN([tf.ceil(a), tf.floor(a), tf.round(a), tf.sign(a)]), { shapes: x, spread: 3, order: 0 }],
  ['isNaN, isInf, isFinite', (a) => tf.stack([tf.isNaN(tf.log(a)), tf.isInf(tf.exp(tf.mul(a, 1e4))), tf.isFinite(a)].map((b) => b.toFloat())), { shapes: x, order: 0 }],
]; // prettier-ignore

const pair = [[2, 3], [2, 3]]; // prettier-ignore
const row = [[2, 3], [3]]; // prettier-ignore
const outer = [[2, 1], [1, 3]]; // prettier-ignore
const binary: Case[] = [
  ...[pair, row, outer, [[3], [2, 3]], [[], [2, 3]]].flatMap((shapes): Case[] => [
    [`add ${JSON.stringify(shapes)}`, tf.add, { shapes }],
    [`sub ${JSON.stringify(shapes)}`, tf.sub, { shapes }],
    [`mul ${JSON.stringify(shapes)}`, tf.mul, { shapes }],
    [`div ${JSON.stringify(shapes)}`, tf.div, { shapes, center: 2.5 }],
  ]),
  ['maximum', tf.maximum, { shapes: pair }],
  ['minimum', tf.minimum, { shapes: pair }],
  ['squaredDifference', tf.squaredDifference, { shapes: pair }],
  ['mod, floorDiv', (a, b) => tf.add(tf.mod(a, b), tf.floorDiv(a, b)), { shapes: pair, spread: 5, order: 0 }],
  ['integer mod, floorDiv', (a, b) => { const [m, n] = [a, tf.add(b, 7)].map((t) => t.toInt()); return tf.add(tf.mod(m!, n!), tf.floorDiv(m!, n!)); }, { shapes: pair, spread: 5, order: 0 }],
  ['comparisons', (a, b) => tf.addN([tf.equal, tf.notEqual, tf.less, tf.lessEqual, tf.greater, tf.greaterEqual].map((f, i) => tf.mul(f(tf.round(a), tf.round(b)).toFloat(), i + 1))), { shapes: row, spread: 2, order: 0 }],
  ['logic', (a, b) => { const [p, q] = [tf.greater(a, 0), tf.greater(b, 0)]; return tf.addN([tf.logicalAnd(p!, q!), tf.logicalOr(p!, q!), tf.logicalXor(p!, q!), tf.logicalNot(p!)].map((f, i) => tf.mul(f.toFloat(), 2 ** i))); }, { shapes: row, order: 0 }],
  ['where', (a, b) => tf.where(tf.greater(a, b), tf.mul(a, a), tf.mul(b, a)), { shapes: pair }],
]; // prettier-ignore

const cube = [[2, 3, 4]];
const reductions: Case[] = [
  ...([undefined, 0, [1], [0, 2], -1] as (number | number[] | undefined)[]).flatMap((axis): Case[] =>
    [false, true].flatMap((keep): Case[] => [
      [`sum ${axis} ${keep}`, (a) => tf.sum(tf.mul(a, a), axis, keep), { shapes: cube }],
      [`mean ${axis} ${keep}`, (a) => tf.mean(tf.mul(a, a), axis, keep), { shapes: cube }],
    ]),
  ),
  ['max', (a) => tf.max(tf.mul(a, a), 1), { shapes: cube }],
  ['min', (a) => tf.min(a, [0, 2], true), { shapes: cube }],
  ['prod', (a) => tf.prod(a, 1), { shapes: cube, center: 2, order: 0 }],
  ['argMax, argMin', (a) => tf.add(tf.argMax(a, 1), tf.mul(10, tf.argMin(a, 1))), { shapes: cube, order: 0 }],
  ['any, all', (a) => tf.stack([tf.any(tf.greater(a, 0.8), 1), tf.all(tf.greater(a, -0.8), 1)].map((b) => b.toFloat())), { shapes: cube, order: 0 }],
  ...[false, true].flatMap((exclusive): Case[] => [false, true].map((reverse): Case => [`cumsum ${exclusive} ${reverse}`, (a) => tf.cumsum(tf.mul(a, a), 1, exclusive, reverse), { shapes: cube }])),
  ['softmax', (a) => tf.softmax(a), { shapes: x, spread: 4 }],
  ['logSoftmax', (a) => tf.logSoftmax(a), { shapes: x, spread: 4, order: 1 }],
  ['logSumExp', (a) => tf.logSumExp(a, 1), { shapes: x, spread: 4 }],
  ['sum of what repeats', (a) => tf.sum(tf.mul(tf.broadcastTo(tf.square(a), [4, 2, 3]), tf.broadcastTo(a, [4, 2, 3])), [0, 1]), { shapes: x }],
]; // prettier-ignore

const shapes: Case[] = [
  ['reshape', (a) => tf.reshape(tf.square(a), [4, -1]), { shapes: cube }],
  ['expandDims, squeeze', (a) => tf.squeeze(tf.expandDims(tf.square(a), 1)), { shapes: cube }],
  ['transpose', (a) => tf.transpose(tf.square(a), [2, 0, 1]), { shapes: cube }],
  ['reshape of a transpose', (a) => tf.reshape(tf.transpose(tf.square(a), [2, 0, 1]), [8, 3]), { shapes: cube }],
  ['broadcastTo', (a) => tf.mul(tf.broadcastTo(tf.square(a), [4, 2, 3]), 2), { shapes: x }],
  ['tile', (a) => tf.tile(tf.square(a), [2, 3]), { shapes: x }],
  ['tile of size one', (a) => tf.reshape(tf.tile(tf.square(a), [2, 3]), [12]), { shapes: [[2, 1]] }],
  ['concat', (a, b) => tf.concat([tf.square(a), b, a], 1), { shapes: [[2, 3], [2, 1]] }],
  ['concat of a transpose', (a, b) => tf.concat([tf.transpose(tf.square(a)), b], 0), { shapes: [[2, 3], [1, 2]] }],
  ['stack, unstack', (a, b) => tf.mul(...(tf.unstack(tf.stack([tf.square(a), b], 1), 1) as [tf.Tensor, tf.Tensor])), { shapes: pair }],
  ['split', (a) => tf.mul(...(tf.split(tf.square(a), [2, 2], 2) as [tf.Tensor, tf.Tensor])), { shapes: cube }],
  ['slice', (a) => tf.slice(tf.square(a), [0, 1, 1], [2, -1, 2]), { shapes: cube }],
  ['stridedSlice', (a) => tf.stridedSlice(a, [1, 2, 3], [2, 0, 0], [1, -1, -2]), { shapes: cube, order: 0 }],
  ['pad', (a) => tf.pad(tf.square(a), [[1, 0], [0, 2], [1, 1]], 0.5), { shapes: cube }],
  ['pad of what repeats', (a) => tf.pad(tf.broadcastTo(tf.square(a), [2, 3]), [[0, 1], [1, 0]]), { shapes: [[2, 1]] }],
  ['reverse', (a) => tf.reverse(tf.square(a), [0, 2]), { shapes: cube }],
  ['gather', (a) => tf.gather(tf.square(a), tf.tensor2d([[2, 0], [1, 2]], [2, 2], 'int32'), 1), { shapes: cube }],
  ['gatherND', (a) => tf.gatherND(a, tf.tensor2d([[1, 2], [0, 1]], [2, 2], 'int32')), { shapes: cube, order: 0 }],
  ['unsortedSegmentSum', (a) => tf.unsortedSegmentSum(tf.square(a) as tf.Tensor2D, tf.tensor1d([1, 0, 1], 'int32'), 3), { shapes: [[3, 2]] }],
  ['oneHot', (a) => tf.oneHot(tf.floor(tf.add(a, 2)).toInt(), 3, 5, -1).toFloat(), { shapes: x, order: 0 }],
  ['linspace, range, fill, eye', (a) => tf.addN([tf.linspace(0, 1, 3), tf.range(3, 0, -1), tf.fill([3], 2), tf.square(a), tf.matMul(tf.eye(3), tf.reshape(a, [3, 1])).reshape([3])]), { shapes: [[3]] }],
  ['zerosLike, onesLike', (a) => tf.mul(tf.sub(tf.onesLike(a), tf.zerosLike(a)), tf.square(a)), { shapes: x }],
]; // prettier-ignore

const products: Case[] = [
  ...[false, true].flatMap((ta): Case[] => [false, true].map((tb): Case => [
    `matMul ${ta} ${tb}`, (a, b) => tf.matMul(tf.square(a), b, ta, tb), { shapes: [ta ? [3, 2] : [2, 3], tb ? [4, 3] : [3, 4]] },
  ])),
  ...[false, true].flatMap((ta): Case[] => [false, true].map((tb): Case => [
    `batched matMul ${ta} ${tb}`, (a, b) => tf.matMul(tf.square(a), b, ta, tb), { shapes: [ta ? [2, 3, 2] : [2, 2, 3], tb ? [2, 4, 3] : [2, 3, 4]] },
  ])),
  ['matMul with what repeats', (a, b) => tf.addN([tf.matMul(tf.broadcastTo(tf.square(a), [2, 3]), b), tf.matMul(b, tf.broadcastTo(a, [2, 3]), true, true).transpose(), tf.matMul(tf.broadcastTo(tf.reshape(tf.slice(b, 0, 1), [1, 3]), [2, 3]), b)]), { shapes: [[2, 1], [3, 3]] }],
  ['dot', (a, b) => tf.dot(tf.square(a) as tf.Tensor1D, b as tf.Tensor1D), { shapes: [[3], [3]] }],
]; // prettier-ignore

export const kernelCases: Readonly<Record<string, readonly Case[]>> = { unary, binary, reductions, shapes, products };
