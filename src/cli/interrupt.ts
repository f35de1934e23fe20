// Ctrl-C, or a terminal that goes away, while stages run: they are asked to end, and what is finished is kept.
import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { exitCode } from '../error.ts';
import type { Emit } from '../runner/event.ts';
import { detach } from '../runner/process/executor.ts';
import { openStore } from '../store/store.ts';

/** For stages that were killed to be gone, and what is known to be written. */
const killSeconds = 5;

/** What the library is given to be watched, and stopped. */
export interface Watched {
  readonly onEvent: Emit;
  readonly signal: AbortSignal;
}

/**
 * Does something that runs stages of a project. Meanwhile Ctrl-C, SIGTERM or SIGHUP asks them to end, which takes them
 * seconds at most; a second Ctrl-C or SIGTERM kills them. SIGHUP lets jobs of a cluster go on. Before the first event there
 * is nothing to keep: it ends the process at once.
 * @param options `outlives`: it goes on when its terminal goes away, since others can come back to it.
 */
export async function interruptible<Result>(
  root: string,
  emit: Emit,
  action: (watched: Watched) => Promise<Result>,
  { outlives = false }: { readonly outlives?: boolean } = {},
): Promise<Result> {
  const controller = new AbortController();
  const say = (message: string) => emit({ kind: 'warning', stage: null, message });
  const stop = () => {
    if (controller.signal.aborted) {
      // A scheduler that does not answer must not keep anybody: the next run finds its jobs.
      // eslint-disable-next-line no-restricted-properties -- what waits for it ends by nothing else
      setTimeout(() => process.exit(exitCode.interrupted), killSeconds * 1000).unref();
      return void killStages(root);
    }
    say('Stopping: what is finished is kept, checkpoints too; Ctrl-C again kills at once');
    controller.abort();
  };
  const hasTerminal = [0, 1, 2].some((file) => isatty(file));
  const showsThere = isatty(1);
  const goesOn = outlives && isOfTerminal();
  const hangUp = () => {
    // Node restores its terminal's settings at the end, and would dump core where that is gone.
    if (hasTerminal) process.once('exit', () => process.kill(process.pid, 'SIGKILL'));
    // The kernel and the shell may both tell of it, and nobody has asked for haste.
    if (controller.signal.aborted) return;
    if (goesOn) {
      // A log is written on.
      isAlone = showsThere;
      return;
    }
    say(
      'Stopping: what is finished is kept, checkpoints too; jobs of a cluster go on, and the next run takes them over',
    );
    detach(controller);
  };
  let isListening = false;
  let isAlone = false;
  const listen = () => {
    isListening = true;
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    process.on('SIGHUP', hangUp);
  };
  const onEvent: Emit = (event) => {
    if (!isListening) listen();
    if (!isAlone) emit(event);
  };
  try {
    return await action({ onEvent, signal: controller.signal });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.off('SIGHUP', hangUp);
  }
}

/** Whether it belongs to a terminal, where its input and output may lead elsewhere: `nohup`, `> log`. */
function isOfTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Loaded when it is needed: a run that has nothing to do has no stages, and every run has loaded it before it has one. */
async function killStages(root: string): Promise<void> {
  const { endLeftovers } = await import('../runner/process/work-directory.ts');
  await endLeftovers(openStore(root));
}
