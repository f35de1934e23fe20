// A temporary project, run in this process or through the real command line; what it did is shown when a test fails.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFailed } from 'vitest';
import type { Json, Plan } from '../../src/pipeline/plan.ts';
import { planPipeline } from '../../src/pipeline/pipeline.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import { systemClock } from '../../src/runner/process/clock.ts';
import type { RunEvent } from '../../src/runner/event.ts';
import { inspectPipeline } from '../../src/runner/inspect.ts';
import type { CellState, RunResult } from '../../src/runner/result.ts';
import { runPipeline } from '../../src/runner/run.ts';
import type { ExecutionOptions } from '../../src/runner/run.ts';
import { openStore } from '../../src/store/store.ts';
import { filesBelow } from './files-below.ts';
import { temporaryDirectory } from './temporary.ts';
import type { TemporaryDirectory } from './temporary.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RigRun extends RunResult {
  readonly events: readonly RunEvent[];
  /** `id status` for every cell. */
  readonly statuses: readonly string[];
}

/** How a command is started, beside its words. */
export interface StartOptions {
  /** Options of Node. */
  readonly node?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Is told of everything it prints. */
  readonly onOutput?: (text: string) => void;
  /** A program that starts it, with the words before its own. */
  readonly within?: readonly string[];
}

export interface Background {
  readonly pid: number;
  readonly result: Promise<CommandResult>;
  signal(signal: NodeJS.Signals): void;
}

export class Rig implements AsyncDisposable {
  readonly root: string;
  /** Events of the run in progress, as they are emitted. */
  events: RunEvent[] = [];
  readonly #directory: TemporaryDirectory;
  readonly #transcript: string[] = [];
  readonly #children = new Set<ChildProcess>();

  private constructor(directory: TemporaryDirectory) {
    this.#directory = directory;
    this.root = directory.path;
  }

  /**
   * Creates a project with files by relative path, its pipeline in `pipeline.yaml`. Packages are those of this
   * repository.
   */
  static async create(files: Readonly<Record<string, string>>): Promise<Rig> {
    const directory = temporaryDirectory(files);
    fs.symlinkSync(join(repository, 'node_modules'), join(directory.path, 'node_modules'));
    const rig = new Rig(directory);
    onTestFailed(() => void process.stderr.write(`${rig.#transcript.join('\n')}\n`));
    return rig;
  }

  write(path: string, text: string): void {
    fs.mkdirSync(dirname(join(this.root, path)), { recursive: true });
    fs.writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return fs.readFileSync(join(this.root, path), 'utf8');
  }

  has(path: string): boolean {
    return fs.existsSync(join(this.root, path));
  }

  /** Files below a directory, sorted; empty when it does not exist. */
  list(path: string): string[] {
    return this.has(path) ? filesBelow(join(this.root, path)) : [];
  }

  plan(overrides: Readonly<Record<string, Json>> = {}): Plan {
    const source = new SourceFile('pipeline.yaml', this.read('pipeline.yaml'));
    const result = planPipeline(source, { profile: null, overrides });
    if ('plan' in result) return result.plan;
    throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  }

  /** Runs the pipeline in this process. */
  async run(
    options: Partial<ExecutionOptions> & { readonly overrides?: Readonly<Record<string, Json>> } = {},
  ): Promise<RigRun> {
    const events: RunEvent[] = [];
    this.events = events;
    const result = await runPipeline(this.plan(options.overrides), {
      store: openStore(this.root),
      cpus: 2,
      signal: new AbortController().signal,
      clock: systemClock,
      ...options,
      emit: (event) => {
        events.push(event);
        options.emit?.(event);
      },
    });
    const statuses = result.cells.map(({ cell, status }) => `${cell.id} ${status}`);
    this.#transcript.push(`run: ${result.outcome}`, ...events.map((event) => `  ${JSON.stringify(event)}`));
    return { ...result, events, statuses };
  }

  /** State of every cell by id. */
  async inspect(overrides: Readonly<Record<string, Json>> = {}): Promise<Record<string, CellState>> {
    const cells = await inspectPipeline(this.plan(overrides), openStore(this.root));
    return Object.fromEntries(cells.map(({ cell, state }) => [cell.id, state]));
  }

  /** Runs the real command line to its end. */
  async repro(...words: string[]): Promise<CommandResult> {
    return this.start(...words).result;
  }

  /** Starts the real command line, in a process group of its own. */
  start(...words: string[]): Background {
    return this.startWith({}, ...words);
  }

  startWith({ node = [], environment, onOutput, within = [] }: StartOptions, ...words: string[]): Background {
    const line = [...within, process.execPath, ...node, join(repository, 'bin/repro.js'), ...words];
    const child = spawn(line[0]!, line.slice(1), {
      cwd: this.root,
      env: { ...scrubbedEnvironment(), ...environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      text.stdout += chunk.toString();
      onOutput?.(chunk.toString());
    });
    child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
    const result = once(child, 'close').then(([code]): CommandResult => {
      this.#transcript.push(`$ repro ${words.join(' ')}`, text.stdout, text.stderr, `exit ${String(code)}`);
      return { code: code as number | null, ...text };
    });
    return { pid: child.pid!, result, signal: (signal) => child.kill(signal) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // Ended by itself.
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    this.#directory[Symbol.dispose]();
  }
}

/** Nothing of the developer's surroundings that changes what is printed or run. */
function scrubbedEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC', NO_COLOR: '1' };
}
