// Reading YAML: what is accepted, what every rejection says, and that no text whatever is an exception.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diagnosticLines } from '../../src/cli/view/diagnostic-text.ts';
import { locate, locateWithin, parseOverride, parseYaml, toJson } from '../../src/pipeline/parse.ts';
import type { Json } from '../../src/pipeline/plan.ts';
import { splitStages } from '../../src/pipeline/pieces.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import type { YamlNode } from '../../src/pipeline/yaml-node.ts';
import { goldenInputs } from '../support/golden.ts';
import { diagnosticsOf, planText, texts } from './planning.ts';

function jsonOf(text: string): Json {
  const parsed = parseYaml(new SourceFile('x.yaml', text));
  if ('diagnostics' in parsed) throw new Error(texts(parsed.diagnostics));
  return toJson(parsed.root);
}

describe('parseYaml()', () => {
  test.each<[string, Json]>([
    ['a: yes', { a: 'yes' }],
    ['a: 0o17', { a: 15 }],
    ['a: 017', { a: 17 }],
    ['a: 2026-11-23', { a: '2026-11-23' }],
    ['a: 12:30:00', { a: '12:30:00' }],
    ['a: -0.0', { a: 0 }],
    ['a: 6.02e23\nb: 1e16\nc: 10000000000000000\nd: +9007199254740992', { a: 6.02e23, b: 1e16, c: 1e16, d: 2 ** 53 }],
    ['a: ~\nb:\nc: "~"', { a: null, b: null, c: '~' }],
    ['\uFEFFa: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['a: &x { b: [1] }\nc: *x\nd: *x', { a: { b: [1] }, c: { b: [1] }, d: { b: [1] } }],
    ['constructor: 1\ntoString: { valueOf: 2 }', { constructor: 1, toString: { valueOf: 2 } }],
    ['%YAML 1.2\n---\na: !!str 5\n...', { a: '5' }],
    ['a: |\n  <<<<<<< not a conflict', { a: '<<<<<<< not a conflict\n' }],
  ])('reads %j', (text, value) => {
    expect(jsonOf(text)).toEqual(value);
  });

  test.each([
    ['a: 1e400', 'A number must be finite'],
    [
      'a: 9007199254740993',
      'An integer beyond 2^53 is not exact as a number: 9007199254740993 would be 9007199254740992',
    ],
    ['a: 0x20000000000001', 'An integer beyond 2^53 is not exact'],
    ['a: 1000000000000000000000', 'An integer beyond 2^53 is not exact'],
    ['a: "\\uD800"', 'half of a surrogate pair'],
    ['? \n: 1', 'A key must be text, it is empty'],
    ['*x : 1', 'A key must be text'],
    ['__proto__: { a: 1 }', 'The key "__proto__" is reserved'],
    ['a: &x [*x]', 'No anchor "&x" comes before this alias'],
    ['a: &x 1\n---\nb: 2', 'one document'],
    ['a: !!binary aGk=', 'Unresolved tag'],
    ['a: b\n  c: d\n', 'Nested mappings'],
    ['a: "open', 'Missing closing "quote'],
  ])('refuses %j', (text, message) => {
    expect(() => jsonOf(text)).toThrow(message);
  });

  test('refuses aliases that multiply', () => {
    const levels = Array.from({ length: 8 }, (_, level) => {
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => (level === 0 ? '1' : `*l${level - 1}`)).join(', ')}]`;
    });
    expect(() => jsonOf(levels.join('\n'))).toThrow('Aliases repeat more than 10000 values');
  });

  test.each([
    ['lists', '['.repeat(5000)],
    ['mappings', '{a: '.repeat(5000)],
    ['dashes', '- '.repeat(5000)],
    ['indentation', Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n') + '\nb'],
    ['closed lists', `a: ${'['.repeat(500)}${']'.repeat(500)}`],
    ['size', `# ${'x'.repeat(4 * 1024 * 1024)}`],
  ])('refuses too much: %s', (_name, text) => {
    const parsed = parseYaml(new SourceFile('x.yaml', text));
    const [first] = 'diagnostics' in parsed ? parsed.diagnostics : [];
    expect(first?.code).toBe('too-large');
  });

  test('gives back any JSON', () => {
    const plain = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
    const isReadable = (value: Json): boolean =>
      !/__proto__|"<<"|\\ud[89a-f]/i.test(JSON.stringify(value)) &&
      !/\d{16}|e\+?\d\d/.test(JSON.stringify(value)) &&
      !JSON.stringify(value).includes('<<<<<<<');
    fc.assert(
      fc.property(plain.filter(isReadable), (value) => {
        expect(jsonOf(JSON.stringify(value, null, 1))).toEqual(value);
      }),
    );
  });
});

