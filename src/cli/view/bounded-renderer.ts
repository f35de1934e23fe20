// A renderer for listr2: its own draws every task again at every change, and tasks that do not fit scroll by again and
// again. This one draws as many lines as fit, ten times a second at most.
import { type ListrEventManager, ListrEventType, type ListrRenderer, ListrTaskState } from 'listr2';
import type { Clock } from '../../runner/process/clock.ts';
import { groupsOf, stageOf } from './fold-cells.ts';
import { Region, type Terminal, terminalSize } from './region.ts';
import { type CellPhase, isFolded, lastLines, type PicturedStage, pictureLines } from './run-picture.ts';

/** What it reads of a task: its first title is the cell's name, the later ones are what is said of it. */
export interface CellTask {
  readonly state: ListrTaskState;
  readonly title?: string;
  readonly initialTitle?: string;
}

interface Options {
  readonly clock: Clock;
  readonly terminal: Terminal & Pick<NodeJS.WriteStream, 'on' | 'off'>;
  /** Lines to write above what is drawn, where they stay; it takes them out. */
  readonly notes: string[];
}

/** Milliseconds between two pictures, and between two for the sake of the time alone. */
const pause = 100;
const tick = 1000;

const phases: Partial<Record<ListrTaskState, CellPhase>> = {
  [ListrTaskState.WAITING]: 'waiting',
  [ListrTaskState.PAUSED]: 'queued',
  [ListrTaskState.STARTED]: 'running',
  [ListrTaskState.COMPLETED]: 'done',
  [ListrTaskState.FAILED]: 'failed',
  [ListrTaskState.SKIPPED]: 'left',
};

export class BoundedRenderer implements ListrRenderer {
  static readonly nonTTY = false;
  static readonly rendererOptions: Options;
  static readonly rendererTaskOptions: never;

  readonly #stages: readonly (readonly CellTask[])[];
  readonly #options: Options;
  readonly #events: ListrEventManager | undefined;
  readonly #region: Region;
  readonly #began: number;
  readonly #runningSince = new Map<CellTask, number>();
  #drawnAt = 0;
  #waiting: NodeJS.Timeout | null = null;
  #ticking: NodeJS.Timeout | undefined;

  constructor(tasks: readonly CellTask[], options: Options, events?: ListrEventManager) {
    this.#stages = groupsOf(tasks, ({ initialTitle = '' }) => stageOf(initialTitle));
    this.#options = options;
    this.#region = new Region(options.terminal);
    this.#began = options.clock.seconds();
    this.#events = events;
  }

  /** Whether some cells have no row of their own. */
  static isFolded(cells: number, terminal: Terminal): boolean {
    return isFolded(cells, terminalSize(terminal));
  }

  render(): void {
    this.#draw();
    this.#events?.on(ListrEventType.SHOULD_REFRESH_RENDER, this.#refresh);
    this.#ticking = setInterval(this.#refresh, tick);
    this.#options.terminal.on('resize', this.#refresh);
  }

  end(): void {
    clearInterval(this.#ticking);
    if (this.#waiting) clearTimeout(this.#waiting);
    this.#waiting = null;
    this.#options.terminal.off('resize', this.#refresh);
    this.#events?.off(ListrEventType.SHOULD_REFRESH_RENDER, this.#refresh);
    this.#show(lastLines(this.#picture(), terminalSize(this.#options.terminal)));
  }

  readonly #refresh = (): void => {
    this.#waiting ??= setTimeout(this.#draw, Math.max(0, this.#drawnAt + pause - performance.now()));
  };

  readonly #draw = (): void => {
    this.#waiting = null;
    const seconds = this.#options.clock.seconds() - this.#began;
    this.#show(pictureLines(this.#picture(), terminalSize(this.#options.terminal), seconds));
    this.#drawnAt = performance.now();
  };

  #show(lines: readonly string[]): void {
    this.#region.draw(lines, this.#options.notes.splice(0));
  }

  #picture(): PicturedStage[] {
    const now = this.#options.clock.seconds();
    return this.#stages.map((tasks) =>
      tasks.map((task) => {
        const { state, title = '', initialTitle: id = '' } = task;
        const phase = phases[state] ?? 'running';
        if (phase === 'running' && !this.#runningSince.has(task)) this.#runningSince.set(task, now);
        const seconds = phase === 'running' ? now - this.#runningSince.get(task)! : null;
        return { id, phase, text: title === id ? '' : title, seconds };
      }),
    );
  }
}
