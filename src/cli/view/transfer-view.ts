// Bytes on their way: how many of how many, how fast, and how long it will take.
import { durationText } from '../../manifest/text/number-text.ts';
import { bytesText } from '../../pipeline/memory.ts';
import type { Progress } from '../../remote/progress.ts';
import { print, terminalText, wantsMotion } from './print.ts';

export interface TransferView {
  readonly onProgress: (progress: Progress) => void;
  /** Resolves when the last picture is drawn. */
  close(this: void): Promise<void>;
}

/** Milliseconds between two pictures of a terminal, and between two lines of a file. */
const pause = { terminal: 100, file: 10_000 };

/** @param title What is done, such as `pushing` */
export function openTransferView(title: string, { json }: { readonly json?: boolean }): TransferView {
  if (json) return { onProgress: () => {}, close: () => Promise.resolve() };
  // From the first byte on: what comes before it is no part of the rate.
  let start: number | null = null;
  const seconds = (): number => (performance.now() - (start ??= performance.now())) / 1000;
  if (wantsMotion(process.stdout)) return liveView(title, seconds);
  // What is over within the first pause has no line.
  const show = atMostEvery(pause.file, (progress) => {
    print(`${title}: ${objectsText(progress)}, ${bytesLine(progress, seconds())}`);
  });
  const onProgress = (progress: Progress): void => {
    seconds();
    show(progress);
  };
  return { onProgress, close: () => Promise.resolve() };
}

function liveView(title: string, seconds: () => number): TransferView {
  let drawing: Promise<unknown> | null = null;
  let draw: (progress: Progress) => void = () => {};
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const open = async (): Promise<void> => {
    const { Listr } = await import('listr2');
    await new Listr(
      [
        {
          title: terminalText(title),
          task: async (_, task) => {
            draw = (progress) => {
              task.title = terminalText(`${title}  ${objectsText(progress)}`);
              task.output = terminalText(bytesLine(progress, seconds()));
            };
            await ended;
          },
        },
      ],
      { registerSignalListeners: false, rendererOptions: { formatOutput: 'truncate' } },
    ).run();
  };
  const show = atMostEvery(pause.terminal, (progress) => draw(progress));
  return {
    onProgress(progress) {
      seconds();
      drawing ??= open();
      show(progress);
    },
    async close() {
      end();
      await drawing;
    },
  };
}

function atMostEvery(milliseconds: number, show: (progress: Progress) => void): (progress: Progress) => void {
  let shownAt = performance.now();
  return (progress) => {
    if (performance.now() - shownAt < milliseconds) return;
    shownAt = performance.now();
    show(progress);
  };
}

const objectsText = ({ done, objects }: Progress): string => `${done} of ${objects} objects`;

/** `1.2 GiB of 3.4 GiB, 55 MiB/s, 40 s left`. Rate and rest are of the whole so far: small files are slower than large ones. */
export function bytesLine({ bytes, totalBytes }: Progress, seconds: number): string {
  const rate = bytes / Math.max(seconds, 0.1);
  const rest = (totalBytes - bytes) / rate;
  const left = bytes > 0 && rest >= 1 ? `, ${durationText(rest)} left` : '';
  return `${bytesText(bytes)} of ${bytesText(totalBytes)}, ${bytesText(rate)}/s${left}`;
}
