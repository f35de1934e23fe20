// The package that `npm run pack` makes, in a project of somebody else: installed by npm, pnpm and yarn with install scripts
// allowed and the registry as the only network, it runs the tutorial's pipeline and a stage with the kit.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, packageManagers, programOf, weigh } from '../rig/package-manager.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const minutes = 60_000;
const most = { packages: 130, bytes: 30e6 };
const repository = fileURLToPath(new URL('../..', import.meta.url));
const { version, dependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync(join(repository, 'package.json'), 'utf8'),
) as Manifest;
const hasPython = spawnSync('python3', ['--version']).status === 0;

const kitStage = `import { runStage } from 'repro/stage';

await runStage((stage) => {
  stage.report('answer', { value: 42, unit: '1', kind: 'exact' });
});
`;

const program = `import { openProject } from 'repro';

const project = await openProject('.');
const { stages, numbers } = await project.run({ stages: process.argv.slice(2) });
const isKnown = stages.every(({ status }) => status === 'restored');
console.log(isKnown, numbers.find(({ address }) => address === 'answer.answer').number.value);
`;

const typedProgram = `import { openProject, type Project } from 'repro';

const project: Project = await openProject();
const { numbers } = await project.run();
export const values: number[] = numbers.map(({ number }) => number.value);
// @ts-expect-error A profile is named by a text.
await project.status({ profile: 1 });
`;

const typedStage = `import { runStage, type Stage } from 'repro/stage';

await runStage((stage: Stage) => {
  const seed: number = stage.seed;
  // @ts-expect-error A number has a unit.
  stage.report('seed', { value: seed, kind: 'exact' });
});
`;

const place = temporaryDirectory();
const unpacked = join(place.path, 'package');
let tarball = '';

beforeAll(async () => {
  await command(repository, 'npm', 'run', 'pack', '--', '--pack-destination', place.path);
  const [name, ...others] = readdirSync(place.path).filter((each) => each.endsWith('.tgz'));
  expect([name, others]).toEqual([`repro-${version}.tgz`, []]);
  tarball = join(place.path, name!);
  await command(place.path, 'tar', '-xzf', tarball);
}, 10 * minutes);
afterAll(() => place[Symbol.dispose](), 10 * minutes);

describe('the package', () => {
  it('holds the built pipeline, schemas and pages, and nothing of the experiment', () => {
    expect(readdirSync(unpacked).sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'action.yml',
        'bin',
        'dist',
        'docs',
        'examples',
        'package.json',
        'python',
        'schemas',
      ].sort(),
    );
    expect(readdirSync(join(unpacked, 'bin'))).toEqual(['repro.js']);
    const built = readdirSync(join(unpacked, 'dist'));
    expect(built).toEqual(
      expect.arrayContaining(['cli', 'manifest', 'pipeline', 'report', 'runner', 'stage', 'store']),
    );
    for (const folder of ['tensor', 'networks', 'diffusion', 'datasets', 'models', 'quality', 'ratios', 'stages'])
      expect(built).not.toContain(folder);
    expect(existsSync(join(unpacked, 'schemas/pipeline.schema.json'))).toBe(true);
    expect(existsSync(join(unpacked, 'docs/stage-protocol.md'))).toBe(true);
  });

  it('depends on the packages that its code imports, and on no other but those that only some remotes need', async () => {
    const { metafile } = await build({
      absWorkingDir: unpacked,
      entryPoints: ['dist/cli/main.js', 'dist/project/index.js', 'dist/stage/index.js'],
      outdir: 'out',
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    const names = imports.filter(({ external, path }) => external && !path.startsWith('node:')).map(({ path }) => path);
    const forRemotes = ['@aws-sdk/client-s3'];
    expect([...new Set(names)].sort()).toEqual([...Object.keys(dependencies), ...forRemotes].sort());
    for (const name of forRemotes) expect(peerDependenciesMeta[name]).toEqual({ optional: true });
  });
});

describe('types of the package', { timeout: 5 * minutes }, () => {
  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('are found by a program with module %s and moduleResolution %s', async (module, moduleResolution) => {
    using project = temporaryDirectory({
      'package.json': '{ "type": "module" }',
      'program.ts': typedProgram,
      'stage.ts': typedStage,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{ module, moduleResolution, target: 'es2023', strict: true, noEmit: true, types: ['node'] },
          typeRoots: [join(repository, 'node_modules/@types')],
        },
      }),
    });
    mkdirSync(join(project.path, 'node_modules'));
    cpSync(unpacked, join(project.path, 'node_modules/repro'), { recursive: true });
    const compiler = join(repository, 'node_modules/typescript/lib/tsc.js');
    expect(await command(project.path, process.execPath, compiler, '-p', '.')).toBe('');
  });
});

describe.each(packageManagers)('in a project of $name', { timeout: 10 * minutes }, (manager) => {
  it('is small, and runs the tutorial and a stage with the kit', async (context) => {
    const folder = join(place.path, `${manager.name}-itself`);
    mkdirSync(folder);
    const found = await programOf(manager, folder).catch((error: Error) => error);
    if (found instanceof Error) return context.skip(`${manager.name} cannot be had: ${found.message}`);

    const project = join(place.path, manager.name);
    writeProject(project);
    await command(project, found, ...manager.add(tarball, join(place.path, `${manager.name}-cache`)));
    const weight = weigh(join(project, 'node_modules'));
    expect(weight.packages).toBeGreaterThan(10);
    expect(weight.packages).toBeLessThanOrEqual(most.packages);
    expect(weight.bytes).toBeLessThanOrEqual(most.bytes);

    const repro = (...words: string[]) => command(project, found, ...manager.exec, 'repro', ...words);
    expect(await repro('--version')).toBe(`${version}\n`);
    const stages = hasPython ? [] : ['clean', 'answer'];
    expect(await repro('run', ...stages, '--report')).toMatch(/complete: \d stages \(\d computed\)/);
    expect(await repro('numbers')).toMatch(/^answer\.answer +42/m);
    writeFileSync(join(project, 'repro.config.yaml'), 'remotes: { team: { url: s3://lab/x, trust: anyone } }\n');
    await expect(repro('push')).rejects.toThrow('npm install @aws-sdk/client-s3');
    expect(await repro('run', ...stages)).toMatch(/complete: (\d) stages \(\1 restored\)/);
    expect(await command(project, process.execPath, 'program.mjs', ...stages)).toBe('true 42\n');
    const report = readFileSync(join(project, 'artifacts/report.html'), 'utf8');
    if (hasPython) expect(report).toContain('Days of ice');
  });
});

/** The tutorial's project, with a stage that uses the kit. */
function writeProject(folder: string): void {
  cpSync(join(repository, 'examples/tutorial'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "ice", "private": true }\n');
  writeFileSync(join(folder, 'answer.ts'), kitStage);
  writeFileSync(join(folder, 'program.mjs'), program);
  const pipeline = readFileSync(join(folder, 'pipeline.yaml'), 'utf8');
  const stage = '  answer: { run: answer.ts, numbers: numbers.json }\n';
  writeFileSync(join(folder, 'pipeline.yaml'), pipeline.replace(/^gates:/m, `${stage}gates:`));
}
