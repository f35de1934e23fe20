// `repro run --watch`: runs again when a file of the project, or an input from outside, has changed. What a change means is
// for the run to find out: one that matters to no stage has nothing to do.
import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { InvalidFile } from '../project/invalid-file.ts';
import { Project } from '../project/project.ts';
import { errnoOf } from '../store/file-system.ts';
import { onAbort } from './abort.ts';
import type { RunOptions } from './options.ts';
import { printError } from './view/error-text.ts';
import { complain, print } from './view/print.ts';

/** Milliseconds without another change after which one counts: an editor, or git, writes several files. */
const settled = 200;

/** What the tool or others write, and nobody edits. */
const skipped = new Set(['.git', '.repro', 'artifacts', 'node_modules', '__pycache__']);

/** Runs, and again after every change, until Ctrl-C. */
export async function watchRuns(
  project: Project,
  options: RunOptions,
  runOnce: (isAgain: boolean) => Promise<ExitCode>,
): Promise<ExitCode> {
  using changes = new Changes(project.root);
  using abort = onAbort();
  const tell = options.quiet ? () => {} : options.json ? complain : print;
  for (let runs = 0, ownFailures = 0; ; runs++) {
    await changes.follow(await inputsOf(project, options));
    const code = await told(runOnce(runs > 0), options);
    if (code === exitCode.interrupted) return code;
    // A stage that fails and writes into the project would be run for ever.
    ownFailures = code !== exitCode.ok && changes.any() ? ownFailures + 1 : 0;
    if (ownFailures > 1) changes.forget();
    tell('', 'Watching for changes; Ctrl-C ends it');
    const changed = await changes.next(abort.signal);
    if (changed === null) return exitCode.interrupted;
    tell('', `${path.relative(project.root, changed)} has changed`);
  }
}

/** What is wrong may be mended by the next change. */
async function told(run: Promise<ExitCode>, { json = false, debug = false }: RunOptions): Promise<ExitCode> {
  try {
    return await run;
  } catch (error) {
    if (!(error instanceof ReproError || error instanceof InvalidFile)) throw error;
    printError(error, { json, debug });
    return exitCode.failed;
  }
}

/** Of a pipeline file that is wrong nothing is known. */
async function inputsOf(project: Project, options: RunOptions): Promise<string[]> {
  const plan = await new Project(project.file).plan(options).catch(() => null);
  const inputs = (plan?.plan.cells ?? []).flatMap((cell) => Object.values(cell.inputs));
  const paths = inputs.flatMap((input) => (input.kind === 'file' || input.kind === 'directory' ? [input.path] : []));
  return [...new Set(paths)].map((each) => path.resolve(project.root, each));
}

/** The folders that are watched, and what has changed in them. */
class Changes implements Disposable {
  readonly #root: string;
  readonly #watchers = new Map<string, FSWatcher>();
  #changed: string | null = null;
  #tell: () => void = () => {};

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Watches every folder of the project that there is now, and inputs that lie elsewhere or in a folder that is skipped.
   * What has changed before is forgotten.
   */
  async follow(inputs: readonly string[]): Promise<void> {
    this[Symbol.dispose]();
    this.#watchers.clear();
    this.forget();
    await this.#followFolder(this.#root);
    for (const input of inputs) {
      const status = await stat(input).catch(() => null);
      // A file is replaced more often than it is written: its folder sees both.
      if (status?.isDirectory()) await this.#followFolder(input);
      else this.#watch(path.dirname(input));
    }
  }

  any(): boolean {
    return this.#changed !== null;
  }

  forget(): void {
    this.#changed = null;
  }

  /** A path that has changed, once no other has for a moment; null where it is aborted first. */
  async next(signal: AbortSignal): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(resolve, settled);
      };
      this.#tell = wait;
      if (this.any()) wait();
      signal.addEventListener('abort', () => resolve());
      if (signal.aborted) resolve();
    });
    clearTimeout(timer);
    this.#tell = () => {};
    return signal.aborted ? null : this.#changed;
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  async #followFolder(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    // A virtual environment of Python.
    if (folder !== this.#root && entries.some(({ name }) => name === 'pyvenv.cfg')) return;
    this.#watch(folder);
    for (const entry of entries) {
      if (entry.isDirectory() && !skipped.has(entry.name)) await this.#followFolder(path.join(folder, entry.name));
    }
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null && skipped.has(name)) return;
        this.#changed = path.join(folder, name ?? '');
        this.#tell();
      });
      // It was removed, which the folder above tells of.
      watcher.on('error', () => watcher.close());
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      const hint =
        errnoOf(error) === 'ENOSPC'
          ? 'more folders than inotify may watch: raise fs.inotify.max_user_watches'
          : undefined;
      throw new ReproError('file-system', `Cannot watch "${folder}"`, { hint, cause: error });
    }
  }
}
