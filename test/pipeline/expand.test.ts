// Matrices, joins, selection, gathering, profiles and --set.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InputPlan, Json, Plan } from '../../src/pipeline/plan.ts';
import { cellOf, diagnosticsOf, planOf, texts } from './planning.ts';

const ids = (plan: Plan, stage: string): string[] =>
  plan.cells.filter((each) => each.stage === stage).map(({ id }) => id);

function read(plan: Plan, id: string): Record<string, unknown> {
  const show = (input: InputPlan): unknown => {
    if (input.kind === 'output') return `${input.cell}.${input.output}`;
    return input.kind === 'gathered' ? input.from.map(({ cell, output }) => `${cell}.${output}`) : input.kind;
  };
  return Object.fromEntries(Object.entries(cellOf(plan, id).inputs).map(([name, input]) => [name, show(input)]));
}

describe('a matrix', () => {
  test('expands in the order declared, the last axis fastest, values keeping their types', () => {
    const plan = planOf(`
name: example
stages:
  train: { run: t.ts, matrix: { size: [8, 16], exact: [true, false], rate: [1e-7, -0.5, relu] } }
`);
    expect(ids(plan, 'train').slice(0, 4)).toEqual([
      'train[size=8,exact=true,rate=1e-7]',
      'train[size=8,exact=true,rate=-0.5]',
      'train[size=8,exact=true,rate=relu]',
      'train[size=8,exact=false,rate=1e-7]',
    ]);
    expect(plan.cells[0]!.axes).toStrictEqual({ size: 8, exact: true, rate: 1e-7 });
  });

  test('counts replicates from 0', () => {
    const plan = planOf('name: example\nstages:\n  train: { run: t.ts, matrix: { replicate: 3 } }');
    expect(plan.cells.map(({ axes }) => axes)).toEqual([{ replicate: 0 }, { replicate: 1 }, { replicate: 2 }]);
  });
});

const matrixed = `
name: example
stages:
  data: { run: d.ts, matrix: { replicate: 2 }, outputs: { set: set.bin } }
  train:
    run: t.ts
    inputs: { set: data.set }
    matrix: { loss: [ce, both] }
    outputs: { model: m.bin }
`;

describe('a reference', () => {
  test('inherits axes, and shared axes join', () => {
    const plan = planOf(`${matrixed}
  test: { run: e.ts, inputs: { model: train.model, set: data.set } }
`);
    expect(ids(plan, 'train')).toEqual([
      'train[replicate=0,loss=ce]',
      'train[replicate=0,loss=both]',
      'train[replicate=1,loss=ce]',
      'train[replicate=1,loss=both]',
    ]);
    expect(read(plan, 'test[replicate=1,loss=ce]')).toEqual({
      model: 'train[replicate=1,loss=ce].model',
      set: 'data[replicate=1].set',
    });
    expect(cellOf(plan, 'test[replicate=1,loss=ce]').dependsOn).toEqual([
      'data[replicate=1]',
      'train[replicate=1,loss=ce]',
    ]);
    expect(ids(plan, 'test')).toHaveLength(4);
  });

  test('with a selection reads that cell and does not inherit the axis', () => {
    const plan = planOf(`${matrixed}
  compare: { run: c.ts, inputs: { a: 'train[loss=ce].model', b: 'train[loss=both].model' } }
  first: { run: f.ts, inputs: { a: 'train[loss=ce, replicate=0].model' } }
`);
    expect(read(plan, 'compare[replicate=1]')).toEqual({
      a: 'train[replicate=1,loss=ce].model',
      b: 'train[replicate=1,loss=both].model',
    });
    expect(ids(plan, 'compare')).toHaveLength(2);
    expect(read(plan, 'first')).toEqual({ a: 'train[replicate=0,loss=ce].model' });
  });

  test('gathers all, the rest of a selection, or one axis, ordered by cell id', () => {
    const plan = planOf(`${matrixed}
  all: { run: a.ts, inputs: { models: 'train[*].model' } }
  rest: { run: r.ts, inputs: { models: 'train[loss=ce,*].model' } }
  axis: { run: x.ts, inputs: { models: 'train[replicate=*].model', set: 'data[replicate=0].set' } }
`);
    expect(read(plan, 'all')).toEqual({
      models: [
        'train[replicate=0,loss=both].model',
        'train[replicate=0,loss=ce].model',
        'train[replicate=1,loss=both].model',
        'train[replicate=1,loss=ce].model',
      ],
    });
    expect(read(plan, 'rest')).toEqual({
      models: ['train[replicate=0,loss=ce].model', 'train[replicate=1,loss=ce].model'],
    });
    expect(read(plan, 'axis[loss=both]')).toEqual({
      models: ['train[replicate=0,loss=both].model', 'train[replicate=1,loss=both].model'],
      set: 'data[replicate=0].set',
    });
  });

  test('to a stage without axes gathers a list of one', () => {
    const plan = planOf(`
name: example
stages:
  a: { run: a.ts, outputs: { x: x.bin } }
  b: { run: b.ts, inputs: { xs: 'a[*].x' } }
`);
    expect(read(plan, 'b')).toEqual({ xs: ['a.x'] });
  });

  test('keeps the values that all its sources have', () => {
    const plan = planOf(`
name: example
stages:
  a: { run: a.ts, matrix: { toy: [one, two, three] }, outputs: { x: x.bin } }
  b: { run: b.ts, matrix: { toy: [three, two, four] }, outputs: { x: x.bin } }
  both: { run: c.ts, inputs: { a: a.x, b: b.x }, matrix: { toy: [two, five] } }
`);
    expect(ids(plan, 'both')).toEqual(['both[toy=two]']);
    expect(read(plan, 'both[toy=two]')).toEqual({ a: 'a[toy=two].x', b: 'b[toy=two].x' });
  });
});

