// A run: what is not up to date is executed, the manifest written, and what came out said.
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { gatesLeftOut } from '../manifest/gates/left-out.ts';
import { buildManifest } from '../manifest/manifest.ts';
import { named, select } from '../pipeline/dependencies.ts';
import type { Plan } from '../pipeline/plan.ts';
import type { SourceFile } from '../pipeline/source.ts';
import { systemClock } from '../runner/process/clock.ts';
import { readEnvironment } from '../runner/environment.ts';
import type { Emit, RunEvent } from '../runner/event.ts';
import { readGit } from '../runner/git/git.ts';
import type { RunResult, CellOutcome } from '../runner/result.ts';
import { runPipeline } from '../runner/run.ts';
import type { ExecutionOptions as RunnerOptions } from '../runner/run.ts';
import type { Manifest } from '../schema/types.ts';
import { writeAtomically, writeInProject } from '../store/atomic-write.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes, parseDigest } from '../store/digest.ts';
import type { FileStates } from '../store/file-states.ts';
import { openStore, type Store } from '../store/store.ts';
import { eventJson } from './view/event-json.ts';
import { printWarnings } from './view/error-text.ts';
import { onInterrupt } from './interrupt.ts';
import { type LimitOptions, limitsOf } from '../project/limits.ts';
import { type LoadedPlan, loadPlan, type PlanOptions } from '../project/plan.ts';
import { print } from './view/print.ts';
import { progressLines } from './view/progress-lines.ts';
import { latestManifest, manifestPath, projectRoot } from '../project/places.ts';
import { readReferences } from '../project/references.ts';
import type { Answer } from '../project/run-answer.ts';
import { type Question, writeAnswer } from '../project/run-index.ts';
import { resultLines } from './view/run-result.ts';

export interface RunOptions extends PlanOptions, LimitOptions {
  readonly json?: boolean;
  readonly failFast?: boolean;
  readonly wait?: boolean;
  readonly report?: boolean;
  readonly strict?: boolean;
  readonly trace?: boolean;
  readonly system?: readonly string[];
  readonly force?: boolean;
}

/** Runs the pipeline, or the stages that patterns name and what they need. */
export async function executeRun(options: RunOptions, patterns: readonly string[]): Promise<ExitCode> {
  const loaded = await loadPlan(options);
  printWarnings(loaded.warnings);
  const { plan: whole, source } = loaded;
  const plan: Plan = { ...whole, cells: select(whole, patterns) };
  const question = { ...options, patterns, text: source.text };
  const { result, manifest, store } = await execute(options, plan, source, {
    ...(options.force && { force: named(whole, patterns) }),
    finished: (...run) => keepAnswer(question, loaded, plan, ...run),
  });
  const report = options.report ? await (await import('./report.ts')).writeReport(manifest, store) : null;
  if (!options.json) for (const line of resultLines(plan, result, manifest, report)) print(line);
  return verdict(plan, manifest);
}

interface Changes extends Pick<RunnerOptions, 'force' | 'repeat'> {
  readonly emit?: Emit;
  /** Called when the manifest is written, while the lock is still held. */
  readonly finished?: (result: RunResult, manifest: Manifest, store: Store) => Promise<void>;
}

/** Runs a plan where it can be watched, and writes its manifest. */
export async function execute(
  options: RunOptions,
  plan: Plan,
  source: SourceFile,
  { finished, ...changes }: Changes,
): Promise<{ result: RunResult; manifest: Manifest; store: Store }> {
  const root = projectRoot(options);
  const store = openStore(root);
  // Read before anything runs: this is the code that the plan was made from.
  const state = readGit(root);
  const references = await readReferences(options, plan);

  const view = changes.emit ? { emit: changes.emit, close: () => Promise.resolve() } : await openView(options, plan);
  using interrupt = onInterrupt(store, view.emit);
  let manifest: Manifest | undefined;
  let result: RunResult;
  try {
    result = await runPipeline(plan, {
      store,
      ...limitsOf(options),
      failFast: options.failFast ?? false,
      wait: options.wait ?? false,
      signal: interrupt.signal,
      clock: systemClock,
      watch: {
        strict: options.strict ?? false,
        trace: options.trace ?? false,
        system: (options.system ?? []).map((directory) => path.resolve(directory)),
      },
      ...changes,
      emit: view.emit,
      finish: async (complete) => {
        const { git, gaps, unread } = await state;
        if (unread) for (const message of gaps) view.emit({ kind: 'warning', stage: null, message });
        manifest = buildManifest({ ...plan, file: path.basename(plan.file) }, complete, {
          pipelineDigest: digestBytes(source.text),
          git,
          gitGaps: gaps,
          environment: readEnvironment(),
          references,
        });
        writeManifest(manifest, store);
        await finished?.(complete, manifest, store);
      },
    });
  } finally {
    await view.close();
  }
  if (manifest === undefined) throw new Error('Internal error: the run ended without a manifest');
  view.emit(runFinished(result));
  return { result, manifest, store };
}

