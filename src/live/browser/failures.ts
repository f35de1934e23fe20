// What failed, with the ends of its logs, above the report, which has no logs.
import { element } from '../../dom/element.ts';
import type { LiveCell } from '../message.ts';
import { CellRow } from './cell-row.ts';

/** Cells of a matrix mostly fail of the same cause. */
const mostShown = 12;

export function showFailures(cells: readonly LiveCell[], contents: HTMLElement, place: HTMLElement): void {
  const failed = cells.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return;
  const rows = failed.slice(0, mostShown).map((cell) => {
    const row = new CellRow(cell, cell.id);
    row.draw(cell, 0);
    return row.element;
  });
  const left = failed.length - rows.length;
  const section = element(
    'section',
    { id: 'failures' },
    element('h2', {}, 'Failed'),
    element('ul', { class: 'live-cells' }, ...rows),
    left === 0 ? null : element('p', { class: 'left-out' }, `${left} more failed.`),
  );
  place.querySelector('main')!.prepend(section);
  contents.querySelector('ul')!.prepend(element('li', {}, element('a', { href: '#failures' }, 'Failed')));
}
