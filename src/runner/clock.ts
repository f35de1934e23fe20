// The only place that reads time. Tests and replays pass another clock.

export interface Clock {
  /** Wall clock, ISO 8601 in UTC. May jump. */
  now(): string;
  /** Seconds since an arbitrary start; never goes back. */
  seconds(): number;
}

/**
 * When something ended that began at `startedAt` and took `seconds`: now, unless the clock was put back meanwhile; so
 * nothing ends before it began.
 */
export function endedAt(clock: Clock, startedAt: string, seconds: number): string {
  const earliest = new Date(Date.parse(startedAt) + seconds * 1000).toISOString();
  const now = clock.now();
  return now < earliest ? earliest : now;
}

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  seconds: () => performance.now() / 1000,
};
