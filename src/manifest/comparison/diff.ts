// What moved between two manifests, and for each number only the causes within its own closure.
import { valueText, wordsText } from '../../pipeline/value-text.ts';
import { canonicalJson } from '../../store/canonical-json.ts';
import { filesOf } from '../../store/input-files.ts';
import type {
  Environment,
  Manifest,
  ManifestNumber,
  ManifestStage,
  Preimage,
  ReportedNumber,
} from '../../schema/types.ts';
import type { Change } from './change.ts';
import { inputChanges } from './input-changes.ts';
import { closureOf, isRecorded, parameterLeaves, type RecordedStage } from '../lineage.ts';
import { comparableVariables } from '../text/variable-text.ts';

/** A stage that was made of the same things and did not give the same result. */
export interface Divergence {
  readonly stage: string;
  readonly outputs: readonly string[];
  readonly numbers: readonly string[];
  /** Set where it was computed on different machines. */
  readonly machines: { readonly from: string; readonly to: string } | null;
}

/**
 * - `attributed`: moved, and something in its closure changed
 * - `unexplained`: moved, though nothing recorded changed
 * - `insensitive`: did not move, though something in its closure changed
 */
export type NumberClass = 'attributed' | 'unexplained' | 'insensitive' | 'unchanged' | 'new' | 'gone';

export interface NumberDifference {
  readonly address: string;
  readonly class: NumberClass;
  readonly from: ReportedNumber | null;
  readonly to: ReportedNumber | null;
  readonly delta: number | null;
  /**
   * Size of the move in standard errors of a difference of independent estimates, `|delta| / sqrt(se1^2 + se2^2)`;
   * `null` without standard errors. Runs that share seeds or data vary less than that.
   */
  readonly standardErrors: number | null;
  /** Whether the move is larger than chance would make it, 1.96 standard errors; `null` without standard errors. */
  readonly beyondError: boolean | null;
  /** Whether the move is an improvement, where the number says which direction is. */
  readonly improved: boolean | null;
  readonly changes: readonly Change[];
  readonly divergences: readonly Divergence[];
}

/**
 * - `changed`: something it is made of changed
 * - `downstream`: only outputs of other stages that it reads changed
 * - `diverged`: it gave another result from the same things
 */
export interface StageDifference {
  readonly id: string;
  readonly class: 'same' | 'changed' | 'downstream' | 'diverged' | 'new' | 'gone';
  /** Whether any output or number of it differs. */
  readonly moved: boolean;
  readonly changes: readonly Change[];
}

export interface ManifestDifference {
  readonly from: string;
  readonly to: string;
  readonly numbers: readonly NumberDifference[];
  readonly stages: readonly StageDifference[];
  readonly gates: readonly { readonly name: string; readonly from: string | null; readonly to: string | null }[];
}

/** Beyond this many standard errors a move is called real: the two-sided 5% point of a normal variable. */
export const significantStandardErrors = 1.96;

export function diffManifests(from: Manifest, to: Manifest): ManifestDifference {
  const stages = new Map<string, { difference: StageDifference; divergence: Divergence | null }>();
  const [recordedFrom, recordedTo] = [recordedStages(from), recordedStages(to)];
  for (const id of union(ids(from), ids(to))) {
    stages.set(id, compareStages(id, [recordedFrom.get(id), recordedTo.get(id)], from, to));
  }
  /** Numbers of one stage, of which there may be many, have the same causes. */
  const known = new Map<string, Pick<NumberDifference, 'changes' | 'divergences'>>();
  const causesOf = (before: ManifestNumber | undefined, after: ManifestNumber | undefined) => {
    const key = JSON.stringify([before?.stage, after?.stage]);
    const causes = known.get(key) ?? causesOfStages(before, after);
    known.set(key, causes);
    return causes;
  };
  const causesOfStages = (before: ManifestNumber | undefined, after: ManifestNumber | undefined) => {
    const reached = union(
      before ? closureOf(from.stages, before.stage) : [],
      after ? closureOf(to.stages, after.stage) : [],
    ).flatMap((id) => stages.get(id) ?? []);
    return {
      changes: mergeChanges(reached.flatMap((stage) => stage.difference.changes)),
      divergences: reached.flatMap((stage) => stage.divergence ?? []),
    };
  };

  const [numbersFrom, numbersTo] = [firstByAddress(from), firstByAddress(to)];
  const numbers = union(addresses(from), addresses(to)).map((address) => {
    const [before, after] = [numbersFrom.get(address), numbersTo.get(address)];
    return compareNumbers(address, before, after, causesOf(before, after));
  });

  const [gatesFrom, gatesTo] = [verdicts(from), verdicts(to)];
  return {
    from: from.run.id,
    to: to.run.id,
    numbers,
    stages: [...stages.values()].map((stage) => stage.difference),
    gates: union(
      from.gates.map((gate) => gate.name),
      to.gates.map((gate) => gate.name),
    )
      .map((name) => ({ name, from: gatesFrom.get(name) ?? null, to: gatesTo.get(name) ?? null }))
      .filter((gate) => gate.from !== gate.to),
  };
}

