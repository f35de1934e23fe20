// Numbers in texts, by the real command: macros that LaTeX can read, filled templates, refusals with their place.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { quickProject } from './quick-project.ts';

test('cite writes macros and JSON, and fills a template from several runs', async () => {
  await using project = await Rig.create({
    ...quickProject,
    'results.template.md': 'Loss {{measure.loss | mean ± sd}}, before {{before:measure[replicate=0].loss}}.\n',
  });
  expect((await project.repro('run')).code).toBe(0);
  const before = (JSON.parse(project.read('artifacts/manifest.json')) as { run: { id: string } }).run.id;
  expect((await project.repro('run', '--set', 'shift=1')).code).toBe(0);

  const macros = await project.repro('cite', 'last');
  expect(macros).toMatchObject({ code: 0, stdout: 'artifacts/numbers.tex\nartifacts/numbers.json\n' });
  expect(project.read('artifacts/numbers.tex')).toContain('\\reprodefine{measure[replicate=2].loss}{1.120}{0.010}');
  expect(JSON.parse(project.read('artifacts/numbers.json'))).toMatchObject({ numbers: { length: 4 } });

  const words = ['cite', '--fill', 'results.template.md', 'last', '--manifest', `before=${before}`, '-o', 'results.md'];
  const filled = await project.repro(...words);
  expect(filled, filled.stderr).toMatchObject({ code: 0, stdout: 'results.md\n' });
  const text = project.read('results.md');
  expect(text).toContain('Loss 1.110 ± 0.010, before 0.100 ± 0.010.');
  expect(text).toContain(', with shift=1, outside git');
  expect(text).toContain(`- before: run \`${before}\``);

  expect(await project.repro('lint-paper', 'results.md', 'last', before)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^results\.md: 4 numbers against .*: 4 backed, 0 stale, 0 unbacked\n$/),
  });
  project.write('paper.md', 'Loss 1.113 of 0.75.');
  const linted = await project.repro('lint-paper', 'paper.md', 'last');
  expect(linted.code).toBe(4);
  expect(linted.stdout).toContain(
    'paper.md:1:6 error stale-number: 1.113 is not measure.loss = 1.11, which is written 1.110 at this place',
  );
  expect(linted.stdout).toContain('paper.md:1:15 error unbacked-number: No manifest gives 0.75');

  for (const name of ['latin.md', 'latin.tex']) {
    writeFileSync(join(project.root, name), Buffer.from('one\nM\u00fcller: 1.113\n', 'latin1'));
  }
  for (const words of [
    ['lint-paper', 'latin.md'],
    ['lint-paper', 'latin.tex'],
    ['cite', '--fill', 'latin.md'],
  ]) {
    const refused = await project.repro(...words);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`error bad-text: "${words.at(-1)!}" is not UTF-8 text (line 2, column 2)`);
  }

  const missing = await project.repro('cite', '--fill', 'results.template.md');
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('results.template.md:1:45 error unknown-manifest: No manifest is named "before"');
});

test('LaTeX sets the macros', async ({ skip }) => {
  if (spawnSync('pdflatex', ['--version']).error) skip('pdflatex is not installed');
  await using project = await Rig.create({
    ...quickProject,
    'paper.tex': String.raw`\documentclass{article}\input{artifacts/numbers.tex}
\begin{document}\typeout{SET: \repro{measure[replicate=2].loss} \reprounit{measure.loss}}
Loss \repro{measure[replicate=2].loss} \reprounit{measure.loss} of $\reprovalue{measure.loss}$.
\end{document}`,
    'wrong.tex': String.raw`\documentclass{article}\input{artifacts/numbers.tex}
\begin{document}\repro{measure.lost}\end{document}`,
  });
  await project.repro('run');
  await project.repro('cite');
  const latex = (file: string) =>
    spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', file], {
      cwd: project.root,
      encoding: 'utf8',
    });
  const set = latex('paper.tex');
  expect(set.status, set.stdout).toBe(0);
  const wrong = latex('wrong.tex');
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toContain('no number measure.lost');
});
