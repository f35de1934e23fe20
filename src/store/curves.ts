// What the store keeps of a stage's metrics over its steps, beside its log.
import { isListOf, isNullOr, isNumber, isObjectWith, isOneOf, isTableOf, isTuple } from './shape.ts';

/** A step and the value there; null where the stage printed one that is no number, such as a loss that diverged. */
export type CurvePoint = readonly [step: number, value: number | null];

export interface CurveFile {
  readonly format: 'repro.curves/1';
  /** Points by metric, in the order in which they were printed. */
  readonly curves: Readonly<Record<string, readonly CurvePoint[]>>;
}

const isCurveFile = isObjectWith<CurveFile>({
  format: isOneOf('repro.curves/1'),
  curves: isTableOf(isListOf(isTuple<CurvePoint>(isNumber, isNullOr(isNumber)))),
});

/** The curves in a file's text; null where it is no such file. */
export function parseCurves(text: string): CurveFile['curves'] | null {
  try {
    const content: unknown = JSON.parse(text);
    return isCurveFile(content) ? content.curves : null;
  } catch {
    return null;
  }
}

export function curvesText(curves: CurveFile['curves']): string {
  return `${JSON.stringify({ format: 'repro.curves/1', curves } satisfies CurveFile)}\n`;
}
