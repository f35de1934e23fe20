// A plan executed: each cell restored from the store or computed, and an outcome for every one of them.
import { inputSources } from '../pipeline/input-source.ts';
import type { CellId, Plan, CellPlan } from '../pipeline/plan.ts';
import { exitCode, ReproError } from '../error.ts';
import type { StageRecord } from '../schema/types.ts';
import { removeQuietly } from '../store/remove.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { parseDigest } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import { errnoOf } from '../store/file-system.ts';
import { lostLog } from '../store/lost-log.ts';
import { repeatableNumbers } from '../store/repeats.ts';
import { nameRun } from '../store/run-id.ts';
import type { Snapshot } from '../store/file-states.ts';
import type { Store } from '../store/store.ts';
import { Capacity, checkCapacity } from './capacity.ts';
import type { Limits } from './capacity.ts';
import { explainCell, keyOf } from './cell-key.ts';
import type { CellKey } from './cell-key.ts';
import type { Clock } from './process/clock.ts';
import type { Emit, StageFailure } from './event.ts';
import type { Executors } from './process/executor.ts';
import { failureOf, rethrowReadable } from './failure.ts';
import { freezePlan } from './freeze.ts';
import type { FrozenPlan } from './freeze.ts';
import { localExecutors } from './process/local.ts';
import { hasOutputs } from './outputs/outputs.ts';
import { publishedDirectory, Publisher } from './outputs/publish.ts';
import type { RunResult, CellOutcome } from './result.ts';
import { schedule, Slots } from './schedule.ts';
import type { Visit } from './schedule.ts';
import { takeSnapshot } from './snapshot.ts';
import { executeStage, executeWithRetries, isDurable } from './stage-run.ts';
import { unwatched } from './watch/declared.ts';
import type { Watch } from './watch/declared.ts';
import { checkTracing } from './watch/strace.ts';
import { wasWatched } from './watch/watch.ts';
import { projectPath } from './execution.ts';
import type { Execution } from './execution.ts';
import { strayJobs } from './strays.ts';
import { Removals } from './process/removals.ts';
import {
  directoryName,
  endLeftovers,
  isWorkKept,
  keepWork,
  notedJob,
  removeFinished,
  repeatSuffix,
  workDirectory,
} from './process/work-directory.ts';

export interface ExecutionOptions extends Limits {
  readonly store: Store;
  readonly emit: Emit;
  /** Ends running stages and starts no others; the result is still complete. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Where stages run; this machine by default. */
  readonly executors?: Executors;
  /** Asked for results that the store does not have, before they are computed. */
  readonly elsewhere?: ResultSource;
  /** Is told of each result that was computed, once it is in the store. */
  readonly onComputed?: (cell: CellId, record: StageRecord) => void;
  /** After a failure execute no cell that has not begun; by default only those below it are not. */
  readonly failFast?: boolean;
  /** Leave the directories of stages that ended well where they are, until `gc` clears them. */
  readonly keep?: boolean;
  /** Wait for another run of the project instead of failing. */
  readonly wait?: boolean;
  /**
   * Called with the result while the lock is still held: what it is written into cannot be collected as garbage, nor
   * overtaken by another run.
   */
  readonly finish?: (result: RunResult) => Promise<void>;
  /** Cells to execute although the store has their results, from the beginning. */
  readonly force?: ReadonlySet<CellId>;
  /** How code and data are found; as they lie in the project by default. */
  readonly freeze?: (plan: Plan, store: Store) => Promise<FrozenPlan>;
  /** Results stay in the store, and `artifacts` as it is. */
  readonly unpublished?: boolean;
  /** How executions are watched. Results whose execution was not watched so are computed again. */
  readonly watch?: Watch;
  /** Cells to execute that often again, in clean directories, to compare the results with the one that is kept. */
  readonly repeat?: {
    readonly cells: ReadonlySet<CellId>;
    readonly times: number;
    /** Not those that this run computes anyway. */
    readonly restoredOnly?: boolean;
  };
}

/** A place beside the store that may have results. */
export interface ResultSource {
  readonly name: string;
  /**
   * Brings the result of a fingerprint into the store, with all that it names. False where it cannot be had: why is told
   * by the source, and is no reason for the run to fail.
   */
  obtain(cell: CellId, fingerprint: Digest, signal: AbortSignal): Promise<boolean>;
}

