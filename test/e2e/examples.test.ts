// Each project of examples/, done by a reader who copies the folder and types the commands of its page. A comment there says
// which stages a command executes: exactly those must be started, and every gate must pass.
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';

const folder = join(import.meta.dirname, '../../examples');
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const hasPython = spawnSync('python3', ['--version']).status === 0;
const needsPython = (name: string): boolean =>
  readFileSync(join(folder, name, 'pipeline.yaml'), 'utf8').includes('run: [python3,');

test('five examples', () => expect(names).toEqual(['matrix', 'python', 'start', 'start-python', 'tutorial']));

for (const name of names) {
  const needs = needsPython(name) ? ' (needs python3)' : '';
  test.skipIf(needs !== '' && !hasPython)(
    `examples/${name} does what its page says${needs}`,
    async () => {
      const page = readFileSync(join(folder, name, 'README.md'), 'utf8');
      const [, commands] = /^```sh\n([^]*?)^```$/m.exec(page)!;
      await using rig = await Rig.create({});
      cpSync(join(folder, name), rig.root, { recursive: true });
      // `repro init` writes it beside.
      if (name === 'start-python') cpSync(join(folder, '../python/repro_stage.py'), join(rig.root, 'repro_stage.py'));
      const lines = commands!.trimEnd().split('\n');
      expect(lines.length).toBeGreaterThan(2);
      for (const line of lines) {
        const [, before, words, executes] = /^(?:([^;]*); )?npx repro (.*?) +# executes (.*)$/.exec(line)!;
        if (before) expect(spawnSync('sh', ['-c', before], { cwd: rig.root }).status).toBe(0);
        const { code, stdout, stderr } = await rig.repro(...shellWords(words!));
        expect(code, stdout + stderr).toBe(0);
        expect(executed(stdout), line).toEqual(executes!.split(', ').sort());
        const { gates, run } = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
        expect(run.outcome).toBe('complete');
        expect(gates.length).toBeGreaterThan(0);
        expect(new Set(gates.map(({ verdict }) => verdict))).toEqual(new Set(['PASS']));
        expect(stderr).toBe('');
      }
    },
    180_000,
  );
}

function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|[^' ])+/g)].map(([word]) => word.replaceAll("'", ''));
}

/** `a`, `8 cells of b`: the stages of which a run started cells, sorted; or `nothing`. */
function executed(output: string): string[] {
  const cells = [...output.matchAll(/^([\w-]+)(\[.*\])?: started/gm)];
  const stages = [...new Set(cells.map(([, stage]) => stage!))];
  const texts = stages.map((stage) => {
    const own = cells.filter((cell) => cell[1] === stage);
    return own[0]![2] === undefined ? stage : `${own.length} cells of ${stage}`;
  });
  return texts.length === 0 ? ['nothing'] : texts.sort();
}
