// Lines drawn over at the end of a terminal: what a person sees is the last picture and what was noted, nothing stale.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Region } from '../../../src/cli/view/region.ts';
import { Screen } from '../../rig/screen.ts';

const lines = (...texts: string[]): string[] => texts;

test('a picture is drawn over the one before, below what was there and what is noted', () => {
  const screen = new Screen(40, 10);
  screen.write('$ repro run\n');
  const region = new Region(screen);
  region.draw(lines('a 1', 'b 1', 'c 1'));
  region.draw(lines('a 1', 'b 2'));
  expect(screen.shown()).toEqual(['$ repro run', 'a 1', 'b 2']);
  region.draw(lines('a 2', 'b 2', 'c', 'd'), ['warning: x']);
  expect(screen.shown()).toEqual(['$ repro run', 'warning: x', 'a 2', 'b 2', 'c', 'd']);
});

test('what has not changed is not sent again', () => {
  const sent: string[] = [];
  const region = new Region({ columns: 80, rows: 24, write: (text: string) => sent.push(text) > 0 });
  region.draw(lines('a', 'b'));
  region.draw(lines('a', 'b'));
  expect(sent).toHaveLength(1);
});

test('notes may be longer than the terminal is wide or high', () => {
  const screen = new Screen(20, 5);
  const region = new Region(screen);
  region.draw(lines('a', 'b'));
  const notes = Array.from({ length: 12 }, (_, index) => `note ${index} `.repeat(4).trim());
  region.draw(lines('a', 'c'), notes);
  expect(screen.everything()).toBe([...notes, 'a', 'c', ''].join('\n'));
});

const picture = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 30 }), {
  minLength: 1,
  maxLength: 9,
});
const steps = fc.array(fc.record({ to: fc.integer({ min: 4, max: 40 }), picture }), { maxLength: 12 });

/** Pictures in a terminal that is resized before each, below lines that were there. */
function drawnIn(
  screen: Screen,
  steps: readonly (readonly [columns: number, rows: number, picture: string[]])[],
): void {
  const region = new Region(screen);
  const before = Array.from({ length: 3 }, (_, index) => `before ${index}`);
  screen.write(before.map((line) => `${line}\n`).join(''));
  for (const [columns, rows, picture] of steps) {
    screen.resize(columns, rows);
    const fitting = picture.slice(0, rows - 1).map((line) => `${line.slice(0, columns - 2)}.`);
    region.draw(fitting);
    const shown = screen.shown();
    // What is above the picture is what was there, or its end.
    expect(shown.slice(-fitting.length)).toEqual(fitting);
    const above = shown.slice(0, -fitting.length).filter((line) => line !== '');
    expect(above).toEqual(above.length === 0 ? [] : before.slice(-above.length));
  }
}

test('a terminal that is made lower and higher shows the last picture alone, below what was there', () => {
  fc.assert(
    fc.property(steps, (steps) =>
      drawnIn(
        new Screen(40, 12),
        steps.map(({ to, picture }) => [40, to, picture]),
      ),
    ),
  );
});

test('a terminal that is made narrower and wider shows the last picture alone, below what was there', () => {
  fc.assert(
    fc.property(steps, (steps) =>
      drawnIn(
        new Screen(40, 12),
        steps.map(({ to, picture }) => [to + 8, 12, picture]),
      ),
    ),
  );
});
