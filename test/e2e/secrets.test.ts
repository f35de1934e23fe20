// What nobody should read: by the real command, searched for in every file it leaves and in all that it prints.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const secret = 'hunter2-correct-horse';

/** Files of a project, of the pipeline file's own text apart, that hold the secret. */
function filesWith(project: Rig): string[] {
  return project
    .list('.')
    .filter((path) => path !== 'pipeline.yaml' && !path.startsWith('node_modules'))
    .filter((path) => readFileSync(join(project.root, path)).includes(secret));
}

test.each([
  ['in the file', `https://user:${secret}@localhost/x`, []],
  ['in a query', `https://localhost/x?token=${secret}`, []],
  ['by --set', 'https://localhost/x', ['--set', `url=https://user:${secret}@localhost/x`]],
  ['in a file with another error', `https://user:${secret}@localhost/x }`, []],
])('a URL with a secret %s is refused before anything is written, and never repeated', async (_, url, words) => {
  await using project = await Rig.create({
    'pipeline.yaml': `name: s
params: { url: "${url}" }
stages:
  s:
    run: [cat]
    code: []
    inputs: { data: { url: '\${url}', sha256: ${'0'.repeat(64)} } }
`,
  });
  for (const verb of [['run'], ['status'], ['run', '--json'], ['graph', '--json']]) {
    const refused = await project.repro(...verb, ...words);
    expect(refused.code).toBe(2);
    expect(refused.stdout + refused.stderr).toContain('secret-in-url');
    expect(refused.stdout + refused.stderr).not.toContain(secret);
  }
  expect(project.has('.repro')).toBe(false);
  expect(project.has('artifacts')).toBe(false);
  expect(filesWith(project)).toEqual([]);
});
