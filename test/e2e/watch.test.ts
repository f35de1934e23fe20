// `repro run --watch`: what a change starts, what it does not, and how it ends.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const files = {
  'pipeline.yaml': `name: watched
stages:
  count:
    run: [sh, src/count.sh]
    code: [src/count.sh]
    inputs: { text: { file: words.txt }, more: { dir: data } }
    numbers: numbers.json
`,
  'src/count.sh': `text=$(sed -n 's/^ *"text": "\\(.*\\)",\\{0,1\\}$/\\1/p' "$REPRO_STAGE")
printf '{ "words": { "value": %d, "unit": "words", "kind": "exact" } }\\n' "$(wc -w < "$text")" > numbers.json
`,
  'words.txt': 'one two\n',
  'data/a.txt': 'a\n',
};

/** Resolves when what is printed has come to hold a text, after what was waited for before. */
function reader() {
  let text = '';
  let from = 0;
  let wake: () => void = () => {};
  return {
    onOutput(chunk: string) {
      text += chunk;
      wake();
    },
    async until(wanted: string): Promise<string> {
      while (!text.includes(wanted, from)) await new Promise<void>((resolve) => (wake = resolve));
      const told = text.slice(from, text.indexOf(wanted, from));
      from = text.indexOf(wanted, from) + wanted.length;
      return told;
    },
  };
}

test('run --watch runs again when an input, code or the pipeline changes, survives mistakes, and ends by Ctrl-C', async () => {
  await using rig = await Rig.create(files);
  const { onOutput, until } = reader();
  const watching = rig.startWith({ onOutput }, 'run', '--watch');
  expect(await until('Watching for changes')).toContain('words = 2 words');
  rig.write('words.txt', 'one two three\n');
  expect(await until('Watching for changes')).toMatch(/words.txt has changed[^]*words = 3 words/);
  rig.write('src/count.sh', files['src/count.sh'].replace('wc -w', 'wc -l'));
  expect(await until('Watching for changes')).toMatch(/count.sh has changed[^]*words = 1 words/);
  // In a folder that was not there when it began.
  rig.write('data/below/b.txt', 'b\n');
  expect(await until('Watching for changes')).toContain('input more changed');
  rig.write('data/below/b.txt', 'bb\n');
  expect(await until('Watching for changes')).toContain('input more changed');
  rig.write('pipeline.yaml', 'name: watched\nstages: nothing\n');
  await until('Watching for changes');
  rig.write('pipeline.yaml', files['pipeline.yaml']);
  expect(await until('Watching for changes')).toContain('nothing to do');
  rig.write('notes.md', 'matters to no stage\n');
  expect(await until('Watching for changes')).toContain('nothing to do');
  rmSync(join(rig.root, 'words.txt'));
  expect(await until('Watching for changes')).toContain('FAILED');
  watching.signal('SIGINT');
  expect((await watching.result).code).toBe(130);
});

test('run --watch --quiet tells what is wrong and nothing else', async () => {
  await using rig = await Rig.create({ ...files, 'src/count.sh': 'exit 1\n' });
  const { onOutput, until } = reader();
  const watching = rig.startWith({ onOutput }, 'run', '--watch', '--quiet');
  await until('failed: 1 stage');
  await until('next ');
  rig.write('src/count.sh', 'exit 2\n');
  expect(await until('failed: 1 stage')).toContain('count: FAILED: Ended with exit code 2');
  watching.signal('SIGINT');
  const { code, stdout } = await watching.result;
  expect(code).toBe(130);
  expect(stdout).not.toMatch(/Watching|has changed|started/);
});

test('run --watch does not run for ever a stage that fails and writes into the project', async () => {
  await using rig = await Rig.create({
    ...files,
    'src/count.sh': `text=$(sed -n 's/^ *"text": "\\(.*\\)",\\{0,1\\}$/\\1/p' "$REPRO_STAGE")
date +%N > "$(dirname "$text")/trace.txt"
exit 1
`,
  });
  const { onOutput, until } = reader();
  const watching = rig.startWith({ onOutput }, 'run', '--watch');
  await until('Watching for changes');
  await until('trace.txt has changed');
  await until('Watching for changes');
  rig.write('words.txt', 'three\n');
  expect(await until('words.txt has changed')).not.toContain('trace.txt has changed');
  await until('Watching for changes');
  watching.signal('SIGINT');
  expect((await watching.result).code).toBe(130);
});
