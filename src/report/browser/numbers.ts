// Numbers: found, put in order, copied, and opened to what they were made of.
import type { PageData } from '../page-data.ts';
import { button, element } from '../../dom/element.ts';
import { lineageTree } from './lineage.ts';

export function openNumbers(data: PageData): void {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>('.numbers tbody tr')];
  for (const row of rows) openRow(row, data);
  for (const table of document.querySelectorAll<HTMLTableElement>('table.numbers')) offerOrders(table);
  const search = document.querySelector<HTMLInputElement>('#search');
  search?.addEventListener('input', () => find(rows, search.value));
}

function openRow(row: HTMLTableRowElement, data: PageData): void {
  const { address = '', stage } = row.dataset;
  const open = row.querySelector<HTMLButtonElement>('button.open')!;
  open.addEventListener('click', () => {
    const isOpen = open.getAttribute('aria-expanded') === 'true';
    open.setAttribute('aria-expanded', String(!isOpen));
    if (isOpen) row.nextElementSibling?.remove();
    else
      row.after(
        data.changes === undefined
          ? lineageRow(row, stage ? lineageTree(data, Number(stage)) : null)
          : causeRow(row, data.changes),
      );
  });
  const copy = button(`Copy ${address}`, '⧉', () => void copyText(address, copy));
  copy.className = 'copy';
  open.after(copy);
}

function lineageRow(row: HTMLTableRowElement, tree: HTMLElement | null): HTMLElement {
  const { address = '', exact = '', closure = '' } = row.dataset;
  const [value = '', error] = exact.split(' ');
  const numbers = `= ${value}${error === undefined ? '' : `, standard error ${error}`}`;
  const facts = element(
    'p',
    {},
    element('code', {}, address),
    ` ${numbers}, closure `,
    element('code', { class: 'digest' }, closure),
  );
  return element('tr', { class: 'lineage' }, element('td', { colspan: '6' }, facts, tree));
}

/** Of several runs: the exact values, and what of the making differs. */
function causeRow(row: HTMLTableRowElement, changes: readonly string[]): HTMLElement {
  const { address = '', exact = '', because = '' } = row.dataset;
  const texts = because === '' ? [] : because.split(' ').map((number) => changes[Number(number) - 1]!);
  const list = texts.map((text) => element('li', {}, text));
  const columns = String(row.cells.length);
  return element(
    'tr',
    { class: 'lineage' },
    element(
      'td',
      { colspan: columns },
      element('p', {}, element('code', {}, address), ` = ${exact.split(' ').join(', ')}`),
      list.length === 0 ? null : element('p', {}, 'because'),
      element('ul', {}, ...list),
    ),
  );
}

async function copyText(text: string, copy: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    copy.textContent = '✓';
  } catch {
    // A page from disk may not be allowed to: the reader's own copy is.
    copy.textContent = '✗';
    prompt('Copy', text);
  }
  setTimeout(() => (copy.textContent = '⧉'), 1500);
}

/** Headings that order the rows of their table; a third time restores the order of the stage. */
function offerOrders(table: HTMLTableElement): void {
  const body = table.tBodies[0]!;
  const original = [...body.rows];
  if (original.length < 2) return;
  const headings = [...table.querySelectorAll<HTMLElement>('th[data-sort]')];
  for (const heading of headings) {
    const order = button(`Sort by ${heading.textContent}`, heading.textContent, () => {
      const next = { none: 'ascending', ascending: 'descending', descending: 'none' }[heading.ariaSort ?? 'none']!;
      for (const other of headings) other.removeAttribute('aria-sort');
      if (next !== 'none') heading.setAttribute('aria-sort', next);
      const sign = next === 'descending' ? -1 : 1;
      const sorted =
        next === 'none' ? original : original.toSorted((a, b) => sign * compare(a, b, heading.dataset['sort']!));
      closeAll(body);
      body.append(...sorted);
    });
    heading.replaceChildren(order);
  }
}

function closeAll(body: HTMLElement): void {
  for (const row of body.querySelectorAll('tr.lineage')) row.remove();
  for (const open of body.querySelectorAll('button.open')) open.setAttribute('aria-expanded', 'false');
}

function compare(a: HTMLTableRowElement, b: HTMLTableRowElement, by: string): number {
  if (by === 'name') return nameOf(a) < nameOf(b) ? -1 : 1;
  const at = { value: 0, error: 1 }[by] ?? Number(by);
  const [first, second] = [a, b].map((row) => {
    const value = Number(row.dataset['exact']?.split(' ')[at]);
    return Number.isNaN(value) ? -Infinity : value;
  });
  return first === second ? 0 : first! - second!;
}

const nameOf = (row: HTMLTableRowElement): string => row.querySelector('.open')!.textContent;

/** Shows the rows that have every word, and the groups that have such rows. */
function find(rows: readonly HTMLTableRowElement[], sought: string): void {
  const words = sought
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  let found = 0;
  for (const row of rows) {
    const heading = row.closest('.matrix')?.querySelector('h4')?.textContent ?? '';
    const text = `${row.dataset['address']} ${heading} ${row.textContent}`.toLowerCase();
    const isFound = words.every((word) => text.includes(word));
    row.hidden = !isFound;
    if (isFound) found += 1;
    if (row.nextElementSibling?.classList.contains('lineage'))
      (row.nextElementSibling as HTMLElement).hidden = !isFound;
  }
  for (const group of document.querySelectorAll<HTMLElement>('.series, .matrix, .group, table.numbers')) {
    const hit = group.querySelector('tr[data-address]:not([hidden])') !== null;
    group.hidden = !hit;
    if (group instanceof HTMLDetailsElement) group.open = words.length > 0 && hit;
  }
  document.querySelector('#found')!.textContent = words.length === 0 ? '' : `${found} of ${rows.length}`;
}