/** Lets the next run see at once that nothing changed. */
async function keepAnswer(
  question: Question,
  { source, warnings }: LoadedPlan,
  plan: Plan,
  { runId, cells, snapshot, warnings: found }: RunResult,
  manifest: Manifest,
  store: Store,
): Promise<void> {
  if (snapshot === null) return;
  // A warning that speaks of another place than the file cannot be shown again from its text.
  if (warnings.some(({ at, related }) => at.file !== source || related.length > 0)) return;
  const answer: Answer = {
    runId,
    profile: plan.profile,
    overrides: plan.overrides,
    stages: cells.flatMap(({ cell: { id }, record }) =>
      record === undefined ? [] : [[id, record.run, record.finishedAt, record.seconds] as const],
    ),
    numbers: manifest.numbers,
    gates: manifest.gates,
    audited: manifest.stages.filter(({ audit }) => audit),
    verdict: verdict(plan, manifest),
    warnings: found,
    diagnostics: warnings.map(({ at, ...rest }) => ({ ...rest, span: at.span })),
  };
  const variables = new Set(plan.cells.flatMap(({ env }) => env));
  try {
    const references = await referenceKeys(manifest, store);
    if (references === null) return;
    const basis = { ...snapshot, files: [...snapshot.files, ...references] };
    writeAnswer(question, answer, { snapshot: basis, git: manifest.git, variables }, (file, text) =>
      writeAtomically(store.fileSystem, file, text, { temporary: store.temporary }),
    );
  } catch {
    // A cache: on a full disk, or where a reference can no longer be read, the next run looks at everything.
  }
}

/** The manifests that bands lie around, as files that the verdicts rest on; null when one is not what was read. */
async function referenceKeys({ gates }: Manifest, { statCache, root }: Store): Promise<FileStates | null> {
  const keys = new Map<string, string | null>();
  for (const { path: file, digest } of gates.flatMap(({ reference }) => reference ?? [])) {
    // Without a digest it was not there.
    const key = digest === undefined ? null : await statCache.settledKey(path.join(root, file), parseDigest(digest));
    if (digest !== undefined && key === null) return null;
    keys.set(file, key);
  }
  return [...keys];
}

/** Where the run is shown as it happens. */
async function openView(options: RunOptions, plan: Plan): Promise<{ emit: Emit; close(): Promise<void> }> {
  const close = () => Promise.resolve();
  if (options.json) return { emit: eventJson(print), close };
  if (!process.stdout.isTTY) return { emit: progressLines(systemClock, print), close };
  const { openLiveView } = await import('./view/progress-live.ts');
  return openLiveView(
    systemClock,
    plan.cells.map((stage) => stage.id),
  );
}

function runFinished({ runId, outcome, cells, seconds }: RunResult): RunEvent {
  const number = (status: CellOutcome['status']) => cells.filter((stage) => stage.status === status).length;
  return {
    kind: 'run-finished',
    outcome,
    manifest: manifestPath(runId),
    computed: number('computed'),
    restored: number('restored'),
    failed: number('failed'),
    seconds,
  };
}

function writeManifest(manifest: Manifest, store: Store): void {
  const text = Buffer.from(`${canonicalJson(manifest)}\n`);
  const kept = path.join(store.root, manifestPath(manifest.run.id));
  writeAtomically(store.fileSystem, kept, text, { temporary: store.temporary, durable: true });
  // A link may lead to the manifest that is kept of another run.
  writeInProject(store.fileSystem, store.root, latestManifest, text);
}

/** A run of chosen stages is not judged by gates on stages it left out. */
function verdict(plan: Plan, manifest: Manifest): ExitCode {
  if (manifest.run.outcome === 'interrupted') return exitCode.interrupted;
  if (manifest.run.outcome === 'failed') return exitCode.failed;
  const chosen = new Set(plan.cells.map((stage) => stage.id));
  const leftOut = new Set(gatesLeftOut(manifest.gates, chosen));
  // A gate of which the run had no cell may have been unmeasured for another reason, such as a reference that is not there.
  const touched = plan.gates.filter((gate) => gate.cells.some((cell) => chosen.has(cell))).map((gate) => gate.name);
  const judged = new Set(touched.filter((name) => !leftOut.has(name)));
  const passed = manifest.gates.every((gate) => gate.verdict === 'PASS' || !judged.has(gate.name));
  return passed ? exitCode.ok : exitCode.gate;
}
