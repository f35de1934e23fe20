// A run as plain lines, for logs and pipes: one line when something happens, and now and then one of a stage at work.
import { auditText } from '../../manifest/verification/audit-text.ts';
import { count, durationText, quantityText } from '../../manifest/text/number-text.ts';
import { bytesText } from '../../pipeline/memory.ts';
import type { Clock } from '../../runner/process/clock.ts';
import type { Emit, RunEvent } from '../../runner/event.ts';
import { few, stageOf } from './fold-cells.ts';
import { paint } from './print.ts';
import { lineText, ProgressMeter } from '../../live/progress-meter.ts';

/** The seconds after which a stage at work may have its next line: few for a short one, and never silent for long. */
export function pauseAfter(secondsAtWork: number): number {
  return Math.min(Math.max(10, secondsAtWork / 10), 300);
}

interface AtWork {
  readonly meter: ProgressMeter;
  readonly since: number;
  nextAt: number;
}

export function progressLines(clock: Clock, write: (line: string) => void): Emit {
  const atWork = new Map<string, AtWork>();
  const queued = new Set<string>();
  const begin = (stage: string): void => {
    const since = clock.seconds();
    atWork.set(stage, { meter: new ProgressMeter(), since, nextAt: since + pauseAfter(0) });
  };
  const writeReasons = ({ stage, reasons: [first, ...others] }: Reasoned, text: string): void => {
    write(`${stage}: ${text}${first === undefined ? '' : ` (${first})`}`);
    for (const reason of others) write(`    also: ${reason}`);
  };
  return foldAlike(write, (event: RunEvent) => {
    switch (event.kind) {
      case 'run-started':
        return write(
          `run ${event.run}: ${count(event.stages.length, 'stage')}` +
            (event.profile === null ? '' : `, profile ${event.profile}`),
        );
      case 'stage-queued':
        queued.add(event.stage);
        return writeReasons(event, queuedText(event));
      case 'stage-started':
        begin(event.stage);
        // Why has been said.
        if (queued.has(event.stage)) return write(`${event.stage}: ${startedText(event)}`);
        return writeReasons(event, startedText(event));
      case 'stage-retried':
        begin(event.stage);
        return write(`${event.stage}: ${retriedText(event)}`);
      case 'stage-progress': {
        const stage = atWork.get(event.stage);
        if (!stage) return;
        const now = clock.seconds();
        const reading = stage.meter.update(event.progress, now);
        if (now < stage.nextAt) return;
        stage.nextAt = now + pauseAfter(now - stage.since);
        return write(`${event.stage}: ${lineText(reading)}`);
      }
      case 'stage-finished':
        write(`${event.stage}: finished in ${durationText(event.seconds)}`);
        for (const [name, number] of Object.entries(event.numbers)) {
          write(`    ${name} = ${quantityText(number)}`);
        }
        return;
      case 'stage-restored':
        return write(`${event.stage}: ${restoredText(event)}`);
      case 'stage-repeated':
        return write(`${event.stage}: ${repeatedText(event)}`);
      case 'stage-failed':
        return write(failedText(event));
      case 'stage-blocked':
        return write(`${event.stage}: not run, because ${event.by} failed`);
      case 'stage-cancelled':
        return write(`${event.stage}: cancelled`);
      case 'pushing':
      case 'pushed':
        return write(pushText(event));
      case 'warning':
        return write(warningText(event));
      case 'stage-output': // in the log
      case 'gate-judged':
      case 'run-finished': // run.ts tells the result
        return;
    }
  });
}

type Alike = RunEvent & { kind: 'stage-restored' | 'stage-blocked' | 'stage-cancelled' };

/** Cells of a stage that did not run are told in a line, where there are many of them one after another. */
function foldAlike(write: (line: string) => void, tell: Emit): Emit {
  let held: Alike[] = [];
  const keyOf = (event: Alike): string =>
    [event.kind, stageOf(event.stage), 'by' in event ? event.by : '', 'from' in event ? event.from : ''].join();
  const flush = (): void => {
    const [first] = held;
    if (first && held.length > few) write(`${stageOf(first.stage)}: ${alikeText(held.length, first)}`);
    else held.forEach(tell);
    held = [];
  };
  return (event) => {
    const isAlike =
      event.kind === 'stage-restored' || event.kind === 'stage-blocked' || event.kind === 'stage-cancelled';
    if (held[0] && !(isAlike && keyOf(held[0]) === keyOf(event))) flush();
    if (isAlike) held.push(event);
    else tell(event);
  };
}

function alikeText(cells: number, event: Alike): string {
  switch (event.kind) {
    case 'stage-restored':
      return `${cells} cells restored${event.from === undefined ? '' : ` from ${event.from}`}`;
    case 'stage-blocked':
      return `${cells} cells not run, because ${event.by} failed`;
    case 'stage-cancelled':
      return `${cells} cells cancelled`;
  }
}

type Reasoned = RunEvent & { kind: 'stage-started' | 'stage-queued' };

export function failedText({ stage, failure }: RunEvent & { kind: 'stage-failed' }): string {
  return `${stage}: ${paint('red', 'FAILED')}: ${failure.message}`;
}

export function warningText({ stage, message }: RunEvent & { kind: 'warning' }): string {
  return `warning: ${stage === null ? '' : `${stage}: `}${message}`;
}

/** Where it waits. */
export function queuedText({ executor, isTakenOver }: RunEvent & { kind: 'stage-queued' }): string {
  return isTakenOver ? `in the hands of ${executor} since an earlier run` : `queued on ${executor}`;
}

/** Where it runs, when that is not here. */
export function startedText({ host }: RunEvent & { kind: 'stage-started' }): string {
  return host === undefined ? 'started' : `started on ${host}`;
}

/** How one repeated execution came out. */
export function repeatedText({ repeat, repeats, audit, failure }: RunEvent & { kind: 'stage-repeated' }): string {
  const result = failure === null ? auditText(audit) : `FAILED: ${failure.message}`;
  return `again, ${repeat} of ${repeats}: ${result}`;
}

/** Why an attempt is not the first. */
export function retriedText({ attempt, attempts, failure }: RunEvent & { kind: 'stage-retried' }): string {
  return `attempt ${attempt} of ${attempts}, after: ${failure.message}`;
}

/** What goes to a remote, or went there. */
export function pushText(event: RunEvent & { kind: 'pushing' | 'pushed' }): string {
  const results = count(event.results, 'result');
  if (event.kind === 'pushing') return `waiting for ${results} on the way to ${event.remote}`;
  return `pushed to ${event.remote}: ${results}, ${count(event.objects, 'object')}, ${bytesText(event.bytes)}`;
}

/** Where a restored result comes from. */
export function restoredText(event: RunEvent & { kind: 'stage-restored' }): string {
  const from = event.from === undefined ? '' : ` from ${event.from}`;
  return `restored${from}, computed by run ${event.run} in ${durationText(event.seconds)}`;
}
