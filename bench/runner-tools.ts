// Ours and its peers, each told the same graph in its own words. Every choice of settings favors the peer.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stageCommand, type Graph, type GraphStage, type SourceTexts } from './runner-graph.ts';

export interface Command {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
  /** Files that describe the graph, by path in the project. */
  project(graph: Graph): Readonly<Record<string, string>>;
  /** Where the project has the output of a stage. */
  output(id: number): string;
  /** Brings everything up to date. */
  run(directory: string): Command;
  /** Another command that says that nothing has to be done, and needs no run before it. */
  readonly dryRun?: (directory: string) => Command;
}

/** Tools by name; a text says why one is not there. */
export type Tools = Readonly<Record<string, Tool | string>>;

const cores = String(availableParallelism());
const home = fileURLToPath(new URL('..', import.meta.url));
const peerOutput = (id: number): string => `out/${id}.txt`;
const peerInputs = ({ files, inputs }: GraphStage): readonly string[] => [...files, ...inputs.map(peerOutput)];
const peerCommand = (stage: GraphStage): string =>
  stageCommand(stage.id, peerInputs(stage).join(' '), peerOutput(stage.id));
const lines = <T>(values: readonly T[], text: (value: T) => string): string => values.map((value) => `${text(value)}\n`).join(''); // prettier-ignore

/** Builds the command as `npm run build` does, into a folder of its own, so that none is left in the checkout. */
export async function buildOurs(folder: string): Promise<Tool> {
  const tsc = join(home, 'node_modules/typescript/bin/tsc');
  const dist = join(folder, 'dist');
  // Types are checked elsewhere, and leave nothing in the JavaScript.
  const words = [tsc, '-p', 'tsconfig.build.json', '--outDir', dist, '--noCheck', '--declaration', 'false'];
  await promisify(execFile)(process.execPath, words, { cwd: home });
  for (const [from, to] of [['src/schema/validators.js', 'dist/schema/validators.js'], ['bin', 'bin'], ['package.json', 'package.json']] as const) {
    cpSync(join(home, from), join(folder, to), { recursive: true });
  } // prettier-ignore
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
  return {
    name: 'ours',
    version: '',
    output: (id) => `artifacts/s${id}/out.txt`,
    project: ({ stages }) => ({
      'stage.sh': `id=$1; shift; ${stageCommand('"$id"', '"$@"', 'out.txt')}\n`,
      'pipeline.yaml':
        'name: graph\nstages:\n' +
        lines(stages, ({ id, files, inputs }) => {
          const named = [...files.map((file) => `{ file: ${file} }`), ...inputs.map((from) => `s${from}.out`)];
          const reads = named.map((from, k) => `in${k}: ${from}`).join(', ');
          const words = named.map((_, k) => `, '\${inputs.in${k}}'`).join('');
          return `  s${id}: { run: [sh, stage.sh, '${id}'${words}], code: [stage.sh], inputs: { ${reads} }, outputs: { out: out.txt } }`;
        }),
    }),
    run: () => ({ program: process.execPath, words: [join(folder, 'bin/repro.js'), 'run'] }),
  };
}

/** The peers: from the system's packages, and from npm, installed into a folder. */
export function findPeers(folder: string): Tools {
  return { ...systemPeers(), ...npmPeers(folder) };
}

