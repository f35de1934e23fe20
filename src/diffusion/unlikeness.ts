// How unlike the data an image is, by what one forward pass of a CDM says of it: log p_t(x) of every class t. A density may be
// high where no data are (Nalisnick et al., 2019), so besides -log p_0(x) there are scores that ask whether what the pass says
// is what it says of training images.
import { logSoftmax } from '../statistics/log-softmax.ts';
import { mahalanobis } from '../statistics/mahalanobis.ts';

/** log p_t(x), nats, of every class t = 0 .. T+1, for each image: [count, classes]. */
export interface LevelDensities {
  readonly values: Float64Array;
  readonly classes: number;
}

/** Theorem 3.2 (Eq. 10) at all classes: log p_t(x) = f(x)[t] - f(x)[T+1] + log N(x; 0, I), of logits [count, classes] of x. */
export function levelDensities(logits: ArrayLike<number>, classes: number, x: ArrayLike<number>): LevelDensities {
  const count = logits.length / classes;
  const dim = x.length / count;
  const values = new Float64Array(logits.length);
  for (let i = 0; i < count; i++) {
    let logNormal = (-dim / 2) * Math.log(2 * Math.PI);
    for (let d = i * dim; d < (i + 1) * dim; d++) logNormal -= x[d]! ** 2 / 2;
    const last = logits[(i + 1) * classes - 1]!;
    for (let t = i * classes; t < (i + 1) * classes; t++) values[t] = logits[t]! - last + logNormal;
  }
  return { values, classes };
}

/** Scores of images, larger for those less like the data. */
export type Unlikeness = (densities: LevelDensities) => Float64Array;

/** Of at most so many classes, evenly spaced, distances are taken: their log densities are smooth in t. */
const CLASSES = 32;
/** Of the mean variance, which is of hundreds of nats: what float32 logits leave open is below. */
const RIDGE = 1e-6;

/**
 * What is asked, by name, given the densities of training images:
 *
 * - `typicality`: is log p_0(x) what it is of training images, neither less nor more? |log p_0(x) - mean| (Nalisnick et al.,
 *   2019, "Detecting out-of-distribution inputs ... using typicality", for single images).
 * - `levels`: the same of log p_t(x) at all levels together, as a Mahalanobis distance.
 * - `posterior`: the same of log p(t|x), which no density enters.
 * - `clean`: does the classifier take x for a clean image? -log p(0|x), nats.
 */
export function unlikenessScores(training: LevelDensities): Readonly<Record<string, Unlikeness>> {
  const ofClean = (densities: LevelDensities): Float64Array => column(densities, 0);
  const mean = ofClean(training).reduce((sum, value, _, { length }) => sum + value / length, 0);
  const posteriorDistance = distanceTo(logPosteriors(training));
  return {
    typicality: (densities) => ofClean(densities).map((value) => Math.abs(value - mean)),
    levels: distanceTo(training),
    posterior: (densities) => posteriorDistance(logPosteriors(densities)),
    clean: (densities) => column(logPosteriors(densities), 0).map((value) => -value),
  };
}

/** log p(t|x), nats, alike: the classes are equally likely. */
function logPosteriors({ values, classes }: LevelDensities): LevelDensities {
  return { values: logSoftmax(values, classes), classes };
}

function distanceTo(training: LevelDensities): Unlikeness {
  const thinned = thin(training);
  const distance = mahalanobis(thinned.values, thinned.classes, RIDGE);
  return (densities) => distance(thin(densities).values);
}

/** Of all classes no more than CLASSES, with the first and the last. */
function thin({ values, classes }: LevelDensities): LevelDensities {
  if (classes <= CLASSES) return { values, classes };
  const kept = Array.from({ length: CLASSES }, (_, k) => Math.round((k * (classes - 1)) / (CLASSES - 1)));
  const count = values.length / classes;
  return {
    values: Float64Array.from(
      { length: count * CLASSES },
      (_, i) => values[Math.floor(i / CLASSES) * classes + kept[i % CLASSES]!]!,
    ),
    classes: CLASSES,
  };
}

function column({ values, classes }: LevelDensities, t: number): Float64Array {
  return Float64Array.from({ length: values.length / classes }, (_, i) => values[i * classes + t]!);
}
