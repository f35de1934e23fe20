// What a classifier of noise levels makes of noisy images, drawn: figures 3 and 9.
import { imageGridPng } from '../../src/datasets/png.ts';
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

/** Figure 9, a PNG image: true classes downwards, predicted ones to the right; the darker the more often. */
export function confusionPng(posterior: ArrayLike<number>, { classes, perClass }: CasesByClass): Uint8Array {
  const shares = new Float32Array(classes * classes);
  for (let i = 0; i < classes * perClass; i++) {
    const t = Math.floor(i / perClass);
    shares[t * classes + likeliestClass(posterior, i, classes)]! -= 1 / perClass;
  }
  return imageGridPng(shares, [classes, classes, 1]);
}