const profiled = `
name: example
params:
  data: { source: fields, path: null, sizes: [1, 2] }
  train: { steps: 1000, rate: 0.1 }
profiles:
  small: { params: { data: { sizes: [1] }, train: { steps: 10 } }, matrix: { train: { loss: [ce] } } }
  local: { params: { data: { path: { train: a, test: b } } } }
stages:
  data:
    run: d.ts
    params: [data.source, data.path]
    inputs: { files: { dir: '\${data.path}', external: true, optional: true } }
    outputs: { set: set.bin }
  train: { run: t.ts, params: [train, data.sizes], matrix: { loss: [ce, both], replicate: 2 } }
`;

describe('params', () => {
  const params = (profile: string | null, overrides: Record<string, Json> = {}): unknown =>
    planOf(profiled, { profile, overrides }).params;

  test('of a profile merge mapping by mapping; lists replace', () => {
    expect(params('small')).toEqual({
      data: { source: 'fields', path: null, sizes: [1] },
      train: { steps: 10, rate: 0.1 },
    });
  });

  test('of --set come after those of the profile', () => {
    expect(params('small', { 'train.steps': 7, data: { source: 'mnist' }, 'train.rate': null })).toEqual({
      data: { source: 'mnist', path: null, sizes: [1] },
      train: { steps: 7, rate: null },
    });
  });

  test('reach a stage only when it declares them', () => {
    const plan = planOf(profiled, { profile: 'small' });
    expect(cellOf(plan, 'data').params).toEqual({ data: { source: 'fields', path: null } });
    expect(cellOf(plan, 'train[loss=ce,replicate=0]').params).toEqual({
      data: { sizes: [1] },
      train: { steps: 10, rate: 0.1 },
    });
  });

  test('insert themselves into paths, and null makes an optional input absent', () => {
    const files = (overrides: Record<string, Json>): unknown =>
      cellOf(planOf(profiled, { overrides }), 'data').inputs['files'];
    expect(files({})).toMatchObject({ kind: 'absent' });
    expect(files({ 'data.path': '/mnt/data/' })).toMatchObject({
      kind: 'directory',
      path: '/mnt/data',
      external: true,
    });
    expect(files({ 'data.path': 'a/../b' })).toMatchObject({ kind: 'directory', path: 'b', external: true });
    expect(texts(diagnosticsOf(profiled, { overrides: { 'data.path': '' } }))).toContain('must not be empty');
    expect(texts(diagnosticsOf(profiled, { profile: 'local' }))).toContain(
      'must be text or a number to be part of a path',
    );
  });

  test.each([
    [{ 'train.step': 1 }, 'did you mean "train.steps"?'],
    [{ 'train.steps.x': 1 }, 'Unknown parameter "train.steps.x"'],
    [{ constructor: 1 }, 'Unknown parameter "constructor"'],
    [{ '': 1 }, 'Unknown parameter ""'],
    [{ 'train.steps': '7' }, 'Parameter "train.steps" is a number, --set makes it text: "7"'],
    [{ 'data.sizes': 7 }, 'Parameter "data.sizes" is a list, --set makes it a number: 7'],
    [{ train: { steps: '7' } }, 'Parameter "train.steps" is a number, --set makes it text: "7"'],
  ])('refuse --set %j', (overrides: Record<string, Json>, message) => {
    expect(texts(diagnosticsOf(profiled, { overrides }))).toContain(message);
  });
});

