// A stage made ready for somebody who looks into it: `repro shell`.
import { cellNamed, select } from '../pipeline/selection.ts';
import { type Aside, makeAside } from '../runner/aside.ts';
import { debugged } from '../runner/debugged.ts';
import type { StageJob } from '../runner/process/executor.ts';
import { afterSetup } from '../runner/stage-job.ts';
import { removeTree } from '../store/remove.ts';
import { openStore } from '../store/store.ts';
import { limitsOf } from './limits.ts';
import type { Place } from './places.ts';
import { loadPlan, type PlanOptions } from './plan.ts';

type Command = Pick<StageJob, 'program' | 'words'>;

export interface StageShell extends Aside {
  /** What starts a command where the stage's own would start: after the lines that set up its place. */
  readonly started: (command: Command) => Command;
  /** The stage's own command under the debugger of its language. Throws a `ReproError` `no-debugger`. */
  readonly debugged: () => Command;
  readonly remove: () => void;
}

/**
 * Makes the directory of a cell as a run would, with copies of what it reads from the store. It stays until `remove`.
 * @throws {ReproError} `unknown-stage`, `bad-usage` for several cells, `not-ready`, or why a run could not begin it
 */
export async function prepareShell(place: Place, name: string, options: PlanOptions): Promise<StageShell> {
  const { plan } = await loadPlan(place, options);
  const cell = cellNamed(plan, name);
  const store = openStore(place.root);
  const { gpus = [] } = limitsOf({ gpus: cell.gpus });
  const aside = await makeAside({ ...plan, cells: select(plan, [cell.id]) }, cell, store, gpus);
  return {
    ...aside,
    started: (command) => afterSetup(cell, command),
    debugged: () => debugged(aside.job, store),
    remove: () => removeTree(store.fileSystem, aside.work.path),
  };
}
