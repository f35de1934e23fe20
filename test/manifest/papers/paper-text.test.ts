// Which numbers of a paper are read: no word, sign or unit beside one makes it disappear, and what is none is none.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PaperFormat, readPaper } from '../../../src/manifest/papers/paper-text.ts';
import { SourceFile } from '../../../src/pipeline/source.ts';

const read = (text: string, format: PaperFormat) =>
  readPaper(text, format)
    .literals.filter(({ precise }) => precise)
    .map(({ text: literal }) => literal);
const latex = (body: string) =>
  read(`\\documentclass{article}\n\\begin{document}\n${body}\n\\end{document}\n`, 'latex');

describe('LaTeX', () => {
  test.each([
    ['We reach 0.877 in all runs.', ['0.877']],
    ['In Table 2, 0.877 is the accuracy.', ['0.877']],
    ['from Fig.~1, 87.7\\% of images', ['87.7\\%']],
    ['$p\\leq0.877$, $0.931\\pm0.877$, $\\approx 0.5$', ['0.877', '0.931', '0.877', '0.5']],
    ['$x_0.877$ and $p_{0.877}$, $x^{0.877}$', ['0.877', '0.877', '0.877']],
    [
      '77.7~\\%, 77.7\\,\\%, 77.7\\ \\%, $77.7$\\%, \\textbf{77.7}\\%, \\SI{77.7}{\\percent}',
      ['77.7~\\%', '77.7\\,\\%', '77.7\\ \\%', '77.7$\\%', '77.7}\\%', '77.7}{\\percent}'],
    ],
    ['$[0.931,0.877]$, (0.1,0.2), 0.5;0.6', ['0.931', '0.877', '0.1', '0.2', '0.5', '0.6']],
    ['0.877nats, 1.9x faster, 0.877pt, 0.5cm, 2.5k', ['0.877', '1.9', '0.877', '0.5', '2.5']],
    [
      '\\multicolumn{2}{c}{0.877} & \\multirow{2}{*}{0.878} & \\href{a0.1}{0.879} & \\textcolor[rgb]{0.1,0.2,0.3}{0.880}',
      ['0.877', '0.878', '0.879', '0.880'],
    ],
    ['\\cite[0.877 there]{key0.5} \\footnote{0.878} \\caption[short 0.879]{long}', ['0.877', '0.878', '0.879']],
    ['\\begin{result}{0.877} \\begin{theorem}[0.878]', ['0.877', '0.878']],
    ['10\\\\% 0.5 in a comment after a line break', []],
    ['10\\% 0.5', ['10\\%', '0.5']],
    ['0{,}877, 0{.}878, 412{,}330', ['0{,}877', '0{.}878']],
    ['$p<10^{-3}$, $10^5$ steps, $3.5\\cdot10^{-4}$', ['10^{-3}', '3.5\\cdot10^{-4}']],
    ['the appendix. 3.5 nats, 2 sec. 3.5 nats, App. 0.5', ['3.5', '3.5', '0.5']],
    ['Section 3.1, 1.67 nats; Sections 3.1, 3.2 and 3.3; Tables 2 and 3; Eqs.~(10) and~(11); p.~3.5', ['1.67']],
    [
      '\\verb|0.5| \\lstinline{0.5} \\begin{verbatim} 0.5 \\end{verbatim} \\begin{comment}0.5\\end{comment} 0.877',
      ['0.877'],
    ],
    [
      '\\vspace{0.5em}\\\\[0.5cm] \\includegraphics[width=0.9\\textwidth]{a0.5} 0.48\\textwidth \\kern0.5em \\begin{tabular}{p{3.5cm}}',
      [],
    ],
    ['\\\\[0.877, 0.5]', ['0.877', '0.5']],
    ['the half-open $[0, 1)$ and \\cite{a0.5}, \\url{http://x/0.5}, \\ref{t0.5}', []],
  ])('%s', (text, expected) => {
    expect(latex(text)).toEqual(expected);
  });

  test('of the preamble are read titles and what macros stand for, and after the end nothing is', () => {
    const text = String.raw`
\documentclass[11.5pt]{article} \setlength{\parindent}{1.5cm} % \begin{document} 0.1
\newcommand{\acc}{0.877} \newcommand\other[1]{0.878 #1} \def\third{0.879} \DeclareMathOperator{\x}{0.1}
\renewcommand{\arraystretch}{1.2} \def\baselinestretch{1.3} \title{We reach 0.880}
\begin{document} 0.881 \end{document} 0.5`;
    expect(read(text, 'latex')).toEqual(['0.877', '0.878', '0.879', '0.880', '0.881']);
  });

  test('a file without a document, such as a chapter, is read as a whole', () => {
    expect(read('\\section{A} 0.877', 'latex')).toEqual(['0.877']);
  });
});

