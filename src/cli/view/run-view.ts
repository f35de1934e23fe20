// Where a run is shown as it happens.
import type { Emit, RunEvent } from '../../runner/event.ts';
import { type Clock, systemClock } from '../../runner/process/clock.ts';
import { eventJson } from './event-json.ts';
import { print, wantsMotion } from './print.ts';
import { failedText, progressLines, warningText } from './progress-lines.ts';
import { type LiveView, openLiveView } from './progress-live.ts';

/** JSON lines where they are asked for, rows that move in a terminal that wants them, lines elsewhere. */
export function openRunView(
  { json, quiet }: { readonly json?: boolean; readonly quiet?: boolean },
  clock: Clock = systemClock,
): LiveView {
  const still = (emit: Emit): LiveView => ({ emit, close: () => Promise.resolve() });
  if (json) return still(eventJson(print));
  if (quiet) return still(troubleLines);
  return wantsMotion(process.stdout) ? openLiveView(clock) : still(progressLines(clock, print));
}

/** What is wrong, as it happens. */
function troubleLines(event: RunEvent): void {
  if (event.kind === 'warning') print(warningText(event));
  else if (event.kind === 'stage-failed') print(failedText(event));
}
