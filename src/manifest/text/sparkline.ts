// A series of values as one line of text.

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar for each value, between the least and the largest; a blank where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const least = known.reduce((a, b) => Math.min(a, b), Infinity);
  const most = known.reduce((a, b) => Math.max(a, b), -Infinity);
  const bar = (value: number): string => {
    // All alike are in the middle: nothing rises or falls.
    const height = most === least ? 0.5 : (value - least) / (most - least);
    return bars[Math.min(bars.length - 1, Math.floor(height * bars.length))]!;
  };
  return values.map((value) => (value === null ? ' ' : bar(value))).join('');
}
