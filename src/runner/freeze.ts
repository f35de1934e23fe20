// The frozen plan: code and data from outside are hashed once, when a run begins; what changes later changes nothing or
// is noticed.
import { join, relative, resolve, sep } from 'node:path';
import type { CellId, InputPlan, Plan, CellPlan } from '../pipeline/plan.ts';
import { ReproError } from '../error.ts';
import { digestBytes } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import { listTree, treeText } from '../store/tree.ts';
import type { TreeEntry } from '../store/tree.ts';
import { Closures, keep } from './code/closure.ts';
import { findCode } from './code/code-files.ts';
import type { ClosureOrigin, Intent } from './code/closure.ts';
import { declaredVariables, type Variables } from './process/variables.ts';
import type { StageFailure } from './event.ts';
import { failureOf } from './failure.ts';
import type { Content, StageCode } from './fingerprint.ts';
import { programWords, Runtimes } from './code/program.ts';

export interface FrozenCode extends StageCode {
  /** The module to execute; null for a command, which is executed from copies of its code files. */
  readonly bundle: Digest | null;
  /** What the code of a module was found from; null for a command, and while it is still being written. */
  readonly origin: ClosureOrigin | null;
  /** Sentences about what is not known of it. */
  readonly gaps: readonly string[];
}

export interface FrozenPlan {
  readonly code: ReadonlyMap<CellId, FrozenCode>;
  /** Files and directories from outside, by path as declared. */
  readonly external: ReadonlyMap<string, Content>;
  /** Cells whose code or data cannot be read, and why. */
  readonly failures: ReadonlyMap<CellId, StageFailure>;
  /** Cells that can be restored and not executed, and why. */
  readonly unavailable?: ReadonlyMap<CellId, StageFailure>;
  /** The variables that each cell declares. */
  readonly variables: ReadonlyMap<CellId, Variables>;
  /** Each once, in the order of the plan. */
  readonly warnings: readonly { readonly stage: CellId; readonly message: string }[];
}

/** Hashes the code and outside data of every cell. Code is kept in the store, so that the code behind a number can be had back. */
export async function freezePlan(plan: Plan, store: Store, intent: Intent = 'run'): Promise<FrozenPlan> {
  const closures = new Closures(store, intent);
  const runtimes = new Runtimes(store, process.env);
  const codes = new Map<string, Promise<WarnedCode>>();
  const code = new Map<CellId, FrozenCode>();
  const external = new Map<string, Content>();
  const variables = new Map<CellId, Variables>();
  const failures = new Map<CellId, StageFailure>();
  const warnings = new Map<string, CellId>();
  for (const stage of plan.cells) {
    try {
      const key = codeKey(stage);
      if (!codes.has(key)) codes.set(key, freezeCode(stage, { store, closures, runtimes, intent }));
      const frozen = await codes.get(key)!;
      variables.set(stage.id, declaredVariables(stage.env, process.env, store));
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
  return {
    code,
    external,
    variables,
    failures,
    warnings: [...warnings].map(([message, stage]) => ({ stage, message })),
  };
}

/** Stages that run the same code have the same key: a thousand may differ in nothing but an argument. */
export function codeKey({ run, env }: Pick<CellPlan, 'run' | 'env'>): string {
  // A variable may tell a version manager which program to start.
  return JSON.stringify(run.kind === 'module' ? run.path : [programWords(run), run.code, run.packages, env]);
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
    // To read a pipe is to wait for who writes into it, and a device has no end.
    if (!stat.isFile()) {
      throw new ReproError('missing-input', `Input "${input.path}" is a pipe, a socket or a device, not a file`, {
        hint: 'Write what it gives into a file, and declare that',
      });
    }
    return { digest: await store.statCache.digest(path), ...((stat.mode & 0o111n) !== 0n && { executable: true }) };
  }
  const files: TreeEntry[] = [];
  const found = listTree(store.fileSystem, path, 'follow');
  for (const file of found.files) {
    files.push({ ...file, digest: await store.statCache.digest(join(path, file.path)) });
  }
  return { digest: digestBytes(treeText({ ...found, files })) };
}

export function sameContent(a: Content, b: Content | undefined): boolean {
  return a.digest === b?.digest && a.executable === b.executable;
}

interface WarnedCode extends FrozenCode {
  /** Those of its gaps that are told while it runs. */
  readonly warnings: readonly string[];
}

async function freezeCode(
  { run, env }: CellPlan,
  context: {
    readonly store: Store;
    readonly closures: Closures;
    readonly runtimes: Runtimes;
    readonly intent: Intent;
  },
): Promise<WarnedCode> {
  const { store, closures, runtimes, intent } = context;
  if (run.kind === 'module') {
    const closure = await closures.of(run.path);
    return { ...closure, runtime: { node: process.version }, gaps: closure.warnings };
  }
  // Without a prototype: a file may be named `__proto__`.
  const code = Object.create(null) as Record<string, Digest>;
  for (const path of (await findCode(store, run.code)).files) {
    const file = join(store.root, path);
    const digest = await store.statCache.digest(file);
    const kept = (await store.objects.verify(digest, 'file'))
      ? null
      : await keep(intent, () => store.objects.putFile(file));
    code[path] = kept?.digest ?? digest;
  }
  const found = await runtimes.of(run, code, env);
  const nothing = { importers: {}, bundle: null, origin: null };
  const { runtime, packages, gaps, warnings } = found;
  return { code, runtime, packages, gaps: [...gaps, ...warnings], warnings, ...nothing };
}
