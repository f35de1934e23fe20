// The three charts of the page, drawn as wide as there is room.
import { svgElement } from '../../dom/element.ts';

const HEIGHT = 170;
const FOOT = 34;
/** Above the plot, for what marks are called. */
const HEAD = 18;
/** Left of a plot, for what heights are. */
const LEFT = 36;

/** Draws into `host` and, when its width changes, again. */
export class Chart {
  readonly #host: HTMLElement;
  #draw: ((width: number) => { readonly marks: SVGElement[]; readonly label: string }) | undefined;
  #width = 0;

  constructor(host: HTMLElement) {
    this.#host = host;
    new ResizeObserver(() => {
      if (host.clientWidth !== this.#width) this.#redraw();
    }).observe(host);
  }

  /** @param drawing Its marks at a width, and what they say in words */
  show(drawing: (width: number) => { readonly marks: SVGElement[]; readonly label: string }): void {
    this.#draw = drawing;
    this.#redraw();
  }

  #redraw(): void {
    this.#width = this.#host.clientWidth;
    if (this.#draw === undefined || this.#width === 0) return;
    const { marks, label } = this.#draw(this.#width);
    const size = { width: this.#width, height: HEIGHT, viewBox: `0 0 ${this.#width} ${HEIGHT}` };
    this.#host.replaceChildren(svgElement('svg', { ...size, role: 'img', 'aria-label': label }, ...marks));
  }
}

/** A mark at a value, with its name. */
export interface Mark {
  readonly value: number;
  readonly name: string;
}

/** How often values lie where, from the 0.2nd to the 99.8th percentile, and as far as marks need; a mark beyond stands at the edge. */
export function histogram(values: Float64Array, mark: Mark | undefined, unit: string) {
  const sorted = values.toSorted();
  const [low, high] = [quantile(sorted, 0.002), quantile(sorted, 0.998)];
  const [from, to] = [low - 0.15 * (high - low), high + 0.15 * (high - low)];
  const bins = new Array<number>(48).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - from) / (to - from)) * bins.length);
    if (bin >= 0 && bin < bins.length) bins[bin]!++;
  }
  const most = Math.max(...bins);
  return (width: number) => {
    const x = (value: number): number => ((value - from) / (to - from)) * width;
    const bars = bins.map((count, i) => {
      const height = (count / most) * (HEIGHT - FOOT - HEAD);
      const [left, right] = [(i * width) / bins.length, ((i + 1) * width) / bins.length];
      return svgElement('rect', { class: 'bar', x: left, y: HEIGHT - FOOT - height, width: right - left - 1, height });
    });
    const marks = [...bars, ...axis(from, to, x, width, unit), ...(mark ? flag(mark, x, from, to, width) : [])];
    const place = mark === undefined ? '' : `; ${mark.name} at ${mark.value.toFixed(3)}`;
    const spread = `half of them between ${quantile(sorted, 0.25).toFixed(2)} and ${quantile(sorted, 0.75).toFixed(2)}`;
    return { marks, label: `Histogram of ${values.length} test images in ${unit}, ${spread}${place}` };
  };
}

/** p(t | x_t) of the classes 0 .. T+1, and the true one. */
export function posterior(probabilities: Float64Array, t: number) {
  const classes = probabilities.length;
  const most = Math.max(...probabilities);
  const likeliest = probabilities.indexOf(most);
  return (width: number) => {
    const step = width / classes;
    const bars = Array.from(probabilities, (probability, i) => {
      const height = (probability / most) * (HEIGHT - FOOT - HEAD);
      const place = { x: i * step, y: HEIGHT - FOOT - height, width: Math.max(1, step - 0.5), height };
      return svgElement('rect', { class: 'bar', ...place });
    });
    const x = (value: number): number => (value + 0.5) * step;
    const mark = { value: t, name: `true t = ${t}` };
    const marks = [
      ...bars,
      ...axis(0, classes - 1, x, width, 'noise level t', 1),
      ...flag(mark, x, 0, classes - 1, width),
    ];
    return { marks, label: `p(t | x_t) is largest, ${most.toFixed(2)}, at t = ${likeliest}; the true t is ${t}` };
  };
}

/** p(label | x), a bar for each label. */
export function labelShares(shares: Float64Array) {
  const likeliest = shares.indexOf(Math.max(...shares));
  return (width: number) => {
    const step = width / shares.length;
    const marks = Array.from(shares, (share, label) => {
      const height = share * (HEIGHT - FOOT - HEAD);
      const [y, middle] = [HEIGHT - FOOT - height, (label + 0.5) * step];
      const text = { x: middle, 'text-anchor': 'middle' };
      return [
        svgElement('rect', { class: 'bar', x: label * step + 2, y, width: Math.max(1, step - 4), height }),
        svgElement('text', { ...text, y: HEIGHT - FOOT + 14 }, String(label)),
        ...(share < 0.005 ? [] : [svgElement('text', { ...text, y: y - 4 }, `${(100 * share).toFixed(0)} %`)]),
      ];
    }).flat();
    const foot = svgElement('line', {
      class: 'axis',
      x1: 0,
      x2: width,
      y1: HEIGHT - FOOT + 0.5,
      y2: HEIGHT - FOOT + 0.5,
    });
    const name = svgElement('text', { x: width / 2, y: HEIGHT - 4, 'text-anchor': 'middle' }, 'label');
    return { marks: [...marks, foot, name], label: `The likeliest label is ${likeliest}` };
  };
}

