import { describe, expect, test } from 'vitest';
import { broadcastShapes, checkGraph, countOps, finishGraph, GraphBuilder, graphText } from '../../src/tensor/graph.ts';
import type { Graph, Value } from '../../src/tensor/graph.ts';
import { SimplifyingBuilder } from '../../src/tensor/simplify.ts';

const input = (g: GraphBuilder, name: string, ...shape: number[]): Value =>
  g.value('Input', [], { name, shape, dtype: 'float32' });

describe('GraphBuilder', () => {
  test('makes equal operations on equal values once', () => {
    const g = new GraphBuilder();
    const x = input(g, 'x', 2, 3);
    expect(g.value('Exp', [x], {})).toBe(g.value('Exp', [x], {}));
    expect(g.value('ReduceSum', [x], { axes: [0] })).not.toBe(g.value('ReduceSum', [x], { axes: [1] }));
  });

  test('infers shapes and refuses what does not fit', () => {
    const g = new GraphBuilder();
    const [x, y] = [input(g, 'x', 2, 3), input(g, 'y', 4, 3)];
    expect(g.value('MatMul', [x, y], { transA: false, transB: true }).shape).toEqual([2, 4]);
    expect(() => g.value('MatMul', [x, y], { transA: false, transB: false })).toThrow(
      'MatMul(float32[2,3], float32[4,3]): inner sizes differ',
    );
    expect(() => g.value('Add', [x, y], {})).toThrow('Shapes [2,3] and [4,3] do not broadcast');
    expect(() => g.value('Slice', [x], { starts: [1, 0], sizes: [2, 3], steps: [1, 1] })).toThrow(
      'Slice(float32[2,3])',
    );
    expect(() => g.value('Reshape', [x], { shape: [5] })).toThrow('to [5]');
  });
});

test('broadcastShapes() is NumPy’s rule', () => {
  expect(broadcastShapes([2, 1, 3], [4, 1])).toEqual([2, 4, 3]);
  expect(broadcastShapes([], [0])).toEqual([0]);
  expect(() => broadcastShapes([2], [3])).toThrow(RangeError);
});

describe('a finished graph', () => {
  const make = (): Graph => {
    const g = new GraphBuilder();
    const [x, unused] = [input(g, 'x', 2), input(g, 'unused', 1)];
    g.value('Cos', [x], {});
    const y = g.value('Add', [g.value('Exp', [x], {}), x], {});
    return finishGraph('small', [{ name: 'x', value: x }, { name: 'unused', value: unused }], [{ name: 'y', value: y }]); // prettier-ignore
  };

  test('holds what the outputs need, in order, and all inputs', () => {
    const graph = make();
    checkGraph(graph);
    expect(countOps(graph)).toEqual({ Add: 1, Exp: 1, Input: 2 });
    expect(graphText(graph)).toBe(
      [
        '%0 = Input() {name="x" shape=[2] dtype="float32"} : float32[2]',
        '%1 = Input() {name="unused" shape=[1] dtype="float32"} : float32[1]',
        '%2 = Exp(%0) : float32[2]',
        '%3 = Add(%2, %0) : float32[2]',
        'y <- %3',
        '',
      ].join('\n'),
    );
  });

  test('is refused by checkGraph() when a value has another type, comes too early or is missing', () => {
    const graph = make();
    const wrong = graph.values.map((value) => (value.op === 'Exp' ? ({ ...value, shape: [3] } as Value) : value));
    expect(() => checkGraph({ ...graph, values: wrong })).toThrow(
      '(Exp) has type float32[3], its operation gives float32[2]',
    );
    expect(() => checkGraph({ ...graph, values: graph.values.toReversed() })).toThrow('comes before its input');
    expect(() => checkGraph({ ...graph, values: graph.values.slice(0, 3) })).toThrow('does not compute its output "y"');
  });
});

describe('SimplifyingBuilder', () => {
  const g = new SimplifyingBuilder();
  const x = input(g, 'x', 2, 3);
  const y = input(g, 'y', 2, 3);
  test.each<[string, () => Value, Value]>([
    ['x * 1', () => g.value('Mul', [x, g.scalar(1)], {}), x],
    ['0 + x', () => g.value('Add', [g.scalar(0), x], {}), x],
    ['x / 1', () => g.value('Div', [x, g.scalar(1)], {}), x],
    ['x ^ 1', () => g.value('Pow', [x, g.scalar(1)], {}), x],
    ['x * 0', () => g.value('Mul', [x, g.scalar(0)], {}), g.scalar(0)],
    ['-(-x)', () => g.value('Neg', [g.value('Neg', [x], {})], {}), x],
    ['-(x - y) = y - x', () => g.value('Neg', [g.value('Sub', [x, y], {})], {}), g.value('Sub', [y, x], {})],
    ['y + x = x + y', () => g.value('Add', [y, x], {}), g.value('Add', [x, y], {})],
    ['x - (-y) = x + y', () => g.value('Sub', [x, g.value('Neg', [y], {})], {}), g.value('Add', [x, y], {})],
    ['2 * 3 = 6', () => g.value('Mul', [g.scalar(2), g.scalar(3)], {}), g.scalar(6)],
    ['(2 x) 3 = 6 x', () => g.value('Mul', [g.value('Mul', [g.scalar(2), x], {}), g.scalar(3)], {}), g.value('Mul', [x, g.scalar(6)], {})],
    ['x / 4 = x * 0.25', () => g.value('Div', [x, g.scalar(4)], {}), g.value('Mul', [x, g.scalar(0.25)], {})],
    ['constants by content', () => g.constant([2], 'float32', Float32Array.of(1, 2)), g.constant([2], 'float32', Float32Array.of(1, 2))],
    ['a transpose back', () => g.value('Transpose', [g.value('Transpose', [x], { perm: [1, 0] })], { perm: [1, 0] }), x],
    ['reshapes that end where they began', () => g.value('Reshape', [g.value('Reshape', [x], { shape: [6] })], { shape: [2, 3] }), x],
    ['a sum over axes of size one', () => g.value('ReduceSum', [input(g, 'z', 1, 3)], { axes: [0] }), input(g, 'z', 1, 3)],
  ])('%s', (_, made, expected) => {
    expect(made()).toBe(expected);
  });
}); // prettier-ignore
