// The stages of a run that goes on: one row each, with those of its cells below that run or failed.
import { durationText } from '../../manifest/text/number-text.ts';
import { anchor } from '../../report/anchor.ts';
import { element } from '../../dom/element.ts';
import type { LiveCell, LiveStatus } from '../message.ts';
import { CellRow, setText } from './cell-row.ts';

/** Cells of a stage that have a row without being asked for, of those that run and of those that failed; and at all. */
const mostShown = 12;
const mostListed = 2000;

export class StageRow {
  readonly element: HTMLElement;
  readonly #cells = new Map<string, LiveCell>();
  readonly #name: string;
  readonly #heading = element('h3', {});
  readonly #counts = element('span', { class: 'quiet' });
  readonly #bar: HTMLProgressElement;
  readonly #list = element('ul', { class: 'live-cells' });
  readonly #more = element('p', { class: 'quiet' });
  readonly #all = element('ul', { class: 'live-cells' });
  readonly #details = element('details', {});
  readonly #rows = new Map<string, CellRow>();

  constructor(name: string) {
    this.#name = name;
    this.#bar = element('progress', { max: '1', 'aria-label': `Cells of ${name} that are done` });
    this.#heading.append(element('code', {}, name), this.#counts, this.#bar);
    this.#details.append(element('summary', {}, 'All cells'), this.#all);
    this.#details.addEventListener('toggle', () => this.#listAll());
    const parts = [this.#heading, this.#list, this.#more, this.#details];
    this.element = element('section', { class: 'live-stage', id: anchor(name) }, ...parts);
  }

  set(cell: LiveCell): void {
    this.#cells.set(cell.id, cell);
  }

  get isRunning(): boolean {
    return [...this.#cells.values()].some(({ status }) => status === 'running');
  }

  draw(now: number): void {
    const cells = [...this.#cells.values()];
    const isMatrix = cells.length > 1;
    this.#counts.hidden = this.#bar.hidden = this.#details.hidden = !isMatrix;
    this.element.classList.toggle('single', !isMatrix);
    if (isMatrix) {
      setText(this.#counts, countsText(cells));
      this.#bar.value = cells.filter(isDone).length / cells.length;
    }
    const of = (status: LiveStatus) => cells.filter((cell) => cell.status === status);
    const [running, failed] = [of('running'), of('failed')];
    const shown = isMatrix ? [...running.slice(0, mostShown), ...failed.slice(0, mostShown)] : cells;
    this.#list.hidden = shown.length === 0;
    const left = isMatrix ? running.length + failed.length - shown.length : 0;
    this.#more.hidden = left === 0;
    setText(this.#more, `and ${left} more`);
    const rows = shown.map((cell) => this.#row(cell, isMatrix));
    for (const [index, row] of rows.entries()) {
      row.draw(shown[index]!, now);
      if (this.#list.children[index] !== row.element)
        this.#list.insertBefore(row.element, this.#list.children[index] ?? null);
    }
    while (this.#list.children.length > rows.length) this.#list.lastElementChild!.remove();
    this.#listAll();
  }

  #row(cell: LiveCell, isMatrix: boolean): CellRow {
    const known = this.#rows.get(cell.id) ?? new CellRow(cell, isMatrix ? cell.id.slice(this.#name.length) : null);
    this.#rows.set(cell.id, known);
    return known;
  }

  /** While it is open. */
  #listAll(): void {
    if (!this.#details.open) return;
    const cells = [...this.#cells.values()];
    const lines = cells.slice(0, mostListed).map(({ id, status, seconds }) => {
      const time = seconds === null ? '' : durationText(seconds);
      const name = element('code', {}, id.slice(this.#name.length));
      return element('li', {}, name, element('span', { class: `status ${status}` }, status), time);
    });
    const left = cells.length - lines.length;
    this.#all.replaceChildren(...lines, ...(left > 0 ? [element('li', {}, `and ${left} more`)] : []));
  }
}

export const isDone = ({ status }: LiveCell): boolean => status === 'computed' || status === 'restored';

/** `74 of 200 done, 1 failed, 2 running`. */
export function countsText(cells: readonly LiveCell[]): string {
  const others = (['failed', 'running', 'queued', 'blocked', 'cancelled'] as const).flatMap((status) => {
    const number = cells.filter((cell) => cell.status === status).length;
    return number === 0 ? [] : [`${number} ${status}`];
  });
  return [`${cells.filter(isDone).length} of ${cells.length} done`, ...others].join(', ');
}
