// How much of each number's move each change explains: the recorded stages of one side with one change of the other at a
// time. Here is what a change is and what those stages are; running them is somebody else's.
import { keysOf } from '../../pipeline/dotted-path.ts';
import type { Manifest, Preimage } from '../../schema/types.ts';
import type { Change } from './change.ts';
import { type ManifestDifference, mergeChanges } from './diff.ts';
import type { RecordedStage } from '../lineage.ts';

/** What is changed at once, because it cannot be told apart or does not work apart. */
export interface Factor {
  readonly kind: 'parameter' | 'input' | 'environment' | 'seed' | 'threads' | 'program';
  readonly changes: readonly Change[];
}

export interface Effect {
  readonly factor: Factor;
  /** The move that this change alone makes; null when it could not be made alone. */
  readonly delta: number | null;
}

export interface NumberAttribution {
  readonly address: string;
  readonly delta: number;
  readonly effects: readonly Effect[];
  /** What the changes do only together, and those that could not be made alone. */
  readonly rest: number;
}

export interface MadeFactor extends Factor {
  /** Why it could not be made alone; null when it was. */
  readonly failure: string | null;
  /** Stages that had to be executed; the others came from the store. */
  readonly computed: readonly string[];
}

export interface Attribution {
  /** The run in which one change was made, or unmade, at a time. */
  readonly base: string;
  /** Changes were made to the first run; else they were unmade in the second, since the first cannot be executed here. */
  readonly isForward: boolean;
  readonly factors: readonly MadeFactor[];
  /** Changes of what there is to run, which cannot be made alone. */
  readonly unmade: readonly Change[];
  readonly numbers: readonly NumberAttribution[];
}

/** A program changes as a whole: its sources fit each other, its packages and its declarations. */
const program: readonly Change['kind'][] = ['code', 'package', 'runtime', 'command', 'setup', 'output'];

/**
 * The changes between two manifests as factors, parameters first. Stages that appear or disappear, and inputs that come
 * from another stage than before, change what there is to run: they are no factor, and named in `unmade`.
 */
export function factorsOf(difference: ManifestDifference): { factors: Factor[]; unmade: Change[] } {
  const changes = mergeChanges(difference.stages.flatMap((stage) => stage.changes));
  const factors: Factor[] = [];
  for (const kind of ['parameter', 'input', 'environment'] as const) {
    const own = changes.filter((change) => change.kind === kind);
    for (const change of own) factors.push({ kind, changes: [change] });
  }
  for (const kind of ['seed', 'threads'] as const) {
    const own = changes.filter((change) => change.kind === kind);
    if (own.length > 0) factors.push({ kind, changes: own });
  }
  const code = changes.filter(({ kind }) => program.includes(kind));
  if (code.length > 0) factors.push({ kind: 'program', changes: code });
  return { factors, unmade: changes.filter(({ kind }) => kind === 'stage' || kind === 'edge') };
}

/** The stages of one side with one factor of the other: preimages by stage, and the seed of the pipeline. */
export function withFactor(
  base: readonly RecordedStage[],
  other: Manifest,
  baseSeed: number,
  factor: Factor,
): { seed: number; preimages: ReadonlyMap<string, Preimage> } {
  const preimages = new Map<string, Preimage>();
  for (const { id, record } of base) {
    const there = other.stages.find((stage) => stage.id === id)?.record?.preimage;
    const own = factor.changes.filter((change) => change.stages.includes(id));
    preimages.set(id, there && own.length > 0 ? changed(record.preimage, there, factor, own) : record.preimage);
  }
  return { seed: factor.kind === 'seed' ? other.pipeline.seed : baseSeed, preimages };
}

function changed(base: Preimage, there: Preimage, { kind }: Factor, changes: readonly Change[]): Preimage {
  const names = changes.map(({ name }) => name);
  switch (kind) {
    case 'parameter':
      return {
        ...base,
        params: names.reduce((params, name) => withLeaf(params, there.params, keysOf(name)), base.params),
      };
    case 'input':
      return { ...base, inputs: picked(base.inputs, there.inputs, names) };
    case 'environment':
      return { ...base, env: picked(base.env, there.env, names) };
    case 'threads':
      return { ...base, threads: there.threads };
    case 'seed': // The runner derives the seeds of cells from the pipeline's.
      return base;
    case 'program': {
      const { run, code, packages, runtime, setup, outputs, numbers } = there;
      const { setup: _, ...rest } = base;
      return { ...rest, run, code, packages, runtime, outputs, numbers, ...(setup && { setup }) };
    }
  }
}

function picked<Value>(
  base: Record<string, Value>,
  there: Record<string, Value>,
  names: readonly string[],
): Record<string, Value> {
  const kept = Object.entries(base).filter(([name]) => !names.includes(name));
  const taken = Object.entries(there).filter(([name]) => names.includes(name));
  return Object.fromEntries([...kept, ...taken]);
}

/** Parameters with the leaf at `path` as it is in others, or without it when they have none. */
function withLeaf(params: Preimage['params'], there: Preimage['params'], path: readonly string[]): Preimage['params'] {
  const [key = '', ...rest] = path;
  const { [key]: own, ...others } = params;
  const theirs = there[key];
  if (rest.length === 0 || !isMapping(theirs)) return theirs === undefined ? others : { ...others, [key]: theirs };
  return { ...others, [key]: withLeaf(isMapping(own) ? own : {}, theirs, rest) };
}

function isMapping(value: unknown): value is Preimage['params'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Shares of every number that moved.
 * @param direction 1 when changes were made to the first manifest, -1 when they were unmade in the second
 * @param measured For each factor the values by address, without those of stages that could not be executed
 */
export function attribute(
  difference: ManifestDifference,
  factors: readonly Factor[],
  direction: 1 | -1,
  measured: readonly ReadonlyMap<string, number>[],
): NumberAttribution[] {
  return difference.numbers.flatMap(({ address, delta, from, to, class: group, changes }) => {
    if (group !== 'attributed' || !from || !to || delta === null || delta === 0) return [];
    const base = direction === 1 ? from.value : to.value;
    const effects = factors.flatMap((factor, index): Effect[] => {
      // Only what lies in the number's own closure can move it.
      if (!factor.changes.some((change) => changes.some((own) => own.kind === change.kind && own.name === change.name)))
        return [];
      const value = measured[index]?.get(address);
      return [{ factor, delta: value === undefined ? null : direction * (value - base) }];
    });
    const explained = effects.reduce((sum, effect) => sum + (effect.delta ?? 0), 0);
    return [{ address, delta, effects, rest: delta - explained }];
  });
}
