// A server that was just started, waited for.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** Until something answers there, whatever it answers. @throws where the server ends before */
export async function answering(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer) return;
    await delay(20);
  }
  throw new Error(`The server ended with ${child.exitCode ?? child.signalCode} before it answered`);
}