/** Copies and hashes at a time when results are restored. */
const restoresAtOnce = 4;

/**
 * Runs every cell of a plan. Failures of stages are in the result; thrown is only what concerns the whole run, such as
 * `locked`. Emits every event but `run-finished`: that belongs to whoever writes the manifest, once it is written.
 */
export async function runPipeline(plan: Plan, options: ExecutionOptions): Promise<RunResult> {
  const { store, clock, emit, signal } = options;
  if (options.watch?.trace) await checkTracing();
  using _lock = await takeLock(options).catch(rethrowReadable);
  const startedAt = clock.now();
  const start = clock.seconds();
  const runId = nameRun(store, startedAt);
  emit({
    kind: 'run-started',
    run: runId,
    pipeline: plan.name,
    profile: plan.profile,
    stages: plan.cells.map(({ id }) => id),
  });
  await endLeftovers(store);
  const leftovers = removeFinished(store);
  const frozen = await (options.freeze ?? freezePlan)(plan, store).catch(rethrowReadable);
  for (const { stage, message } of frozen.warnings) emit({ kind: 'warning', stage, message });
  const capacity = new Capacity(options);
  const executed = new Set([...(options.force ?? []), ...(options.repeat?.cells ?? [])]);
  const { executors = localExecutors } = options;
  await checkCapacity(plan, { capacity, executors, frozen, store, executed });

  // A bug in one visit must not leave the stages of others running.
  const stop = new AbortController();
  const run = new Run(
    plan,
    { ...options, signal: AbortSignal.any([signal, stop.signal]) },
    { frozen, capacity, runId, leftovers },
  );
  try {
    await schedule(
      plan.cells,
      (cell) =>
        run.visit(cell).catch((error: unknown) => {
          stop.abort();
          throw error;
        }),
      (cell, by) => run.block(cell, by),
    );
  } finally {
    await run.end();
  }
  const stages = plan.cells.map((stage) => run.outcomeOf(stage));
  const isWhole = stages.every(({ status }) => status === 'computed' || status === 'restored');
  const wasInterrupted = stages.some(({ status }) => status === 'cancelled');
  if (!wasInterrupted) {
    for (const message of await strayJobs(store, leftovers, executors)) emit({ kind: 'warning', stage: null, message });
  }
  const seconds = clock.seconds() - start;
  const result: RunResult = {
    runId,
    startedAt,
    finishedAt: clock.now(),
    seconds,
    outcome: isWhole ? 'complete' : wasInterrupted ? 'interrupted' : 'failed',
    cells: stages,
    warnings: frozen.warnings,
    snapshot: isWhole ? await run.snapshot(stages) : null,
  };
  await options.finish?.(result).catch(rethrowReadable);
  return result;
}

/** The lock, waiting for it when asked to. */
async function takeLock({ store, clock, emit, signal, wait }: ExecutionOptions): Promise<Disposable> {
  try {
    return await store.lock({
      since: clock.now(),
      wait: wait ?? false,
      signal,
      onWait: ({ pid, host, since }) => {
        const message = `Waiting for another run: process ${pid} on ${host}, since ${since}`;
        emit({ kind: 'warning', stage: null, message });
      },
    });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new ReproError('interrupted', 'Interrupted while waiting for another run', {
      exit: exitCode.interrupted,
      cause,
    });
  }
}

/** What a run began with. */
interface Begun {
  readonly frozen: FrozenPlan;
  readonly capacity: Capacity;
  readonly runId: string;
  /** Names of directories of executions that did not come to their end. */
  readonly leftovers: ReadonlySet<string>;
}

class Run {
  readonly #plan: Plan;
  readonly #options: ExecutionOptions;
  readonly #frozen: FrozenPlan;
  readonly #runId: string;
  readonly #outcomes = new Map<CellId, CellOutcome>();
  readonly #publisher: Publisher;
  readonly #capacity: Capacity;
  readonly #executors: Executors;
  readonly #restores = new Slots({ restores: restoresAtOnce });
  readonly #verified = new Set<Digest>();
  readonly #removals: Removals;
  readonly #leftovers: ReadonlySet<string>;
  /** The first cell that failed. */
  #failed: CellId | null = null;
  readonly #again = new Map<CellId, readonly (StageRecord | StageFailure)[]>();

