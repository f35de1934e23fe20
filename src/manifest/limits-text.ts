// The limits of a gate as a sentence would name them.
import type { ManifestGate } from '../schema/types.ts';

/** `0.18 to 0.22`, `at most 0.06`, `within 5% of artifacts/reference/ci.json`, `at most 0.02 above nll-exact, p <= 0.05`. */
export function limitsText(gate: Pick<ManifestGate, 'min' | 'max' | 'reference' | 'test'>): string {
  if (gate.reference !== undefined) {
    const { path, tolerance } = gate.reference;
    const { absolute, relative, standardErrors } = tolerance;
    const width =
      absolute !== undefined
        ? String(absolute)
        : relative !== undefined
          ? `${Number((relative * 100).toPrecision(12))}%`
          : `${standardErrors} standard errors`;
    return `within ${width} of ${path}`;
  }
  if (gate.test !== undefined) {
    const { against, margin, level, better } = gate.test;
    const [worse, good] = better === 'higher' ? ['below', 'above'] : ['above', 'below'];
    const limit =
      better === undefined
        ? `worse than ${against} by less than ${margin}`
        : margin === 0
          ? `${good} ${against}`
          : `less than ${margin} ${worse} ${against}`;
    return `${limit}, p <= ${level}`;
  }
  if (gate.min !== undefined && gate.max !== undefined) return `${gate.min} to ${gate.max}`;
  if (gate.max !== undefined) return `at most ${gate.max}`;
  return gate.min === undefined ? 'any value' : `at least ${gate.min}`;
}
