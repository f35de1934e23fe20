// Ctrl-C while stages run: they are asked to end, and what is finished is kept.
import type { Emit } from '../runner/event.ts';
import { endLeftovers } from '../runner/work-directory.ts';
import type { Store } from '../store/store.ts';

export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

/** The first Ctrl-C, or SIGTERM, asks stages to end, which takes them seconds at most; the second kills them. */
export function onInterrupt(store: Store, emit: Emit): Interrupt {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) return void endLeftovers(store);
    const message = 'Stopping: what is finished is kept, checkpoints too; Ctrl-C again kills at once';
    emit({ kind: 'warning', stage: null, message });
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
