// What a word of `push`, `pull` and `fetch` means: a run, or a stage of the plan. A name that could be both is not guessed.
import { exitCode, ReproError } from '../error.ts';
import { select } from '../pipeline/selection.ts';
import type { Plan } from '../pipeline/plan.ts';
import { parseAddress } from '../pipeline/reference.ts';
import { suggestion } from '../pipeline/suggest.ts';
import type { Place } from './places.ts';
import { loadPlan, type PlanOptions } from './plan.ts';

export type Meaning =
  | { readonly kind: 'run'; readonly name: string }
  /** A plan of the cells that are asked for, with all that they need. */
  | { readonly kind: 'cells'; readonly plan: Plan; readonly asked: readonly string[] };

/** The runs that a word may name. */
export interface Runs {
  has(name: string): Promise<boolean>;
  /** For whoever misspelt one. */
  names(): Promise<readonly string[]>;
  /** Follows `There is no`. */
  readonly what: string;
}

/**
 * @param word `stage:NAME` and `run:NAME` say which is meant; undefined is all that the plan has
 * @throws {ReproError} `ambiguous-name`, `no-manifest` or `unknown-stage` (usage)
 */
export async function meaningOf(
  place: Place,
  word: string | undefined,
  options: PlanOptions,
  runs: Runs,
): Promise<Meaning> {
  if (word === undefined) return cellsOf((await loadPlan(place, options)).plan, []);
  const [, prefix, rest = ''] = /^(stage|run):(.+)$/.exec(word) ?? [];
  if (prefix === 'stage') return cellsOf((await loadPlan(place, options)).plan, [rest]);
  if (prefix === 'run') return { kind: 'run', name: rest };
  const loaded = await loadPlan(place, options).then(
    ({ plan }) => ({ plan, fault: null }),
    // A run can be had without a pipeline file, or beside one that is being edited.
    (fault: unknown) => ({ plan: null, fault }),
  );
  const { plan } = loaded;
  const isStage = plan !== null && hasStage(plan, word);
  const isRun = await runs.has(word).catch((error: unknown) => {
    // Such as a folder that has the name of the stage.
    if (isStage && error instanceof ReproError) return false;
    throw error;
  });
  if (isRun && isStage) {
    throw new ReproError('ambiguous-name', `"${word}" is a stage and a run`, {
      exit: exitCode.usage,
      hint: `say which: stage:${word} or run:${word}`,
    });
  }
  if (isRun) return { kind: 'run', name: word };
  if (isStage) return cellsOf(plan, [word]);
  const isAbsent = loaded.fault instanceof ReproError && loaded.fault.code === 'no-pipeline';
  if (loaded.fault !== null && !isAbsent) throw loaded.fault as Error;
  const hint = suggestion(word, [...(plan?.cells.map(({ stage }) => stage) ?? []), ...(await runs.names())]);
  throw new ReproError('no-manifest', `There is no ${runs.what} "${word}", and no such stage`, {
    exit: exitCode.usage,
    ...(hint !== undefined && { hint }),
  });
}

/** Also one that only another profile runs, which is then said. */
function hasStage(plan: Plan, word: string): boolean {
  const address = parseAddress(word);
  if (address === null || address.name !== null) return false;
  return Object.hasOwn(plan.leftOut, address.stage) || plan.cells.some(({ stage }) => stage === address.stage);
}

function cellsOf(plan: Plan, patterns: readonly string[]): Meaning {
  return { kind: 'cells', plan: { ...plan, cells: select(plan, patterns) }, asked: patterns };
}
