// A run as a live view in a terminal: a list of listr2, drawn by a renderer that is bounded.
import { count, durationText } from '../../manifest/text/number-text.ts';
import type { Clock } from '../../runner/process/clock.ts';
import type { Emit, RunEvent } from '../../runner/event.ts';
import type { Row } from './cell-task.ts';
import { print } from './print.ts';
import { rowText } from '../../live/progress-meter.ts';
import {
  failedText,
  pushText,
  queuedText,
  repeatedText,
  restoredText,
  retriedText,
  startedText,
  warningText,
} from './progress-lines.ts';

export interface LiveView {
  readonly emit: Emit;
  /**
   * Resolves when the last picture is drawn; call it after the run.
   * @param rest What is said of cells that have not ended.
   */
  close(this: void, rest?: string): Promise<void>;
}

/** A view that is drawn from the moment the run starts, with a row for each stage. */
export function openLiveView(clock: Clock): LiveView {
  let opening: Promise<LiveView> | null = null;
  let drawn: LiveView | null = null;
  const early: RunEvent[] = [];
  const draw = async (stages: readonly string[]): Promise<LiveView> => {
    drawn = await drawRows(clock, stages);
    early.forEach(drawn.emit);
    return drawn;
  };
  return {
    emit(event) {
      if (drawn) drawn.emit(event);
      else if (event.kind === 'run-started') opening = draw(event.stages);
      else if (opening) early.push(event);
      else if (event.kind === 'warning') print(warningText(event));
      else if (event.kind === 'pushed') print(pushText(event));
    },
    close: async (rest) => (await opening)?.close(rest),
  };
}

/** A task for each cell. */
async function drawRows(clock: Clock, cells: readonly string[]): Promise<LiveView> {
  const [{ Listr, ListrEventType }, { BoundedRenderer }, { cellTask }] = await Promise.all([
    import('listr2'),
    import('./bounded-renderer.ts'),
    import('./cell-task.ts'),
  ]);
  const rows = new Map<string, Row>();
  const notes: string[] = [];
  const list = new Listr(
    cells.map((cell) => cellTask(cell, rows)),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: BoundedRenderer,
      rendererOptions: { clock, terminal: process.stdout, notes },
    },
  );
  const drawn = list.run();
  // listr2 starts tasks after a few turns of the event loop; events that come earlier would find no row.
  while (rows.size < cells.length) await new Promise((resolve) => setImmediate(resolve));
  const note = (line: string): void => {
    notes.push(line);
    list.events.emit(ListrEventType.SHOULD_REFRESH_RENDER);
  };

  return {
    emit(event) {
      const row = 'stage' in event && event.stage !== null ? rows.get(event.stage) : undefined;
      if (event.kind === 'warning') note(warningText(event));
      else if (event.kind === 'pushing' || event.kind === 'pushed') note(pushText(event));
      else if (row) show(row, event, clock);
      // Its stage has the row, and counts it.
      if (event.kind === 'stage-failed' && BoundedRenderer.isFolded(cells.length, process.stdout))
        note(failedText(event));
    },
    async close(rest = 'not run') {
      for (const row of rows.values()) row.settle('skipped', rest);
      await drawn;
    },
  };
}

function show(row: Row, event: RunEvent, clock: Clock): void {
  switch (event.kind) {
    case 'stage-queued':
      row.queue();
      return row.say(withReasons(queuedText(event), event.reasons));
    case 'stage-started':
      row.start();
      return row.say(withReasons(startedText(event), event.reasons));
    case 'stage-retried':
      return row.say(retriedText(event));
    case 'stage-progress':
      return row.say(rowText(row.meter.update(event.progress, clock.seconds()), event.progress));
    case 'stage-output':
      // What was meant as progress and is none is for the log.
      if (event.line.trim() !== '' && !event.line.startsWith('::repro ')) row.say(event.line);
      return;
    case 'stage-finished': {
      const numbers = Object.keys(event.numbers).length;
      return row.settle('done', `${durationText(event.seconds)}${numbers > 0 ? `, ${count(numbers, 'number')}` : ''}`);
    }
    case 'stage-restored':
      return row.settle('done', restoredText(event));
    case 'stage-repeated':
      return row.say(repeatedText(event));
    case 'stage-failed':
      return row.settle('failed', `FAILED: ${event.failure.message}`);
    case 'stage-blocked':
      return row.settle('skipped', `not run, because ${event.by} failed`);
    case 'stage-cancelled':
      return row.settle('skipped', 'cancelled');
    case 'run-started':
    case 'run-finished':
    case 'warning':
    case 'gate-judged':
    case 'pushing':
    case 'pushed':
      return;
  }
}

const withReasons = (text: string, reasons: readonly string[]): string =>
  reasons.length === 0 ? text : `${text} (${reasons.join('; ')})`;
