// Which coordinates a dependence is learned in, by how well Gaussian pairs explain held-out pairs in them.
import { donskerVaradhan } from './bound.ts';
import {
  canonicalCoordinates,
  gaussianPairLogRatios,
  lengthCoordinates,
  type CanonicalCoordinates,
  type CanonicalPairs,
} from './coordinates.ts';
import type { Pairs } from './pair.ts';

export interface ChosenCoordinates extends CanonicalCoordinates {
  /** Of the polynomials in length of their features; 0 for canonical coordinates, which lose nothing. */
  readonly degree: number;
  /** The first so many correlations as predict held-out pairs best: the others may well be chance. */
  readonly chosen: Float64Array;
}

/** How many variates are tried. Of those that come later even the largest correlations are chance, or repeat the first. */
const COUNTS = [1, 2, 3, 4];
/** Of each held-out y, with whose x it does not belong together. */
const PARTNERS = 24;
/** What a choice must add to one before it, nats: less may be chance, with a thousand held-out pairs. */
const LEAST_GAIN = 0.02;

/**
 * Canonical coordinates, unless variates of features of the degree 1, 2, .. have a larger Donsker-Varadhan bound under Gaussian
 * pairs. The degree rises for as long as the bound does.
 */
export async function chooseCoordinates(
  training: Pairs,
  heldOut: Pairs,
  dimX: number,
  dimY: number,
): Promise<ChosenCoordinates> {
  let best = await scored(canonicalCoordinates(training, dimX, dimY), 0, heldOut);
  if (dimX === 1 && dimY === 1) return best.coordinates;
  const counts = COUNTS.filter((count) => count <= Math.min(dimX, dimY));
  for (let degree = 1; degree <= best.coordinates.degree + 1; degree++) {
    for (const coordinates of lengthCoordinates(training, dimX, dimY, degree, counts)) {
      const other = await scored(coordinates, degree, heldOut);
      if (other.value > best.value + LEAST_GAIN) best = other;
    }
  }
  return best.coordinates;
}

interface Scored {
  readonly coordinates: ChosenCoordinates;
  readonly value: number;
}

async function scored(coordinates: CanonicalCoordinates, degree: number, heldOut: Pairs): Promise<Scored> {
  const { dimX, dimY } = coordinates;
  const pairs = coordinates.map(heldOut);
  const chosen = chooseCorrelations(coordinates, pairs);
  const ratios = (each: CanonicalPairs): Promise<Float64Array> =>
    Promise.resolve(gaussianPairLogRatios(each, chosen, dimX, dimY));
  return { coordinates: { ...coordinates, degree, chosen }, ...(await donskerVaradhan(ratios, pairs, dimX, PARTNERS)) };
}

/** The first so many correlations that Gaussian pairs predict the held-out ones best with. */
function chooseCorrelations({ correlations, dimX, dimY }: CanonicalCoordinates, heldOut: CanonicalPairs): Float64Array {
  const gains = Array.from({ length: correlations.length + 1 }, (_, count) => {
    const ratios = gaussianPairLogRatios(heldOut, correlations.subarray(0, count), dimX, dimY);
    return ratios.reduce((sum, value) => sum + value, 0);
  });
  return correlations.subarray(0, gains.indexOf(Math.max(...gains)));
}
