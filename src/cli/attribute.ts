// `repro diff --attribute`: the stages behind the numbers that moved, run again with one change at a time.
import {
  attribute,
  type Attribution,
  type Factor,
  factorsOf,
  type MadeFactor,
  withFactor,
} from '../manifest/comparison/attribution.ts';
import type { ManifestDifference } from '../manifest/comparison/diff.ts';
import { isRecorded } from '../manifest/lineage.ts';
import { systemClock } from '../runner/process/clock.ts';
import { unavailableCells, type Recording } from '../runner/replay.ts';
import type { RunResult } from '../runner/result.ts';
import type { Manifest } from '../schema/types.ts';
import { openStore, type Store } from '../store/store.ts';
import { onInterrupt } from './interrupt.ts';
import { paint, print } from './view/print.ts';
import { progressLines } from './view/progress-lines.ts';
import { projectRoot, type ProjectOptions } from '../project/places.ts';
import { recordingOf, replay } from '../project/replay.ts';
import { factorText } from './view/attribution-text.ts';

/** Never touches the working tree or `artifacts`; what it computes stays in the store, so that asking again is quick. */
export async function attributeMoves(
  options: ProjectOptions & { readonly json?: boolean; readonly cpus?: number },
  from: Manifest,
  to: Manifest,
  difference: ManifestDifference,
): Promise<Attribution> {
  const store = openStore(projectRoot(options));
  const { factors, unmade } = factorsOf(difference);
  const moved = difference.numbers.filter((number) => number.class === 'attributed' && number.delta !== 0);
  const stageOf = (address: string) => to.numbers.find((entry) => entry.address === address)?.stage;
  const wanted = new Set(moved.flatMap(({ address }) => stageOf(address) ?? []));
  const isForward = (await missing(from, wanted, store)) <= (await missing(to, wanted, store));
  const [base, other] = isForward ? [from, to] : [to, from];
  const recording = recordingOf(base, wanted);

  const made: MadeFactor[] = [];
  const measured: ReadonlyMap<string, number>[] = [];
  for (const factor of factors) {
    if (!options.json) print('', `${paint('bold', isForward ? 'With' : 'Without')} ${factorText(factor)}`);
    const emit = options.json ? () => {} : progressLines(systemClock, print);
    using interrupt = onInterrupt(store, emit);
    const changed = changedRecording(recording, base, other, factor);
    const result = await replay(changed, store, { cpus: options.cpus, emit, signal: interrupt.signal });
    const failure = failureOf(result);
    const computed = result.cells.filter(({ status }) => status === 'computed').map(({ cell }) => cell.id);
    made.push({ ...factor, failure, computed });
    measured.push(valuesOf(result, base));
  }
  const numbers = attribute(difference, factors, isForward ? 1 : -1, measured);
  return { base: base.run.id, isForward, factors: made, unmade, numbers };
}

/** How many of the stages could not be executed here. */
async function missing(manifest: Manifest, wanted: ReadonlySet<string>, store: Store): Promise<number> {
  return (await unavailableCells(recordingOf(manifest, wanted), store)).size;
}

function changedRecording(recording: Recording, base: Manifest, other: Manifest, factor: Factor): Recording {
  const { seed, preimages } = withFactor(base.stages.filter(isRecorded), other, recording.seed, factor);
  return {
    ...recording,
    seed,
    cells: recording.cells.map((cell) => ({ ...cell, preimage: preimages.get(cell.id) ?? cell.preimage })),
  };
}

/** Values by address. A stage that the change does not reach has the value it was reported with, whatever the store says. */
function valuesOf({ cells }: RunResult, base: Manifest): Map<string, number> {
  const values = new Map<string, number>();
  for (const { cell, record } of cells) {
    const reported = base.stages.find(({ id }) => id === cell.id)?.record;
    const source = reported?.fingerprint === record?.fingerprint ? reported : record;
    for (const [name, { value }] of Object.entries(source?.numbers ?? {})) values.set(`${cell.id}.${name}`, value);
  }
  return values;
}

function failureOf({ cells }: RunResult): string | null {
  const failed = cells.find(({ failure }) => failure !== undefined);
  return failed?.failure === undefined ? null : `${failed.cell.id}: ${failed.failure.message}`;
}
