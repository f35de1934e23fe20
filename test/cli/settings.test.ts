// `--set` and the commands that are printed to be typed again.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandText, shellWord } from '../../src/cli/view/command-text.ts';
import { parseSettings } from '../../src/project/settings.ts';

test('parseSettings() reads values as YAML 1.2', () => {
  expect(parseSettings(['a.b=1', 'c=0.5', 'd=text', 'e=[1, 2]', 'f=', 'g={ h: true }', 'i=no', 'j=a=b'])).toEqual({
    'a.b': 1,
    c: 0.5,
    d: 'text',
    e: [1, 2],
    f: null,
    g: { h: true },
    i: 'no',
    j: 'a=b',
  });
});

test('parseSettings() reads whole numbers beyond 2^53 where their digits stay', () => {
  expect(parseSettings(['a=6.02e23', 'b=10000000000000000', 'c={ d: [1e16, 3] }'])).toEqual({
    a: 6.02e23,
    b: 1e16,
    c: { d: [1e16, 3] },
  });
  expect(() => parseSettings(['a={ b: 9007199254740993 }'])).toThrow('an integer beyond 2^53');
});

test('parseSettings() takes the last of several', () => {
  expect(parseSettings(['a=1', 'a=2'])).toEqual({ a: 2 });
});

test('parseSettings() takes every name for one, so that an unknown parameter is told', () => {
  expect(Object.entries(parseSettings(['__proto__=1', 'constructor=2']))).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});

test.each(['novalue', '=1', 'a=[1'])('parseSettings() refuses %s', (setting) => {
  expect(() => parseSettings([setting])).toThrow(setting);
});

test.each(['a=.nan', 'a=.inf', 'a=1e400', 'a=[1, { b: -.inf }]'])('parseSettings() says what %s is', (setting) => {
  expect(() => parseSettings([setting])).toThrow(`--set "${setting}" has a number that is not finite`);
});

test('shellWord() is read back by a shell as it was', () => {
  const words = ['plain', 'toy[toy=two]', "it's", 'a b', '$HOME `x`', '*', ''];
  const printed = execFileSync('sh', ['-c', `printf '%s\\n' ${words.map(shellWord).join(' ')}`], { encoding: 'utf8' });
  expect(printed).toBe(`${words.join('\n')}\n`);
});

test('commandText() names the profile and the settings of a plan', () => {
  const plan = { file: 'pipeline.yaml', profile: 'ci', overrides: { 'data.path': '/my data', 'training.steps': 5 } };
  expect(commandText('run', plan, ['toy[toy=two]'])).toBe(
    `npx repro run 'toy[toy=two]' --profile ci --set 'data.path="/my data"' --set training.steps=5`,
  );
  expect(commandText('run', { file: 'pipeline.yaml', profile: 'default', overrides: {} })).toBe('npx repro run');
  expect(commandText('run', { file: 'other.yaml', profile: null, overrides: {} })).toBe(
    'npx repro run --file other.yaml',
  );
});
