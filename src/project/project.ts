// A project opened from a program. What a method needs is loaded when it is called.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Attribution } from '../manifest/comparison/attribution.ts';
import type { RemoteGarbage } from '../remote/garbage.ts';
import type { AuditOptions, AuditResult } from './audit.ts';
import type { AttributionOptions, Comparison } from './compare.ts';
import type { Explanation, Status, StatusOptions } from './explain.ts';
import type { GateTrials, GateVerdicts } from './gates.ts';
import type { HistoryEntry, HistoryOptions } from './history.ts';
import { loadManifest, type NamedManifest } from './named-manifest.ts';
import type { Place } from './places.ts';
import type { LoadedPlan, PlanOptions } from './plan.ts';
import type { Pulled, PullOptions } from './pull.ts';
import type { PushOptions, PushResult } from './push.ts';
import type { CheckedRemote } from './remote-check.ts';
import type { RemoteGcOptions } from './remote-gc.ts';
import type { RunOptions } from './run-options.ts';
import type { RunHistory } from './run-history.ts';
import type { RunList } from './runs.ts';
import type { RunSummary } from './run-summary.ts';
import type { SweepOptions, SweptRun } from './sweep.ts';
import type { Recomputed, RecomputeOptions, VerifiedRun, VerifyOptions } from './verify.ts';

export interface OpenOptions {
  /** Is told of what is odd in a pipeline file that is valid all the same. */
  readonly onWarning?: Place['onWarning'];
}

/** @param where Path of a pipeline file, or of the folder of a `pipeline.yaml`; it is read when it is needed */
export async function openProject(where = 'pipeline.yaml', options: OpenOptions = {}): Promise<Project> {
  const isFolder = (await stat(where).catch(() => null))?.isDirectory() ?? false;
  return new Project(isFolder ? path.join(where, 'pipeline.yaml') : where, options);
}

/**
 * A project. Its methods throw an `InvalidFile` for a pipeline file that is wrong, and a `ReproError` for everything else
 * that a person can act on.
 */
export class Project implements Place {
  readonly file: string;
  readonly root: string;
  readonly onWarning: Place['onWarning'];

  constructor(file: string, { onWarning = () => {} }: OpenOptions = {}) {
    this.file = file;
    this.root = path.dirname(path.resolve(file));
    this.onWarning = onWarning;
  }

  /** The stages of the pipeline, cell by cell, and its gates. */
  async plan(options: PlanOptions = {}): Promise<LoadedPlan> {
    return (await import('./plan.ts')).loadPlan(this, options);
  }

  /** Runs what is not up to date. A stage that fails is told in the summary. */
  async run(options: RunOptions = {}): Promise<RunSummary> {
    return (await import('./run.ts')).run(this, options);
  }

  /** A run for each combination of values of parameters; `artifacts` and the latest run stay as they are. */
  async sweep(options: SweepOptions): Promise<SweptRun[]> {
    return (await import('./sweep.ts')).sweep(this, options);
  }

  /** Executes again what is known, and says what comes out the same. */
  async audit(options: AuditOptions = {}): Promise<AuditResult> {
    return (await import('./audit.ts')).audit(this, options);
  }

  /** What a run would do with each cell. */
  async status(options: StatusOptions = {}): Promise<Status> {
    return (await import('./explain.ts')).status(this, options);
  }

  /** Why a stage would run; or, for the address of a number, what it was made of in the latest run, or in the
   * last with these settings. */
  async why(what: string, options: PlanOptions = {}): Promise<Explanation> {
    return (await import('./explain.ts')).why(this, what, options);
  }

  /**
   * The manifest of a run: by a path, a tag, a run id or a unique beginning of one, `latest` (the last whole run), `last`
   * (whatever it was), `previous` or a git revision.
   * @param profile Which runs are meant by `latest`, `previous` and a git revision
   */
  async manifest(name = 'latest', { profile }: { readonly profile?: string } = {}): Promise<NamedManifest> {
    return loadManifest(this.root, name, profile);
  }

  /** All runs that are kept, the last one first. */
  async runs(): Promise<RunList> {
    return (await import('./runs.ts')).listRuns(this.root);
  }

  /** A number over the kept runs that reported it, the first one first, and what of its making changed. */
  async history(address: string, options: HistoryOptions = {}): Promise<HistoryEntry[]> {
    return (await import('./history.ts')).numberHistory(this.root, address, options);
  }

  /** All kept runs as they followed each other, with each number over them and what had changed since the run before. */
  async runHistory(): Promise<RunHistory> {
    return (await import('./run-history.ts')).runHistory(this.root);
  }

  /** The numbers that moved between two runs, and which of their inputs changed. */
  async diff(from = 'previous', to = 'latest', { profile }: { readonly profile?: string } = {}): Promise<Comparison> {
    return (await import('./compare.ts')).diff(this.root, from, to, profile);
  }

  /** The first of several runs compared with each of the others. */
  async compare(
    names: readonly [string, string, ...string[]],
    { profile }: { readonly profile?: string } = {},
  ): Promise<Comparison[]> {
    return (await import('./compare.ts')).compareWithFirst(this.root, names, profile);
  }

  /** Runs again with one change at a time, and says how much of each move it explains. */
  async attribute(comparison: Comparison, options: AttributionOptions = {}): Promise<Attribution> {
    return (await import('./compare.ts')).attributeMoves(this.root, comparison, options);
  }

  /** The verdicts of the gates of a run. */
  async gate(name = 'latest', { profile }: { readonly profile?: string } = {}): Promise<GateVerdicts> {
    return (await import('./gates.ts')).gate(this.root, name, profile);
  }

  /** Alters the numbers of a run beyond each limit: every gate must be able to fail. */
  async testGates(name = 'latest', { profile }: { readonly profile?: string } = {}): Promise<GateTrials> {
    return (await import('./gates.ts')).testGates(this, name, profile);
  }

  /**
   * Hashes again every artifact that a manifest names.
   * @param which A name, or what `manifest` gave: while something else was done, another run may have become the latest
   */
  async verify(which: string | NamedManifest = 'latest', options: VerifyOptions = {}): Promise<VerifiedRun> {
    return (await import('./verify.ts')).verify(this.root, which, options);
  }

  /** Executes some stages of a manifest again, and compares their numbers. */
  async recompute(which: string | NamedManifest, options: RecomputeOptions): Promise<Recomputed> {
    return (await import('./verify.ts')).recompute(this.root, which, options);
  }

  /** Pushes a run, the latest by default, or a stage as it is now, with all that it rests on, to a remote. */
  async push(name?: string, options: PushOptions = {}): Promise<PushResult> {
    return (await import('./push.ts')).push(this, name, options);
  }

  /** Brings a run, by its id or a tag, a stage, or all that the plan needs, from a remote. */
  async pull(name?: string, options: PullOptions = {}): Promise<Pulled> {
    return (await import('./pull.ts')).pull(this, name, options);
  }

  /** What a remote holds for no run that is kept there; with `delete`, it goes. */
  async collectRemote(options: RemoteGcOptions): Promise<RemoteGarbage> {
    return (await import('./remote-gc.ts')).collectRemote(this, options);
  }

  /** Whether a remote can be read and pushed to, tried with probes that are removed again. */
  async checkRemote(name?: string, options: { readonly signal?: AbortSignal } = {}): Promise<CheckedRemote> {
    return (await import('./remote-check.ts')).checkRemoteOf(this.root, name, options);
  }
}