  constructor(plan: Plan, options: ExecutionOptions, { frozen, capacity, runId, leftovers }: Begun) {
    this.#plan = plan;
    this.#options = options;
    this.#frozen = frozen;
    this.#runId = runId;
    this.#publisher = new Publisher(options.store, runId);
    this.#removals = new Removals(options.store);
    this.#capacity = capacity;
    this.#executors = options.executors ?? localExecutors;
    this.#leftovers = leftovers;
  }

  outcomeOf(cell: CellPlan): CellOutcome {
    return this.#outcomes.get(cell.id) ?? { cell, status: 'cancelled', sources: inputSources(cell), reasons: [] };
  }

  block(cell: CellPlan, by: CellId): void {
    this.#settle(cell, { status: 'blocked', blockedBy: by });
    this.#options.emit({ kind: 'stage-blocked', stage: cell.id, by });
  }

  /** Restores or computes one cell, all it depends on being done, or cancelled. */
  async visit(cell: CellPlan): Promise<Visit> {
    if (this.#options.signal.aborted) return 'cancelled';
    try {
      return await this.#visit(cell);
    } catch (error) {
      return this.#fail(cell, failureOf(error), []);
    } finally {
      for (const message of this.#options.store.takeDamage()) this.#warn(cell, message);
    }
  }

  /** Caches only are written: losing them costs time, not results. */
  async end(): Promise<void> {
    await this.#removals.done();
    try {
      this.#publisher.save();
      this.#options.store.save();
    } catch (error) {
      this.#warn(null, `Cannot write caches, the next run will be slower: ${(error as Error).message}`);
    }
  }

  /** What lets the next run see at once that nothing changed. Without it that run looks at everything. */
  async snapshot(stages: readonly CellOutcome[]): Promise<Snapshot | null> {
    try {
      return await takeSnapshot(this.#plan, this.#frozen, stages, this.#publisher, this.#options.store);
    } catch (error) {
      if (errnoOf(error) === null && !(error instanceof ReproError)) throw error;
      return null;
    }
  }

  async #visit(cell: CellPlan): Promise<Visit> {
    const { store, signal, force, elsewhere, watch = unwatched } = this.#options;
    const failure = this.#frozen.failures.get(cell.id);
    if (failure) return this.#fail(cell, failure, []);
    const key = keyOf(this.#plan, cell, this.#frozen, this.#recordOf);
    const isForced = force?.has(cell.id) ?? false;
    let known = store.records.read(key.fingerprint);
    let isRestored = !isForced && (await this.#restore(cell, known));
    let from: string | undefined;
    if (!isForced && !isRestored && (await elsewhere?.obtain(cell.id, key.fingerprint, signal))) {
      known = store.records.read(key.fingerprint);
      isRestored = await this.#restore(cell, known);
      from = elsewhere?.name;
    }
    if (known && isRestored) return this.#useKnown(cell, key, known, from);
    const unavailable = this.#frozen.unavailable?.get(cell.id);
    if (unavailable) return this.#fail(cell, unavailable, []);
    const { preimage } = key;
    const isUnseen = known !== null && !wasWatched(known, cell, watch);
    const reasons = isForced
      ? ['forced']
      : isUnseen
        ? ['its reads are to be watched']
        : [...explainCell(this.#plan, cell, { store, frozen: this.#frozen, preimage }).reasons];
    // An earlier execution that differs in nothing has lost what it made.
    if (reasons.length === 0) reasons.push('results of the earlier execution are missing or damaged');
    return this.#capacity.occupy(cell, this.#executors.of(cell), (gpus) =>
      this.#execute(cell, key, { reasons, earlier: known, gpus }),
    );
  }

  /** Whether a known result can be used, and now is where people look for it. */
  async #restore(cell: CellPlan, known: StageRecord | null): Promise<boolean> {
    const { store, watch = unwatched } = this.#options;
    if (known === null || !wasWatched(known, cell, watch)) return false;
    return this.#restores.hold(
      { restores: 1 },
      async () => (await hasOutputs(store, known)) && (await this.#publish(cell, known)),
    );
  }

  async #useKnown(cell: CellPlan, key: CellKey, known: StageRecord, from: string | undefined): Promise<Visit> {
    const { store, emit, repeat } = this.#options;
    const { run, finishedAt, seconds } = known;
    if (repeat?.cells.has(cell.id) && !this.#frozen.unavailable?.has(cell.id)) {
      const repeated = await this.#capacity.occupy(cell, this.#executors.of(cell), (gpus) =>
        this.#repeat(cell, key, known, gpus),
      );
      if (repeated === 'cancelled') return this.#cancel(cell, []);
    }
    const hasLog = store.objects.isIntact(parseDigest(known.log));
    const record = hasLog ? known : await this.#withLog(cell, known);
    if (this.#leftovers.has(directoryName(key.fingerprint))) {
      const work = workDirectory(store, key.fingerprint);
      // Where a job may still be at work, or a person looks, nothing is taken away.
      const isAwaited = notedJob(store.fileSystem, work) !== null || isWorkKept(store.fileSystem, work);
      if (!isAwaited) this.#removals.begin(work);
    }
    const origin = from === undefined ? {} : { from };
    this.#settle(cell, { status: 'restored', record, ...origin, ...this.#publishedIn(cell, record) });
    emit({ kind: 'stage-restored', stage: cell.id, run, finishedAt, seconds, numbers: record.numbers, ...origin });
    return 'done';
  }

  /** A record whose log can be had; where it is lost, by now with one that says so. */
  async #withLog(cell: CellPlan, record: StageRecord): Promise<StageRecord> {
    const { objects, records } = this.#options.store;
    if (await objects.verify(parseDigest(record.log), 'file')) return record;
    const healed = { ...record, log: objects.putBytes(lostLog).digest };
    records.write(healed, { durable: false });
    this.#warn(cell, 'Its log is lost, its results are whole: --force computes it again');
    return healed;
  }

  async #execute(
    cell: CellPlan,
    key: CellKey,
    { reasons, earlier, gpus }: { reasons: readonly string[]; earlier: StageRecord | null; gpus: readonly string[] },
  ): Promise<Visit> {
    const { store, emit, signal, force, failFast, keep, onComputed } = this.#options;
    const work = workDirectory(store, key.fingerprint);
    if (signal.aborted) return 'cancelled';
    if (failFast && this.#failed !== null) {
      this.block(cell, this.#failed);
      return { blockedBy: this.#failed };
    }
    const result = await executeWithRetries({
      ...this.#execution(cell, key, gpus),
      work,
      reasons,
      scratch: force?.has(cell.id) ? 'discard' : 'keep',
      purpose: 'record',
      clear: (_, bytes) => (keep ? keepWork(store.fileSystem, work) : this.#removals.begin(work, bytes)),
      offer: () => this.#removals.offer(work, Object.keys(cell.inputs)),
    });
    if (result.kind === 'cancelled') return this.#cancel(cell, reasons);
    if (result.kind === 'failed') return this.#fail(cell, result.failure, reasons);
    const { record } = result;
    if (earlier) {
      store.repeats.add(earlier, record, { durable: isDurable(record) });
      for (const difference of differences(earlier, record)) this.#warn(cell, difference);
    }
    if (!this.#options.repeat?.restoredOnly && (await this.#repeat(cell, key, record, gpus)) === 'cancelled') {
      return this.#cancel(cell, reasons);
    }
    await this.#publish(cell, record);
    const kept = keep ? { kept: projectPath({ store }, work.path) } : {};
    this.#settle(cell, { status: 'computed', record, reasons, ...kept, ...this.#publishedIn(cell, record) });
    emit({ kind: 'stage-finished', stage: cell.id, seconds: record.seconds, numbers: record.numbers });
    onComputed?.(cell.id, record);
    return 'done';
  }

  /** Executes a cell again as often as asked and remembers what came out. */
  async #repeat(
    cell: CellPlan,
    key: CellKey,
    record: StageRecord,
    gpus: readonly string[],
  ): Promise<'done' | 'cancelled'> {
    const { store, emit, clock, repeat } = this.#options;
    const times = repeat?.cells.has(cell.id) ? repeat.times : 0;
    for (let i = 1; i <= times; i++) {
      const work = workDirectory(store, key.fingerprint, repeatSuffix);
      const result = await executeStage({
        ...this.#execution(cell, key, gpus),
        work,
        reasons: [`again, ${i} of ${times}, to compare`],
        scratch: 'discard',
        purpose: 'repeat',
        // The next one works in the same place.
        clear: ({ path }) => removeQuietly(store.fileSystem, path),
        offer: () => false,
      });
      if (result.kind === 'cancelled') {
        // A repeat begins from the beginning: nothing in there would be used again.
        removeQuietly(store.fileSystem, work.path);
        return 'cancelled';
      }
      const failure = result.kind === 'failed' ? result.failure : null;
      const failed = { run: this.#runId, finishedAt: clock.now(), failure: failure?.message ?? '' };
      // What it is compared with took as long.
      const durable = isDurable(record);
      store.repeats.add(record, result.kind === 'computed' ? result.record : failed, { durable });
      const again = result.kind === 'computed' ? result.record : result.failure;
      this.#again.set(cell.id, [...(this.#again.get(cell.id) ?? []), again]);
      const audit = store.repeats.audit(key.fingerprint)!;
      emit({ kind: 'stage-repeated', stage: cell.id, repeat: i, repeats: times, audit, failure });
    }
    return 'done';
  }

  #execution(
    cell: CellPlan,
    { preimage, fingerprint }: CellKey,
    gpus: readonly string[],
  ): Omit<Execution, 'work' | 'reasons' | 'scratch' | 'purpose' | 'clear' | 'offer'> {
    const { store, signal, clock, emit } = this.#options;
    return {
      store,
      cell,
      recordOf: this.#recordOf,
      frozen: this.#frozen,
      signal,
      report: (message) => this.#warn(cell, message),
      verified: this.#verified,
      runId: this.#runId,
      fingerprint,
      preimage,
      code: this.#frozen.code.get(cell.id)!,
      gpus,
      executor: this.#executors.of(cell),
      executors: this.#executors,
      watch: this.#options.watch ?? unwatched,
      clock,
      emit,
    };
  }

  readonly #recordOf = (cell: CellId): StageRecord | undefined => this.#outcomes.get(cell)?.record;

  async #publish(cell: CellPlan, record: StageRecord): Promise<boolean> {
    return (
      this.#options.unpublished === true ||
      (await this.#publisher.publish(cell, record, (message) => this.#warn(cell, message)))
    );
  }

  #publishedIn(cell: CellPlan, record: StageRecord): { published?: string } {
    return this.#options.unpublished || Object.keys(record.outputs).length === 0
      ? {}
      : { published: publishedDirectory(cell) };
  }

  #fail(cell: CellPlan, failure: CellOutcome['failure'] & object, reasons: readonly string[]): Visit {
    this.#failed ??= cell.id;
    this.#settle(cell, { status: 'failed', failure, reasons });
    this.#options.emit({ kind: 'stage-failed', stage: cell.id, failure });
    return 'failed';
  }

