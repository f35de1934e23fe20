// The numbers of a page of all runs: which of them are drawn, a reader chooses.
import { plotOverRuns } from '../history/over-runs.ts';
import type { FigureData } from '../figures.ts';
import type { HistoryData } from '../page-data.ts';
import { openChart } from './chart.ts';
import { element } from '../../dom/element.ts';
import { historyFigure } from './history-chart.ts';

/** So many names are listed; the others are found by more words. */
const mostListed = 30;

export function openHistory(history: HistoryData): void {
  const chooser = document.getElementById('chooser');
  const grid = document.querySelector('#numbers .figures');
  if (chooser === null || grid === null) return;
  const figures = new Map<number, HTMLElement>();
  for (let index = 0; index < history.drawn; index += 1) {
    figures.set(index, document.getElementById(`figure-${index + 1}`)!);
  }
  const show = (index: number, isShown: boolean) => {
    const figure = figures.get(index) ?? (isShown ? draw(history, index, grid) : null);
    if (figure === null) return;
    figures.set(index, figure);
    figure.hidden = !isShown;
  };
  const isShown = (index: number) => figures.get(index)?.hidden === false;
  const search = element('input', {
    type: 'search',
    id: 'choose',
    placeholder: 'words of a name',
    autocomplete: 'off',
  });
  const found = element('output', { for: 'choose' });
  const list = element('ul', { class: 'choices' });
  const fill = () => {
    const words = search.value.toLowerCase().split(/\s+/);
    const hits = history.numbers.flatMap(({ address, unit }, index) =>
      words.every((word) => `${address} ${unit}`.toLowerCase().includes(word)) ? [index] : [],
    );
    found.textContent = `${hits.length} of ${history.numbers.length}`;
    list.replaceChildren(...hits.slice(0, mostListed).map((index) => choice(history, index, isShown(index), show)));
  };
  const choices = element('details', {}, element('summary', {}, 'Choose numbers'), list);
  search.addEventListener('input', () => {
    fill();
    choices.open = true;
  });
  fill();
  const field = element('div', { class: 'search' }, element('label', { for: 'choose' }, 'Search'), search, found);
  chooser.append(field, choices);
}

function choice(
  { numbers }: HistoryData,
  index: number,
  isShown: boolean,
  show: (index: number, isShown: boolean) => void,
): HTMLElement {
  const box = element('input', { type: 'checkbox' });
  box.checked = isShown;
  box.addEventListener('change', () => show(index, box.checked));
  return element('li', {}, element('label', {}, box, ' ', numbers[index]!.address));
}

function draw(history: HistoryData, index: number, grid: Element): HTMLElement {
  const { figure, data } = historyFigure(plotOverRuns(history, history.numbers[index]!));
  grid.append(figure);
  openChart(figure, withNames(data, history));
  return figure;
}

/** The tip names a run by its time and commit, where an axis has room for its number alone. */
export function withNames(data: FigureData, { runs }: HistoryData): FigureData {
  return { ...data, notes: runs.map(({ name }) => name) };
}
