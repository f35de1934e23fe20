// Where a run is shown as it happens.
import type { Emit } from '../../runner/event.ts';
import { systemClock } from '../../runner/process/clock.ts';
import { eventJson } from './event-json.ts';
import { print } from './print.ts';
import { progressLines } from './progress-lines.ts';
import { type LiveView, openLiveView } from './progress-live.ts';

/** JSON lines where they are asked for, rows that move in a terminal, lines elsewhere. */
export function openRunView({ json }: { readonly json?: boolean }): LiveView {
  const still = (emit: Emit): LiveView => ({ emit, close: () => Promise.resolve() });
  if (json) return still(eventJson(print));
  return process.stdout.isTTY ? openLiveView(systemClock) : still(progressLines(systemClock, print));
}
