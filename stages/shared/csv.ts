// Tables that stages write: comma-separated values.

/** Comma-separated values with a header; numbers in full precision. */
export function csvText(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows].map((row) => `${row.join(',')}\n`).join('');
}
