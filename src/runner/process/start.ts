// Who starts a stage's process. Most runs start a few, each of which works for long. Where one follows the other, a fork server
// is worth its 0.05 s and 40 MB.
import { type Child, type Command, startHere } from './child.ts';
import { systemClock } from './clock.ts';
import { ForkServer } from './fork-server.ts';

/** So many processes, begun within so many seconds. */
const manyStarts = 32;
const withinSeconds = 8;

const latest: number[] = [];
let server: ForkServer | undefined;

/**
 * Starts a process, from here or from a fork server.
 * @throws {Error} with `code` as the system or Node names what was wrong
 */
export function start(command: Command): Promise<Child> {
  const now = systemClock.seconds();
  latest.push(now);
  if (latest.length > manyStarts) latest.shift();
  const areMany = latest.length === manyStarts && now - latest[0]! < withinSeconds;
  if (server?.hasEnded) server = undefined;
  if (areMany) server ??= beginServer();
  return server === undefined ? startHere(command) : server.start(command);
}

function beginServer(): ForkServer | undefined {
  try {
    return new ForkServer();
  } catch {
    return undefined; // The system has no room for another process: what it has is for stages.
  }
}
