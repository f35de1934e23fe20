// Stages of a manifest executed again: which, and how what came out compares with what was reported.
import type { Audit, Manifest, ReportedNumber, StageRecord } from '../../schema/types.ts';
import { digestBytes } from '../../store/digest.ts';
import { filesOf } from '../../store/input-files.ts';
import { classOf, repeatableNumbers } from '../../store/repeats.ts';
import { isRecorded, type RecordedStage } from '../lineage.ts';

type Input = StageRecord['preimage']['inputs'][string] | undefined;

export interface RecomputedNumber {
  readonly name: string;
  /** `null` where only one of the two reported it. */
  readonly reported: ReportedNumber | null;
  readonly recomputed: ReportedNumber | null;
  readonly class: Audit['numbers'][string]['class'];
}

export interface Recomputation {
  readonly stage: string;
  /**
   * `bitwise`, or `within-error` when every number lies within the standard error that it states; `not-recomputed` when it
   * could not be executed here.
   */
  readonly verdict: Audit['numbers'][string]['class'] | 'not-recomputed';
  /** Why it was not, or why it failed. */
  readonly failure: string | null;
  readonly reportedSeconds: number;
  readonly seconds: number | null;
  /** Inputs whose bytes were other ones, because a stage before it gave other bytes here. */
  readonly otherInputs: readonly string[];
  /** Outputs by name: whether the bytes are the same. */
  readonly outputs: Readonly<Record<string, boolean>>;
  readonly numbers: readonly RecomputedNumber[];
}

/** `count` recorded stages, those that the seed chooses: the same seed, the same stages. In the order of the manifest. */
export function chooseStages({ stages }: Manifest, count: number, seed: number): RecordedStage[] {
  const recorded = stages.filter(isRecorded);
  const drawn = recorded
    .map((stage) => ({ id: stage.id, ticket: digestBytes(`repro.recompute/1 ${seed} ${stage.id}`) }))
    .sort((a, b) => (a.ticket < b.ticket ? -1 : 1))
    .slice(0, count);
  return recorded.filter(({ id }) => drawn.some((each) => each.id === id));
}

/** @param again The new record, or why there is none. `hasFailed` tells an execution that failed from one that was impossible. */
export function compareExecutions(
  { id, record }: RecordedStage,
  again: StageRecord | { readonly message: string; readonly hasFailed: boolean },
): Recomputation {
  const shared = { stage: id, reportedSeconds: record.seconds };
  if (!('preimage' in again)) {
    const nothing = { seconds: null, otherInputs: [], outputs: {}, numbers: [] };
    return { ...shared, verdict: again.hasFailed ? 'unstable' : 'not-recomputed', failure: again.message, ...nothing };
  }
  const bytes = (input: Input) => JSON.stringify(filesOf(input).map(({ digest }) => digest));
  const inputs = Object.entries(record.preimage.inputs);
  const outputs = Object.entries(record.outputs);
  const [was, is] = [repeatableNumbers(record), repeatableNumbers(again)];
  const numbers = [...new Set([...Object.keys(was), ...Object.keys(is)])].map((name): RecomputedNumber => {
    const [a, b] = [was[name] ?? null, is[name] ?? null];
    return { name, reported: a, recomputed: b, class: a && b ? classOf([a, b]) : 'unstable' };
  });
  const same = Object.fromEntries(outputs.map(([name, { digest }]) => [name, again.outputs[name]?.digest === digest]));
  return {
    ...shared,
    verdict: verdictOf(numbers, Object.values(same)),
    failure: null,
    seconds: again.seconds,
    otherInputs: inputs
      .filter(([name, was]) => bytes(was) !== bytes(again.preimage.inputs[name]))
      .map(([name]) => name),
    outputs: same,
    numbers,
  };
}

/** Numbers decide: other bytes of a model are fine when what is measured with it agrees. Without numbers, bytes do. */
function verdictOf(numbers: readonly RecomputedNumber[], outputs: readonly boolean[]): Recomputation['verdict'] {
  if (numbers.some((number) => number.class === 'unstable')) return 'unstable';
  const isSame = outputs.every(Boolean);
  if (isSame && numbers.every((number) => number.class === 'bitwise')) return 'bitwise';
  return isSame || numbers.length > 0 ? 'within-error' : 'unstable';
}
