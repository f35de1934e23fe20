// The text of a diagnostic: frames that fit, squiggles in terminal columns, nothing that can control the terminal.
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { diagnosticLines } from '../../../src/cli/view/diagnostic-text.ts';
import { terminalText } from '../../../src/cli/view/print.ts';
import { diagnose } from '../../../src/pipeline/diagnostic.ts';
import { SourceFile } from '../../../src/pipeline/source.ts';

function textAt(text: string, piece: string, color = false): string {
  const start = text.indexOf(piece);
  const at = { file: new SourceFile('x.yaml', text), span: { start, end: start + piece.length } };
  return diagnosticLines(diagnose('bad-value', 'Wrong', at, { hint: 'fix it' }), { color })
    .map(terminalText)
    .join('\n');
}

describe('diagnosticLines()', () => {
  test('draws the line, the squiggle and the hint', () => {
    expect(textAt('a: 1\nbc: two\n', 'two')).toBe(
      ['x.yaml:2:5 error bad-value: Wrong', '    2 | bc: two', '      |     ~~~', '  hint: fix it'].join('\n'),
    );
  });

  test('measures wide characters and escapes in terminal columns', () => {
    const [, line, squiggle] = textAt('標題\t: two', 'two').split('\n');
    expect(line).toBe('    1 | 標題\\t: two');
    expect(squiggle).toBe(`      | ${' '.repeat(8)}~~~`);
  });

  test('marks one place where there is nothing to mark, and one line of several', () => {
    expect(textAt('a: 1', '').split('\n')[2]).toBe('      | ~');
    expect(textAt('a: [1,  \n  2]', '[1,  \n  2]').split('\n')[2]).toBe('      |    ~~~');
    expect(textAt('', '').split('\n').slice(1, 3)).toEqual(['    1 |', '      | ~']);
  });

  test('colors only when asked', () => {
    expect(textAt('a: 1', '1')).not.toContain('\u001b');
    expect(textAt('a: 1', '1', true)).toContain('\u001b[31m~\u001b[39m');
  });

  test('of any line fits 80 columns and shows what it marks', () => {
    const unit = fc.oneof(
      fc.constantFrom('a', ' ', '標', '👩‍🔬', '\t', '\u001b', 'é', '\u202e', '\ud800'),
      fc.string({ unit: 'grapheme', maxLength: 1 }),
    );
    const line = fc.array(unit, { maxLength: 200 }).map((units) => units.join('').replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(line, line, (before, after) => {
        const text = textAt(`${before}\u2713${after}`, '\u2713');
        const [, shown, squiggle] = text.split('\n') as [string, string, string];
        expect(stringWidth(shown)).toBeLessThanOrEqual(80);
        expect(stringWidth(squiggle)).toBeLessThanOrEqual(80);
        expect(shown).toContain('\u2713');
        // eslint-disable-next-line no-control-regex -- none may be left
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
      { numRuns: 200 },
    );
  });

  test('looks at no more of a line of megabytes than it shows', () => {
    const text = textAt(`${'x'.repeat(5_000_000)}\u2713${'y'.repeat(5_000_000)}`, '\u2713');
    expect(text).toMatch(/ {4}1 \| …x{20,}✓y{20,}…\n/);
  });
});
