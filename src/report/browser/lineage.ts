// Everything behind a number as a tree: its stage, what that read, the stages that made it, and so on to the data.
import { anchor } from '../anchor.ts';
import type { PageData, StageData } from '../page-data.ts';
import { element } from '../../dom/element.ts';

export function lineageTree(data: PageData, place: number): HTMLElement {
  const tree = element('ul', { class: 'tree' });
  const stage = data.stages[place];
  if (stage !== undefined) tree.append(stageItem(data, stage, '', true));
  return tree;
}

/** @param made What it made for the stage above */
function stageItem(data: PageData, stage: StageData, made: string, isOpen: boolean): HTMLElement {
  const summary = element(
    'summary',
    {},
    element('code', {}, stage.id),
    element('span', { class: 'quiet' }, ` ${made}${stage.origin}`),
  );
  const details = element('details', {}, summary);
  // Filled when it is opened: a stage that many read would be drawn once for each of them.
  const fill = () => {
    if (details.open && details.childElementCount === 1) details.append(stageBody(data, stage));
  };
  details.addEventListener('toggle', fill);
  details.open = isOpen;
  fill();
  return element('li', {}, details);
}

function stageBody(data: PageData, stage: StageData): HTMLElement {
  const params = stage.params.map((text) => element('code', {}, text));
  const outside = stage.outside.map(({ name, source, digest }) =>
    element(
      'li',
      {},
      element('span', { class: 'quiet' }, `input ${name}: `),
      element('code', {}, source),
      ' ',
      element('code', { class: 'digest' }, digest),
    ),
  );
  const reads = stage.reads.flatMap(({ name, outputs }) => inputItems(data, name, outputs));
  return element(
    'div',
    {},
    element('p', {}, stage.made, '. ', element('a', { href: `#${anchor(stage.id)}` }, 'All of it')),
    params.length === 0 ? null : element('p', { class: 'params' }, ...params.flatMap((code) => [code, ' '])),
    element('ul', {}, ...outside, ...reads),
  );
}

/** Cells that one input gathers are listed when they are asked for. */
function inputItems(data: PageData, name: string, outputs: StageData['reads'][number]['outputs']): HTMLElement[] {
  const items = () =>
    outputs.map(([place, output]) => stageItem(data, data.stages[place]!, `${output} as ${name}, `, false));
  if (outputs.length <= 8) return items();
  const details = element('details', {}, element('summary', {}, `${name}: ${outputs.length} outputs`));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) details.append(element('ul', {}, ...items()));
  });
  return [element('li', {}, details)];
}
