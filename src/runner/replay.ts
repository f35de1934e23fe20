// Recorded executions as a plan that can be run again without the files it was made from. Code comes from the store.
// Data comes from where it lay, and packages and programs are those installed; all must still be the same.
import { dirname, join, resolve } from 'node:path';
import type { Source } from '../pipeline/input-source.ts';
import type { AxisValues, CellId, InputPlan, Json, Plan, RunPlan, CellPlan } from '../pipeline/plan.ts';
import { SourceFile } from '../pipeline/source.ts';
import { ReproError } from '../error.ts';
import type { Preimage } from '../schema/types.ts';
import { temporaryPath, writeNewFile } from '../store/atomic-write.ts';
import { hexOf, parseDigest } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import { keyOf } from '../store/environment-key.ts';
import { joinBelow } from '../store/path-below.ts';
import { removeQuietly } from '../store/remove.ts';
import { filesOf, type ReadFile } from '../store/input-files.ts';
import type { Store } from '../store/store.ts';
import { bundle, linkWorkspaces } from './code/bundle.ts';
import type { StageFailure } from './event.ts';
import { failureOf } from './failure.ts';
import { passedOn, variableIn, type Variable, type Variables } from './process/variables.ts';
import type { Content } from './fingerprint.ts';
import { readExternal } from './freeze.ts';
import type { FrozenCode, FrozenPlan } from './freeze.ts';
import { installedKit, isKitFile, kitHome } from './code/kit.ts';
import { Packages, reachedPackages } from './code/packages.ts';
import { findRuntime } from './code/program.ts';
import { makeParent } from './process/work-directory.ts';

type ExternalPlan = Extract<InputPlan, { kind: 'file' | 'directory' }>;

/** A cell as a manifest has it. Its inputs from other cells follow from what those give when they are run. */
export interface RecordedCell {
  readonly id: CellId;
  readonly dependsOn: readonly CellId[];
  readonly sources: Readonly<Record<string, Source>>;
  readonly preimage: Preimage;
}

export interface Recording {
  readonly name: string;
  /** The pipeline's, from which those of the cells follow. */
  readonly seed: number;
  /** In topological order; each cell with all it depends on. */
  readonly cells: readonly RecordedCell[];
}

/** The plan of a recording. Its cells are restored where the store has their results. */
export function replayPlan({ name, seed, cells }: Recording, store: Store): Plan {
  const at = { file: new SourceFile('manifest', ''), span: { start: 0, end: 0 } };
  const stages = cells.map(({ id, preimage, dependsOn, sources }): CellPlan => {
    const input = (name: string, recorded: Preimage['inputs'][string]): InputPlan => {
      const [file] = filesOf(recorded);
      // An input that was absent, and is one of another manifest now, has its path from there.
      const source = sources[name] ?? file?.path ?? null;
      if (source === null || file === undefined) return { kind: 'absent', at };
      if (Array.isArray(source)) return { kind: 'gathered', from: source, labels: labelsOf(recorded), at };
      if (typeof source === 'object') return { kind: 'output', ...source, at };
      if (/^https?:/.test(source)) return { kind: 'url', url: source, sha256: hexOf(file.digest), at };
      // Its path is part of what was recorded, but for manifests of format 1.
      const path = file.path ?? source;
      const isDirectory =
        file.path?.endsWith('/') ?? store.statCache.stat(resolve(store.root, source))?.isDirectory() ?? false;
      return { kind: isDirectory ? 'directory' : 'file', path, external: true, at };
    };
    return {
      id,
      stage: preimage.stage,
      identity: preimage.stage,
      axes: preimage.cell,
      run: runOf(preimage),
      params: preimage.params as Record<string, Json>,
      inputs: Object.fromEntries(Object.entries(preimage.inputs).map(([key, value]) => [key, input(key, value)])),
      outputs: preimage.outputs,
      numbers: preimage.numbers,
      env: Object.keys(preimage.env),
      pass: [],
      cpus: preimage.threads,
      // Not recorded: they are no part of what was computed.
      memoryBytes: 0,
      gpus: 0,
      retries: 0,
      timeoutSeconds: null,
      setup: preimage.setup ?? [],
      dependsOn,
      at,
    };
  });
  return {
    name,
    file: 'manifest',
    seed,
    profile: null,
    overrides: {},
    params: {},
    cells: stages,
    leftOut: {},
    gates: [],
  };
}

/** The cells of a gathered input's files, where the stage was told them. */
function labelsOf(input: Preimage['inputs'][string]): AxisValues[] | null {
  const labels = filesOf(input).flatMap(({ cell }) => (cell === undefined ? [] : [cell]));
  return labels.length > 0 ? labels : null;
}