test('locate() finds keys, values, items, and the nearest parent of what is not there', () => {
  const text = 'a:\n  b: [one, two]\n  c:\n';
  const parsed = parseYaml(new SourceFile('x.yaml', text));
  if ('diagnostics' in parsed) throw new Error();
  const at = (path: (string | number)[], part?: 'key'): string => {
    const { span } = locate(parsed, path, part);
    return text.slice(span.start, span.end);
  };
  expect(at(['a', 'b', 1])).toBe('two');
  expect(at(['a', 'b'])).toBe('[one, two]');
  expect(at(['a', 'b'], 'key')).toBe('b');
  expect(at(['a', 'c'])).toBe('c');
  expect(at(['a', 'b', 7, 'x'])).toBe('[one, two]');
  expect(locateWithin(locate(parsed, ['a', 'b']), 'two').span).toEqual(locate(parsed, ['a', 'b', 1]).span);
});

test.each<[string, string, Json]>([
  ['data.path=/mnt/data', 'data.path', '/mnt/data'],
  ['data.path=', 'data.path', ''],
  ['color=#ff0000', 'color', '#ff0000'],
  ['color=  # red', 'color', '  # red'],
  ['color="a #b"', 'color', 'a #b'],
  ['color=a#b', 'color', 'a#b'],
  ['color=|\n  #b\n', 'color', '#b\n'],
  ['a=~', 'a', null],
  ['data.path=null', 'data.path', null],
  ['a=b=c', 'a', 'b=c'],
  ['n=1e-3', 'n', 0.001],
  ['n=[1, {x: y}]', 'n', [1, { x: 'y' }]],
  ["s='017'", 's', '017'],
  ['s=C:\\data', 's', 'C:\\data'],
])('parseOverride() reads %j', (text, path, value) => {
  expect(parseOverride(text)).toEqual({ path, value });
});

test.each([
  ['data.path', '--set:1:1 error bad-value: Write --set as path=value'],
  ['=1', '--set:1:1 error bad-value'],
  ['a=[1', '--set:1:5 error yaml-syntax'],
  ['a=b #c', '--set:1:5 error bad-value: To YAML the text from "#" on is a comment'],
  ['a=[1] # one', '--set:1:7 error bad-value: To YAML the text from "#" on is a comment'],
  ['a=*x', '--set:1:3 error yaml-syntax: No anchor'],
])('parseOverride() refuses %j', (text, message) => {
  const result = parseOverride(text);
  expect('diagnostics' in result && texts(result.diagnostics)).toContain(message);
});

