// README.md's first example, done by a reader who copies its files: each line that it shows is printed.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { normalized } from './normalized.ts';

const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The first fenced block that begins so. */
function block(beginning: string): string {
  const start = page.indexOf(`\`\`\`${beginning}`);
  return page.slice(page.indexOf('\n', start) + 1, page.indexOf('\n```', start) + 1);
}

test('the example of the README prints what it shows', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': block('yaml\n# pipeline.yaml'),
    'count.sh': block('sh\n# count.sh'),
    'words.txt': `${/echo '(.*)' > words\.txt/.exec(page)![1]!}\n`,
  });
  const comparable = (text: string): string => normalized(text, rig.root).replace(/ {2,}/g, '  ');
  let printed: string[] = [];
  const shown = block('console').split('\n');
  for (const line of shown) {
    if (line.startsWith('$ npx repro ')) {
      const { code, stdout, stderr } = await rig.repro(...line.split(' ').slice(3));
      expect(code, stderr).toBe(0);
      printed = comparable(stdout + stderr).split('\n');
    } else if (line !== '…' && line !== '') {
      // In order: what stood above a line is used up.
      expect(printed).toContain(comparable(line));
      printed.splice(0, printed.indexOf(comparable(line)) + 1);
    }
  }
  expect(shown.filter((line) => line.startsWith('$'))).toHaveLength(2);
});
