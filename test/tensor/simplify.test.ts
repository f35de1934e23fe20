// Every rule of src/tensor/simplify on what it is for, and beside it what it must leave alone.
import { describe, expect, test } from 'vitest';
import type { Attributes, DType, OpName, Value } from '../../src/tensor/graph.ts';
import { simplifications } from '../../src/tensor/simplify/index.ts';
import { none } from '../../src/tensor/simplify/rule.ts';
import { SimplifyingBuilder } from '../../src/tensor/simplifying-builder.ts';

const g = new SimplifyingBuilder();
const input = (name: string, shape: readonly number[], dtype: DType = 'float32'): Value =>
  g.value('Input', [], { name, shape, dtype });
const x = input('x', [2, 3]);
const y = input('y', [2, 3]);
const row = input('row', [1, 3]);
const whole = input('whole', [2, 3], 'int32');
const holds = input('holds', [2, 3], 'bool');
const image = input('image', [2, 8, 4, 4]);
const blocked = input('blocked', [2, 2, 4, 4, 4]);

/** An operation that is told nothing. */
const op = (name: OpName, ...inputs: Value[]): Value => g.value(name, inputs, {} as Attributes[typeof name]);
const reshape = (value: Value, ...shape: number[]): Value => g.value('Reshape', [value], { shape });
const transpose = (value: Value, ...perm: number[]): Value => g.value('Transpose', [value], { perm });
const expand = (value: Value, ...shape: number[]): Value => g.value('Expand', [value], { shape });
const upsample = (value: Value): Value => g.value('Upsample', [value], { factors: [2, 2] });
const toBlocks = (value: Value, block: number): Value => g.value('ToBlocks', [value], { block });
const fromBlocks = (value: Value, channels: number): Value => g.value('FromBlocks', [value], { channels });
const interleave = (...images: Value[]): Value => g.value('Interleave', images, { factors: [2, 2] });
const pad = (before: number): Value => g.value('Pad', [x], { before: [before, 0], after: [0, 0], value: 0 });
const slice = (first: number, step: number): Value =>
  g.value('Slice', [x], { starts: [first, 0], sizes: [2, 3], steps: [step, 1] });
const cast = (value: Value, to: DType): Value => g.value('Cast', [value], { to });
const concat = (...values: Value[]): Value => g.value('Concat', values, { axis: 0 });
const number = (value: number): Value => g.scalar(value);
const array = (...values: number[]): Value => g.constant([values.length], 'float32', Float32Array.from(values));

type Case = readonly [name: string, made: Value, expected: Value | OpName];
/** A unary operation of the constant -2.25 (.25 where that has none), computed. */
const ofNumber = (name: OpName, from: number, to: number): Case[] => [
  [`${name} of a number`, op(name, number(from)), number(to)],
  [`${name} of what is not known`, op(name, x), name],
];
const sum = (name: 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd'): Case[] => [
  ['over axes of size one', g.value(name, [row], { axes: [0] }), row],
  ['over another, too', g.value(name, [row], { axes: [0, 1] }), name],
];

