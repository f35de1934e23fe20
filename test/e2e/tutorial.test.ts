// docs/tutorial.md, done by a reader who copies every file and types every command: the files are those of
// examples/tutorial, and what is printed must be what the page shows. After a change of a file there, or of what verbs print,
// `UPDATE_DOCS=1 npx vitest run test/e2e/tutorial.test.ts` writes the page anew.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { normalized } from './normalized.ts';

const path = new URL('../../docs/tutorial.md', import.meta.url);
const example = new URL('../../examples/tutorial/', import.meta.url);
const exampleFiles = readdirSync(example, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'README.md')
  .map((entry) => join(relative(fileURLToPath(example), entry.parentPath), entry.name))
  .sort();
/** A file of the example, as the page shows it: its name, its language and its text. */
const shownFile = /^`([^`\n]+)`:\n\n```(\w+)\n([^]*?)^```$/gm;
if (process.env['UPDATE_DOCS']) {
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(shownFile, (_, file: string, language: string) => {
      return `\`${file}\`:\n\n\`\`\`${language}\n${readFileSync(new URL(file, example), 'utf8')}\`\`\``;
    }),
  );
}
const page = readFileSync(path, 'utf8');
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** What differs from machine to machine too. */
function comparable(text: string, root: string): string {
  return (
    normalized(text, root)
      .replace(/(?:\d+ ms|\d+ min \d+ s|0\.0 s)/g, '0 s')
      .replace(/[0-9a-f]{8,64}…/g, '00000000…')
      // What an interpreter says of its error differs from version to version.
      .replace(/(?:^ {2}\| .*\n)+/gm, '  | …\n')
      .replace(/ {2,}/g, '  ')
      .replace(/^( *machine) .*$/gm, '$1')
      // Only once files are at rest is a run with nothing to do told from their status, without a line for each stage.
      .replace(/, nothing has changed since$/gm, '')
      .replace(/^\w+: restored, computed by .*\n/gm, '')
      .replace(/^( *)python@\S+ .*$/gm, '$1python')
      .replace(/Node v?\d+\.\d+\.\d+/g, 'Node')
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d( UTC)?/g, '0000-00-00 00:00')
  );
}

test('the tutorial shows every file of examples/tutorial as it is', () => {
  const shown = Object.fromEntries([...page.matchAll(shownFile)].map(([, file, , text]) => [file!, text!]));
  expect(Object.keys(shown).sort()).toEqual(exampleFiles);
  for (const file of exampleFiles) expect(shown[file], file).toBe(readFileSync(new URL(file, example), 'utf8'));
});

test.skipIf(!hasPython)(
  'the tutorial prints what it shows (needs python3)',
  async () => {
    await using rig = await Rig.create({});
    for (const file of exampleFiles) rig.write(file, readFileSync(new URL(file, example), 'utf8'));
    const shown: string[] = [];
    const printed: string[] = [];
    let updated = page;
    for (const [block, content] of page.matchAll(/^```console\n([^]*?)^```$/gm)) {
      let output = '';
      for (const [command] of content!.matchAll(/^\$ .*$/gm))
        output += `${command}\n${await type(rig, command.slice(2))}`;
      shown.push(content!);
      printed.push(output);
      updated = updated.replace(block, () => `\`\`\`console\n${output}\`\`\``);
    }
    expect(printed.length).toBeGreaterThan(8);
    if (process.env['UPDATE_DOCS']) writeFileSync(path, updated);
    else expect(comparable(printed.join('\n'), rig.root)).toBe(comparable(shown.join('\n'), rig.root));
  },
  180_000,
);

async function type(rig: Rig, command: string): Promise<string> {
  const words = /^npx repro (.*)$/.exec(command)?.[1];
  if (words === undefined) return execFileSync('sh', ['-c', command], { cwd: rig.root, encoding: 'utf8' });
  // One core, so that lines come in one order.
  const isRun = words.startsWith('run');
  const { stdout, stderr } = await rig.repro(...words.split(' '), ...(isRun ? ['--cpus', '1'] : []));
  return (stdout + stderr).replaceAll(rig.root, '/home/you/ice');
}
