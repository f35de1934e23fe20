// What a stage was made of, drawn when it is asked for.
import type { PageData, StageData, TableData } from '../page-data.ts';
import { element } from '../../dom/element.ts';

/** @param signal Its abort ends what listens beyond them */
export function openStages(data: PageData, signal?: AbortSignal): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details.stage')) {
    details.addEventListener('toggle', () => {
      const body = details.querySelector<HTMLElement>('.body[data-stage]');
      if (body !== null && body.childElementCount === 0) fill(body, data);
    });
  }
  addEventListener('hashchange', openTarget, signal === undefined ? {} : { signal });
  openTarget();
}

/** A link to a stage opens it. */
function openTarget(): void {
  const target = document.getElementById(location.hash.slice(1));
  for (let at: Element | null = target; at !== null; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
  target?.scrollIntoView();
}

function fill(body: HTMLElement, { stages, tables }: PageData): void {
  const stage = stages[Number(body.dataset['stage'])];
  if (stage === undefined) return;
  body.append(factList(stage), ...stage.tables.flatMap((place) => tableOf(tables[place]!)));
}

function factList({ facts }: StageData): HTMLElement {
  const entries = facts.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, element('code', {}, value))),
  );
  return element('dl', {}, ...entries);
}

function tableOf({ title, columns, rows, left }: TableData): HTMLElement[] {
  const count = element('span', { class: 'quiet' }, String(rows.length + left));
  const head = columns.map((column) => element('th', { scope: 'col' }, column));
  const body = rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, element('code', {}, cell)))));
  const table = element(
    'table',
    { class: 'plain' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
  const note = left === 0 ? [] : [element('p', { class: 'left-out' }, `${left} more: the manifest has them.`)];
  return [
    element('h4', {}, `${title} `, count),
    element('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': title }, table),
    ...note,
  ];
}
