// A run as a live view in a terminal, drawn by listr2 from the event stream.
import { count, durationText } from '../../manifest/text/number-text.ts';
import type { Clock } from '../../runner/process/clock.ts';
import type { Emit, RunEvent } from '../../runner/event.ts';
import { paint, print, terminalText } from './print.ts';
import { fractionDone, ProgressMeter } from './progress-meter.ts';
import { pushText, queuedText, repeatedText, restoredText, retriedText, startedText } from './progress-lines.ts';

export interface LiveView {
  readonly emit: Emit;
  /** Resolves when the last picture is drawn; call it after the run. */
  close(): Promise<void>;
}

interface Row {
  readonly meter: ProgressMeter;
  /** Ends the task with an outcome. */
  settle(outcome: { kind: 'done' } | { kind: 'failed' | 'skipped'; text: string }): void;
  start(): void;
  title(text: string): void;
  output(text: string): void;
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
      else if (event.kind === 'warning') print(`warning: ${event.message}`);
      else if (event.kind === 'pushed') print(pushText(event));
    },
    close: async () => (await opening)?.close(),
  };
}

/** A row for each stage; rows of stages that have not started are drawn as waiting. */
async function drawRows(clock: Clock, stages: readonly string[]): Promise<LiveView> {
  const { Listr, ListrTaskState } = await import('listr2');
  const rows = new Map<string, Row>();
  const notes: string[] = [];
  const nameWidth = stages.reduce((width, stage) => Math.max(width, stage.length), 0);
  const line = (stage: string, text: string) => terminalText(`${stage.padEnd(nameWidth)}  ${text}`);

  const list = new Listr(
    stages.map((stage) => ({
      title: terminalText(paint('dim', stage)),
      rendererOptions: { outputBar: 1 },
      task: (_: unknown, wrapper) =>
        new Promise<void>((resolve, reject) => {
          // All tasks begin at once, so that their order is the runner's and not listr2's; until then they wait.
          wrapper.task.state$ = ListrTaskState.WAITING;
          rows.set(stage, {
            meter: new ProgressMeter(),
            start: () => (wrapper.task.state$ = ListrTaskState.STARTED),
            title: (text) => (wrapper.title = line(stage, text)),
            output: (text) => (wrapper.output = terminalText(text)),
            settle(outcome) {
              rows.delete(stage);
              if (outcome.kind === 'failed') return reject(new Error(line(stage, outcome.text)));
              // listr2 completes only what has started.
              if (outcome.kind === 'done') wrapper.task.state$ = ListrTaskState.STARTED;
              if (outcome.kind === 'skipped') wrapper.skip(line(stage, outcome.text));
              resolve();
            },
          });
        }),
    })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: { formatOutput: 'truncate' },
    },
  );
  const drawn = list.run();
  // listr2 starts tasks after a few turns of the event loop; events that come earlier would find no row.
  while (rows.size < stages.length) await new Promise((resolve) => setImmediate(resolve));

  return {
    emit(event) {
      const row = 'stage' in event && event.stage !== null ? rows.get(event.stage) : undefined;
      if (row) show(row, event, clock);
      else if (event.kind === 'warning' || event.kind === 'pushing' || event.kind === 'pushed') {
        const message = event.kind === 'warning' ? `warning: ${event.message}` : pushText(event);
        notes.push(message);
        // Only rows at work draw their output.
        for (const each of rows.values()) each.output(message);
      }
    },
    async close() {
      for (const row of rows.values()) row.settle({ kind: 'skipped', text: 'not run' });
      await drawn;
      print(...notes);
    },
  };
}

function show(row: Row, event: RunEvent, clock: Clock): void {
  switch (event.kind) {
    case 'stage-queued':
      row.title(paint('dim', queuedText(event)));
      return row.output(event.reasons.join('; '));
    case 'stage-started':
      row.start();
      row.title(startedText(event));
      return row.output(event.reasons.join('; '));
    case 'stage-retried':
      return row.title(retriedText(event));
    case 'stage-progress':
      return row.title(`${bar(fractionDone(event.progress))} ${row.meter.update(event.progress, clock.seconds())}`);
    case 'stage-output':
      return row.output(event.line);
    case 'stage-finished': {
      const numbers = Object.keys(event.numbers).length;
      row.title(`${durationText(event.seconds)}${numbers > 0 ? `, ${count(numbers, 'number')}` : ''}`);
      return row.settle({ kind: 'done' });
    }
    case 'stage-restored':
      row.title(paint('dim', restoredText(event)));
      return row.settle({ kind: 'done' });
    case 'stage-repeated':
      return row.title(repeatedText(event));
    case 'stage-failed':
      return row.settle({ kind: 'failed', text: `FAILED: ${event.failure.message}` });
    case 'stage-blocked':
      return row.settle({ kind: 'skipped', text: `not run, because ${event.by} failed` });
    case 'stage-cancelled':
      return row.settle({ kind: 'skipped', text: 'cancelled' });
    case 'warning':
      return row.output(`warning: ${event.message}`);
    case 'run-started':
    case 'run-finished':
    case 'pushing':
    case 'pushed':
      return;
  }
}

function bar(fraction: number): string {
  const width = 12;
  const filled = Math.round(fraction * width);
  return '█'.repeat(filled) + paint('dim', '░'.repeat(width - filled));
}