const cases: Partial<Record<OpName, Case[]>> = {
  Abs: [...ofNumber('Abs', -2.25, 2.25), ['||x|| = |x|', op('Abs', op('Abs', x)), op('Abs', x)]],
  Ceil: ofNumber('Ceil', -2.25, -2),
  Cos: ofNumber('Cos', -2.25, Math.cos(2.25)),
  Exp: ofNumber('Exp', -2.25, Math.exp(-2.25)),
  Floor: ofNumber('Floor', -2.25, -3),
  Log: ofNumber('Log', 0.25, Math.log(0.25)),
  Neg: [
    ...ofNumber('Neg', -2.25, 2.25),
    ['-(-x) = x', op('Neg', op('Neg', x)), x],
    ['-(x - y) = y - x', op('Neg', op('Sub', x, y)), op('Sub', y, x)],
    ['-(x - row)', op('Neg', op('Sub', x, row)), 'Neg'],
  ],
  Not: [
    ['of true', op('Not', g.scalar(1, 'bool')), g.scalar(0, 'bool')],
    ['of false', op('Not', g.scalar(0, 'bool')), g.scalar(1, 'bool')],
    ['of what is not known', op('Not', holds), 'Not'],
  ],
  Reciprocal: ofNumber('Reciprocal', 0.25, 4),
  Relu: [...ofNumber('Relu', -2.25, 0), ['of .25', op('Relu', number(0.25)), number(0.25)]],
  Sigmoid: ofNumber('Sigmoid', -2.25, 1 / (1 + Math.exp(2.25))),
  Sign: ofNumber('Sign', -2.25, -1),
  Sin: ofNumber('Sin', -2.25, -Math.sin(2.25)),
  Sqrt: ofNumber('Sqrt', 0.25, 0.5),
  Tanh: ofNumber('Tanh', -2.25, -Math.tanh(2.25)),

  Add: [
    ['2 + 3', op('Add', number(2), number(3)), number(5)],
    ['0 + x', op('Add', number(0), x), x],
    ['x + 0', op('Add', x, number(0)), x],
    ['x + (-y) = x - y', op('Add', x, op('Neg', y)), op('Sub', x, y)],
    ['(-x) + y = y - x', op('Add', op('Neg', x), y), op('Sub', y, x)],
    ['y + x = x + y', op('Add', y, x), op('Add', x, y)],
    ['whole numbers are left to the runtime', op('Add', g.scalar(2, 'int32'), g.scalar(3, 'int32')), 'Add'],
    ['arrays, too', op('Add', array(2, 3), number(3)), 'Add'],
  ],
  Sub: [
    ['2 - 3', op('Sub', number(2), number(3)), number(-1)],
    ['x - 0', op('Sub', x, number(0)), x],
    ['0 - x = -x', op('Sub', number(0), x), op('Neg', x)],
    ['0 - n', op('Sub', g.scalar(0, 'int32'), whole), 'Sub'],
    ['x - (-y) = x + y', op('Sub', x, op('Neg', y)), op('Add', x, y)],
    ['x - y', op('Sub', x, y), 'Sub'],
  ],
  Mul: [
    ['2 * 3', op('Mul', number(2), number(3)), number(6)],
    ['x * 1', op('Mul', x, number(1)), x],
    ['1 * x', op('Mul', number(1), x), x],
    ['x * 0', op('Mul', x, number(0)), number(0)],
    ['0 * n is whole', op('Mul', g.scalar(0, 'int32'), whole), g.scalar(0, 'int32')],
    ['-1 * x = -x', op('Mul', number(-1), x), op('Neg', x)],
    ['x * -1 = -x', op('Mul', x, number(-1)), op('Neg', x)],
    ['(2 x) 3 = 6 x', op('Mul', op('Mul', number(2), x), number(3)), op('Mul', x, number(6))],
    ['3 (2 x) = 6 x', op('Mul', number(3), op('Mul', number(2), x)), op('Mul', x, number(6))],
    ['y * x = x * y', op('Mul', y, x), op('Mul', x, y)],
  ],
  Div: [
    ['1 / 4', op('Div', number(1), number(4)), number(0.25)],
    ['0 / x', op('Div', number(0), x), number(0)],
    ['x / 1', op('Div', x, number(1)), x],
    ['x / -1 = -x', op('Div', x, number(-1)), op('Neg', x)],
    ['1 / x', op('Div', number(1), x), op('Reciprocal', x)],
    ['x / 4 = x * .25, which is exact', op('Div', x, number(4)), op('Mul', x, number(0.25))],
    ['x / 3, of which the product is not', op('Div', x, number(3)), 'Div'],
    ['n / 4 rounds', op('Div', whole, g.scalar(4, 'int32')), 'Div'],
  ],
  Pow: [
    ['2 ^ 3', op('Pow', number(2), number(3)), number(8)],
    ['x ^ 1', op('Pow', x, number(1)), x],
    ['x ^ 2', op('Pow', x, number(2)), op('Mul', x, x)],
    ['x ^ 0', op('Pow', x, number(0)), number(1)],
    ['x ^ .5', op('Pow', x, number(0.5)), op('Sqrt', x)],
    ['x ^ -1', op('Pow', x, number(-1)), op('Reciprocal', x)],
    ['x ^ -.5', op('Pow', x, number(-0.5)), op('Reciprocal', op('Sqrt', x))],
    ['x ^ 1.5', op('Pow', x, number(1.5)), op('Mul', x, op('Sqrt', x))],
    ['x ^ 3', op('Pow', x, number(3)), op('Mul', op('Mul', x, x), x)],
    ['x ^ 4', op('Pow', x, number(4)), 'Pow'],
    ['n ^ 2', op('Pow', whole, g.scalar(2, 'int32')), op('Mul', whole, whole)],
    ['n ^ 3', op('Pow', whole, g.scalar(3, 'int32')), 'Pow'],
  ],
  Max: [
    ['of 2 and 3', op('Max', number(2), number(3)), number(3)],
    ['of x and x', op('Max', x, x), x],
    ['of x and y', op('Max', x, y), 'Max'],
  ],
  Min: [
    ['of 2 and 3', op('Min', number(2), number(3)), number(2)],
    ['of x and x', op('Min', x, x), x],
    ['of x and y', op('Min', x, y), 'Min'],
  ],

  Reshape: [
    ['to its own shape', reshape(x, 2, 3), x],
    ['twice', reshape(reshape(x, 6), 3, 2), reshape(x, 3, 2)],
    ['of a constant', reshape(array(1, 2), 2, 1), g.constant([2, 1], 'float32', Float32Array.of(1, 2))],
    [
      'of pixels repeated beside and below themselves',
      reshape(expand(reshape(image, 2, 8, 4, 1, 4, 1), 2, 8, 4, 2, 4, 2), 2, 8, 8, 8),
      upsample(image),
    ],
    [
      'of pixels repeated and joined otherwise',
      reshape(expand(reshape(image, 2, 8, 4, 1, 4, 1), 2, 8, 4, 2, 4, 2), 2, 8, 64),
      'Reshape',
    ],
  ],
  Transpose: [
    ['of nothing', transpose(x, 0, 1), x],
    ['there and back', transpose(transpose(x, 1, 0), 1, 0), x],
    ['twice', transpose(transpose(image, 1, 2, 3, 0), 1, 2, 3, 0), transpose(image, 2, 3, 0, 1)],
    ['of axes of size one', transpose(row, 1, 0), reshape(row, 3, 1)],
    ['before upsampling', transpose(upsample(image), 1, 0, 2, 3), upsample(transpose(image, 1, 0, 2, 3))],
    ['of what is upsampled', transpose(upsample(image), 0, 2, 3, 1), 'Transpose'],
  ],
  Expand: [
    ['to its own shape', expand(x, 2, 3), x],
    ['to another', expand(row, 2, 3), 'Expand'],
  ],
  Concat: [
    ['of one', concat(x), x],
    ['of two', concat(x, x), 'Concat'],
  ],
  Slice: [
    ['of everything', slice(0, 1), x],
    ['backwards', slice(1, -1), 'Slice'],
  ],
  Pad: [
    ['by nothing', pad(0), x],
    ['by something', pad(1), 'Pad'],
  ],
  ReduceSum: sum('ReduceSum'),
  ReduceMean: sum('ReduceMean'),
  ReduceMax: sum('ReduceMax'),
  ReduceMin: sum('ReduceMin'),
  ReduceProd: sum('ReduceProd'),
  Cast: [
    ['to its own type', cast(x, 'float32'), x],
    ['of -2.5 to whole numbers', cast(number(-2.5), 'int32'), g.scalar(-2, 'int32')],
    ['of .25 to bool', cast(number(0.25), 'bool'), g.scalar(1, 'bool')],
    ['of 0 to bool', cast(number(0), 'bool'), g.scalar(0, 'bool')],
    ['of true to numbers', cast(g.scalar(1, 'bool'), 'float32'), number(1)],
    ['of what is not known', cast(x, 'int32'), 'Cast'],
  ],
  Where: [
    ['true', op('Where', g.scalar(1, 'bool'), x, y), x],
    ['false', op('Where', g.scalar(0, 'bool'), x, y), y],
    ['true, of what the other broadcasts', op('Where', g.scalar(1, 'bool'), row, x), 'Where'],
    ['of one and the same', op('Where', holds, x, x), x],
    ['of one and the same, broadcast by the condition', op('Where', holds, row, row), 'Where'],
  ],
  ToBlocks: [
    ['out of blocks and back', toBlocks(fromBlocks(blocked, 8), 4), blocked],
    ['to blocks of another size', toBlocks(fromBlocks(blocked, 8), 2), 'ToBlocks'],
    ['after channels were left out', toBlocks(fromBlocks(blocked, 4), 4), 'ToBlocks'],
    ['of what is upsampled', toBlocks(upsample(image), 4), upsample(toBlocks(image, 4))],
  ],
  Interleave: [
    [
      'of what comes out of blocks',
      interleave(...[0, 1, 2, 3].map(() => fromBlocks(blocked, 8))),
      fromBlocks(interleave(blocked, blocked, blocked, blocked), 8),
    ],
    ['of what does only in part', interleave(fromBlocks(blocked, 8), image, image, image), 'Interleave'],
  ],
};

describe.each(Object.entries(cases))('%s', (_, rows) => {
  test.each(rows)('%s', (__, made, expected) => {
    if (typeof expected === 'string') expect(made.op).toBe(expected);
    else expect(made).toBe(expected);
  });
});

test('every rule has its cases', () => {
  const withRule = Object.entries(simplifications).flatMap(([name, rule]) => (rule === none ? [] : [name]));
  expect(Object.keys(cases).sort()).toEqual(withRule.sort());
});

test('constants are one value by their content', () => {
  expect(array(1, 2)).toBe(array(1, 2));
  expect(array(1, 2)).not.toBe(array(1, 3));
});
