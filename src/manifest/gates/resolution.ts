// Whether a tolerance is wider than what can be told apart. Below one standard error, or below one case, it is equality in disguise.
import type { ReportedNumber } from '../../schema/types.ts';
import { valueText, valueTexts } from '../text/number-text.ts';

/**
 * @param halfWidth How far the number may move to either side.
 * @param standardError Of what is compared; 0 where unknown.
 */
export function resolutionWarning(halfWidth: number, standardError: number, number: ReportedNumber): string | null {
  if (halfWidth < standardError) {
    const [width, error] = valueTexts([halfWidth, standardError]);
    return `the tolerance ${width} is below one standard error (${error}): chance alone moves the number out of it`;
  }
  const cases = caseCount(number);
  if (cases !== null && halfWidth < 1 / cases) {
    return `the tolerance ${valueText(halfWidth, [1 / cases])} is below one of the ${cases} cases: it asks for equality`;
  }
  return null;
}

/** n, where the number is a whole number of its n cases, such as an accuracy; otherwise null. */
function caseCount({ value, unit, n }: ReportedNumber): number | null {
  if (unit !== '1' || n === undefined || value < 0 || value > 1) return null;
  return Math.abs(value * n - Math.round(value * n)) < 1e-9 * n ? n : null;
}