function systemPeers(): Tools {
  const found = (tool: Omit<Tool, 'version' | 'output'>): Tool | string => {
    try {
      const text = execFileSync(tool.name, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      return { ...tool, version: /\d[\w.]*/.exec(text)![0], output: peerOutput };
    } catch {
      return 'not installed';
    }
  };
  const ninja = found({
    name: 'ninja',
    project: ({ stages, ends }) => ({
      'build.ninja':
        `rule stage\n  command = ${stageCommand('$id', '$in', '$out')}\n` +
        lines(stages, (stage) => `build ${peerOutput(stage.id)}: stage ${peerInputs(stage).join(' ')}\n  id = ${stage.id}`) +
        `build all: phony ${ends.map(peerOutput).join(' ')}\ndefault all\n`,
    }), // prettier-ignore
    run: () => ({ program: 'ninja', words: ['-j', cores] }),
  });
  const make = found({
    name: 'make',
    project: ({ stages, ends }) => ({
      Makefile:
        `.PHONY: all\nall: ${ends.map(peerOutput).join(' ')}\n` +
        lines(stages, (stage) => `${peerOutput(stage.id)}: ${peerInputs(stage).join(' ')}\n\t@${peerCommand(stage)}`),
    }),
    run: () => ({ program: 'make', words: ['-r', '-s', '-j', cores] }),
  });
  const quoted = (paths: readonly string[]): string => paths.map((path) => `"${path}"`).join(', ');
  const snakemake = found({
    name: 'snakemake',
    project: ({ stages, ends }) => ({
      Snakefile:
        `rule all:\n    input: ${quoted(ends.map(peerOutput))}\n` +
        lines(stages, (stage) =>
          [
            `rule s${stage.id}:`,
            `    input: ${quoted(peerInputs(stage))}`,
            `    output: "${peerOutput(stage.id)}"`,
            `    shell: "{${stageCommand(stage.id, '{input}', '{output}').replace('; }', '; }}')}"`,
          ].join('\n'),
        ),
    }),
    run: () => ({ program: 'snakemake', words: ['--cores', cores, '--scheduler', 'greedy', '--quiet', 'all'] }),
  });
  return { ninja, make, snakemake };
}

function npmPeers(folder: string): Tools {
  mkdirSync(folder, { recursive: true });
  try {
    const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', 'wireit@0', 'turbo@2'];
    execFileSync('npm', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
  } catch {
    return { wireit: 'npm install failed', turbo: 'npm install failed' };
  }
  const installed = (name: string): string => join(folder, 'node_modules', name);
  const version = (name: string): string =>
    (JSON.parse(readFileSync(join(installed(name), 'package.json'), 'utf8')) as { version: string }).version;
  const scripts = ({ stages }: Graph, command: (stage: GraphStage) => string): Record<string, string> =>
    Object.fromEntries(stages.map((stage) => [`s${stage.id}`, command(stage)]));
  const needs = (ids: readonly number[]): string[] => ids.map((id) => `s${id}`);

  const wireit: Tool = {
    name: 'wireit',
    version: version('wireit'),
    output: peerOutput,
    project: (graph) => ({
      'package.json': JSON.stringify({
        name: 'graph',
        private: true,
        scripts: { all: 'wireit', ...scripts(graph, () => 'wireit') },
        wireit: {
          all: { dependencies: needs(graph.ends) },
          ...Object.fromEntries(
            graph.stages.map((stage) => [
              `s${stage.id}`,
              {
                command: peerCommand(stage),
                dependencies: needs(stage.inputs),
                files: stage.files,
                output: [peerOutput(stage.id)],
                packageLocks: [],
              },
            ]),
          ),
        },
      }),
    }),
    // What npm sets when it starts the script; npm itself would take longer.
    run: (directory) => ({
      program: process.execPath,
      words: [join(installed('wireit'), 'bin/wireit.js')],
      environment: {
        npm_lifecycle_event: 'all',
        npm_package_json: join(directory, 'package.json'),
        npm_config_user_agent: 'npm/10',
        WIREIT_PARALLEL: cores,
        WIREIT_LOGGER: 'quiet',
      },
    }),
  };
  const turboCommand = (...words: string[]): Command => ({
    program: process.execPath,
    words: [join(installed('turbo'), 'bin/turbo'), 'run', 'all', '--no-daemon', ...words],
    environment: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
  const turbo: Tool = {
    name: 'turbo',
    version: version('turbo'),
    output: peerOutput,
    project: (graph) => ({
      'package.json': JSON.stringify({
        name: 'graph',
        private: true,
        packageManager: 'npm@10.8.2',
        scripts: scripts(graph, peerCommand),
      }),
      'turbo.json': JSON.stringify({
        tasks: {
          all: { dependsOn: needs(graph.ends) },
          ...Object.fromEntries(
            graph.stages.map((stage) => [
              `s${stage.id}`,
              {
                dependsOn: needs(stage.inputs),
                inputs: [...peerInputs(stage)],
                outputs: [peerOutput(stage.id)],
              },
            ]),
          ),
        },
      }),
    }),
    run: () => turboCommand('--output-logs=errors-only', `--concurrency=${cores}`),
    dryRun: () => turboCommand('--dry=json'),
  };
  return { wireit, turbo };
}

/** Writes a project and what it reads. */
export function writeProject(tool: Tool, graph: Graph, directory: string, texts: SourceTexts): void {
  if (existsSync(directory)) throw new Error(`${directory} is there already`);
  mkdirSync(join(directory, 'out'), { recursive: true });
  const files = { ...tool.project(graph), ...texts };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
}
