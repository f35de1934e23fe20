// A run that executes what is not up to date, and writes its manifest.
import path from 'node:path';
import { ReproError } from '../error.ts';
import { gatesLeftOut } from '../manifest/gates/left-out.ts';
import { buildManifest, type RunFacts } from '../manifest/manifest.ts';
import { named, select } from '../pipeline/selection.ts';
import type { Plan } from '../pipeline/plan.ts';
import { readEnvironment } from '../runner/environment.ts';
import type { Emit, RunEvent } from '../runner/event.ts';
import { readable } from '../runner/failure.ts';
import { readGit } from '../runner/git/git.ts';
import { systemClock } from '../runner/process/clock.ts';
import type { CellOutcome, RunResult } from '../runner/result.ts';
import { type ExecutionOptions, runPipeline } from '../runner/run.ts';
import type { Manifest } from '../schema/types.ts';
import { writeAtomically } from '../store/atomic-write.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes } from '../store/digest.ts';
import type { KnownRecords } from '../store/records.ts';
import { openStore, type Store } from '../store/store.ts';
import { executorsOf } from './executors.ts';
import { Journal } from './journal.ts';
import { judgeAsTheyCome } from './judge-as-they-come.ts';
import { keepAnswer } from './keep-answer.ts';
import { type LatestRun, updateLatest } from './latest.ts';
import { digestConfiguration } from './run-index.ts';
import { limitsOf } from './limits.ts';
import { manifestPath, type Place } from './places.ts';
import type { Placement } from './placement.ts';
import { loadPlanOfRun, type LoadedPlan, type PlanOfRun } from './plan.ts';
import { readReferences } from './references.ts';
import type { Elsewhere } from './remote-results.ts';
import type { RunOptions } from './run-options.ts';
import type { RunSummary, StageSummary } from './run-summary.ts';

/**
 * Runs the pipeline, or the stages that are asked for and what they need, and keeps a journal of it.
 * @param known Records that were read before
 */
export async function executeRun(place: Place, options: RunOptions, known?: KnownRecords): Promise<RunSummary> {
  const journal = new Journal(place.root);
  const onEvent: Emit = (event) => {
    journal.add(event);
    options.onEvent?.(event);
  };
  try {
    const summary = await runStages(place, { ...options, onEvent }, known);
    journal.end({ summary });
    return summary;
  } catch (cause) {
    const error = readable(cause);
    const { code, message, hint, exit } =
      error instanceof ReproError ? error : new ReproError('internal', (error as Error).message);
    journal.end({ error: { code, message, hint, exit } });
    throw cause;
  }
}

async function runStages(place: Place, options: RunOptions, known?: KnownRecords): Promise<RunSummary> {
  // Before it is read: what is edited meanwhile is not what the answer is of.
  const configured = digestConfiguration(place.root);
  const { file, root } = place;
  const changes = known === undefined ? {} : { known };
  const { plan, ...executed } = await executePlan(place, options, changes, (loaded, plan) => (run, store) => {
    loaded.keep(store);
    const question = { ...options, file, root, text: loaded.source.text, configured };
    return keepAnswer(question, loaded, plan, summaryOf(plan, run), { ...run, store });
  });
  return summaryOf(plan, executed);
}

type Finished = (run: Executed, store: Store) => Promise<void>;

/** @param finished Makes what is called when the manifest is written, while the lock is still held. */
export async function executePlan(
  place: Place,
  options: RunOptions,
  changes: Pick<Changes, 'unpublished' | 'purpose' | 'known'>,
  finished?: (loaded: PlanOfRun, plan: Plan) => Finished,
): Promise<Executed & { readonly plan: Plan }> {
  const loaded = await loadPlanOfRun(place, options);
  const { plan: whole, placement } = loaded;
  const asked = options.stages ?? [];
  const plan: Plan = { ...whole, cells: select(whole, asked) };
  const executed = await execute(place, plan, loaded, options, {
    ...changes,
    placement,
    ...(plan.cells.length < whole.cells.length && { selected: [...asked] }),
    ...(options.force && { force: named(whole, asked) }),
    ...(finished && { finished: finished(loaded, plan) }),
  });
  return { ...executed, plan };
}

interface Executed {
  readonly result: RunResult;
  readonly manifest: Manifest;
  readonly latest: LatestRun;
}

interface Changes
  extends Pick<ExecutionOptions, 'force' | 'repeat' | 'unpublished'>, Pick<RunFacts, 'selected' | 'purpose'> {
  /** Where cells run; all on this machine by default. */
  readonly placement?: Placement;
  /** Records that were read before. */
  readonly known?: KnownRecords;
  /** Called when the manifest is written, while the lock is still held. */
  readonly finished?: Finished;
}

