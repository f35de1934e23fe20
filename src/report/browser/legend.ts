// What the series of a figure are called, for those that the script draws: as `figures.ts` names them.
import { element, svgElement } from '../../dom/element.ts';
import { markPath, seriesStyle } from '../series-style.ts';

/** A line of a legend, with its piece of line. @param hasMarks Whether points of the series have marks */
export function legendLine(text: string, index: number, hasMarks: boolean): HTMLElement {
  const { color, dash, mark } = seriesStyle(index);
  const swatch = svgElement(
    'svg',
    { class: 'swatch', viewBox: '-17 -5 34 10', 'aria-hidden': 'true' },
    svgElement('line', {
      x1: -17,
      x2: 17,
      y1: 0,
      y2: 0,
      stroke: color,
      'stroke-width': 1.8,
      'stroke-dasharray': dash,
    }),
  );
  if (hasMarks) {
    const paint = mark.isFilled ? { fill: color } : { fill: 'none', stroke: color, 'stroke-width': 1.4 };
    swatch.append(svgElement('path', { d: markPath(mark, 3), ...paint }));
  }
  return element('li', {}, swatch, ` ${text}`);
}
