// Durations as people write them: `90s`, `30m`, `1.5h`.

const units = { s: 1, m: 60, h: 3600 } as const;

/** Seconds; null for a text of another form, for nothing, and for more than 30 years. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = /^([0-9]+(?:\.[0-9]+)?)([smh])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const seconds = Number(amount) * units[unit as keyof typeof units];
  return seconds > 0 && seconds < 1e9 ? seconds : null;
}
