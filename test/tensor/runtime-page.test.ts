import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../rig/temporary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(new URL('../../docs/runtime.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  Array.from(page.matchAll(new RegExp('^```' + language + '\\n([^]*?)^```$', 'gm')), ([, text]) => text!);

test('the program of docs/runtime.md prints what the page says', () => {
  using directory = temporaryDirectory();
  const { code } = transformSync(blocks('ts').join('\n'), { loader: 'ts', format: 'esm', target: 'node20' });
  // From standard input, imports are relative to the project, as on the page.
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-'], {
    cwd: root,
    env: { PATH: process.env['PATH'], TMPDIR: directory.path },
    input: code,
    encoding: 'utf8',
  });
  const [printed] = blocks('text');
  expect(stdout, stderr).toBe(printed);
});