describe('Markdown', () => {
  test.each([
    ['In Table 2, 0.877 is best; _0.877_ and __0.878__, **0.879**', ['0.877', '0.877', '0.878', '0.879']],
    ['acc_0.877, x=0.878, nll0.879, ~0.880, >0.881, mAP@0.5', ['0.877', '0.878', '0.879', '0.880', '0.881', '0.5']],
    ['0.877 in all, 87.7 in., 0.5 mm', ['0.877', '87.7', '0.5']],
    ['<!-- note --> 0.877\n\n<div>\n0.878 <b>0.879</b>\n</div>', ['0.877', '0.878', '0.879']],
    ['<p title="0.1">0.877</p> 1 < 2 and 0.878 > 0.5 <style>a{b:0.5em}</style>', ['0.877', '0.878', '0.5']],
    [
      '[0.877](a/0.5.md "0.1"), ![0.878](b_(0.5).png), <http://x.org/0.5>, http://x.org/0.5,0.879',
      ['0.877', '0.878', '0.879'],
    ],
    ['a](0.877) and [^1]: 0.878, [note]: 0.879 nats', ['0.877', '0.878', '0.879']],
    ['[a]: x/0.5.md "t 0.5"\n[b]: y/0.6.md\n\ntext\n[c]: 0.877', ['0.877']],
    ['`0.5` ``0.5 ` `` and\n\n    0.5\n\n~~~\n0.5\n~~~\n\n```\n0.5', []],
    ['| a | b |\n|---|---|\n| 0.877 | 87.8 % |\n', ['0.877', '87.8 %']],
    ['87.7&nbsp;%, 87.7 percent, **87.7** %', ['87.7&nbsp;%', '87.7 percent', '87.7** %']],
    ['# 3.1 Results\n\n## 1.67 nats\n\n1. one\n2) two', ['1.67']],
    ['v1.2, 1.2.3, Node 20.20.2, version 1.4, 2026-11-23 12:30, arXiv:2402.10095, 10.1145/3.5', []],
    ['{{a.b-0.5}} [@key2020, p. 3] [12] {{0.877}}', ['0.877']],
    [
      '---\nfontsize: 11.5pt\ntitle: We reach 0.877\nabstract: |\n    Of 0.878.\nx: 0.5\n---\n0.879',
      ['0.877', '0.878', '0.879'],
    ],
    ['> 0.877\n>\n> - 0.878', ['0.877', '0.878']],
    ['1e999, 1.5e-3. The end.3', ['1e999', '1.5e-3']],
    ['-0.5, −0.6, 1.67–1.68, 1.1--1.2, $-0.7$', ['-0.5', '−0.6', '1.67', '1.68', '1.1', '1.2', '-0.7']],
  ])('%s', (text, expected) => {
    expect(read(text, 'markdown')).toEqual(expected);
  });
});

