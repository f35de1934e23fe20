// Order, cycles and ancestors, on examples and on random graphs.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ancestors, descendants, topologicalOrder } from '../../src/pipeline/dependencies.ts';
import { exampleText, planOf } from './planning.ts';

type Graph = Record<string, string[]>;
const orderOf = (graph: Graph) => topologicalOrder(Object.keys(graph), (name) => graph[name]!);

describe('topologicalOrder()', () => {
  test('keeps the order of the file where dependencies allow', () => {
    expect(orderOf({ b: [], a: [], c: [] }).order).toEqual(['b', 'a', 'c']);
    expect(orderOf({ last: ['z', 'a'], a: [], z: [], alone: [] }).order).toEqual(['a', 'z', 'last', 'alone']);
    expect(orderOf({ a: [], d: ['c'], b: [], c: ['b'] }).order).toEqual(['a', 'b', 'c', 'd']);
  });

  test('lists disjoint cycles as trails along dependencies', () => {
    const graph = { a: ['b'], b: ['c'], c: ['a', 'x'], x: [], self: ['self'], behind: ['a'] };
    expect(orderOf(graph)).toEqual({ order: ['x'], cycles: [['a', 'b', 'c'], ['self']] });
  });

  const graphs = fc.integer({ min: 1, max: 12 }).chain((size) => {
    const names = Array.from({ length: size }, (_, index) => `s${index}`);
    return fc
      .array(fc.subarray(names, { maxLength: Math.min(size, 4) }), { minLength: size, maxLength: size })
      .map((lists): Graph => Object.fromEntries(names.map((name, index) => [name, lists[index]!])));
  });

  test('puts each after its dependencies, or names a true cycle', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { order, cycles } = orderOf(graph);
        order.forEach((name, index) => {
          for (const each of graph[name]!) expect(order.slice(0, index)).toContain(each);
        });
        expect(cycles.length === 0).toBe(order.length === Object.keys(graph).length);
        for (const cycle of cycles) {
          cycle.forEach((name, index) => expect(graph[name]).toContain(cycle[(index + 1) % cycle.length]));
        }
        const inCycles = cycles.flat();
        expect(new Set(inCycles).size).toBe(inCycles.length);
      }),
    );
  });

  test('is the identity on a file already in order', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const names = Object.keys(graph);
        const acyclic = Object.fromEntries(
          names.map((name, index) => [name, graph[name]!.filter((each) => names.indexOf(each) < index)]),
        );
        expect(orderOf(acyclic).order).toEqual(names);
      }),
    );
  });
});

const plan = planOf(exampleText);

test('ancestors() and descendants() are transitive and include what they start from', () => {
  expect([...ancestors(plan, ['test[size=1,replicate=0]'])].sort()).toEqual([
    'data',
    'test[size=1,replicate=0]',
    'train[size=1,replicate=0]',
  ]);
  expect([...descendants(plan, ['train[size=2,replicate=1]'])].sort()).toEqual([
    'best',
    'test[size=2,replicate=1]',
    'train[size=2,replicate=1]',
  ]);
  expect(descendants(plan, ['data']).size).toBe(plan.cells.length - 1);
});
