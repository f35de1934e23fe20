// Tables as CSV (RFC 4180, with line feeds): numbers in full, nothing where there is no value.

export function csvText(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number | boolean | null>>[],
): string {
  const line = (cells: readonly (string | number | boolean | null)[]) => `${cells.map(field).join(',')}\n`;
  return line(columns) + rows.map((row) => line(columns.map((column) => row[column] ?? null))).join('');
}

function field(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
