// The program of a command, and the one that really runs: behind `env`, `#!` lines, wrappers and the shims of version
// managers. Nothing of the project is executed to find it.
import { execFile } from 'node:child_process';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import type { RunPlan } from '../../pipeline/plan.ts';
import { isInputWord } from '../../pipeline/words.ts';
import { ReproError } from '../../error.ts';
import type { Digest } from '../../store/digest.ts';
import { reach } from '../../store/file-system.ts';
import type { Store } from '../../store/store.ts';
import { codeWord } from './code-files.ts';
import { passedOn } from '../process/variables.ts';
import { isPython } from './python/environment.ts';
import { pythonPackages } from './python/packages.ts';
import { afterEnv, execTarget, isShell, shebangWords } from './script.ts';
import { shimOf } from './shim.ts';

type Command = Omit<Extract<RunPlan, { kind: 'command' }>, 'inserts'>;

export interface Runtime {
  /** Digests of the program and of the interpreters on the way to it, by name. */
  readonly runtime: Readonly<Record<string, string>>;
  /** Those of Python, as `pythonPackages` names them. */
  readonly packages: Readonly<Record<string, string>>;
  /** Absolute paths whose status decides the answer. */
  readonly looked: readonly string[];
  /** Sentences about what runs and could not be known. */
  readonly gaps: readonly string[];
  /** Those that are told while it runs. */
  readonly warnings: readonly string[];
  /** Whether a program was asked, whose answer may change without a file that is known to decide it. */
  readonly asked: boolean;
}

/** Languages whose programs load packages that are installed apart from them. */
const languages: readonly (readonly [string, RegExp])[] = [
  ['Python', /^(python|pypy)[\d.]*$|^(uv|poetry|pipenv|conda|mamba|micromamba)$/],
  ['R', /^(R|Rscript)$/],
  ['Julia', /^julia$/],
  ['Ruby', /^j?ruby$/],
  ['Node', /^(node|deno|bun|npx)$/],
];

/** That packages are no part of a fingerprint, for each language of which a command's are not known. */
function packageGaps(
  run: Pick<Command, 'words'>,
  { runtime, packages }: Pick<Runtime, 'runtime' | 'packages'>,
): string[] {
  const programs = [...programWords(run), ...Object.keys(runtime)];
  const isKnown = Object.keys(packages).length > 0;
  return languages
    .filter(([name]) => name !== 'Python' || !isKnown)
    .filter(([, pattern]) => programs.some((program) => pattern.test(basename(program))))
    .map(([name]) => `Packages that ${name} loads are not recorded: after an upgrade of one, earlier results stay`);
}

/** Programs that start another, which their words name in a way that is not followed. */
const launchers =
  /^(chrt|conda|flock|ionice|mamba|micromamba|mpiexec|mpirun|nice|nohup|npx|numactl|pipenv|poetry|setsid|srun|stdbuf|taskset|time|timeout|uv|xargs)$/;

/** How interpreters tell which file they are. */
const questions: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(python|pypy)[\d.]*$/, ['-c', 'import sys; print(sys.executable)']],
  [/^node$/, ['-p', 'process.execPath']],
  [/^ruby$/, ['-e', 'puts RbConfig.ruby']],
  [/^perl$/, ['-e', 'print $^X']],
];
const answerMilliseconds = 10_000;
/** Scripts that start scripts: the system gives up after fewer. */
const mostSteps = 8;
const headBytes = 1 << 16;

/** Answers for one run: thousands of stages may differ in their scripts alone. */
export class Runtimes {
  readonly #store: Store;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #known = new Map<string, Promise<Runtime>>();

  constructor(store: Store, environment: Readonly<Record<string, string | undefined>>) {
    this.#store = store;
    this.#environment = environment;
  }

