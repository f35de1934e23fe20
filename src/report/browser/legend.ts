// What the series of a figure are called, for those that the script draws: as `figures.ts` names them.
import { element, svgElement } from '../../dom/element.ts';
import { swatchBox, swatchShapes } from '../swatch.ts';

/** A line of a legend, with its piece of line. @param hasMarks Whether points of the series have marks */
export function legendLine(text: string, index: number, hasMarks: boolean): HTMLElement {
  const { x, y, width, height } = swatchBox;
  const viewBox = [x, y, width, height].join(' ');
  const shapes = swatchShapes(index, 'lines').filter(([name]) => hasMarks || name === 'line');
  const swatch = svgElement('svg', { class: 'swatch', viewBox, 'aria-hidden': 'true' });
  swatch.append(...shapes.map(([name, attributes]) => svgElement(name, attributes)));
  return element('li', {}, swatch, ` ${text}`);
}
