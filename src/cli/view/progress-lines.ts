// A run as plain lines, for logs and pipes: one line when something happens, and one for every tenth of a stage.
import { auditText } from '../../manifest/verification/audit-text.ts';
import { count, durationText, quantityText } from '../../manifest/text/number-text.ts';
import { bytesText } from '../../pipeline/memory.ts';
import type { Clock } from '../../runner/process/clock.ts';
import type { Emit, RunEvent } from '../../runner/event.ts';
import { fractionDone, ProgressMeter } from './progress-meter.ts';

export function progressLines(clock: Clock, write: (line: string) => void): Emit {
  const meters = new Map<string, { meter: ProgressMeter; tenth: number }>();
  const queued = new Set<string>();
  const writeReasons = ({ stage, reasons: [first, ...others] }: Reasoned, text: string): void => {
    write(`${stage}: ${text}${first === undefined ? '' : ` (${first})`}`);
    for (const reason of others) write(`    also: ${reason}`);
  };
  return (event: RunEvent) => {
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
        meters.set(event.stage, { meter: new ProgressMeter(), tenth: 0 });
        // Why has been said.
        if (queued.has(event.stage)) return write(`${event.stage}: ${startedText(event)}`);
        return writeReasons(event, startedText(event));
      case 'stage-retried':
        meters.set(event.stage, { meter: new ProgressMeter(), tenth: 0 });
        return write(`${event.stage}: ${retriedText(event)}`);
      case 'stage-progress': {
        const state = meters.get(event.stage);
        if (!state) return;
        const text = state.meter.update(event.progress, clock.seconds());
        const tenth = Math.floor(fractionDone(event.progress) * 10);
        if (tenth === state.tenth) return;
        state.tenth = tenth;
        return write(`${event.stage}: ${text}`);
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
        return write(`${event.stage}: FAILED: ${event.failure.message}`);
      case 'stage-blocked':
        return write(`${event.stage}: not run, because ${event.by} failed`);
      case 'stage-cancelled':
        return write(`${event.stage}: cancelled`);
      case 'pushing':
      case 'pushed':
        return write(pushText(event));
      case 'warning':
        return write(`warning: ${event.stage === null ? '' : `${event.stage}: `}${event.message}`);
      case 'stage-output': // in the log
      case 'run-finished': // run.ts tells the result
        return;
    }
  };
}

type Reasoned = RunEvent & { kind: 'stage-started' | 'stage-queued' };

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