  /** As `findRuntime`, for a stage that declares these variables. */
  of(run: Command, code: Readonly<Record<string, Digest>>, declared: readonly string[]): Promise<Runtime> {
    const own = codeWord(run.words[0] ?? '', code);
    const key = JSON.stringify([programWords(run), own, own && code[own], run.packages, declared]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = findRuntime(run, code, this.#store, passedOn(this.#environment, declared));
    this.#known.set(key, found);
    return found;
  }
}

/** The words of a command that decide which program it starts. */
export function programWords({ words }: Pick<Command, 'words'>): readonly string[] {
  return basename(words[0] ?? '') === 'env' ? words : words.slice(0, 1);
}

/**
 * What a command runs with. `environment` is what its stage sees of variables. Throws a `ReproError` `missing-program`
 * when its program is not found.
 */
export async function findRuntime(
  run: Command,
  code: Readonly<Record<string, Digest>>,
  store: Store,
  environment: Readonly<Record<string, string>>,
): Promise<Runtime> {
  const search = new Search(store, environment);
  const program = run.words[0] ?? '';
  if (isInputWord(program)) return { ...search.result(), packages: {}, warnings: [] };
  const own = codeWord(program, code);
  if (own === null) {
    if (!(await search.command(run.words, program))) {
      throw new ReproError('missing-program', `Cannot find the program "${program}"`, {
        hint: program.includes('/') ? 'Its path is relative to the project' : 'It is looked for in PATH',
      });
    }
  } else {
    const bytes = store.objects.has(code[own]!) ? store.objects.readBytes(code[own]!) : null;
    const head = bytes?.subarray(0, headBytes).toString('latin1') ?? (await search.head(join(store.root, own)));
    await search.interpreter(head, own);
  }
  const found = await Promise.all(
    search.pythons.map((path) => pythonPackages(path, run.packages, { store, environment })),
  );
  const { looked, ...rest } = search.result();
  const packages = Object.assign({}, ...found.map((each) => each.packages)) as Record<string, string>;
  return {
    ...rest,
    packages,
    looked: [...new Set([...looked, ...found.flatMap((each) => each.looked)])],
    warnings: [...found.flatMap((each) => each.gaps), ...packageGaps(run, { ...rest, packages })],
  };
}

/** Absolute path of a program: a path relative to the project, or a name looked for in PATH. */
export function findProgram(program: string, store: Store): string | null {
  return programCandidates(program, store).find((path) => isProgram(store, path)) ?? null;
}

function isProgram(store: Store, path: string): boolean {
  const stat = reach(store.fileSystem, path);
  return stat !== null && stat.isFile() && (stat.mode & 0o111n) !== 0n;
}

/** Where a program may be, the first place first. */
function programCandidates(program: string, { root }: Store, path = process.env['PATH'] ?? ''): string[] {
  return program.includes('/')
    ? [resolve(root, program)]
    : path.split(delimiter).map((directory) => resolve(directory, program));
}

class Search {
  readonly #store: Store;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #runtime = Object.create(null) as Record<string, string>;
  readonly #looked = new Set<string>();
  readonly #gaps = new Set<string>();
  readonly #visited = new Set<string>();
  readonly #pythons = new Set<string>();
  #asked = false;

  constructor(store: Store, environment: Readonly<Record<string, string>>) {
    this.#store = store;
    this.#environment = environment;
  }

  /** Absolute paths of the interpreters of Python on the way, links not followed. */
  get pythons(): readonly string[] {
    return [...this.#pythons];
  }

  result(): Omit<Runtime, 'packages' | 'warnings'> {
    return { runtime: this.#runtime, looked: [...this.#looked], gaps: [...this.#gaps], asked: this.#asked };
  }

  /** Follows the words of a command, whose program is recorded under a name; false when there is no such program. */
  async command(words: readonly string[], name: string): Promise<boolean> {
    const program = words[0] ?? '';
    const path = this.#find(program);
    if (path === null) return false;
    const rest = basename(program) === 'env' ? afterEnv(words.slice(1)) : undefined;
    if (rest === undefined) await this.#file(name, path);
    const unknown =
      rest === undefined
        ? launchers.test(basename(program))
        : rest === null || !(isInputWord(rest[0]!) || (await this.command(rest, basename(rest[0]!))));
    if (unknown) this.#gaps.add(`Which program "${words.join(' ')}" starts is not known`);
    return true;
  }

  /** Follows the first line of a script. */
  async interpreter(head: string, script: string): Promise<void> {
    const words = shebangWords(head);
    if (words !== null && !(await this.command(words, basename(words[0]!)))) {
      this.#gaps.add(`"${words.join(' ')}", which "${script}" names in its first line, is not found`);
    }
  }

  /** The beginning of a file, a character for each byte. */
  async head(path: string): Promise<string> {
    const file = await this.#store.fileSystem.promises.open(path, 'r');
    try {
      const buffer = Buffer.alloc(headBytes);
      const { bytesRead } = await file.read(buffer, 0, headBytes, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  }

  #find(program: string, path = this.#environment['PATH']): string | null {
    for (const candidate of programCandidates(program, this.#store, path)) {
      this.#looked.add(candidate);
      if (isProgram(this.#store, candidate)) return candidate;
    }
    return null;
  }

  /** A program by its file, and what it leads to. */
  async #file(name: string, path: string): Promise<void> {
    if (this.#visited.has(path)) return;
    this.#visited.add(path);
    this.#looked.add(path);
    if (this.#visited.size > mostSteps) {
      this.#gaps.add(`"${name}" leads from script to script, further than it is followed`);
      return;
    }
    const head = await this.head(path);
    const shim = shimOf({ path, head, fileSystem: this.#store.fileSystem });
    if (shim !== null) return this.#shim(name, path, shim);
    const words = shebangWords(head);
    if (words === null) return this.#record(name, path);
    if (!isShell(words)) {
      await this.#record(name, path);
      return this.interpreter(head, name);
    }
    const target = execTarget(head);
    const isFollowed = target !== null && (await this.command(target.words, name));
    const answer = isFollowed ? null : await this.#ask(name, path);
    if (answer !== null) {
      this.#asked = true;
      await this.#file(name, answer);
    }
    if (!isFollowed || !target.isAll) {
      this.#gaps.add(`"${name}" is a script of the shell, ${path}: what it starts is not known for certain`);
    }
    await this.#record(isFollowed || answer !== null ? `${name} (script)` : name, path);
    await this.interpreter(head, name);
  }

  /** The program that a version manager would start. */
  async #shim(name: string, path: string, shim: NonNullable<ReturnType<typeof shimOf>>): Promise<void> {
    const { root } = this.#store;
    const chosen = shim.choose({
      program: basename(path),
      directory: root,
      home: this.#environment['HOME'] ?? '/',
      environment: this.#environment,
      look: (file) => {
        this.#looked.add(file);
        return reach(this.#store.fileSystem, file) !== null;
      },
      find: (program) => this.#find(program, this.#pathWithout(dirname(path))),
    });
    if (chosen !== null) return this.#file(name, chosen);
    const answer = (await this.#ask(name, path, shim.question(basename(path)))) ?? (await this.#ask(name, path));
    if (answer !== null) return this.#file(name, answer);
    this.#gaps.add(`"${name}" is a shim of ${shim.manager}, ${path}: which program it starts is not known`);
    await this.#record(name, path);
  }

  #pathWithout(directory: string): string {
    return (this.#environment['PATH'] ?? '')
      .split(delimiter)
      .filter((each) => resolve(each) !== directory)
      .join(delimiter);
  }

  /** The file that an installed program says it is, or that its manager names; what lies in the project is not asked. */
  async #ask(name: string, path: string, words: readonly string[] | null = null): Promise<string | null> {
    const question = questions.find(([pattern]) => pattern.test(basename(name)))?.[1];
    const line = words ?? (question && [path, ...question]);
    if (line === undefined || path.startsWith(`${this.#store.root}/`)) return null;
    const options = {
      cwd: this.#store.root,
      env: { ...this.#environment },
      timeout: answerMilliseconds,
      killSignal: 'SIGKILL' as const,
    };
    const answer = await new Promise<string>((done) => {
      execFile(line[0]!, line.slice(1), options, (error, stdout) => done(error ? '' : stdout.trim()));
    });
    return answer.startsWith('/') && isProgram(this.#store, answer) ? answer : null;
  }

  async #record(name: string, path: string): Promise<void> {
    if (isPython(path)) this.#pythons.add(path);
    const digest = await this.#store.statCache.digest(path);
    let key = name;
    for (let i = 2; this.#runtime[key] !== undefined && this.#runtime[key] !== digest; i++) key = `${name} (${i})`;
    this.#runtime[key] = digest;
  }
}
