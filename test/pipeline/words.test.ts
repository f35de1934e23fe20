// Words of a command: whatever they hold, a process is given what they mean.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { filledWords } from '../../src/pipeline/words.ts';
import { cellOf, planOf } from './planning.ts';

/** Texts with what inserting takes for its own. */
const hostileText = fc
  .array(fc.constantFrom('$', '$$', '{', '}', '${', '$${', 'a.b', 'seed', '"', '\\', ' ', 'x'), { maxLength: 8 })
  .map((parts) => parts.join(''));

function planned(words: readonly string[]) {
  const plan = planOf(
    JSON.stringify({ name: 'words', params: { rate: 0.5, list: ['x', 2] }, stages: { s: { run: words, code: [] } } }),
  );
  const { run } = cellOf(plan, 's');
  if (run.kind !== 'command') throw new Error('A list of words is a command');
  return run;
}

const escaped = (text: string): string => text.replaceAll('${', () => '$${');
const assignment = { seed: 7, params: { rate: 0.5, list: ['x', 2] } };

test('a text whose "${" are escaped reaches the process as it was, with and without words beside it that insert', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      // A dollar sign before an insert cannot be told from the sign of an escape.
      const alone = planned(['run', escaped(text)]);
      expect(alone.inserts).toBe(false);
      expect(filledWords(alone, {})).toEqual(['run', text]);
      const beside = planned(['run', escaped(text), '${rate}', '${list}', `${escaped(text)} \${seed}`]);
      expect(beside.inserts).toBe(true);
      expect(filledWords(beside, assignment)).toEqual(['run', text, '0.5', 'x', '2', `${text} 7`]);
    }),
  );
});

test('filledWords() refuses a name that the assignment has not', () => {
  expect(() => filledWords({ words: ['run', '${params.gone}'], inserts: true }, assignment)).toThrow('params.gone');
});
