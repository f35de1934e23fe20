import { expect, test } from 'vitest';
import { donskerVaradhan } from '../../src/information/bound.ts';
import { chooseCoordinates } from '../../src/information/choose-coordinates.ts';
import { gaussianPairLogRatios } from '../../src/information/coordinates.ts';
import { lengthFeatures } from '../../src/information/length-features.ts';
import { task } from '../../src/information/tasks.ts';
import { normals } from '../../src/tensor/random.ts';

const key = { seed: 5, purpose: 'test' };

/** What is chosen for a task, and the bound of Gaussian pairs in it, on pairs of their own. */
async function chosenFor(name: string) {
  const { dimX, dimY, mutualInformation, ...law } = task(name);
  const drawn = (seed: number, count: number) => law.sample(count, { ...key, seed });
  const coordinates = await chooseCoordinates(drawn(1, 6000), drawn(2, 1500), dimX, dimY);
  const { chosen, degree } = coordinates;
  const bound = await donskerVaradhan(
    (pairs) => Promise.resolve(gaussianPairLogRatios(pairs, chosen, coordinates.dimX, coordinates.dimY)),
    coordinates.map(drawn(3, 3000)),
    coordinates.dimX,
    12,
  );
  return { degree, dims: [coordinates.dimX, coordinates.dimY], mutualInformation, ...bound };
}

test.each(['normal-1x1', 'additive-0.75', 'dense-5x5', 'two-pairs-3x3', 'half-cube-5x5'])(
  'where Gaussian pairs explain all, or coordinates are numbers, nothing is given up: %s',
  async (name) => {
    const { dimX, dimY } = task(name);
    expect(await chosenFor(name)).toMatchObject({ degree: 0, dims: [dimX, dimY] });
  },
);

test.each([
  ['spiral-5x5', 2],
  ['spiral-25x25', 2],
])('what is turned by an angle that depends on length is turned back: %s', async (name, variates) => {
  const { degree, dims, value, standardError, mutualInformation } = await chosenFor(name);
  expect(degree).toBeGreaterThan(0);
  expect(dims).toEqual([variates, variates]);
  expect(value).toBeGreaterThan(0.9 * mutualInformation);
  expect(value).toBeLessThan(mutualInformation + 3 * standardError);
});

test('of a Student pair, dependent in length alone, the length is kept', async () => {
  const { degree, dims, value, mutualInformation } = await chosenFor('student-5x5-df2');
  expect({ degree, dims }).toEqual({ degree: 1, dims: [1, 1] });
  expect(value).toBeGreaterThan(0.7 * mutualInformation);
  expect(value).toBeLessThan(mutualInformation);
});

test('features of normal vectors have mean 0 and variance 1, whatever their scale', () => {
  const [dim, degree, rows] = [3, 3, 20_000];
  const values = Float64Array.from(normals(key, dim * rows), (value) => 7 * value);
  const { count, of } = lengthFeatures(values, dim, degree);
  expect(count).toBe(15);
  const features = of(values);
  for (let f = 0; f < count; f++) {
    const column = Float64Array.from({ length: rows }, (_, i) => features[i * count + f]!);
    const mean = column.reduce((a, b) => a + b, 0) / rows;
    const square = column.reduce((a, b) => a + b ** 2, 0) / rows;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    // Of z alone and of the polynomials alone it is 1; of their products it is E[h_k(s)^2 |z|^2] / dim, larger for long vectors.
    if (f < dim || f >= (degree + 1) * dim) expect(Math.abs(square - 1)).toBeLessThan(0.01);
  }
});

test('a number has no length apart from itself', () => {
  const values = Float64Array.of(3, 1, 2);
  expect(lengthFeatures(values, 1, 3).of(values)).toHaveLength(3);
});