function compareNumbers(
  address: string,
  before: ManifestNumber | undefined,
  after: ManifestNumber | undefined,
  causes: Pick<NumberDifference, 'changes' | 'divergences'>,
): NumberDifference {
  if (!before || !after) {
    const one = { delta: null, standardErrors: null, beyondError: null, improved: null, ...causes };
    return before
      ? { address, class: 'gone', from: before.number, to: null, ...one }
      : { address, class: 'new', from: null, to: after?.number ?? null, ...one };
  }
  const [a, b] = [before.number, after.number];
  const changed = causes.changes.length > 0;
  const differs = (['value', 'standardError', 'n', 'unit'] as const).some((key) => a[key] !== b[key]);
  // A duration moves by itself: only where something changed may that have moved it.
  const moved = differs && (changed || !isTiming(b));
  const { delta, standardErrors } = moveOf(a, b);
  const better = b.better ?? 'none';
  return {
    address,
    class: moved ? (changed ? 'attributed' : 'unexplained') : changed ? 'insensitive' : 'unchanged',
    from: a,
    to: b,
    delta,
    standardErrors,
    beyondError: standardErrors === null ? null : standardErrors > significantStandardErrors,
    improved: better === 'none' || delta === 0 ? null : (better === 'lower') === delta < 0,
    ...causes,
  };
}

/** How far a number moved, at most as far as a number can say, and how many standard errors of the difference that is. */
function moveOf(a: ReportedNumber, b: ReportedNumber): Pick<NumberDifference, 'standardErrors'> & { delta: number } {
  // A quarter of each is never beyond the largest number.
  const isVast = !Number.isFinite(Math.abs(b.value - a.value) + Math.hypot(a.standardError ?? 0, b.standardError ?? 0));
  const scale = isVast ? 0.25 : 1;
  const move = scale * b.value - scale * a.value;
  const spread = Math.hypot(scale * (a.standardError ?? 0), scale * (b.standardError ?? 0));
  const most = Number.MAX_VALUE;
  return {
    delta: Math.min(most, Math.max(-most, move / scale)),
    standardErrors: spread > 0 ? Math.abs(move) / spread : null,
  };
}

const isTiming = (number: ReportedNumber | undefined): boolean => number?.kind === 'timing';

function compareStages(
  id: string,
  [a, b]: readonly [RecordedStage | undefined, RecordedStage | undefined],
  from: Manifest,
  to: Manifest,
): { difference: StageDifference; divergence: Divergence | null } {
  if (!a || !b) {
    const appeared = a === undefined;
    const changes: Change[] =
      a === b
        ? []
        : [{ kind: 'stage', name: id, from: a ? 'recorded' : null, to: b ? 'recorded' : null, stages: [id] }];
    return {
      difference: { id, class: a === b ? 'same' : appeared ? 'new' : 'gone', moved: a !== b, changes },
      divergence: null,
    };
  }
  const changes = changesOf(a, b, from, to);
  const outputs = differing(digests(a), digests(b));
  const numbers = differing(a.record.numbers, b.record.numbers).filter((name) => !isTiming(b.record.numbers[name]));
  const moved = outputs.length + numbers.length > 0;
  if (!isSameExecution(a, b, changes)) {
    const reached = changes.length > 0 ? 'changed' : 'downstream';
    return { difference: { id, class: reached, moved, changes }, divergence: null };
  }
  return {
    difference: { id, class: moved ? 'diverged' : 'same', moved, changes },
    divergence: moved
      ? { stage: id, outputs, numbers, machines: machines(a.record.environment, b.record.environment) }
      : null,
  };
}

/** By their fingerprints; those of two formats always differ, and then what both say decides. */
function isSameExecution(a: RecordedStage, b: RecordedStage, changes: readonly Change[]): boolean {
  const [before, after] = [a.record.preimage, b.record.preimage];
  if (before.format === after.format) return a.record.fingerprint === b.record.fingerprint;
  const bytes = ({ inputs }: typeof before): unknown =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, filesOf(input).map(({ digest }) => digest)]),
    );
  return changes.length === 0 && isSame(bytes(before), bytes(after));
}

