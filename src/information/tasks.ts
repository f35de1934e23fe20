// The 40 tasks of "Beyond Normal: On the Evaluation of Mutual Information Estimators" (Czyz, Grabowski, Vogt, Beerenwinkel
// and Marx, NeurIPS 2023), in its order. Names are ours.
import {
  additiveNoiseLaw,
  denseCorrelation,
  normalLaw,
  pairedCorrelation,
  studentLaw,
  type SplitCovariance,
} from './laws.ts';
import { halfCube, shorten, spiral, swissRoll, toBimodal, toUniform, wigglyX, wigglyY } from './maps.ts';
import { mapped, type PairLaw, type VectorMap } from './pair.ts';

/** Both x and y by one map. */
const both = (base: PairLaw, map: VectorMap): PairLaw => mapped(base, map, map);
/** x in the plane of its first two coordinates, y in that of its second and third. */
const spirals = (base: PairLaw): PairLaw => mapped(base, spiral(0, 1), spiral(1, 2));

const normal = (): PairLaw => normalLaw(pairedCorrelation(1, 1, 0.75));
const uniform = (): PairLaw => both(normal(), toUniform);
const dense = (dim: number) => (): PairLaw => normalLaw(denseCorrelation(dim));
const twoPairs = (dim: number) => (): PairLaw => normalLaw(pairedCorrelation(dim, 2, 0.8));
const student = (dim: number, df: number) => (): PairLaw => studentLaw(identity(dim), df);
const identity = (dim: number): SplitCovariance => pairedCorrelation(dim, 0, 0);

const TASKS = {
  'normal-1x1': normal,
  'normal-cdf-1x1': uniform,
  'additive-0.1': () => additiveNoiseLaw(0.1),
  'additive-0.75': () => additiveNoiseLaw(0.75),
  'bimodal-1x1': () => mapped(normal(), toBimodal(0.3, 0, 5), toBimodal(0.5, -1, 3)),
  'wiggly-1x1': () => mapped(normal(), wigglyX, wigglyY),
  'half-cube-1x1': () => both(normal(), halfCube),
  'student-1x1-df1': student(1, 1),
  'asinh-student-1x1-df1': () => both(student(1, 1)(), shorten),
  'swiss-roll-2x1': () => mapped(uniform(), swissRoll, (y) => y, { dimX: 2 }),
  'dense-2x2': dense(2),
  'dense-3x3': dense(3),
  'dense-5x5': dense(5),
  'dense-25x25': dense(25),
  'dense-50x50': dense(50),
  'two-pairs-2x2': twoPairs(2),
  'two-pairs-3x3': twoPairs(3),
  'two-pairs-5x5': twoPairs(5),
  'two-pairs-25x25': twoPairs(25),
  'student-2x2-df1': student(2, 1),
  'student-2x2-df2': student(2, 2),
  'student-3x3-df2': student(3, 2),
  'student-3x3-df3': student(3, 3),
  'student-5x5-df2': student(5, 2),
  'student-5x5-df3': student(5, 3),
  'normal-cdf-3x3': () => both(twoPairs(3)(), toUniform),
  'normal-cdf-5x5': () => both(twoPairs(5)(), toUniform),
  'normal-cdf-25x25': () => both(twoPairs(25)(), toUniform),
  'half-cube-3x3': () => both(twoPairs(3)(), halfCube),
  'half-cube-5x5': () => both(twoPairs(5)(), halfCube),
  'half-cube-25x25': () => both(twoPairs(25)(), halfCube),
  'spiral-3x3': () => spirals(twoPairs(3)()),
  'spiral-5x5': () => spirals(twoPairs(5)()),
  'spiral-25x25': () => spirals(twoPairs(25)()),
  'spiral-normal-cdf-3x3': () => spirals(both(twoPairs(3)(), toUniform)),
  'spiral-normal-cdf-5x5': () => spirals(both(twoPairs(5)(), toUniform)),
  'spiral-normal-cdf-25x25': () => spirals(both(twoPairs(25)(), toUniform)),
  'asinh-student-2x2-df1': () => both(student(2, 1)(), shorten),
  'asinh-student-3x3-df2': () => both(student(3, 2)(), shorten),
  'asinh-student-5x5-df2': () => both(student(5, 2)(), shorten),
} satisfies Record<string, () => PairLaw>;

/** The names of all tasks, in the order of the benchmark. */
export const taskNames: readonly string[] = Object.keys(TASKS);

/** The task of this name; a RangeError for any other. */
export function task(name: string): PairLaw {
  if (!Object.hasOwn(TASKS, name)) throw new RangeError(`No task "${name}": use one of ${taskNames.join(', ')}`);
  return TASKS[name as keyof typeof TASKS]();
}
