// The frozen plan: code and data from outside are hashed once, when a run begins; what changes later changes nothing or
// is noticed.
import { delimiter, join, relative, resolve, sep } from 'node:path';
import type { CellId, InputPlan, Plan, RunPlan } from '../pipeline/plan.ts';
import { ReproError } from '../error.ts';
import { digestBytes } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import { reach } from '../store/file-system.ts';
import type { Store } from '../store/store.ts';
import { listTree, treeText } from '../store/tree.ts';
import type { TreeEntry } from '../store/tree.ts';
import { Closures, keep } from './closure.ts';
import { codeWord, findCode } from './code-files.ts';
import type { ClosureOrigin, Purpose } from './closure.ts';
import type { StageFailure } from './event.ts';
import { failureOf } from './failure.ts';
import type { Content, StageCode } from './fingerprint.ts';

export interface FrozenCode extends StageCode {
  /** The module to execute; null for a command, which is executed from copies of its code files. */
  readonly bundle: Digest | null;
  /** What the code of a module was found from; null for a command, and while it is still being written. */
  readonly origin: ClosureOrigin | null;
}

export interface FrozenPlan {
  readonly code: ReadonlyMap<CellId, FrozenCode>;
  /** Files and directories from outside, by path as declared. */
  readonly external: ReadonlyMap<string, Content>;
  /** Cells whose code or data cannot be read, and why. */
  readonly failures: ReadonlyMap<CellId, StageFailure>;
  /** Cells that can be restored and not executed, and why. */
  readonly unavailable?: ReadonlyMap<CellId, StageFailure>;
  /** Variables that stages may declare; this process's by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Each once, in the order of the plan. */
  readonly warnings: readonly { readonly stage: CellId; readonly message: string }[];
}

/** Hashes the code and outside data of every cell. Code is kept in the store, so that the code behind a number can be had back. */
export async function freezePlan(plan: Plan, store: Store, purpose: Purpose = 'run'): Promise<FrozenPlan> {
  const closures = new Closures(store, purpose);
  const codes = new Map<string, Promise<FrozenCode & { readonly warnings: readonly string[] }>>();
  const code = new Map<CellId, FrozenCode>();
  const external = new Map<string, Content>();
  const failures = new Map<CellId, StageFailure>();
  const warnings = new Map<string, CellId>();
  for (const stage of plan.stages) {
    try {
      const key = codeKey(stage.run);
      if (!codes.has(key)) codes.set(key, freezeCode(stage.run, store, closures, purpose));
      const frozen = await codes.get(key)!;
      code.set(stage.id, frozen);
      for (const message of frozen.warnings) if (!warnings.has(message)) warnings.set(message, stage.id);
      for (const input of Object.values(stage.inputs)) {
        if ((input.kind === 'file' || input.kind === 'directory') && !external.has(input.path)) {
          external.set(input.path, await readExternal(store, input));
          const target = input.external ? null : linkOut(store, input.path);
          if (target !== null) {
            const message = `Input "${input.path}" is a link out of the project, to "${target}": another checkout lacks it`;
            warnings.set(`${message}, say so with "external: true"`, stage.id);
          }
        }
      }
    } catch (error) {
      failures.set(stage.id, failureOf(error));
    }
  }
  try {
    closures.save();
  } catch {
    // A cache: in a project that may only be read, every look costs the same.
  }
  return { code, external, failures, warnings: [...warnings].map(([message, stage]) => ({ stage, message })) };
}

/** Stages that run the same code have the same key: a thousand may differ in nothing but an argument. */
export function codeKey(run: RunPlan): string {
  return JSON.stringify(run.kind === 'module' ? run.path : [run.words[0], run.code]);
}

/** Where a path of the project leads when links take it out of the project. */
function linkOut({ root, fileSystem }: Store, path: string): string | null {
  const real = fileSystem.realpathSync(resolve(root, path));
  return relative(fileSystem.realpathSync(root), real).split(sep)[0] === '..' ? real : null;
}

/** The content of a file or directory from outside as it is now. Throws `ReproError` `missing-input`. */
export async function readExternal(
  store: Store,
  input: Extract<InputPlan, { kind: 'file' | 'directory' }>,
): Promise<Content> {
  const path = resolve(store.root, input.path);
  const stat = store.statCache.stat(path);
  if (stat === null) throw new ReproError('missing-input', `Input "${input.path}" does not exist`);
  if (stat.isDirectory() !== (input.kind === 'directory')) {
    const message = `Input "${input.path}" is ${stat.isDirectory() ? 'a directory' : 'not a directory'}`;
    throw new ReproError('missing-input', message, {
      hint: `Declare it as ${stat.isDirectory() ? '{ dir: … }' : '{ file: … }'}`,
    });
  }
  if (input.kind === 'file') {
    return { digest: await store.statCache.digest(path), ...((stat.mode & 0o111n) !== 0n && { executable: true }) };
  }
  const entries: TreeEntry[] = [];
  for (const file of listTree(store.fileSystem, path, 'follow')) {
    entries.push({ ...file, digest: await store.statCache.digest(join(path, file.path)) });
  }
  return { digest: digestBytes(treeText(entries)) };
}

export function sameContent(a: Content, b: Content | undefined): boolean {
  return a.digest === b?.digest && a.executable === b.executable;
}

async function freezeCode(
  run: RunPlan,
  store: Store,
  closures: Closures,
  purpose: Purpose,
): Promise<FrozenCode & { warnings: readonly string[] }> {
  if (run.kind === 'module') {
    return { ...(await closures.of(run.path)), runtime: { node: process.version } };
  }
  // Without a prototype: a file may be named `__proto__`.
  const code = Object.create(null) as Record<string, Digest>;
  for (const path of (await findCode(store, run.code)).files) {
    const file = join(store.root, path);
    const digest = await store.statCache.digest(file);
    const kept = store.objects.has(digest) ? null : await keep(purpose, () => store.objects.putFile(file));
    code[path] = kept?.digest ?? digest;
  }
  return {
    code,
    packages: {},
    importers: {},
    runtime: await commandRuntime(run, code, store),
    bundle: null,
    origin: null,
    warnings: [],
  };
}

/** The program a command starts is as much part of it as Node is of a module. */
export async function commandRuntime(
  run: Extract<RunPlan, { kind: 'command' }>,
  code: Readonly<Record<string, Digest>>,
  store: Store,
): Promise<Record<string, string>> {
  const program = run.words[0] ?? '';
  if (codeWord(program, code) !== null) return {};
  const path = findProgram(program, store);
  if (path === null) {
    throw new ReproError('missing-program', `Cannot find the program "${program}"`, {
      hint: program.includes('/') ? 'Its path is relative to the project' : 'It is looked for in PATH',
    });
  }
  return { [program]: await store.statCache.digest(path) };
}

/** Absolute path of a program: a path relative to the project, or a name looked for in PATH. */
export function findProgram(program: string, store: Store): string | null {
  return (
    programCandidates(program, store).find((path) => {
      const stat = reach(store.fileSystem, path);
      return stat?.isFile() && (stat.mode & 0o111n) !== 0n;
    }) ?? null
  );
}

/** Where a program may be, the first place first. */
export function programCandidates(program: string, { root }: Store): string[] {
  return program.includes('/')
    ? [resolve(root, program)]
    : (process.env['PATH'] ?? '').split(delimiter).map((directory) => resolve(directory, program));
}
