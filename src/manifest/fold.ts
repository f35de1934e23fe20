// Long series of numbers as one entry, so that the numbers a person looks for are not buried under a curve's points.
import type { ManifestNumber } from '../schema/types.ts';

/** Numbers of one stage whose names differ only in the last part, such as `mse.cdm.t0001` and `mse.cdm.t0006`. */
export interface NumberSeries {
  /** Address up to the part that differs: `denoising-mse.mse.cdm`. */
  readonly prefix: string;
  /** The part of the prefix that is their name: `mse.cdm`. */
  readonly name: string;
  readonly members: readonly ManifestNumber[];
}

/** From this many on, numbers that differ in the last part of their name are a series. */
const shortestSeries = 8;

/** The numbers in their order; a series stands where its first member stood. */
export function foldNumbers(numbers: readonly ManifestNumber[]): (ManifestNumber | NumberSeries)[] {
  const series = new Map<string, ManifestNumber[]>();
  for (const entry of numbers) {
    const prefix = seriesPrefix(entry);
    if (prefix === null) continue;
    const members = series.get(prefix);
    if (members === undefined) series.set(prefix, [entry]);
    else members.push(entry);
  }
  return numbers.flatMap((entry): (ManifestNumber | NumberSeries)[] => {
    const prefix = seriesPrefix(entry);
    const members = prefix === null ? undefined : series.get(prefix);
    if (prefix === null || members === undefined || members.length < shortestSeries) return [entry];
    return members[0] === entry ? [{ prefix, name: prefix.slice(entry.stage.length + 1), members }] : [];
  });
}

function seriesPrefix({ address, name }: ManifestNumber): string | null {
  return name.includes('.') ? address.slice(0, address.lastIndexOf('.')) : null;
}
