// What a classifier of noise levels makes of noisy images, drawn: figures 3 and 9.
import type { PlotFile } from '../../src/stage/index.ts';
import { indicesOf, likeliestClass, type CasesByClass } from './noisy-cases.ts';

/** The noise levels of figure 3, as shares of T. */
const SHOWN_LEVELS = [0.2, 0.4, 0.6, 0.8];
const TITLES: Readonly<Record<string, string>> = { cdm: 'CDM', bayes: 'Bayes-optimal' };

/** The true classes of figure 3. */
export function shownLevels({ classes }: CasesByClass): number[] {
  return SHOWN_LEVELS.map((share) => Math.round(share * (classes - 2)));
}

/** Figure 3: mean of log p(t'|x_t) over the images of a true t, less its maximum over t', of each classifier. */
export function logPosteriorPlot(posteriors: ReadonlyMap<string, ArrayLike<number>>, cases: CasesByClass): PlotFile {
  const { classes, perClass } = cases;
  const series = shownLevels(cases).flatMap((level) =>
    [...posteriors].map(([name, posterior]) => {
      const own = indicesOf(level, cases);
      const averages = Array.from(
        { length: classes },
        (_, t) => own.reduce((sum, i) => sum + posterior[i * classes + t]!, 0) / perClass,
      );
      const largest = Math.max(...averages);
      const points = averages.map((value, t): [number, number] => [t, value - largest]);
      return { name: `${TITLES[name]}, t = ${level}`, points };
    }),
  );
  return {
    title: 'Log posterior of the classes for four true ones (figure 3)',
    x: { label: 'class' },
    y: { label: 'log p(class | x_t) less its maximum (nats)' },
    series,
  };
}

/** Figure 9: true classes downwards, predicted ones to the right, and of each true class the share that is taken for each. */
export function confusionPlot(posterior: ArrayLike<number>, cases: CasesByClass): PlotFile {
  const { classes, perClass } = cases;
  const points = Array.from({ length: classes }, (_, t) => {
    const found = new Map<number, number>();
    for (const i of indicesOf(t, cases)) {
      const predicted = likeliestClass(posterior, i, classes);
      found.set(predicted, (found.get(predicted) ?? 0) + 1);
    }
    return Array.from(found, ([predicted, count]): [number, number, number] => [predicted, t, count / perClass]);
  }).flat();
  return {
    title: 'What each noise level is taken for (figure 9)',
    kind: 'heatmap',
    x: { label: 'predicted class' },
    y: { label: 'true class', reverse: true },
    series: [{ name: 'share of the images', points }],
    note: `Class 0 is a clean image, ${classes - 1} is noise alone. The values are shares of the ${perClass} images of a true class; fields without any are empty.`,
  };
}
