// Standard errors of what is not a mean.

/**
 * A statistic of equal blocks of independent data, and its standard error: how far it moves when one block is left out.
 * Throws a RangeError for fewer than two blocks.
 */
export function jackknife<Block>(
  blocks: readonly Block[],
  statistic: (blocks: readonly Block[]) => number,
): { value: number; standardError: number } {
  const n = blocks.length;
  if (n < 2) throw new RangeError(`jackknife: at least two blocks are needed, got ${n}`);
  const without = blocks.map((_, left) => statistic(blocks.filter((_, i) => i !== left)));
  const mean = without.reduce((sum, value) => sum + value, 0) / n;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { value: statistic(blocks), standardError: Math.sqrt(((n - 1) / n) * squares) };
}
