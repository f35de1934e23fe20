// The only place that reads time. Tests and replays pass another clock.

export interface Clock {
  /** Wall clock, ISO 8601 in UTC. May jump. */
  now(): string;
  /** Seconds since an arbitrary start; never goes back. */
  seconds(): number;
}

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  seconds: () => performance.now() / 1000,
};
