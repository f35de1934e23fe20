// Ctrl-C, or a terminal that goes away, while stages run: they are asked to end, and what is finished is kept.
import { isatty } from 'node:tty';
import type { Emit } from '../runner/event.ts';
import { endLeftovers } from '../runner/process/work-directory.ts';
import type { Store } from '../store/store.ts';

export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

/** Ctrl-C, SIGTERM or SIGHUP asks stages to end, which takes them seconds at most; a second Ctrl-C or SIGTERM kills them. */
export function onInterrupt(store: Store, emit: Emit): Interrupt {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) return void endLeftovers(store);
    const message = 'Stopping: what is finished is kept, checkpoints too; Ctrl-C again kills at once';
    emit({ kind: 'warning', stage: null, message });
    controller.abort();
  };
  const hasTerminal = [0, 1, 2].some((file) => isatty(file));
  const hangUp = () => {
    // Node restores its terminal's settings at the end, and would dump core where that is gone.
    if (hasTerminal) process.once('exit', () => process.kill(process.pid, 'SIGKILL'));
    // The kernel and the shell may both tell of it, and nobody has asked for haste.
    if (!controller.signal.aborted) stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', hangUp);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      process.off('SIGHUP', hangUp);
    },
  };
}