/** What a stage itself is made of; inputs that other stages wrote are those stages' concern. */
function changesOf(a: RecordedStage, b: RecordedStage, from: Manifest, to: Manifest): Change[] {
  const [before, after] = [a.record.preimage, b.record.preimage];
  const changes: Change[] = [];
  const change = (kind: Change['kind'], name: string, was: string | null, is: string | null): Change => {
    return { kind, name, from: was, to: is, stages: [b.id] };
  };
  const compare = (
    kind: Change['kind'],
    old: Readonly<Record<string, unknown>>,
    now: Readonly<Record<string, unknown>>,
  ) => {
    for (const name of differing(old, now)) {
      changes.push({ kind, name, from: textOf(own(old, name)), to: textOf(own(now, name)), stages: [b.id] });
    }
  };
  if (!isSame(before.run, after.run)) {
    changes.push(change('command', 'run', wordsText(before.run), wordsText(after.run)));
  }
  const [old, now] = [before.params, after.params].map((params) => Object.fromEntries(parameterLeaves(params)));
  for (const name of differing(old!, now!)) {
    changes.push(change('parameter', name, leafText(own(old!, name)), leafText(own(now!, name))));
  }
  changes.push(...inputChanges(a, b, from, to).map((found) => ({ ...found, stages: [b.id] })));
  compare('code', before.code, after.code);
  compare('package', versions(before.packages), versions(after.packages));
  compare('runtime', before.runtime, after.runtime);
  compare('environment', ...comparableVariables(before.env, after.env));
  // A stage's own seed follows from the pipeline's; where that one changed it is the cause.
  const pipelineSeed = from.pipeline.seed !== to.pipeline.seed;
  if (before.seed !== after.seed) {
    compare(
      'seed',
      { seed: pipelineSeed ? from.pipeline.seed : before.seed },
      { seed: pipelineSeed ? to.pipeline.seed : after.seed },
    );
  }
  compare('threads', { threads: before.threads }, { threads: after.threads });
  const setup = ({ setup: lines = [] }: Preimage) => (lines.length > 0 ? { setup: lines } : {});
  compare('setup', setup(before), setup(after));
  compare('output', { ...before.outputs, numbers: before.numbers }, { ...after.outputs, numbers: after.numbers });
  return changes;
}

function recordedStages({ stages }: Manifest): Map<string, RecordedStage> {
  return new Map(stages.filter(isRecorded).map((stage) => [stage.id, stage]));
}

function firstByAddress({ numbers }: Manifest): Map<string, ManifestNumber> {
  const found = new Map<string, ManifestNumber>();
  for (const entry of numbers) if (!found.has(entry.address)) found.set(entry.address, entry);
  return found;
}

function verdicts({ gates }: Manifest): Map<string, string> {
  return new Map(gates.map(({ name, verdict }) => [name, verdict]));
}

/** Packages by name, with their versions; the integrity where only that differs is enough to differ. */
function versions(packages: Readonly<Record<string, string>>): Record<string, string> {
  const byName = Object.create(null) as Record<string, string[]>;
  for (const [key, integrity] of Object.entries(packages)) {
    const at = key.lastIndexOf('@');
    const [name, version] = at > 0 ? [key.slice(0, at), key.slice(at + 1)] : [key, ''];
    (byName[name] ??= []).push(`${version} (${integrity.slice(0, 19)})`);
  }
  return Object.fromEntries(Object.entries(byName).map(([name, found]) => [name, found.sort().join(', ')]));
}

function digests(stage: RecordedStage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stage.record.outputs).map(([name, { digest, executable }]) => [
      name,
      `${digest}${executable ? ' (executable)' : ''}`,
    ]),
  );
}

function machines(a: Environment, b: Environment): Divergence['machines'] {
  const text = (machine: Environment) => `${machine.cpu}, ${machine.platform} ${machine.arch}, Node ${machine.node}`;
  return text(a) === text(b) ? null : { from: text(a), to: text(b) };
}

/** The same change reaching several stages is one change. */
export function mergeChanges(changes: readonly Change[]): Change[] {
  const merged = new Map<string, Change & { stages: string[] }>();
  for (const change of changes) {
    const key = JSON.stringify([change.kind, change.name, change.from, change.to]);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...change, stages: [...change.stages] });
    else for (const stage of change.stages) known.stages.push(stage);
  }
  return [...merged.values()];
}

/** Names whose values differ, in code-unit order. */
function differing(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string[] {
  return union(Object.keys(a), Object.keys(b))
    .filter((name) => !isSame(own(a, name), own(b, name)))
    .sort();
}

/** A name may be one that every object has, such as `constructor`. */
function own(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);
}

/** `null` for what is not there; text in quotes where it would be read as another value. */
function leafText(value: unknown): string | null {
  return value === undefined ? null : valueText(value);
}

/** `null` for what is not there; strings as they are, the rest as canonical JSON. */
function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : canonicalJson(value);
}

const ids = (manifest: Manifest) => manifest.stages.map((stage: ManifestStage) => stage.id);
const addresses = (manifest: Manifest) => manifest.numbers.map((entry) => entry.address);
const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];
