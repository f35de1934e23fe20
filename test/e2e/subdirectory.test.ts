// Verbs work from any folder of a project.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const program = fileURLToPath(new URL('../../bin/repro.js', import.meta.url));

test('the pipeline file is that of the folder, or of the nearest above', async () => {
  const stage = (text: string): string => `name: test
stages: { s: { run: [sh, -c, 'echo ${text} > out.txt'], code: [], outputs: { out: out.txt } } }
`;
  await using rig = await Rig.create({
    'pipeline.yaml': stage('outer'),
    'a/b/notes.txt': '',
    'a/inner/pipeline.yaml': stage('inner'),
  });
  const repro = (folder: string, ...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      cwd: join(rig.root, folder),
      encoding: 'utf8',
    });
    return { code: status, text: stdout + stderr };
  };
  const first = repro('a/b', 'run');
  expect(first.code).toBe(0);
  expect(rig.read('artifacts/s/out.txt')).toBe('outer\n');
  expect(first.text).toContain('manifest  ../../.repro/manifests/');
  // What is to be typed next works from here too.
  expect(first.text).toMatch(/^next +npx repro diff {2}/m);
  // From another folder it is the same question.
  expect(repro('a', 'run').text).toContain('nothing has changed since');
  expect(repro('a/b', 'log', 's').code).toBe(0);
  expect(repro('a/inner', 'run').code).toBe(0);
  expect(rig.read('a/inner/artifacts/s/out.txt')).toBe('inner\n');
  expect(repro('a', 'run', '--file', 'other.yaml').text).toContain('other.yaml');
});
