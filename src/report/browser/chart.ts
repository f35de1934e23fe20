// A plot that answers: values at the pointer or by the arrow keys, a part of it enlarged, and files to take along.
import type { FigureData } from '../figures.ts';
import { ChartTip } from './chart-tip.ts';
import { ChartView } from './chart-view.ts';
import { saveCsv, saveSvg } from './download.ts';
import { button, element, svgElement } from '../../dom/element.ts';

type Place = [number, number];

export function openChart(figure: HTMLElement, data: FigureData): void {
  const plot = figure.querySelector<HTMLElement>('.plot')!;
  const svg = plot.querySelector('svg')!;
  const view = new ChartView(svg, data);
  const tip = new ChartTip(plot, view, data);
  const zoomed = (change: () => void) => () => {
    tip.hide();
    change();
  };
  const actions: Record<string, () => void> = {
    '+': zoomed(() => view.zoom(1.5)),
    '-': zoomed(() => view.zoom(1 / 1.5)),
    '0': zoomed(() => view.reset()),
    ArrowRight: () => tip.step(1),
    ArrowLeft: () => tip.step(-1),
    ArrowDown: () => tip.stepSeries(1),
    ArrowUp: () => tip.stepSeries(-1),
    Escape: () => tip.hide(),
  };
  const textOf = (part: string): string => figure.querySelector(part)?.textContent ?? '';
  const [name, caption] = [textOf('h3'), textOf('figcaption')];
  plot.before(
    element(
      'div',
      { class: 'tools', role: 'group', 'aria-label': 'Figure' },
      button('Zoom in', '+', actions['+']!),
      button('Zoom out', '−', actions['-']!),
      button('Show all', '⟲', actions['0']!),
      button('Download as SVG', 'SVG', () => saveSvg(svg, data, name, caption)),
      button('Download values as CSV', 'CSV', () => saveCsv(data)),
    ),
  );
  plot.tabIndex = 0;
  plot.setAttribute('role', 'group');
  plot.setAttribute('aria-label', `${name}: values by the arrow keys, + and - zoom, 0 shows all`);
  plot.addEventListener('keydown', (event) => {
    const action = actions[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  followPointer(svg, view, tip);
  // One that was drawn in the page has no ticks yet.
  if (svg.querySelector('.x-axis-tick-label')?.childElementCount === 0) view.reset();
}

/** Moving shows values; with the button held, a rectangle is drawn that is then shown. */
function followPointer(svg: SVGSVGElement, view: ChartView, tip: ChartTip): void {
  let start: Place | null = null;
  const frame = svgElement('rect', { class: 'overlay zoom' });
  const placeOf = ({ clientX, clientY }: PointerEvent): Place => {
    const { left, top, width } = svg.getBoundingClientRect();
    const unit = svg.viewBox.baseVal.width / width;
    return [(clientX - left) * unit, (clientY - top) * unit];
  };
  svg.addEventListener('pointerdown', (event) => {
    // A finger scrolls the page.
    if (event.pointerType === 'touch' || event.button !== 0) return;
    start = placeOf(event);
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener('pointermove', (event) => {
    const now = placeOf(event);
    if (start === null) return tip.near(now);
    tip.hide();
    const { left, top, right, bottom } = box(start, now);
    const size = { x: left, y: top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(size)) frame.setAttribute(name, String(value));
    svg.append(frame);
  });
  svg.addEventListener('pointerup', (event) => {
    if (start !== null) {
      const { left, top, right, bottom } = box(start, placeOf(event));
      if (right - left > 8 && bottom - top > 8) view.show([left, top], [right, bottom]);
    }
    start = null;
    frame.remove();
  });
  svg.addEventListener('pointercancel', () => {
    start = null;
    frame.remove();
  });
  svg.addEventListener('pointerleave', () => tip.hide());
  svg.addEventListener('dblclick', () => {
    tip.hide();
    view.reset();
  });
}

function box(a: Place, b: Place): { left: number; top: number; right: number; bottom: number } {
  const [[left, right], [top, bottom]] = [0, 1].map((axis) => [a[axis]!, b[axis]!].sort((x, y) => x - y)) as [
    Place,
    Place,
  ];
  return { left, top, right, bottom };
}
