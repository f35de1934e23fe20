import { describe, expect, test } from 'vitest';
import { broadcastShapes, checkGraph, countOps, finishGraph, GraphBuilder, graphText } from '../../src/tensor/graph.ts';
import type { Graph, Value } from '../../src/tensor/graph.ts';

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