/** Whatever the text: a plan, or errors that can be drawn at a line of it. */
function plansOrExplains(text: string): void {
  const result = planText(text);
  if ('plan' in result) return;
  expect(result.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  for (const diagnostic of result.diagnostics) {
    const { span, file } = diagnostic.at;
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(file.text.length);
    expect(diagnostic.message).toMatch(/^["A-Z]/);
    expect(diagnostic.message).not.toMatch(/\n|[.]$/);
    expect(diagnosticLines(diagnostic)[0]).toMatch(/^[^\n]+:\d+:\d+ (error|warning) [a-z-]+: /);
  }
}

describe('planPipeline() never throws', () => {
  const valid = readFileSync(goldenInputs('plan', 'experiment.yaml')[0]!, 'utf8');

  test('on garbage', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'name',
        'stages',
        'run',
        'matrix',
        ': ',
        '- ',
        '\n',
        '\n  ',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '&a',
        '*a',
      ),
      fc.constantFrom('#', '!', '|', '>', '%', '\t', '---', '<<', '?', ',', '\0', '\u2028', '\ud800', '標', '${', '~'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => plansOrExplains(pieces.join(''))),
      { numRuns: 150 },
    );
  });

  test('on a valid file with text cut, doubled or exchanged', () => {
    const at = fc.nat({ max: valid.length });
    const insert = fc.constantFrom(
      '',
      ' ',
      '\n',
      ':',
      '[',
      '}',
      '"',
      '- ',
      '\t',
      '*x',
      '${',
      '[*]',
      'null',
      '1',
      '../',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(at, fc.nat({ max: 30 }), insert), { minLength: 1, maxLength: 3 }), (edits) => {
        let text = valid;
        for (const [start, length, inserted] of edits)
          text = text.slice(0, start) + inserted + text.slice(start + length);
        plansOrExplains(text);
      }),
      { numRuns: 150 },
    );
  });

  test('on a file of any shape', () => {
    const name = fc.constantFrom('a', 'b', 'data', 'constructor');
    const reference = fc.constantFrom('a.x', 'b.x', 'a[*].x', 'a[k=1].x', 'b[constructor=*].x', 'x', 'a.constructor');
    const scalar = fc.constantFrom<Json>(null, true, 1, -1, 0.5, '', 'a', 'x.ts', '${data}', '1h', 'a/');
    const any = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.dictionary(name, scalar, { maxKeys: 2 }));
    const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<T | Json> =>
      fc.oneof(
        { weight: 12, arbitrary: good as fc.Arbitrary<T | Json> },
        { weight: 1, arbitrary: any as fc.Arbitrary<Json> },
      );
    const matrix = fc.dictionary(
      fc.constantFrom('k', 'replicate', 'constructor'),
      mostly(fc.constantFrom<Json>([1, 2], [1], 2)),
      {
        maxKeys: 2,
      },
    );
    const stage = fc.record(
      {
        run: mostly(fc.constantFrom<Json>('a.ts', ['python', 'a.py'])),
        inputs: mostly(fc.dictionary(name, mostly(reference), { maxKeys: 2 })),
        outputs: mostly(
          fc.dictionary(fc.constantFrom('x', 'constructor'), mostly(fc.constantFrom('x', 'y/')), { maxKeys: 2 }),
        ),
        matrix: mostly(matrix),
        params: mostly(fc.subarray(['data', 'data.a', 'other'])),
        numbers: mostly(fc.constantFrom('n.json', 'x')),
      },
      { requiredKeys: ['run'] },
    );
    const document = fc.record(
      {
        name: mostly(name),
        stages: fc.dictionary(name, mostly(stage), { minKeys: 1, maxKeys: 4 }),
        params: mostly(fc.dictionary(name, any, { maxKeys: 3 })),
        profiles: mostly(fc.dictionary(name, fc.record({ params: any, matrix: fc.dictionary(name, mostly(matrix)) }))),
        gates: mostly(fc.dictionary(name, fc.record({ number: mostly(reference), min: mostly(fc.integer()) }))),
      },
      { requiredKeys: ['name', 'stages'] },
    );
    fc.assert(
      fc.property(document, (value) => plansOrExplains(JSON.stringify(value, null, 1))),
      { numRuns: 150 },
    );
  });
});

test('locations are those of the text whatever its line endings and width', () => {
  const text = 'name: x\r\nstages:\r\n  a: { run: a.ts, 標題: 1 }\r\n';
  expect(texts(diagnosticsOf(text))).toMatch(/^pipeline.yaml:3:19 error unknown-key: Unknown key "標題"/);
});