/** A module's runtime is Node; a command's is named by its program. */
function runOf({ run, runtime, code, inserts }: Preimage): RunPlan {
  const [first = ''] = run;
  // A script that Node runs by its first line has the digest of that program.
  const isModule = run.length === 1 && /^v\d/.test(runtime['node'] ?? '') && Object.hasOwn(code, first);
  return isModule
    ? { kind: 'module', path: first }
    : { kind: 'command', words: run, inserts: inserts === true, code: Object.keys(code), packages: null };
}

/**
 * What `freezePlan` does for a pipeline, for a recording. Nothing is read from the working tree but sources the store
 * lacks, and only where they have the recorded digest. Cells that could not be executed here are `unavailable`.
 */
export async function freezeRecording(recording: Recording, plan: Plan, store: Store): Promise<FrozenPlan> {
  const codes = new Map<string, Promise<{ code: FrozenCode; failure: StageFailure | null }>>();
  const code = new Map<CellId, FrozenCode>();
  const external = new Map<string, Content>();
  const unavailable = new Map<CellId, StageFailure>();
  const variables = new Map<CellId, Variables>();
  for (const [index, { id, preimage }] of recording.cells.entries()) {
    const stage = plan.cells[index]!;
    const key = JSON.stringify([preimage.run, preimage.code, preimage.packages, preimage.runtime]);
    if (!codes.has(key)) codes.set(key, recordedCode(stage.run, preimage, store));
    const found = await codes.get(key)!;
    code.set(id, found.code);
    const own = recordedVariables(preimage, store);
    variables.set(id, own);
    const failure =
      found.failure ?? (await checkExternal(stage, preimage, store)) ?? checkVariables(own) ?? checkSetup(preimage);
    if (failure) unavailable.set(id, failure);
    for (const [name, input] of Object.entries(stage.inputs)) {
      if (input.kind !== 'file' && input.kind !== 'directory') continue;
      const [file] = filesOf(preimage.inputs[name]);
      if (file)
        external.set(input.path, {
          digest: file.digest,
          ...(isExecutable(file, input, store) && { executable: true }),
        });
    }
  }
  return { code, external, variables, failures: new Map(), unavailable, warnings: [] };
}

/** The value of a variable is not recorded: it is known where this process has the one of that digest. */
function recordedVariables({ env }: Preimage, { environmentKey }: Store): Variables {
  return Object.fromEntries(
    Object.entries(env).map(([name, recorded]): [string, Variable] => {
      if (recorded === null) return [name, { digest: null, value: null }];
      // In format 1 the value itself stood here.
      if (keyOf(recorded) === null) return [name, { digest: environmentKey.digest(name, recorded), value: recorded }];
      const here = variableIn(process.env, name);
      const same = here !== undefined && environmentKey.digest(name, here) === recorded;
      return [name, { digest: recorded, value: same ? here : null }];
    }),
  );
}

function checkVariables(variables: Variables): StageFailure | null {
  const names = Object.keys(variables).filter(
    (name) => variables[name]!.digest !== null && variables[name]!.value === null,
  );
  if (names.length === 0) return null;
  const message = `Its environment (${names.join(', ')}) is not what it was, as far as can be told: values are not recorded`;
  const hint = 'Set it as it was; for results of another store, REPRO_ENV_KEY to the key of that store';
  return failureOf(new ReproError('other-environment', message, { hint }));
}

/** What its executor ran before it may work nowhere but there. */
function checkSetup({ setup = [] }: Preimage): StageFailure | null {
  if (setup.length === 0) return null;
  const message = `It was set up by lines of its executor, which are not run here: ${setup.join('; ')}`;
  const hint = 'Execute it where it was: repro run --force, with the same executor';
  return failureOf(new ReproError('needs-executor', message, { hint }));
}

/** The cells of a recording that could not be executed here, and why. */
export async function unavailableCells(recording: Recording, store: Store): Promise<ReadonlyMap<CellId, StageFailure>> {
  const frozen = await freezeRecording(recording, replayPlan(recording, store), store);
  return frozen.unavailable ?? new Map<CellId, StageFailure>();
}

/** Recorded code, ready to be executed or with the reason why it cannot be here. */
async function recordedCode(
  run: RunPlan,
  { code: recorded, packages, runtime, env }: Preimage,
  store: Store,
): Promise<{ code: FrozenCode; failure: StageFailure | null }> {
  const code = Object.fromEntries(Object.entries(recorded).map(([path, digest]) => [path, parseDigest(digest)]));
  const frozen = { code, packages, importers: {}, runtime, origin: null, gaps: [] };
  try {
    for (const [path, digest] of Object.entries(code)) await fetchSource(store, path, digest, run);
    if (run.kind === 'command') {
      const here = await findRuntime(run, code, store, passedOn(process.env, Object.keys(env)));
      check('Program', runtime, here.runtime);
      // Earlier versions recorded none, and what a stage did not name may have been installed since.
      check('Package', packages, onlyThose(packages, here.packages));
      return { code: { ...frozen, bundle: null }, failure: null };
    }
    check('Runtime', runtime, { node: process.version });
    const built = await bundleSources(store, run.path, code);
    check('Package', packages, built.packages);
    return { code: { ...frozen, bundle: built.bundle }, failure: null };
  } catch (error) {
    return { code: { ...frozen, bundle: null }, failure: failureOf(error) };
  }
}

