// The page while a run goes on. It is drawn when the browser draws, and of it only what has changed.
import { element } from '../../dom/element.ts';
import { offerThemes } from '../../report/browser/theme.ts';
import type { LiveMessage } from '../message.ts';
import { CurveFigure } from './curve.ts';
import { gateTable } from './gates.ts';
import { Header } from './header.ts';
import { curveKey, type Model } from './model.ts';
import { StageNumbers } from './numbers.ts';
import { StageRow } from './stages.ts';

const titles = { stages: 'Stages', gates: 'Gates', curves: 'Curves', numbers: 'Numbers', notes: 'Warnings' } as const;
type SectionName = keyof typeof titles;

export class LiveView {
  readonly #model: Model;
  readonly #header = new Header();
  readonly #main = element('main', {});
  readonly #sections = new Map<SectionName, HTMLElement>();
  readonly #stages = new Map<string, StageRow>();
  readonly #numbers = new Map<string, StageNumbers>();
  readonly #figures = new Map<string, CurveFigure>();
  readonly #changedStages = new Set<StageRow>();
  readonly #changedCurves = new Set<string>();
  #isWaiting = false;

  constructor(model: Model) {
    this.#model = model;
    // A time that is shown goes on.
    setInterval(() => this.#later(), 1000);
  }

  /** Puts it into the page. */
  show(contents: HTMLElement, place: HTMLElement): void {
    if (this.#main.parentElement === place) return;
    contents.replaceChildren(element('ul', {}));
    offerThemes();
    place.replaceChildren(this.#header.element, this.#main);
    for (const name of this.#sections.keys()) listSection(name);
    this.#later();
  }

  /** Takes in what has changed in the model. */
  change(message: LiveMessage): void {
    if (message.isWhole) this.#clear();
    for (const cell of message.cells) {
      const row = this.#stage(cell.stage);
      row.set(cell);
      this.#changedStages.add(row);
      if (cell.numbers.length > 0) this.#numbersOf(cell.stage).add(cell);
    }
    for (const { stage, metric } of message.curves) this.#changedCurves.add(curveKey(stage, metric));
    if (message.gates.length > 0) this.#gates();
    if (message.notes.length > 0) this.#notes();
    this.#later();
  }

  #clear(): void {
    for (const known of [this.#sections, this.#stages, this.#numbers, this.#figures]) known.clear();
    this.#changedStages.clear();
    this.#changedCurves.clear();
    this.#main.replaceChildren();
    document.querySelector('.contents > ul')?.replaceChildren();
  }

  #later(): void {
    if (!this.#isWaiting && this.#main.isConnected) requestAnimationFrame(() => this.#draw());
    this.#isWaiting = this.#main.isConnected;
  }

  #draw(): void {
    this.#isWaiting = false;
    const now = this.#model.now();
    this.#header.draw({ run: this.#model.run, cells: this.#model.cells, now });
    for (const row of this.#stages.values()) if (this.#changedStages.has(row) || row.isRunning) row.draw(now);
    this.#changedStages.clear();
    for (const key of this.#changedCurves) this.#drawCurve(key);
  }

  #drawCurve(key: string): void {
    const curve = this.#model.curves.get(key);
    // A point alone is no curve.
    if (curve === undefined || [...curve.lines.values()].every((line) => line.length < 2)) return;
    let figure = this.#figures.get(key);
    if (figure === undefined) {
      figure = new CurveFigure(curve);
      this.#figures.set(key, figure);
      const section = this.#section('curves');
      const grid = section.firstElementChild ?? element('div', { class: 'figures plots' });
      section.append(grid);
      grid.append(figure.element);
    }
    // What is out of sight is drawn when it comes into view.
    const { top, bottom } = figure.element.getBoundingClientRect();
    if (bottom < -innerHeight || top > 2 * innerHeight) return;
    this.#changedCurves.delete(key);
    figure.draw(curve);
  }

  #stage(name: string): StageRow {
    const known = this.#stages.get(name) ?? new StageRow(name);
    if (!this.#stages.has(name)) this.#section('stages').append(known.element);
    this.#stages.set(name, known);
    return known;
  }

  #numbersOf(stage: string): StageNumbers {
    const known = this.#numbers.get(stage) ?? new StageNumbers(stage);
    if (!this.#numbers.has(stage)) this.#section('numbers').append(known.element);
    this.#numbers.set(stage, known);
    return known;
  }

  #gates(): void {
    const { gates } = this.#model;
    this.#section('gates').replaceChildren(gateTable([...gates.values()], this.#model.errors()));
  }

  #notes(): void {
    const lines = this.#model.notes.map((note) => element('li', {}, note));
    this.#section('notes').replaceChildren(element('ul', { class: 'gaps' }, ...lines));
  }

  /** What is below its heading, which is there when there is something to show. Sections keep their order. */
  #section(name: SectionName): HTMLElement {
    const known = this.#sections.get(name);
    if (known !== undefined) return known;
    const body = element('div', {});
    const section = element('section', { id: name }, element('h2', {}, titles[name]), body);
    const order = Object.keys(titles);
    const next = [...this.#main.children].find(({ id }) => order.indexOf(id) > order.indexOf(name));
    this.#main.insertBefore(section, next ?? null);
    this.#sections.set(name, body);
    listSection(name);
    return body;
  }
}

function listSection(name: SectionName): void {
  const list = document.querySelector('.contents > ul');
  const order = Object.values<string>(titles);
  const next = [...(list?.children ?? [])].find(
    ({ textContent }) => order.indexOf(textContent) > order.indexOf(titles[name]),
  );
  list?.insertBefore(element('li', {}, element('a', { href: `#${name}` }, titles[name])), next ?? null);
}
