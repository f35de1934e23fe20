// Graphs, tags and completion by the real command.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { quickProject } from './quick-project.ts';

const diamond = `name: diamond
profiles: { ci: {}, full: {} }
stages:
  data: { run: [sh, a.sh], code: [a.sh], outputs: { train: t.bin, test: e.bin } }
  left: { run: [sh, a.sh], code: [a.sh], inputs: { data: data.train }, outputs: { model: m.bin }, matrix: { replicate: 2 } }
  right: { run: [sh, a.sh], code: [a.sh], inputs: { data: data.train, test: data.test }, outputs: { model: m.bin } }
  compare: { run: [sh, a.sh], code: [a.sh], inputs: { left: 'left[*].model', right: right.model, test: data.test } }
`;

test('graph draws the stages of the pipeline, or writes a file', async () => {
  await using project = await Rig.create({ 'pipeline.yaml': diamond });
  expect((await project.repro('graph')).stdout).toContain('compare        <- left.model, right.model, data.test\n');
  expect((await project.repro('graph', '--format', 'svg', '-o', 'graph.svg')).code).toBe(0);
  expect(project.read('graph.svg')).toMatch(/^<svg .*<\/svg>\n$/s);
  // Whoever is root would lose /dev/stdout itself if it were replaced.
  symlinkSync('/dev/stdout', path.join(project.root, 'out'));
  const within = ['sh', '-c', '"$@" > drawn.svg', 'sh'];
  await project.startWith({ within }, 'graph', '--format', 'svg', '-o', 'out').result;
  expect(project.read('drawn.svg')).toBe(project.read('graph.svg'));
});

test('a tag names a run wherever a manifest is named, until it is deleted', async () => {
  await using project = await Rig.create(quickProject);
  await project.repro('run');
  const tagged = await project.repro('tag', 'camera-ready');
  expect(tagged).toMatchObject({ code: 0, stdout: expect.stringMatching(/^camera-ready is run \S+\n$/) });
  await project.repro('run', '--set', 'shift=1');
  const value = async (name: string) => {
    const { stdout } = await project.repro('numbers', name, '--json');
    return (JSON.parse(stdout) as { numbers: { number: { value: number } }[] }).numbers[0]!.number.value;
  };
  expect(await value('camera-ready')).toBe(0.1);
  expect([await value('latest'), await value('last')]).toEqual([0.1, 1.1]);
  expect((await project.repro('tag')).stdout).toBe(tagged.stdout);
  for (const name of ['latest', '../x']) {
    expect((await project.repro('tag', name)).code, name).toBe(2);
  }
  expect((await project.repro('tag', 'camera-raedy', '--delete')).stderr).toContain('did you mean "camera-ready"?');
  expect(await project.repro('tag', 'camera-ready', '--delete')).toMatchObject({ code: 0 });
  expect((await project.repro('numbers', 'camera-ready')).code).toBe(2);
});

test('completion offers verbs, options, stages, profiles and manifests', async () => {
  await using project = await Rig.create({ 'pipeline.yaml': diamond, '.repro/tags/done.json': '{"run":"x"}' });
  const offered = async (...words: string[]) =>
    (await project.repro('complete', '--', ...words)).stdout.split('\n').filter((word) => word !== '');
  expect(await offered('')).toEqual(expect.arrayContaining(['run', 'why', 'gate', 'completion']));
  expect(await offered('run', 'left', '')).toEqual(['compare', 'data', 'left', 'right']);
  expect(await offered('run', '--profile', '')).toEqual(['ci', 'full']);
  expect(await offered('gate', '--self')).toEqual(['--self-test']);
  expect(await offered('numbers', '')).toEqual(['done', 'last', 'latest', 'previous']);
  expect(await offered('graph', '--format', 'd')).toEqual(['dot']);
});

/** Lines that print what a shell offers for `repro why l`, having read the script `completion`. */
const asking = {
  bash: `source ./completion
COMP_WORDS=(repro why l) COMP_CWORD=2
_repro
printf '%s\n' "\${COMPREPLY[@]}"`,
  // What the line editor provides: zsh completes for a person alone.
  zsh: `compdef() { }
compadd() { print -l -- "\${(@P)2}" }
source ./completion
words=(repro why l) CURRENT=3
_repro`,
  fish: `source ./completion
complete -C 'repro why l'`,
};

test.for(Object.entries(asking))('%s completes by its script', async ([shell, lines], { skip }) => {
  if (spawnSync(shell, ['-c', 'true']).error) skip(`${shell} is not installed`);
  await using project = await Rig.create({ 'pipeline.yaml': diamond });
  project.write('completion', (await project.repro('completion', shell)).stdout);
  mkdirSync(path.join(project.root, 'bin'));
  symlinkSync(new URL('../../bin/repro.js', import.meta.url), path.join(project.root, 'bin/repro'));
  const { stdout, stderr, status } = spawnSync(shell, ['-c', lines], {
    cwd: project.root,
    env: { PATH: `${path.join(project.root, 'bin')}:${process.env['PATH']}`, HOME: project.root },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(stdout.trim()).toBe('left');
});

test('every key of the pipeline file is explained to editors', () => {
  const file = new URL('../../schemas/pipeline.schema.json', import.meta.url);
  const { properties, definitions } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, Shape>>;
  const silent = Object.entries({ root: { properties }, ...definitions }).flatMap(([owner, shape]) =>
    Object.entries(shape.properties ?? {}).flatMap(([key, { markdownDescription, $ref }]) =>
      (markdownDescription ?? definitions![$ref?.split('/').at(-1) ?? '']?.markdownDescription)
        ? []
        : `${owner}.${key}`,
    ),
  );
  expect(silent).toEqual([]);
});
interface Shape {
  readonly properties?: Record<string, Shape>;
  readonly markdownDescription?: string;
  readonly $ref?: string;
}