/** What stands beside numbers in papers; no pair of them may hide one. */
const before = [
  '',
  ' ',
  '(',
  '[',
  '=',
  '<',
  '~',
  '$',
  '\\leq',
  '\\pm ',
  '_',
  '{',
  'Table 2, ',
  'Figure 3: ',
  'in Sec. 3.1, ',
  'of ',
  'p = ',
  '0.5,',
  'GPT-',
  'acc',
  '| ',
  '**',
  '> ',
  '10 in ',
  'v. ',
];
const after = [
  '',
  '.',
  ',',
  ')',
  ' in all',
  ' mm',
  'pt',
  'nats',
  ' em',
  '\\textwidt',
  ' %',
  '\\%',
  '~\\%',
  '\\,\\%',
  '$',
  '}',
  '_',
  ' and 3',
  ' (Table 2)',
  '-',
  '\\pm',
  ' in.',
  's',
  '**',
  ' |',
];

test.each(['latex', 'markdown'] as const)('in %s, nothing beside a number hides it or changes its place', (format) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...before),
      fc.constantFrom(...after),
      fc.integer({ min: 100, max: 999 }),
      (left, right, digits) => {
        const [line, number] = ['One line.\n\nTwo: ', `0.${digits}`];
        const text = `${line}${left}${number}${right} end.\n`;
        const found = readPaper(text, format).literals.find((literal) => literal.text.includes(number));
        expect(found, text).toBeDefined();
        expect(Math.abs(found!.value), text).toBe(Number(number));
        const start = text.indexOf(number, line.length + left.length);
        const at = new SourceFile('x', text).position(
          found!.span.end - found!.text.length + found!.text.indexOf(number),
        );
        expect(at, text).toEqual(new SourceFile('x', text).position(start));
      },
    ),
    { numRuns: 1500 },
  );
});

describe('time grows with the text, whatever is in it', () => {
  const units = [
    '9',
    '1.',
    '1,',
    '1 ',
    '0.5 ',
    '1e',
    '$',
    '\\begin{a}',
    '\\begin{verbatim}',
    '{',
    '[',
    ']',
    '](',
    '[a](',
    '[a](b "',
    '[a]: b "',
    '[a\n',
    '![',
    '`',
    '`a``',
    '<',
    '<a ',
    '<a b="',
    'a <!-- ',
    'a <? ',
    'a <![CDATA[',
    'a <!A ',
    '*a',
    'a_ ',
    '%',
    '\\',
    '\\cite[',
    '\\cite{',
    '\\verb|',
    '\\left(',
    '\\newcommand{',
    '\\def\\a',
    '\\[',
    '~',
    ' ',
    '\n',
    '> ',
    '- a\n',
    '|',
    '#',
    '{{',
    '@a',
    'Table 1, ',
    'Tables 1, 1, ',
    'Eq. (',
    '1 \\times ',
    '10^{',
    '\\,',
    '}',
    '&nbsp;',
    '<!-- repro: a.b -->',
    '% repro: a.b\n',
    '<div>\n',
    '---\n',
    'a|b\n',
    '1:',
    '2026-',
    'http://',
    '\\textwidth',
  ];
  test.each(['latex', 'markdown'] as const)('%s', { timeout: 120_000 }, (format) => {
    const size = 150_000;
    for (const unit of units) {
      // One look back for each place makes this 10^10 steps, a minute at least for each of the texts.
      const text = `a ${unit.repeat(Math.floor(size / unit.length))} 1%`;
      try {
        readPaper(text, format);
      } catch (error) {
        expect(error, unit).toMatchObject({ code: 'bad-paper' });
      }
    }
  });

  test('lists in lists in lists are refused, not tried', () => {
    const deep = `fine\n${'1. '.repeat(40_000)}`;
    expect(() => readPaper(deep, 'markdown')).toThrow('Line 2 opens more than 100 lists');
    expect(readPaper(`${'-'.repeat(200)}\n${'- '.repeat(90)}0.877\n`, 'markdown').literals).toHaveLength(1);
  });
});
