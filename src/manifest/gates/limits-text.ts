// The limits of a gate as a sentence would name them.
import type { ManifestGate, ManifestNumber } from '../../schema/types.ts';
import { shifted } from '../text/decimal-text.ts';
import { numberText } from '../text/number-text.ts';

/** `0.18 to 0.22`, `at most 0.06`, `within 5% of artifacts/reference/ci.json`, `at most 0.02 above nll-exact, p <= 0.05`. */
export function limitsText(gate: Pick<ManifestGate, 'min' | 'max' | 'reference' | 'test'>): string {
  if (gate.reference !== undefined) {
    const { path, tolerance } = gate.reference;
    const { absolute, relative, standardErrors } = tolerance;
    const width =
      absolute !== undefined
        ? String(absolute)
        : relative !== undefined
          ? `${shifted(relative, 2)}%`
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

/** The values that a measured one is compared with. */
export function limitsOf(
  { min, max }: Pick<ManifestGate, 'min' | 'max'>,
  { reference, tolerance }: ManifestGate['measured'][number],
): number[] {
  const band = reference === undefined || tolerance === undefined ? [] : [reference - tolerance, reference + tolerance];
  return [min, max, ...band].filter((limit) => limit !== undefined);
}

/** Standard errors by address, of those numbers that have one. */
export type StandardErrors = ReadonlyMap<string, number>;

export function standardErrorsOf(numbers: readonly Pick<ManifestNumber, 'address' | 'number'>[]): StandardErrors {
  return new Map(
    numbers.flatMap(({ address, number: { standardError } }) =>
      standardError === undefined ? [] : [[address, standardError]],
    ),
  );
}

/** A measured value by its standard error, with the digits that show on which side of its limits it lies. */
export function measuredValueText(
  gate: Pick<ManifestGate, 'min' | 'max'>,
  measured: ManifestGate['measured'][number],
  errors: StandardErrors,
): string {
  const standardError = errors.get(measured.address);
  const number = { value: measured.value, ...(standardError !== undefined && { standardError }) };
  return numberText(number, limitsOf(gate, measured)).value;
}
