// The help of every verb: examples that the command line accepts as they are written, and what exit codes mean.
import { expect, test } from 'vitest';
import { help } from '../../src/cli/help.ts';
import { Rig } from '../rig/rig.ts';

test('every verb has examples with options that it has, and says its exit codes', { timeout: 240_000 }, async () => {
  await using rig = await Rig.create({});
  const { stdout } = await rig.repro('--help');
  const verbs = [...stdout.matchAll(/^ {2}([a-z][a-z-]+)[ |]/gm)]
    .map((match) => match[1]!)
    .filter((verb) => verb !== 'help');
  expect(Object.keys(help).filter((verb) => !verbs.includes(verb))).toEqual([]);
  for (const verb of verbs) {
    const { code, stdout: text } = await rig.repro('help', verb);
    expect(code).toBe(0);
    expect(text, verb).toMatch(/Exit codes: 0 fine, 1 /);
    const examples = [...text.matchAll(/^ {2}repro (\S+)(.*?)(?: {3}.*)?$/gm)];
    expect(examples, `${verb} has no examples in src/cli/help.ts`).not.toEqual([]);
    for (const [example, of, words] of examples) {
      expect(of).toBe(verb);
      const [usage] = text.split('Examples:');
      const listed = new Set(usage!.match(/(?<=\s)--?[A-Za-z][a-z-]*/g));
      const options = words!.match(/(?<=\s)--?[A-Za-z][a-z-]*/g) ?? [];
      expect(
        options.filter((option) => !listed.has(option)),
        example,
      ).toEqual([]);
    }
  }
});

test('verbs stand in groups by what one asks for, each in one of them', async () => {
  await using rig = await Rig.create({});
  const { stdout } = await rig.repro('--help');
  const groups = [...stdout.matchAll(/^([A-Z][^\n]*):\n((?: {2}[^\n]*\n)+)/gm)].map(([, heading, rows]) => [
    heading,
    [...rows!.matchAll(/^ {2}([a-z][a-z-]+)[ |]/gm)].map(([, verb]) => verb).join(' '),
  ]);
  expect(groups.slice(1)).toEqual([
    ['Run', 'init status run sweep attach'],
    ['What came out, and why', 'why numbers runs history diff tag'],
    ['Whether it holds', 'gate audit verify'],
    ['Pages, papers and other programs', 'report figure cite lint-paper export export-model'],
    ['Into a stage', 'log shell graph'],
    ['With others', 'push pull fetch remote'],
    ['This machine', 'gc completion help'],
  ]);
});

test('a word or an option that is wrong leads to the help of the verb', async () => {
  await using rig = await Rig.create({});
  for (const words of [['figure'], ['gate', '--junit-file', 'x']]) {
    const { code, stderr } = await rig.repro(...words);
    expect(code).toBe(2);
    expect(stderr).toContain(`\n  hint: repro help ${words[0]} has its words, options and examples\n`);
  }
});
