// The numbers of the stages that are done, as they come.
import { numberText } from '../../manifest/text/number-text.ts';
import { element } from '../../dom/element.ts';
import type { LiveCell } from '../message.ts';

/** Rows of a stage: the report has them all. */
const mostRows = 200;

export class StageNumbers {
  readonly element: HTMLElement;
  readonly #body = element('tbody', {});
  readonly #more = element('p', { class: 'left-out' });
  readonly #known = new Set<string>();
  #left = 0;

  constructor(stage: string) {
    const columns = ['name', 'value', '± standard error', 'unit'];
    const head = columns.map((name, index) => element('th', { scope: 'col', class: index === 1 ? 'value' : '' }, name));
    const table = element('table', { class: 'numbers' }, element('thead', {}, element('tr', {}, ...head)), this.#body);
    this.#more.hidden = true;
    const heading = element('h3', {}, element('code', {}, stage));
    this.element = element('section', { class: 'group' }, heading, table, this.#more);
  }

  /** A cell reports once. */
  add({ id, stage, numbers }: LiveCell): void {
    if (this.#known.has(id)) return;
    this.#known.add(id);
    const cell = id === stage ? '' : ` ${id.slice(stage.length)}`;
    for (const [name, number] of numbers) {
      if (this.#body.childElementCount >= mostRows) this.#left += 1;
      else this.#body.append(numberRow(`${name}${cell}`, number));
    }
    this.#more.hidden = this.#left === 0;
    this.#more.textContent = `${this.#left} more: the report will have them.`;
  }
}

function numberRow(name: string, number: LiveCell['numbers'][number][1]): HTMLElement {
  const { value, error } = numberText(number);
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, name),
    element('td', { class: 'value' }, value),
    element('td', { class: 'error' }, error === null ? null : `± ${error}`),
    element('td', { class: 'unit' }, number.unit === '1' ? '' : number.unit),
  );
}
