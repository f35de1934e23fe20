// The piece of a series that stands beside its name in a legend.
import type { PlotFile } from '../schema/types.ts';
import { markPath, seriesStyle } from './series-style.ts';

/** An SVG element by its name and its attributes. */
export type Shape = readonly [name: 'rect' | 'line' | 'path', attributes: Readonly<Record<string, string | number>>];

/** Where the shapes of a swatch lie, around its middle. */
export const swatchBox = { x: -17, y: -5, width: 34, height: 10 } as const;

/** A bar; or a line, and the mark of a point on it. */
export function swatchShapes(index: number, kind: NonNullable<PlotFile['kind']>): Shape[] {
  const { color, dash, mark } = seriesStyle(index);
  if (kind === 'bars' || kind === 'histogram') return [['rect', { x: -6, y: -5, width: 12, height: 10, fill: color }]];
  const line: Shape = [
    'line',
    { x1: -17, y1: 0, x2: 17, y2: 0, stroke: color, 'stroke-width': 1.8, 'stroke-dasharray': dash },
  ];
  const paint = mark.isFilled ? { fill: color } : { fill: 'none', stroke: color, 'stroke-width': 1.4 };
  const point: Shape = ['path', { d: markPath(mark, 3), ...paint }];
  return kind === 'lines' ? [line, point] : [point];
}

/** As markup: the texts are ours, and numbers. */
export function shapeMarkup([name, attributes]: Shape): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
  return `<${name}${written.join('')} />`;
}
