// Ticks of an axis: round values, some five to nine of them.
import { logTickText } from '../log-ticks.ts';
import { namedPlaces } from '../name-ticks.ts';

interface Tick {
  readonly value: number;
  readonly text: string;
}

/**
 * @param window Ends of the axis, of a reversed one the greater first: values, or their logarithms to base 10
 * @param names Of 0, 1, 2, …
 */
export function ticksOf(window: readonly [number, number], log: boolean, names?: readonly string[]): Tick[] {
  const [from, to] = [Math.min(...window), Math.max(...window)];
  if (names !== undefined) {
    const places = namedPlaces(Math.max(0, Math.ceil(from)), Math.min(names.length - 1, Math.floor(to)));
    return places.map((value) => ({ value, text: names[value]! }));
  }
  if (!log) return linearTicks(from, to).map((value) => ({ value, text: plainText(value, to - from) }));
  const decades = to - from;
  if (decades < 0.7) {
    const [low, high] = [10 ** from, 10 ** to];
    return linearTicks(low, high).map((value) => ({ value, text: plainText(value, high - low) }));
  }
  const ticks: Tick[] = [];
  for (let exponent = Math.floor(from); exponent <= to; exponent += 1) {
    for (let digit = 1; digit < 10; digit += 1) {
      const value = digit * 10 ** exponent;
      const place = Math.log10(value);
      if (place >= from - 1e-9 && place <= to + 1e-9) ticks.push({ value, text: logTickText(value, decades) });
    }
  }
  return ticks;
}

function linearTicks(from: number, to: number): number[] {
  const raw = (to - from) / 8;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step);
}

/** As many decimals as tell ticks of such a range apart. */
function plainText(value: number, range: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(range)));
  const size = Math.max(Math.abs(value), range);
  if (size >= 1e7 || decimals > 7) return value.toExponential(2).replace(/\.?0*e\+?/, 'e');
  return String(Number(value.toFixed(decimals)));
}