describe('the stages of a profile', () => {
  const partial = `
name: example
profiles:
  default: { stages: [c] }
  ends: { stages: [b, d] }
  d: { stages: [d] }
  all: {}
stages:
  d: { run: d.ts, inputs: { c: 'c[*].x' } }
  a: { run: a.ts, outputs: { x: x }, matrix: { size: [1, 2] } }
  b: { run: b.ts }
  c: { run: c.ts, inputs: { a: a.x }, outputs: { x: x } }
  lost: { run: l.ts, inputs: { a: 'a[size=3].x' } }
`;
  const stages = (profile: string | null): string[] => [
    ...new Set(planOf(partial, { profile }).cells.map(({ stage }) => stage)),
  ];

  test('run with those they need', () => {
    expect(stages('ends')).toEqual(['a', 'b', 'c', 'd']);
    expect(stages('d')).toEqual(['a', 'c', 'd']);
  });

  test('are those of "default" when none is chosen', () => {
    expect(stages(null)).toEqual(['a', 'c']);
    expect(planOf(partial).profile).toBe('default');
    expect(planOf(partial.replace('default:', 'other:').replace('size=3', 'size=2')).profile).toBeNull();
  });

  test('are all without a list, which must then all be right', () => {
    expect(texts(diagnosticsOf(partial, { profile: 'all' }))).toContain('has no value "3"');
  });
});

test('a profile changes the values of an axis', () => {
  expect(ids(planOf(profiled, { profile: 'small' }), 'train')).toEqual([
    'train[loss=ce,replicate=0]',
    'train[loss=ce,replicate=1]',
  ]);
});

test('a gate speaks of every cell of the axes it leaves out', () => {
  const plan = planOf(`
name: example
stages:
  toy: { run: t.ts, matrix: { toy: [two, mix], replicate: 2 }, numbers: n.json }
gates:
  all: { number: toy.error, max: 1 }
  two: { number: 'toy[toy=two].error.mean', min: -1 }
  one: { number: 'toy[replicate=1,toy=mix].error', min: 0, max: 0 }
`);
  expect(plan.gates.map(({ name, cells, numberName, limit }) => ({ name, cells, numberName, limit }))).toEqual([
    { name: 'all', cells: ids(plan, 'toy'), numberName: 'error', limit: { kind: 'bound', min: null, max: 1 } },
    {
      name: 'two',
      cells: ids(plan, 'toy').slice(0, 2),
      numberName: 'error.mean',
      limit: { kind: 'bound', min: -1, max: null },
    },
    { name: 'one', cells: ['toy[toy=mix,replicate=1]'], numberName: 'error', limit: { kind: 'bound', min: 0, max: 0 } },
  ]);
});

test('the number of cells is the product of axes, of readers the product of all they inherit', () => {
  const axis = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(axis, axis, axis, (a, b, c) => {
      const values = (count: number): string => Array.from({ length: count }, (_, index) => `v${index}`).join(', ');
      const plan = planOf(`
name: example
stages:
  one: { run: a.ts, matrix: { x: [${values(a)}], shared: [${values(b)}] }, outputs: { o: o.bin } }
  two: { run: b.ts, matrix: { y: [${values(c)}], shared: [${values(a)}] }, outputs: { o: o.bin } }
  both: { run: c.ts, inputs: { one: one.o, two: two.o }, matrix: { replicate: 2 }, outputs: { o: o.bin } }
  gathered: { run: d.ts, inputs: { all: 'both[*].o', each: 'both[x=*,shared=*,replicate=*].o' } }
`);
      const joined = a * Math.min(a, b) * c * 2;
      expect(ids(plan, 'one')).toHaveLength(a * b);
      expect(ids(plan, 'both')).toHaveLength(joined);
      expect(ids(plan, 'gathered')).toHaveLength(c);
      const { all, each } = read(plan, 'gathered[y=v0]') as { all: string[]; each: string[] };
      expect([all.length, each.length]).toEqual([joined, joined / c]);
      expect(new Set(plan.cells.map(({ id }) => id)).size).toBe(plan.cells.length);
    }),
    { numRuns: 30 },
  );
});

test('a key that holds a dot is no path, and is seen only with the mapping that holds it', () => {
  const text = (declared: string) => `name: t
params: { a.b: 1, a: { b: 2, 'c.d': 3 }, m: { x.y: 4, x: { y: 5 } } }
stages:
  s: { run: s.ts, params: [${declared}] }
`;
  expect(cellOf(planOf(text('a.b')), 's').params).toEqual({ a: { b: 2 } });
  expect(cellOf(planOf(text('m.x')), 's').params).toEqual({ m: { x: { y: 5 } } });
  expect(cellOf(planOf(text('m')), 's').params).toEqual({ m: { 'x.y': 4, x: { y: 5 } } });
  const set = planOf(text('m'), { overrides: { m: { 'x.y': 6 } } });
  expect(cellOf(set, 's').params).toEqual({ m: { 'x.y': 6, x: { y: 5 } } });
  expect(cellOf(planOf(text('m'), { overrides: { 'm.x.y': 7 } }), 's').params).toEqual({
    m: { 'x.y': 4, x: { y: 7 } },
  });
});
