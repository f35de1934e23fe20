// Files that name their format, `repro.manifest/2`: those that a later version of this program wrote are whole, only not
// for this one.

/** The number of a value's format where it is greater than the latest that is read here; else null. */
export function formatLaterThan(latest: number, name: string, value: unknown): number | null {
  const format = (value as { format?: unknown } | null | undefined)?.format;
  if (typeof format !== 'string' || !format.startsWith(`${name}/`)) return null;
  const number = /^[1-9]\d{0,8}$/.exec(format.slice(name.length + 1))?.[0];
  return number !== undefined && Number(number) > latest ? Number(number) : null;
}
