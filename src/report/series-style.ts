// How the series of a figure are told apart: by colour, by dash and by mark, each of which is enough alone for twelve.
import { seriesTones, seriesVariable } from './palette.ts';

/** Lines between points; a shape that is filled is closed. Coordinates in units of a mark's radius, y down. */
interface Mark {
  readonly isFilled: boolean;
  /** Whether its lines are those of a circle, which is drawn as one. */
  readonly isCircle?: true;
  readonly lines: readonly (readonly (readonly [number, number])[])[];
}

export interface SeriesStyle {
  readonly color: string;
  readonly dash: string;
  readonly mark: Mark;
}

const tau = 2 * Math.PI;

/** Corners on circles of the given radii by turns, the first above the middle turned by `turn` of a whole turn. */
function star(corners: number, radii: readonly number[], turn = 0): (readonly [number, number])[] {
  return Array.from({ length: corners }, (_, index) => {
    const [angle, radius] = [tau * (index / corners + turn), radii[index % radii.length]!];
    return [radius * Math.sin(angle), -radius * Math.cos(angle)] as const;
  });
}

/** Strokes through the middle. */
function strokes(count: number, turn = 0): Mark {
  const ends = star(2 * count, [1.15], turn);
  return { isFilled: false, lines: Array.from({ length: count }, (_, index) => [ends[index]!, ends[index + count]!]) };
}

const filled = (corners: readonly (readonly [number, number])[]): Mark => ({ isFilled: true, lines: [corners] });
const open = (corners: readonly (readonly [number, number])[]): Mark => ({
  isFilled: false,
  lines: [[...corners, corners[0]!]],
});

const marks: readonly Mark[] = [
  { ...filled(star(24, [1])), isCircle: true },
  filled(star(4, [1.25], 1 / 8)),
  filled(star(3, [1.3])),
  filled(star(4, [1.3])),
  strokes(2),
  strokes(2, 1 / 8),
  { ...open(star(24, [1])), isCircle: true },
  open(star(4, [1.2], 1 / 8)),
  filled(star(3, [1.3], 1 / 2)),
  filled(star(10, [1.5, 0.6])),
  strokes(3),
  open(star(3, [1.3])),
];
const dashes = [
  'none',
  '8 4',
  '2 3',
  '10 3 2 3',
  '15 4',
  '5 2 1 2',
  '4 5',
  '12 3 2 3 2 3',
  '1 4',
  '18 3 5 3',
  '7 2 7 7',
  '3 2 9 2',
] as const;

/** Colours are variables of the page's style sheet, so that one drawing serves light and dark. */
const colors = seriesTones.map((_, index) => `var(${seriesVariable(index)})`);

/** After twelve series the colours begin again with other dashes and marks, so that no two of 144 are alike. */
export function seriesStyle(index: number): SeriesStyle {
  const round = Math.floor(index / colors.length);
  const at = (index + round) % colors.length;
  return { color: colors[index % colors.length]!, dash: dashes[at]!, mark: marks[at]! };
}

/** The path of a mark, of so many pixels from its middle. */
export function markPath({ isFilled, lines }: Mark, radius: number): string {
  return lines
    .map((line) => {
      const points = line.map(([x, y]) => `${(x * radius).toFixed(2)},${(y * radius).toFixed(2)}`);
      return `M${points.join('L')}${isFilled ? 'Z' : ''}`;
    })
    .join('');
}
