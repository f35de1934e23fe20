// Moves explained by running again with one change at a time, as `diff` and `report` are asked to by --attribute.
import type { Attribution } from '../manifest/comparison/attribution.ts';
import { factorText } from '../manifest/comparison/attribution-text.ts';
import type { AttributionOptions, Comparison } from '../project/compare.ts';
import type { Project } from '../project/project.ts';
import { systemClock } from '../runner/process/clock.ts';
import { interruptible } from './interrupt.ts';
import type { DiffOptions } from './options.ts';
import { paint, print } from './view/print.ts';
import { progressLines } from './view/progress-lines.ts';

/** One for each comparison. Says what it runs, unless all that is printed is JSON. */
export async function attributeAll(
  project: Project,
  comparisons: readonly Comparison[],
  { json, ...options }: Pick<DiffOptions, 'json' | 'cpus'>,
): Promise<Attribution[]> {
  const emit = json ? () => {} : progressLines(systemClock, print);
  const onFactor: AttributionOptions['onFactor'] = (factor, isMade) =>
    print('', `${paint('bold', isMade ? 'With' : 'Without')} ${factorText(factor)}`);
  return interruptible(project.root, emit, async (watched) => {
    const attributions: Attribution[] = [];
    for (const comparison of comparisons) {
      attributions.push(await project.attribute(comparison, { ...options, ...watched, ...(!json && { onFactor }) }));
    }
    return attributions;
  });
}
