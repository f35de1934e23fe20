// The values of a plot beside the pointer, with as many digits as their standard errors support.
import { numberText, valueText } from '../../manifest/text/number-text.ts';
import type { PlotPoint } from '../../schema/types.ts';
import type { FigureData } from '../figures.ts';
import type { ChartView } from './chart-view.ts';
import { element, svgElement } from '../../dom/element.ts';

/** So many pixels of the picture away, a point is meant. */
const reach = 60;

export class ChartTip {
  readonly #view: ChartView;
  readonly #data: FigureData;
  readonly #text = element('div', { class: 'tip', hidden: '' });
  /** What is read aloud. */
  readonly #spoken = element('p', { class: 'spoken', 'aria-live': 'polite' });
  readonly #ring = svgElement('circle', { class: 'overlay ring', r: '6' });
  /** Which point is shown. */
  #at: readonly [series: number, point: number] | null = null;

  constructor(plot: HTMLElement, view: ChartView, data: FigureData) {
    this.#view = view;
    this.#data = data;
    plot.append(this.#text, this.#spoken);
  }

  /** Shows the point that is nearest to a place of the picture. */
  near([x, y]: readonly [number, number]): void {
    let best: readonly [number, number] | null = null;
    let least = reach;
    for (const [s, { points }] of this.#data.series.entries()) {
      for (const [p, point] of points.entries()) {
        const [px, py] = this.#view.place(point);
        const distance = Math.hypot(px - x, py - y);
        if (distance < least && this.#isSeen(px, py)) [best, least] = [[s, p], distance];
      }
    }
    if (best === null) this.hide();
    else this.#show(best);
  }

  /** To the next point of the same series. */
  step(by: number): void {
    const [series, point] = this.#at ?? [0, by > 0 ? -1 : 0];
    const last = this.#data.series[series]!.points.length - 1;
    this.#show([series, Math.min(last, Math.max(0, point + by))]);
    this.#say();
  }

  /** To the point of another series that is nearest along x. */
  stepSeries(by: number): void {
    const { series } = this.#data;
    const [from, point] = this.#at ?? [by > 0 ? -1 : 0, 0];
    const to = (from + by + series.length) % series.length;
    const x = series[Math.max(0, from)]!.points[point]![0];
    const points = series[to]!.points;
    const nearest = points.reduce(
      (best, each, index) => (Math.abs(each[0] - x) < Math.abs(points[best]![0] - x) ? index : best),
      0,
    );
    this.#show([to, nearest]);
    this.#say();
  }

  hide(): void {
    this.#at = null;
    this.#text.hidden = true;
    this.#ring.remove();
  }

  #isSeen(x: number, y: number): boolean {
    const [[left, right], [bottom, top]] = [this.#data.x.range, this.#data.y.range];
    return x >= left - 1 && x <= right + 1 && y >= top - 1 && y <= bottom + 1;
  }

  #show(at: readonly [number, number]): void {
    if (this.#at?.[0] === at[0] && this.#at[1] === at[1]) return;
    this.#at = at;
    const point = this.#data.series[at[0]]!.points[at[1]]!;
    const [x, y] = this.#view.place(point);
    this.#ring.setAttribute('cx', String(x));
    this.#ring.setAttribute('cy', String(y));
    // By the keys, a point outside of the part that is seen can be told too.
    if (this.#isSeen(x, y)) this.#view.svg.append(this.#ring);
    else this.#ring.remove();
    this.#text.replaceChildren(
      element('p', {}, this.#headText(point)),
      element('table', {}, ...this.#rows(point, at[0])),
    );
    this.#text.hidden = false;
    const { width, height } = this.#view.svg.viewBox.baseVal;
    // Beside the point, on the side that has more room.
    const share = (value: number) => `${(100 * value).toFixed(2)}%`;
    const isLeft = x > width / 2;
    this.#text.style.left = isLeft ? 'auto' : share((x + 12) / width);
    this.#text.style.right = isLeft ? share(1 - (x - 12) / width) : 'auto';
    this.#text.style.top = share(Math.min(y, height * 0.6) / height);
  }

  /** Of every series that has a value there. */
  #rows(at: PlotPoint, chosen: number): HTMLElement[] {
    return this.#data.series.flatMap(({ name, points }, index) => {
      const point = index === chosen ? at : points.find((each) => each[0] === at[0]);
      if (point === undefined) return [];
      const color = element('span', { class: 'key' }, '■');
      color.style.color = `var(--series-${(index % 12) + 1})`;
      return [
        element(
          'tr',
          index === chosen ? { class: 'chosen' } : {},
          element('td', {}, color, ` ${name}`),
          element('td', {}, this.#pointText(point)),
        ),
      ];
    });
  }

  #say(): void {
    const [series, point] = this.#at!;
    const { name, points } = this.#data.series[series]!;
    const value = this.#pointText(points[point]!);
    const isField = this.#data.kind === 'heatmap';
    this.#spoken.textContent = `${name}: ${this.#headText(points[point]!)}, ${isField ? '' : `${this.#data.y.label} `}${value}`;
  }

  /** `step 20`; of a field, both its places. */
  #headText([x, y]: PlotPoint): string {
    const note = this.#data.notes?.[x];
    if (note !== undefined) return note;
    const text = (axis: FigureData['x'], value: number) => `${axis.label} ${axis.names?.[value] ?? valueText(value)}`;
    return this.#data.kind === 'heatmap' ? `${text(this.#data.x, x)}, ${text(this.#data.y, y)}` : text(this.#data.x, x);
  }

  #pointText([, value, third]: PlotPoint): string {
    if (this.#data.kind === 'heatmap') return valueText(third!);
    const text = numberText(third === undefined ? { value } : { value, standardError: third });
    return text.error === null ? text.value : `${text.value} ± ${text.error}`;
  }
}
