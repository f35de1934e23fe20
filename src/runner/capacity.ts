// What the stages of a run may occupy together, and which devices each has.
import { totalmem } from 'node:os';
import { exitCode, ReproError } from '../error.ts';
import { bytesText } from '../pipeline/memory.ts';
import type { CellId, Plan, CellPlan } from '../pipeline/plan.ts';
import type { Store } from '../store/store.ts';
import type { FrozenPlan } from './freeze.ts';
import { inspectCells } from './inspect.ts';
import type { Executor, Executors } from './process/executor.ts';
import { Slots } from './schedule.ts';

export interface Limits {
  /** Cores; a stage that asks for more runs when it can have all of them. */
  readonly cpus: number;
  /** Stages at once; any number by default. */
  readonly jobs?: number | undefined;
  /** Memory, as far as stages declare it; by default the machine's, or what its control group may use. */
  readonly memoryBytes?: number | undefined;
  /** Devices as `CUDA_VISIBLE_DEVICES` names them; none by default. */
  readonly gpus?: readonly string[] | undefined;
}

export class Capacity {
  readonly #memoryBytes: number;
  readonly #gpus: readonly string[];
  readonly #busy = new Set<string>();
  readonly #slots: Slots<'jobs' | 'cpus' | 'memory' | 'gpus'>;
  /** Of executors that are not this machine. */
  readonly #queues = new Map<string, Slots<'jobs'>>();

  constructor({ cpus, jobs = Infinity, memoryBytes = machineMemory(), gpus = [] }: Limits) {
    this.#memoryBytes = memoryBytes;
    this.#gpus = gpus;
    this.#slots = new Slots({ jobs, cpus, memory: memoryBytes, gpus: gpus.length });
  }

  /** Why a stage could never run here; null when it can. */
  lack({ id, memoryBytes, gpus }: CellPlan): ReproError | null {
    const refuse = (need: string, here: string, hint: string): ReproError =>
      new ReproError('insufficient-resources', `Stage "${id}" needs ${need}, and this run has ${here}`, {
        hint,
        exit: exitCode.usage,
      });
    if (gpus > this.#gpus.length) {
      const hint = `Give the run GPUs with --gpus ${gpus}, or lower "gpus" under the stage's "resources"`;
      return refuse(gpus === 1 ? '1 GPU' : `${gpus} GPUs`, String(this.#gpus.length || 'none'), hint);
    }
    if (memoryBytes > this.#memoryBytes) {
      const hint = `Lower "memory" under the stage's "resources", or raise the run's limit with --memory`;
      return refuse(`${bytesText(memoryBytes)} of memory`, bytesText(this.#memoryBytes), hint);
    }
    return null;
  }

  /**
   * Runs an action while a stage occupies what it declares, with the devices that are its own until then.
   * @throws ReproError `insufficient-resources`
   */
  async occupy<T>(cell: CellPlan, place: Place, action: (gpus: readonly string[]) => Promise<T>): Promise<T> {
    if (place.capacity !== 'machine')
      return this.#queue(place.name, place.capacity).hold({ jobs: 1 }, () => action([]));
    const lack = this.lack(cell);
    if (lack) throw lack;
    const { cpus, memoryBytes: memory, gpus } = cell;
    return this.#slots.hold({ jobs: 1, cpus, memory, gpus }, async () => {
      const devices = this.#gpus.filter((device) => !this.#busy.has(device)).slice(0, gpus);
      for (const device of devices) this.#busy.add(device);
      try {
        return await action(devices);
      } finally {
        for (const device of devices) this.#busy.delete(device);
      }
    });
  }

  #queue(name: string, { queued }: Exclude<Executor['capacity'], 'machine'>): Slots<'jobs'> {
    const known = this.#queues.get(name) ?? new Slots({ jobs: queued });
    this.#queues.set(name, known);
    return known;
  }
}

/** What of an executor decides how many stages it has at a time. */
type Place = Pick<Executor, 'name' | 'capacity'>;

/**
 * Refuses a plan before anything runs when one of its stages would be executed and could not be. Stages whose results are
 * known need no more than to be restored, unless they are among `executed`.
 * @throws ReproError `insufficient-resources`
 */
export async function checkCapacity(
  plan: Plan,
  { capacity, executors, frozen, store, executed }: CapacityContext,
): Promise<void> {
  const here = plan.cells.filter((stage) => executors.of(stage).capacity === 'machine');
  const lacking = here.filter((stage) => capacity.lack(stage) !== null);
  if (lacking.length === 0) return;
  const cells = await inspectCells(plan, frozen, store);
  const current = new Set(cells.filter(({ state }) => state.kind === 'current').map((cell) => cell.cell.id));
  const refused = lacking.find(({ id }) => executed.has(id) || !current.has(id));
  if (refused) throw capacity.lack(refused)!;
}

interface CapacityContext {
  readonly capacity: Capacity;
  readonly executors: Executors;
  readonly frozen: FrozenPlan;
  readonly store: Store;
  /** Cells that the run executes whatever is known of them. */
  readonly executed: ReadonlySet<CellId>;
}

/** Bytes; within a container, those it may use. */
function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained ? Math.min(totalmem(), constrained) : totalmem();
}
