// A metric over its steps, drawn anew as it grows.
import { numberText } from '../../manifest/text/number-text.ts';
import { element, svgElement } from '../../dom/element.ts';
import { legendLine } from '../../report/browser/legend.ts';
import { placeOf } from '../../report/browser/place.ts';
import { ticksOf } from '../../report/browser/ticks.ts';
import { seriesStyle } from '../../report/series-style.ts';
import type { Curve } from './model.ts';

const [width, height] = [640, 360];
const frame = { left: 58, right: 620, top: 12, bottom: 318 };

type Range = readonly [number, number];

export class CurveFigure {
  readonly element: HTMLElement;
  readonly #svg = svgElement('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img' });
  readonly #legend = element('ul', { class: 'legend' });
  readonly #name: string;

  constructor({ stage, metric }: Curve) {
    this.#name = `${stage}: ${metric}`;
    this.element = element('figure', { class: 'live-curve' }, element('h3', {}, this.#name), this.#legend, this.#svg);
  }

  draw({ stage, lines }: Curve): void {
    const points = [...lines.values()].flat();
    const x = rangeOf(points.map(([step]) => step));
    const y = rangeOf(points.map(([, value]) => value));
    const at = ([step, value]: Range): string =>
      `${scaled(step, x, [frame.left, frame.right])},${scaled(value, y, [frame.bottom, frame.top])}`;
    const drawn = [...lines.values()].map((line, index) => {
      const { color, dash } = seriesStyle(index);
      const path = svgElement('path', {
        d: line.length === 0 ? '' : `M${line.map(at).join('L')}`,
        'stroke-dasharray': dash,
      });
      path.style.stroke = color;
      return path;
    });
    this.#svg.replaceChildren(...axis('x', x), ...axis('y', y), ...drawn);
    const last = [...lines].map(([cell, line]) => `${cellText(cell, stage)} ${lastText(line)}`);
    this.#svg.setAttribute('aria-label', `${this.#name}, last: ${last.join(', ')}`);
    this.#legend.replaceChildren(...last.map((text, index) => legendLine(text, index, false)));
  }
}

const cellText = (cell: string, stage: string): string => (cell === stage ? '' : cell.slice(stage.length + 1, -1));

function lastText(line: readonly Range[]): string {
  const last = line.at(-1);
  return last === undefined ? '' : numberText({ value: Number(last[1].toPrecision(4)) }).value;
}

/** Ends of an axis; around a value that is alone. */
function rangeOf(values: readonly number[]): Range {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (least > most) return [0, 1];
  const pad = least === most ? Math.abs(least) || 1 : 0;
  return [least - pad, most + pad];
}

const scaled = (value: number, ends: Range, range: Range): string => placeOf(value, ends, range).toFixed(1);

function axis(name: 'x' | 'y', range: Range): SVGElement[] {
  const ticks = ticksOf(range, false).slice(0, 20);
  return ticks.flatMap(({ value, text }) => {
    if (name === 'x') {
      const place = scaled(value, range, [frame.left, frame.right]);
      return [svgElement('text', { x: place, y: String(frame.bottom + 20), 'text-anchor': 'middle' }, text)];
    }
    const place = scaled(value, range, [frame.bottom, frame.top]);
    const line = { x1: String(frame.left), x2: String(frame.right), y1: place, y2: place };
    const label = { x: String(frame.left - 8), y: place, dy: '0.32em', 'text-anchor': 'end' };
    return [svgElement('line', { class: 'grid', ...line }), svgElement('text', label, text)];
  });
}