/** Runs a plan and writes its manifest. */
export async function execute(
  { root }: Place,
  plan: Plan,
  { source, included }: Pick<LoadedPlan, 'source' | 'included'>,
  options: RunOptions,
  { finished, placement, selected, purpose, known, ...changes }: Changes,
): Promise<Executed> {
  const store = openStore(root);
  if (known) store.records.know(known);
  // Read before anything runs: this is the code that the plan was made from.
  const state = readGit(root);
  const references = await readReferences(root, plan);
  const judge = judgeAsTheyCome(plan.gates, references, options.onEvent ?? (() => {}));
  const { emit } = judge;
  const elsewhere = await askElsewhere(store, options, emit);
  const report = (message: string) => emit({ kind: 'warning', stage: null, message });
  const executors = placement && (await executorsOf(placement, store, report));
  let written: Omit<Executed, 'result'> | undefined;
  const result = await runPipeline(plan, {
    store,
    ...(elsewhere && { elsewhere: elsewhere.results }),
    ...(elsewhere?.push && { onComputed: elsewhere.push.add }),
    ...(executors && { executors }),
    ...limitsOf(options),
    failFast: options.failFast ?? false,
    wait: options.wait ?? false,
    keep: options.keep ?? false,
    signal: options.signal ?? new AbortController().signal,
    clock: systemClock,
    watch: {
      strict: options.strict ?? false,
      trace: options.trace ?? false,
      system: (options.system ?? []).map((directory) => path.resolve(directory)),
    },
    ...changes,
    emit,
    finish: async (complete) => {
      const { git, gaps, unread } = await state;
      if (unread) for (const message of gaps) emit({ kind: 'warning', stage: null, message });
      const manifest = buildManifest({ ...plan, file: path.basename(plan.file) }, complete, {
        pipelineDigest: digestBytes(source.text),
        included: included.map(({ path: file, source: { text } }) => ({ file, digest: digestBytes(text) })),
        git,
        gitGaps: gaps,
        environment: readEnvironment(),
        references,
        ...(selected && { selected }),
        ...(purpose && { purpose }),
      });
      judge.rest(
        manifest.gates,
        plan.cells.map(({ id }) => id),
      );
      written = { manifest, latest: await writeManifest(manifest, store) };
      await finished?.({ result: complete, ...written }, store);
      await elsewhere?.finish(complete);
    },
  });
  if (written === undefined) throw new Error('Internal error: the run ended without a manifest');
  emit(runFinished(result));
  return { result, ...written };
}

async function askElsewhere(store: Store, options: RunOptions, emit: Emit): Promise<Elsewhere | null> {
  if (options.remote === undefined && !options.push) return null;
  const { signal = new AbortController().signal } = options;
  return (await import('./remote-results.ts')).openElsewhere(store, options, { emit, signal });
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

async function writeManifest(manifest: Manifest, store: Store): Promise<LatestRun> {
  const text = Buffer.from(`${canonicalJson(manifest)}\n`);
  const kept = path.join(store.root, manifestPath(manifest.run.id));
  writeAtomically(store.fileSystem, kept, text, { temporary: store.temporary, durable: true });
  return updateLatest(manifest, text, store);
}

function summaryOf(plan: Plan, { result, manifest, latest }: Executed): RunSummary {
  const { runId: id, outcome, seconds, warnings } = result;
  return {
    id,
    isUpToDate: false,
    outcome,
    verdict: outcome === 'complete' ? (passes(plan, manifest) ? 'ok' : 'gate') : outcome,
    seconds,
    profile: plan.profile,
    pipeline: plan.name,
    overrides: plan.overrides,
    stages: result.cells.map(stageSummary),
    numbers: manifest.numbers,
    gates: manifest.gates,
    audited: manifest.stages.filter(({ audit }) => audit),
    warnings,
    latest,
  };
}

function stageSummary({ cell: { id }, status, record, failure, kept, from }: CellOutcome): StageSummary {
  return {
    id,
    status,
    ...(record && { computed: { run: record.run, finishedAt: record.finishedAt, seconds: record.seconds } }),
    ...(failure && { failure }),
    ...(kept !== undefined && { kept }),
    ...(from !== undefined && { from }),
  };
}

/** A run of chosen stages is not judged by gates on stages it left out. */
function passes(plan: Plan, manifest: Manifest): boolean {
  const chosen = new Set(plan.cells.map((stage) => stage.id));
  const leftOut = new Set(gatesLeftOut(manifest.gates, chosen));
  // A gate of which the run had no cell may have been unmeasured for another reason, such as a reference that is not there.
  const touched = plan.gates.filter((gate) => gate.cells.some((cell) => chosen.has(cell))).map((gate) => gate.name);
  const judged = new Set(touched.filter((name) => !leftOut.has(name)));
  return manifest.gates.every((gate) => gate.verdict === 'PASS' || !judged.has(gate.name));
}