  #cancel(cell: CellPlan, reasons: readonly string[]): Visit {
    this.#settle(cell, { status: 'cancelled', reasons });
    this.#options.emit({ kind: 'stage-cancelled', stage: cell.id });
    return 'cancelled';
  }

  #settle(cell: CellPlan, outcome: Pick<CellOutcome, 'status'> & Partial<CellOutcome>): void {
    const audit = outcome.record && this.#options.store.repeats.audit(parseDigest(outcome.record.fingerprint));
    const again = this.#again.get(cell.id);
    const gaps = this.#frozen.code.get(cell.id)?.gaps;
    this.#outcomes.set(cell.id, {
      cell,
      sources: inputSources(cell),
      reasons: [],
      ...outcome,
      ...(again && { again }),
      ...(audit && { audit }),
      ...(gaps && { gaps }),
    });
  }

  #warn(cell: CellPlan | null, message: string): void {
    this.#options.emit({ kind: 'warning', stage: cell?.id ?? null, message });
  }
}

/** How a repeated execution came out otherwise than before, as sentences: the stage is not deterministic. */
function differences(before: StageRecord, after: StageRecord): string[] {
  const [old, fresh] = [repeatableNumbers(before), repeatableNumbers(after)];
  const numbers = Object.keys({ ...old, ...fresh }).flatMap((name) => {
    const [was, is] = [old[name]?.value, fresh[name]?.value];
    return was === is ? [] : [`${name} ${was ?? 'missing'} -> ${is ?? 'missing'}`];
  });
  const outputs = Object.keys(after.outputs).filter(
    (name) => canonicalJson(before.outputs[name] ?? null) !== canonicalJson(after.outputs[name]),
  );
  if (numbers.length === 0 && outputs.length === 0) return [];
  const what = [...(outputs.length > 0 ? [`outputs ${outputs.join(', ')}`] : []), ...numbers].join('; ');
  return [`The same inputs gave another result: ${what}`];
}