async function fetchSource(store: Store, name: string, digest: Digest, run: RunPlan): Promise<void> {
  if (await store.objects.verify(digest, 'file')) return;
  const file = placeOf(store, name, run);
  if (file !== null && store.statCache.stat(file)?.isFile() && (await store.statCache.digest(file)) === digest) {
    await store.objects.putFile(file);
    return;
  }
  throw new ReproError('code-missing', `Its code "${name}" is neither in the store nor the file of that name`, {
    hint: `Check out the commit it was run at${isKitFile(name) ? ', and install the version of repro that ran it' : ''}`,
  });
}

/** Where code lies that may still be what it was. */
function placeOf({ fileSystem: fs, root }: Store, name: string, run: RunPlan): string | null {
  if (run.kind === 'command' || !isKitFile(name)) return joinBelow(root, name);
  const kit = installedKit(fs, new Packages(fs, root), dirname(join(root, run.path)));
  return kit && kit.file(name);
}

const onlyThose = (
  names: Readonly<Record<string, string>>,
  all: Readonly<Record<string, string>>,
): Record<string, string> => Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(names, name)));

function check(what: string, recorded: Readonly<Record<string, string>>, here: Readonly<Record<string, string>>): void {
  const names = new Set([...Object.keys(recorded), ...Object.keys(here)]);
  const differing = [...names].filter((name) => recorded[name] !== here[name]).sort();
  if (differing.length === 0) return;
  const shown = differing.slice(0, 3).map((name) => {
    if (recorded[name] === undefined) return `${name} is new`;
    return here[name] === undefined ? `${name} is not here` : `${name} is another here`;
  });
  const rest = differing.length > 3 ? ` and ${differing.length - 3} more` : '';
  throw new ReproError('other-installation', `${what} ${shown.join(', ')}${rest}`, {
    hint: 'Install what the run had: npm ci at its commit, with its version of Node',
  });
}

/** Bundles sources from the store in a directory of their own; packages are those the project has installed. */
async function bundleSources(
  store: Store,
  entry: string,
  code: Readonly<Record<string, Digest>>,
): Promise<{ bundle: Digest; packages: Readonly<Record<string, string>> }> {
  const { fileSystem: fs, objects, root } = store;
  const directory = temporaryPath(fs, store.temporary);
  try {
    for (const [path, digest] of Object.entries(code)) {
      const target = joinBelow(directory, path);
      makeParent(fs, target);
      const bytes = objects.readBytes(digest);
      if (bytes === null) throw new ReproError('code-damaged', `Its code "${path}" is damaged in the store`);
      writeNewFile(fs, target, bytes);
    }
    makeParent(fs, joinBelow(directory, entry));
    linkWorkspaces(fs, root, directory, Object.keys(code));
    const packages = new Packages(fs, root);
    // A recording of an earlier version has the kit among its packages.
    const kit = () =>
      Object.keys(code).some(isKitFile)
        ? {
            home: kitHome(fs, packages, dirname(join(root, entry))),
            file: (name: string) => joinBelow(directory, name),
          }
        : null;
    const read = (_name: string, path: string) => fs.readFileSync(path);
    const bundled = await bundle(entry, { fileSystem: fs, directory, root, packages, kit, read });
    const reached = reachedPackages(packages, bundled.imports);
    return { bundle: objects.putBytes(bundled.contents).digest, packages: reached.packages };
  } finally {
    removeQuietly(fs, directory);
  }
}

/** Manifests of format 1 do not say it: then as it is. */
function isExecutable(file: ReadFile, input: ExternalPlan, { statCache, root }: Store): boolean {
  if (file.path !== null || input.kind === 'directory') return file.isExecutable;
  return ((statCache.stat(resolve(root, input.path))?.mode ?? 0n) & 0o111n) !== 0n;
}

/** Data from outside is not kept: it can be read again only while it is the same. */
async function checkExternal(stage: CellPlan, preimage: Preimage, store: Store): Promise<StageFailure | null> {
  for (const [name, input] of Object.entries(stage.inputs)) {
    if (input.kind !== 'file' && input.kind !== 'directory') continue;
    try {
      const [file] = filesOf(preimage.inputs[name]);
      const { digest, executable = false } = await readExternal(store, input);
      if (file?.digest === digest && isExecutable(file, input, store) === executable) continue;
      throw new ReproError('other-input', `Input "${input.path}" is not what it was, and its bytes are not kept`);
    } catch (error) {
      return failureOf(error);
    }
  }
  return null;
}
