// What a manifest of a stranger must not get into LaTeX, Markdown and shell commands that are written from it.
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandText, shellWord } from '../../src/cli/view/command-text.ts';
import { latexMacros } from '../../src/manifest/papers/cite-macros.ts';
import { fillTemplate } from '../../src/manifest/papers/cite-template.ts';
import { verificationReport } from '../../src/manifest/verification/report.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { digestOf } from './sample.ts';
import { toyManifest } from './toys.ts';

const evil =
  '\n\\input{/etc/passwd}\r}\\immediate^^5cwrite18{x}% <img src=x onerror=alert(1)>|`</code>```\n$(touch pwned)';

function hostile(): Manifest {
  const manifest = toyManifest();
  const [first, ...rest] = manifest.numbers;
  return {
    ...manifest,
    run: { ...manifest.run, id: `R${evil}`, finishedAt: `T${evil}` },
    git: { commit: `c${evil}`, dirty: null },
    pipeline: {
      ...manifest.pipeline,
      name: `n${evil}`,
      file: `f${evil}`,
      profile: `p${evil}`,
      overrides: { [`o${evil}`]: evil },
    },
    environment: { ...manifest.environment, cpu: `cpu${evil}` },
    numbers: [{ ...first!, address: `a${evil}.b`, number: { ...first!.number, unit: evil } }, ...rest],
    gates: [{ name: `g${evil}`, number: `x${evil}`, verdict: 'PASS', measured: [] }],
    gaps: [{ stage: `s${evil}`, message: evil }],
  };
}

test('numbers.tex holds definitions and comments, nothing that a manifest wrote', () => {
  const plain = latexMacros(toyManifest(), 'm.json').split('\n');
  const lines = latexMacros(hostile(), `m${evil}.json`).split('\n');
  expect(lines).toHaveLength(plain.length);
  for (const line of lines.filter((each) => !each.startsWith('%'))) {
    expect(plain.includes(line) || /^\\reprodefine\{[\w.[\]=,-]+\}/.test(line), line).toBe(true);
  }
  expect(lines.join('\n')).not.toMatch(/^[^%]*(?:\\input|write18|\^\^)/m);
});

test.each(['t.md', 't.tex'])('a filled %s shows texts of a manifest, and runs none', (path) => {
  const { numbers, ...manifest } = hostile();
  const [first, ...rest] = numbers;
  const named = { ...manifest, numbers: [{ ...first!, address: toyManifest().numbers[0]!.address }, ...rest] };
  const { address } = named.numbers[0]!;
  const template = `{{${address}}} {{${address} | unit}} {{${address} | value to unit}}\n`;
  const result = fillTemplate(
    new SourceFile(path, template),
    new Map([['', { manifest: named, path: 'm.json', digest: digestOf('m') }]]),
  );
  if (!('text' in result)) throw new Error(result.diagnostics[0]?.message);
  if (path === 't.tex') {
    const shown = result.text.replace(/^%.*$/gm, '');
    expect(shown).not.toMatch(/\\(?!text[a-z]+\{\}|[{}%$#&_])|(?<!\\)[%$#&_^~]/);
    expect(result.text.trimEnd().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^% /),
      expect.stringMatching(/^% run R/),
    ]);
  } else {
    expect(
      result.text.replace(/<!-- repro-ignore-(?:start|end) -->|(`+)(?!`).*?[^`]\1(?!`)|<code>[^<]*<\/code>/g, ''),
    ).not.toContain('<');
    expect(result.text.split('\n').filter((line) => line.startsWith('\\input'))).toEqual([]);
  }
});

test('a verification report has no HTML but its own, and its commands are quoted', () => {
  const manifest = hostile();
  const report = verificationReport({
    manifest,
    path: `m${evil}`,
    environment: { ...manifest.environment, node: evil },
    verifiedAt: 'now',
    commands: [commandText('run', manifest.pipeline)],
    verification: {
      checked: 1,
      problems: [{ kind: 'missing', stage: `s${evil}`, message: evil }],
      artifacts: [{ stage: `s${evil}`, name: evil, digest: digestOf('a'), verdict: 'same' }],
    } as never,
    recomputed: [],
  });
  const [before = '', commands = '', after = ''] = report.split(/^`{4,}(?:sh)?$/m);
  for (const text of [before, after]) expect(text.replace(/<\/?code>|(`+)(?!`).*?[^`]\1(?!`)/g, '')).not.toContain('<');
  expect(report.split('\n').filter((line) => line.startsWith('\\input') || line.startsWith('$('))).toEqual([]);
  expect(commands.trim().split('\n')).toHaveLength(1);
  const echoed = spawnSync('bash', ['-c', `npx() { printf '%s\\0' "$@"; }\n${commands}`], { encoding: 'utf8' });
  expect(echoed.stdout.split('\0').slice(0, 4)).toEqual(['repro', 'run', '--file', manifest.pipeline.file]);
});

test('shellWord() of any text is one line, and a shell reads the text back', () => {
  const unit = fc.constantFrom('a', "'", '"', '\\', '$', '`', '\n', '\r', '\u001b', '\u202e', '!', ' ', '(', '7', 'é');
  const words = fc.sample(fc.string({ unit }), { numRuns: 200, seed: 1 });
  const quoted = words.map(shellWord);
  expect(quoted.join('')).not.toMatch(/[\n\r\u202e]/);
  const { stdout } = spawnSync('bash', ['-c', `printf '%s\\0' ${quoted.join(' ')}`], { encoding: 'utf8' });
  expect(stdout.split('\0').slice(0, -1)).toEqual(words);
});

test('a template of braces and blanks, or of wrong placeholders, is read once', () => {
  // With one look back for each blank this is 10^13 steps.
  for (const text of [
    `{{${' '.repeat(200_000)}`,
    '{{'.repeat(100_000),
    `{{a|${' '.repeat(200_000)}x`,
    `{{${'a:'.repeat(100_000)}`,
  ]) {
    expect(fillTemplate(new SourceFile('t.md', text), new Map())).toHaveProperty('diagnostics');
  }
});
