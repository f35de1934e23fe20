// Noisy images of every class, and what a classifier of noise levels is asked about them.
import { dimOf } from '../../src/diffusion/evaluate.ts';
import { at, type Schedule } from '../../src/diffusion/schedule.ts';
import type { ImageShape } from '../../src/datasets/dataset.ts';
import { normals, type StreamKey } from '../../src/tensor/random.ts';

/** One case: the class that it is noised to, and which of the images it is made of. */
export interface Case {
  readonly t: number;
  readonly image: number;
}

/** Noisy images x [cases, dim], and the standard normal noise in them, epsilon, alike. */
export interface NoisyImages {
  readonly x: Float32Array;
  readonly epsilon: Float32Array;
}

/** x_t = alpha_t x_0 + sigma_t eps (Eq. 1) for each case, of the images x_0 [n, dim], with noise from the stream `key`. */
export function noiseCases(
  cases: readonly Case[],
  images: Float32Array,
  { alpha, sigma }: Schedule,
  dim: number,
  key: StreamKey,
): NoisyImages {
  const x = new Float32Array(cases.length * dim);
  const epsilon = normals(key, x.length);
  for (const [i, { t, image }] of cases.entries()) {
    const [signal, noise] = [at(alpha, t), at(sigma, t)];
    for (let d = 0; d < dim; d++) {
      x[i * dim + d] = signal * images[image * dim + d]! + noise * epsilon[i * dim + d]!;
    }
  }
  return { x, epsilon };
}

/** As many cases of every class, one class after the other: case i is of class floor(i / perClass). */
export interface CasesByClass extends NoisyImages {
  readonly dim: number;
  /** T + 2. */
  readonly classes: number;
  readonly perClass: number;
}

/** Of the images [n, h, w, c] in turn, `perClass` cases of each class 0 .. T+1, with noise from the stream `key`. */
export function casesByClass(
  images: Float32Array,
  shape: ImageShape,
  schedule: Schedule,
  perClass: number,
  key: StreamKey,
): CasesByClass {
  const dim = dimOf(shape);
  const classes = schedule.T + 2;
  const available = images.length / dim;
  const cases = Array.from({ length: classes * perClass }, (_, i) => ({
    t: Math.floor(i / perClass),
    image: i % available,
  }));
  return { ...noiseCases(cases, images, schedule, dim, key), dim, classes, perClass };
}

/** Indices of the cases of class t. */
export function indicesOf(t: number, { perClass }: CasesByClass): number[] {
  return Array.from({ length: perClass }, (_, k) => t * perClass + k);
}

/** The likeliest class of case i by log p(t|x) [cases, classes]. */
export function likeliestClass(logPosterior: ArrayLike<number>, i: number, classes: number): number {
  let best = 0;
  for (let t = 1; t < classes; t++) {
    if (logPosterior[i * classes + t]! > logPosterior[i * classes + best]!) best = t;
  }
  return best;
}
