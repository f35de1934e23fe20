// What part of a plot is seen. The drawing is a map of its coordinates by a factor and a shift for each axis, logarithmic
// or not: so to zoom is to move what is drawn, and to label the axes anew.
import type { FigureData } from '../figures.ts';
import { svgElement } from '../../dom/element.ts';
import { placeOf } from './place.ts';
import { ticksOf } from './ticks.ts';

type Axis = FigureData['x'];
/** Ends of an axis in units of its scale: values, or their logarithms. */
type Window = readonly [number, number];

const marks = '.area, .line, .dot, .rect, .link, .text';
/** Those that are drawn larger, and those that keep their size where they are put. */
const stretched = '.area path, .line path, .link path, .rect rect';
const placed = '.dot > *, .text > text';
let clips = 0;

export class ChartView {
  readonly svg: SVGSVGElement;
  readonly #data: FigureData;
  #x: Window;
  #y: Window;

  constructor(svg: SVGSVGElement, data: FigureData) {
    this.svg = svg;
    this.#data = data;
    this.#x = whole(data.x);
    this.#y = whole(data.y);
    this.#clip();
  }

  /** Where a point is in the picture. */
  place([x, y]: readonly [number, number, number?]): [number, number] {
    return [at(this.#data.x, this.#x, x), at(this.#data.y, this.#y, y)];
  }

  /** Shows the part between two corners in the picture. */
  show([left, top]: readonly [number, number], [right, bottom]: readonly [number, number]): void {
    this.#x = cut(this.#data.x, this.#x, [left, right]);
    this.#y = cut(this.#data.y, this.#y, [bottom, top]);
    this.#draw();
  }

  /** Nearer by a factor, to the middle. */
  zoom(factor: number): void {
    this.#x = scaled(this.#x, factor);
    this.#y = scaled(this.#y, factor);
    this.#draw();
  }

  reset(): void {
    this.#x = whole(this.#data.x);
    this.#y = whole(this.#data.y);
    this.#draw();
  }

  /** What lies outside the frame is not drawn. */
  #clip(): void {
    const [left, right] = this.#data.x.range;
    const [bottom, top] = this.#data.y.range;
    const id = `clip-${(clips += 1)}`;
    // A mark on the frame is drawn whole.
    const frame = { x: left - 4, y: top - 4, width: right - left + 8, height: bottom - top + 8 };
    const rect = svgElement(
      'rect',
      Object.fromEntries(Object.entries(frame).map(([name, size]) => [name, String(size)])),
    );
    this.svg.append(svgElement('clipPath', { id }, rect));
    for (const group of this.svg.querySelectorAll(marks)) {
      const clipped = svgElement('g', { 'clip-path': `url(#${id})` });
      group.replaceWith(clipped);
      clipped.append(group);
    }
  }

  #draw(): void {
    const [a, e] = mapOf(this.#data.x, this.#x);
    const [d, f] = mapOf(this.#data.y, this.#y);
    for (const path of this.svg.querySelectorAll(stretched)) {
      path.setAttribute('transform', `matrix(${a} 0 0 ${d} ${e} ${f})`);
    }
    for (const mark of this.svg.querySelectorAll<SVGElement>(placed)) {
      const place = (mark.dataset['place'] ??= originOf(mark));
      const [x = 0, y = 0] = place.split(' ').map(Number);
      mark.setAttribute('transform', `translate(${a * x + e},${d * y + f})`);
      if (mark instanceof SVGCircleElement) for (const name of ['cx', 'cy']) mark.setAttribute(name, '0');
    }
    this.#label('x', this.#data.x, this.#x);
    this.#label('y', this.#data.y, this.#y);
  }

  #label(name: 'x' | 'y', axis: Axis, window: Window): void {
    const [tickGroup, labels, grid] = [`${name}-axis-tick`, `${name}-axis-tick-label`, `${name}-grid`].map((label) =>
      this.svg.querySelector(`.${label}`),
    );
    const other = (name === 'x' ? this.#data.y : this.#data.x).range;
    const ticks = ticksOf(window, axis.log === true, axis.names).map(({ value, text }) => ({
      place: at(axis, window, value),
      text,
    }));
    const shift = (place: number) =>
      name === 'x' ? `translate(${place},${other[0]})` : `translate(${other[0]},${place})`;
    const end = name === 'x' ? 'M0,0L0,6' : 'M0,0L-6,0';
    const rest = name === 'x' ? { y: '0.71em' } : { y: '0.32em' };
    tickGroup?.replaceChildren(...ticks.map(({ place }) => svgElement('path', { transform: shift(place), d: end })));
    labels?.replaceChildren(
      ...ticks.map(({ place, text }) => svgElement('text', { ...rest, transform: shift(place) }, text)),
    );
    const [low, high] = other.map(String) as [string, string];
    const across = (place: string): Record<string, string> =>
      name === 'x' ? { x1: place, x2: place, y1: low, y2: high } : { y1: place, y2: place, x1: low, x2: high };
    grid?.replaceChildren(...ticks.map(({ place }) => svgElement('line', across(String(place)))));
  }
}

const scale = (axis: Axis, value: number): number => (axis.log ? Math.log10(value) : value);

function whole(axis: Axis): Window {
  const [from, to] = [scale(axis, axis.domain[0]), scale(axis, axis.domain[1])];
  // A single value is drawn in the middle.
  return from === to ? [from - 0.5, to + 0.5] : [from, to];
}

const at = (axis: Axis, window: Window, value: number): number => placeOf(scale(axis, value), window, axis.range);

/** The part of a window between two places of the picture. */
function cut(axis: Axis, [from, to]: Window, places: readonly [number, number]): Window {
  const [start, end] = axis.range;
  const [low, high] = places.map((place) => from + ((place - start) / (end - start)) * (to - from));
  return [low!, high!];
}

function scaled([from, to]: Window, factor: number): Window {
  const [middle, half] = [(from + to) / 2, (to - from) / 2 / factor];
  return [middle - half, middle + half];
}

/** Factor and shift from where things are drawn to where they are seen. */
function mapOf(axis: Axis, window: Window): [number, number] {
  const [start, end] = axis.range;
  const [from, to] = whole(axis);
  const factor = (to - from) / (window[1] - window[0]);
  const shift = start + ((from - window[0]) / (window[1] - window[0])) * (end - start) - factor * start;
  return [factor, shift];
}

function originOf(mark: SVGElement): string {
  if (mark instanceof SVGCircleElement) return `${mark.getAttribute('cx')} ${mark.getAttribute('cy')}`;
  return (
    /translate\(([^,]+),([^)]+)\)/
      .exec(mark.getAttribute('transform') ?? '')
      ?.slice(1)
      .join(' ') ?? '0 0'
  );
}