/** A number at each step so far of a sampler, beside the middle half and the middle nine tenths of the test images. */
export function course(values: readonly number[], steps: number, test: Float64Array, unit: string) {
  const sorted = test.toSorted();
  const at = (share: number): number => quantile(sorted, share);
  const [from, to] = [Math.min(at(0.01), ...values) - 0.1, Math.max(at(0.99), ...values) + 0.1];
  return (width: number) => {
    const x = (value: number): number => LEFT + ((value - 1) / Math.max(1, steps - 1)) * (width - LEFT - 8);
    const y = (value: number): number => HEAD + ((to - value) / (to - from)) * (HEIGHT - FOOT - HEAD);
    const band = (share: number): SVGElement => {
      const [top, bottom] = [y(at(1 - share)), y(at(share))];
      return svgElement('rect', { class: 'band', x: LEFT, y: top, width: width - LEFT, height: bottom - top });
    };
    const points = values.map((value, i) => `${x(i + 1).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const ends = values
      .slice(-1)
      .map((value) => svgElement('circle', { class: 'dot', cx: x(values.length), cy: y(value), r: 4 }));
    const name = svgElement('text', { x: LEFT + 4, y: y(at(0.95)) - 4 }, 'nine tenths, and half, of the test images');
    const heights = ticksOf(from, to, 4);
    const levels = heights.flatMap((tick) => [
      svgElement('line', { class: 'axis', x1: LEFT, x2: width, y1: y(tick), y2: y(tick) }),
      svgElement('text', { x: LEFT - 6, y: y(tick) + 4, 'text-anchor': 'end' }, tick.toFixed(digitsOf(heights))),
    ]);
    const line = svgElement('polyline', { class: 'line', points });
    const foot = axis(1, steps, x, width, 'step of the sampler', 1);
    const marks = [...levels, band(0.05), band(0.25), name, line, ...ends, ...foot];
    const last = values.at(-1);
    return { marks, label: `After ${values.length} of ${steps} steps: ${last?.toFixed(3) ?? 'nothing yet'} ${unit}` };
  };
}

/** A vertical line at a mark's value, or at the edge that it lies beyond, and its name beside it. */
function flag(
  { value, name }: Mark,
  x: (value: number) => number,
  from: number,
  to: number,
  width: number,
): SVGElement[] {
  const place = Math.min(width - 1, Math.max(1, x(Math.min(to, Math.max(from, value)))));
  const beyond = value < from ? '← ' : value > to ? '→ ' : '';
  const anchor = place > width / 2 ? 'end' : 'start';
  const text = { class: 'flag', x: place + (anchor === 'end' ? -5 : 5), y: 12, 'text-anchor': anchor };
  return [
    svgElement('line', { class: 'mark', x1: place, x2: place, y1: 0, y2: HEIGHT - FOOT }),
    svgElement('text', text, beyond + name),
  ];
}

/** @param least Between ticks */
function axis(
  from: number,
  to: number,
  x: (value: number) => number,
  width: number,
  name: string,
  least = 0,
): SVGElement[] {
  const y = HEIGHT - FOOT;
  const ticks = ticksOf(from, to, width / 70, least);
  const digits = digitsOf(ticks);
  return [
    svgElement('line', { class: 'axis', x1: 0, x2: width, y1: y + 0.5, y2: y + 0.5 }),
    ...ticks.flatMap((tick) => {
      const anchor = x(tick) < 16 ? 'start' : x(tick) > width - 16 ? 'end' : 'middle';
      return [
        svgElement(
          'text',
          { x: Math.min(width, Math.max(0, x(tick))), y: y + 14, 'text-anchor': anchor },
          tick.toFixed(digits),
        ),
      ];
    }),
    svgElement('text', { x: width / 2, y: y + 30, 'text-anchor': 'middle' }, name),
  ];
}

/** Digits after the point that tell ticks apart. */
function digitsOf(ticks: readonly number[]): number {
  return Math.max(0, -Math.floor(Math.log10((ticks[1] ?? 1) - (ticks[0] ?? 0)) + 1e-9));
}

/** Round numbers within an interval, about so many and at least so far apart. */
function ticksOf(from: number, to: number, count: number, least = 0): number[] {
  const rough = Math.max(least, (to - from) / Math.max(1, count));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  const ticks: number[] = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9; k++) ticks.push(k * step);
  return ticks;
}

/** Of sorted values. */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.floor(share * sorted.length)))]!;
}