describe('a large file, which is read in pieces', () => {
  /** Everything but the source that each location repeats. With an end of the document it is read at once. */
  const tree = (text: string): unknown => {
    const parsed = parseYaml(new SourceFile('x.yaml', text));
    if ('diagnostics' in parsed)
      return parsed.diagnostics.map(({ code, message, at }) => ({ code, message, span: at.span }));
    const plain = (node: YamlNode): unknown => {
      if (node.kind === 'scalar') return [node.value, node.at.span];
      if (node.kind === 'list') return [node.items.map(plain), node.at.span];
      const entries = [...node.entries].map(([name, { key, value }]) => [name, key.span, plain(value)]);
      return [entries, node.at.span];
    };
    return plain(parsed.root);
  };
  const isSplit = (text: string): boolean => (splitStages(text)?.stages.length ?? 0) > 1;
  const stage = fc.constantFrom(
    '  sN: { run: [sh, -c, "echo #  a"], outputs: { o: o.txt } }\n',
    '  sN:\n    run: [sh,\n      x.sh] # comment\n\n    outputs:\n      o: o.txt\n',
    '  sN: # comment\n# at the edge\n    run: >-\n      sh\n\n      x: y\n',
    "  'sN':\n    run: |\n      a: b\n       - c\n   # less\n    x: !!str 5\n",
    '  sN:\n  - a\n  -\n    b: c\n',
    '  sN: plain\n    text, in: two\r\n',
    '  sN: plain\n    text in two\r\n',
    '  sN:\n',
    '  "s\\x4e": null\n',
    '  sN: "text\n  s: of two lines"\n',
    '  sN: &a { x: 1 }\n',
    '  sN: *a\n',
    '  sN: { x: [1, 2 }\n',
    '  s0: 1\n',
    '\tsN: 1\n',
    ' sN: 1\n',
    '  ? sN\n  : 1\n',
    '\n  # comment\n',
    '\t\n',
    '\t# comment\n',
    '  { sN: 1 }\n',
    '  &b sN: 1\n',
  );
  const likely = fc.oneof(
    { weight: 60, arbitrary: stage.filter((text) => text.startsWith('  sN:') && !/[&*"]|1, 2 \}|: two\r/.test(text)) },
    { weight: 1, arbitrary: stage },
  );
  const heads = fc.constantFrom(
    'name: x\nstages:\n',
    '\uFEFF# first\nstages: # all\n\n# more\n',
    'a: { b: c }\nstages:   \r\n',
  );
  const tails = fc.oneof(
    fc.constantFrom('', '\n\n', '# end\n', 'gates: {}\n', '# end\ngates:\n  a: { b: c }\n# more', '"gates": {}\n'),
    fc.constantFrom(
      'stages: {}\n',
      '---\na: 1\n',
      '{ a: 1 }\n',
      '!!map\na: 1\n',
      '\uFEFFa: 1\n',
      '[a]\n',
      '? a\n: 1\n',
      '&a b: 1\n',
    ),
  );

  test('is the same tree, or has the same faults, as at once', () => {
    let split = 0;
    fc.assert(
      fc.property(
        heads,
        fc.array(likely, { minLength: 5, maxLength: 40 }),
        tails,
        fc.boolean(),
        (head, some, tail, isOdd) => {
          // Long enough to be cut, each key of its own; and what is odd in it lies anywhere.
          const many = Array.from({ length: 1800 }, (_, i) => (isOdd || i % 7 > 0 ? some[i % some.length]! : some[0]!));
          const text = head + many.map((each, i) => each.replace('sN', `s${i}`)).join('') + tail;
          if (isSplit(text)) split += 1;
          expect(tree(text)).toEqual(tree(`${text}${text.endsWith('\n') ? '' : '\n'}...\n`));
        },
      ),
      { numRuns: 60, seed: 11 },
    );
    expect(split).toBeGreaterThan(10);
  });

  test.each(['- ', '? ', '['])('says of values that are nested thousands deep what it says at once: %s', (open) => {
    const others = Array.from({ length: 3000 }, (_, i) => `  s${i}: { run: [sh, x.sh] }\n`).join('');
    for (const depth of [1000, 5000, 20_000]) {
      const faults = tree(
        `stages:\n  a:\n    ${open.repeat(depth)}1${open === '[' ? ']'.repeat(depth) : ''}\n${others}`,
      );
      expect(faults).toMatchObject([{ code: depth === 1000 && open === '? ' ? 'unsupported-yaml' : 'too-large' }]);
    }
  });

  test('is cut between its stages', () => {
    const text = `stages:\n${Array.from({ length: 3000 }, (_, i) => `  s${i}: { run: [sh, x.sh] }\n`).join('')}gates: {}\n`;
    const { stages, outer } = splitStages(text)!;
    expect(stages.length).toBeGreaterThan(1);
    expect([outer[0]!.end, ...stages.map(({ end }) => end)]).toEqual([
      ...stages.map(({ start }) => start),
      outer[1]!.start,
    ]);
    for (const { start } of stages) expect(text.slice(start)).toMatch(/^ {2}s\d+:/);
    expect(tree(text)).toEqual(tree(`${text}...\n`));
  });
});
