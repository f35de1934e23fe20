// The only place that tells dates, and how long stages took. Tests and replays pass another clock.

export interface Clock {
  /** ISO 8601 in UTC; never goes back. */
  now(): string;
  /** Seconds since an arbitrary start; never goes back. */
  seconds(): number;
}

/**
 * Follows a wall clock that may jump. A jump forwards is followed, as after a night in which the machine slept. When
 * the wall clock is put back, time goes on at the pace of `seconds`. So what ends later never has the earlier time, and
 * no interval is shorter than its seconds.
 * @param wall Milliseconds since 1970.
 */
export function steadyClock(wall: () => number, seconds: () => number): Clock {
  let latest = -Infinity;
  let at = seconds();
  const now = (): string => {
    const here = seconds();
    latest = Math.max(wall(), latest + (here - at) * 1000);
    at = here;
    return new Date(latest).toISOString();
  };
  return { now, seconds };
}

export const systemClock = steadyClock(
  () => new Date().getTime(),
  () => performance.now() / 1000,
);
