// Amounts of memory as people write them: `512MiB`, `4GiB`, `1.5GB`.

const units = { MB: 1e6, GB: 1e9, TB: 1e12, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/** Bytes, rounded up; null for a text of another form, for nothing, and for more than any machine has. */
export function parseMemory(text: string): number | null {
  const [, amount, unit] = /^([0-9]+(?:\.[0-9]+)?)([MGT]i?B)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const bytes = Math.ceil(Number(amount) * units[unit as keyof typeof units]);
  return bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** Bytes as `1.5 GiB`, `512 MiB`, `2.5 KiB` or `12 bytes`. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const [unit, size] = bytes < units.MiB ? ['KiB', 1024] : bytes < units.GiB ? ['MiB', units.MiB] : ['GiB', units.GiB];
  return `${Number((bytes / Number(size)).toPrecision(4))} ${unit}`;
}
