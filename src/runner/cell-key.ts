// From a cell to its fingerprint, as its inputs become known: the one path that running, `status` and `why` all take.
import { inputSources } from '../pipeline/input-source.ts';
import type { Plan, CellPlan } from '../pipeline/plan.ts';
import { ReproError } from '../error.ts';
import type { Preimage } from '../schema/types.ts';
import type { Digest } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import { digestsOf } from './process/variables.ts';
import { computeFingerprint, explainPreimage, makePreimage } from './fingerprint.ts';
import type { Explanation, SeenInput } from './fingerprint.ts';
import type { FrozenPlan } from './freeze.ts';
import { seenInputs } from './inputs.ts';
import type { RecordOf } from './inputs.ts';

/** Earlier executions that an explanation looks at: the nearest is hardly ever further back. */
const explainedRecords = 20;

export interface CellKey {
  readonly preimage: Preimage;
  readonly fingerprint: Digest;
}

/**
 * The fingerprint of a cell whose inputs are all known. Its code must have been frozen. Throws a `ReproError`
 * `bad-value` for a parameter that canonical JSON cannot write.
 */
export function keyOf(plan: Plan, stage: CellPlan, frozen: FrozenPlan, recordOf: RecordOf): CellKey {
  const { preimage } = partialPreimage(plan, stage, frozen, recordOf);
  try {
    return { preimage, fingerprint: computeFingerprint(preimage) };
  } catch (cause) {
    throw new ReproError('bad-value', (cause as Error).message.replace('$.', ''), { cause });
  }
}

/** Why a cell with this preimage has to be executed. */
export function explainCell(
  plan: Plan,
  stage: CellPlan,
  { store, frozen, preimage, unknown }: ExplainedCell,
): Explanation {
  const earlier = store.records.earlier(stage.identity, preimage.cell, explainedRecords);
  return explainPreimage(preimage, earlier, {
    sources: inputSources(stage),
    importers: frozen.code.get(stage.id)?.importers ?? {},
    pipelineSeed: plan.seed,
    ...(unknown && { ignored: unknown }),
  });
}

export interface ExplainedCell {
  readonly store: Store;
  readonly frozen: FrozenPlan;
  readonly preimage: Preimage;
  /** Inputs that are not known yet. */
  readonly unknown?: ReadonlySet<string>;
}

/** What is known of a cell's preimage, and the inputs that are not known yet; those stand as absent in it. */
export function partialPreimage(
  plan: Plan,
  stage: CellPlan,
  frozen: FrozenPlan,
  recordOf: RecordOf,
): { readonly preimage: Preimage; readonly unknown: ReadonlySet<string> } {
  const code = frozen.code.get(stage.id);
  if (code === undefined) throw new Error(`Internal error: the code of ${stage.id} is not frozen`);
  const unknown = new Set<string>();
  const inputs: Record<string, SeenInput> = {};
  for (const [name, seen] of Object.entries(seenInputs(stage, recordOf, frozen))) {
    if (seen === undefined) unknown.add(name);
    inputs[name] = seen ?? null;
  }
  const env = digestsOf(frozen.variables.get(stage.id) ?? {});
  return { preimage: makePreimage(stage, plan.seed, code, inputs, env), unknown };
}
