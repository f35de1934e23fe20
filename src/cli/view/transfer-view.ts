// Bytes on their way, as one line of a terminal that is written over; nothing where the output is a file.
import { bytesText } from '../../pipeline/memory.ts';
import type { Progress } from '../../remote/push.ts';
import { overwrite } from './print.ts';

export interface TransferView {
  update(this: void, progress: Progress): void;
  /** Clears the line. */
  close(this: void): void;
}

/** Milliseconds between two lines. */
const pause = 100;

export function transferView(silent: boolean): TransferView {
  const start = performance.now();
  const isShown = !silent && process.stderr.isTTY;
  let shownAt = -Infinity;
  return {
    update({ done, total, bytes }) {
      const now = performance.now();
      if (!isShown || now - shownAt < pause) return;
      shownAt = now;
      const rate = bytes / Math.max(0.1, (now - start) / 1000);
      overwrite(`${done}/${total} objects  ${bytesText(bytes)}  ${bytesText(rate)}/s`);
    },
    close() {
      if (shownAt > 0) overwrite(null);
    },
  };
}
