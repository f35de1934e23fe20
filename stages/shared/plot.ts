// A line chart as a stage hands it to the report: an output whose path ends in `.plot.json`.

/** Value and unit of an axis; `log` for a logarithmic scale. */
export interface Axis {
  readonly label: string;
  readonly log?: boolean;
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Points are [x, y] or [x, y, standard error of y]. */
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly number[])[] }[];
  readonly note?: string;
}

export function plotText(plot: Plot): string {
  return `${JSON.stringify(plot)}\n`;
}

/** Comma-separated values with a header; numbers in full precision. */
export function csvText(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows].map((row) => `${row.join(',')}\n`).join('');
}
