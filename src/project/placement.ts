// Where each cell runs: what the configuration says of its stage, or else the executor of the run.
import { existsSync } from 'node:fs';
import { exitCode, ReproError } from '../error.ts';
import { diagnose, type Diagnostic } from '../pipeline/diagnostic.ts';
import type { CellId, Plan } from '../pipeline/plan.ts';
import { suggestion } from '../pipeline/suggest.ts';
import type { ExecutorDeclaration, LoadedConfig, Use } from './config.ts';
import { InvalidFile } from './invalid-file.ts';
import { configPaths } from './places.ts';

/** The machine that the run is on. */
export const local = 'local';

export interface Placement {
  /** The cells that run elsewhere than on this machine, each with the name of its executor. */
  readonly executorOf: ReadonlyMap<CellId, string>;
  /** Every executor that is configured. */
  readonly executors: Readonly<Record<string, ExecutorDeclaration>>;
}

/**
 * Says where the cells of a plan run. Those of an executor with `setup` have its lines in the plan.
 * @param chosen The executor of stages of which the configuration says none; or `local` for this machine, whatever it says
 * @throws {InvalidFile} for a `use` that names a stage or an executor which there is not
 * @throws {ReproError} `no-executor` (usage)
 */
export async function placeCells(
  root: string,
  plan: Plan,
  chosen: string | undefined,
): Promise<{ readonly plan: Plan; readonly placement: Placement }> {
  const config = await configOf(root);
  const { executors, use }: Pick<LoadedConfig, 'executors' | 'use'> = config ?? { executors: {}, use: [] };
  if (chosen !== undefined && chosen !== local && !Object.hasOwn(executors, chosen)) throw unknown(chosen, executors);
  const faults = use.flatMap((each) => faultsOf(each, plan, executors));
  if (faults.length > 0) throw new InvalidFile('configuration', faults);
  const rules = use.map(({ pattern, executor }) => ({ expression: expressionOf(pattern), executor }));
  const executorOf = new Map<CellId, string>();
  for (const { id, stage } of chosen === local ? [] : plan.cells) {
    const name = rules.find(({ expression }) => expression.test(stage))?.executor ?? chosen;
    if (name !== undefined && name !== local) executorOf.set(id, name);
  }
  const cells = plan.cells.map((cell) => {
    const { setup = [] } = executors[executorOf.get(cell.id) ?? local] ?? {};
    return setup.length > 0 ? { ...cell, setup } : cell;
  });
  return { plan: { ...plan, cells }, placement: { executorOf, executors } };
}

/** Null where nothing is configured, which needs no parser. */
async function configOf(root: string): Promise<LoadedConfig | null> {
  const paths = configPaths(root);
  if (!existsSync(paths.project) && !existsSync(paths.user)) return null;
  return (await import('./config.ts')).loadConfig(root);
}

function expressionOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
}

function unknown(name: string, executors: Placement['executors']): ReproError {
  const names = Object.keys(executors);
  return new ReproError('no-executor', `There is no executor "${name}"`, {
    exit: exitCode.usage,
    hint:
      names.length === 0
        ? 'name one in repro.config.yaml: executors: { cluster: { kind: slurm, partition: main } }'
        : (suggestion(name, names) ?? `choose one of ${names.join(', ')}, or local`),
  });
}

function faultsOf(
  { pattern, executor, patternAt, executorAt, isOfUser }: Use,
  plan: Plan,
  executors: Placement['executors'],
): Diagnostic[] {
  const faults: Diagnostic[] = [];
  const stages = [...new Set([...plan.cells.map(({ stage }) => stage), ...Object.keys(plan.leftOut)])];
  // A user's file speaks of projects that this one is not.
  if (!isOfUser && !stages.some((stage) => expressionOf(pattern).test(stage))) {
    const message = `No stage is called "${pattern}"`;
    faults.push(diagnose('unknown-stage', message, patternAt, { hint: nearest(pattern, stages) }));
  }
  if (executor !== local && !Object.hasOwn(executors, executor)) {
    const hint = suggestion(executor, [...Object.keys(executors), local]);
    faults.push(diagnose('bad-value', `There is no executor "${executor}"`, executorAt, { hint }));
  }
  return faults;
}

/** A slip in what a pattern has before its first `*` is one in a beginning of names. */
function nearest(pattern: string, stages: readonly string[]): string | undefined {
  const star = pattern.indexOf('*');
  if (star <= 0) return suggestion(pattern, stages);
  const beginnings = stages.map((stage) => stage.slice(0, star) + pattern.slice(star));
  return suggestion(pattern, beginnings) ?? suggestion(pattern, stages);
}
