// The line to the run: it breaks when the run's process ends, and is taken up again when one is served at the same address.
import type { LiveMessage } from '../message.ts';

/** Between two tries, where the browser itself has given up. */
const pauseMilliseconds = 2000;

/** @param tell Is told of every message. @param link Is told whether there is a line */
export function follow(tell: (message: LiveMessage) => void, link: (isOpen: boolean) => void): void {
  const open = (): void => {
    const source = new EventSource('events');
    source.addEventListener('open', () => link(true));
    source.addEventListener('message', ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as LiveMessage));
    source.addEventListener('error', () => {
      link(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(open, pauseMilliseconds);
    });
  };
  open();
}
