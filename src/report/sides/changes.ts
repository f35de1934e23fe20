// What runs were made of that is not the same in all of them: a row for each thing, a column for each run.
import type { Change } from '../../manifest/comparison/change.ts';
import { changeEnds, changeText, divergenceText, reachText } from '../../manifest/comparison/change-text.ts';
import { mergeChanges } from '../../manifest/comparison/diff.ts';
import { count } from '../../manifest/text/number-text.ts';
import { bounded, mostEntries } from '../bounded.ts';
import { grouped } from '../grouped.ts';
import { type Html, html } from '../html.ts';
import type { Sides } from './side.ts';

/** One thing that some stages of the first run were made of, and what it is in the others. */
export interface SideChange {
  readonly kind: Change['kind'];
  readonly name: string;
  readonly from: string | null;
  /** By run: nothing where it is as in the first; several where stages of a run have it otherwise than each other. */
  readonly others: readonly (readonly Change[])[];
}

const kindTitles: Readonly<Record<Change['kind'], string>> = {
  parameter: 'Parameters',
  seed: 'Seed',
  input: 'Inputs',
  code: 'Code',
  package: 'Packages',
  runtime: 'Runtime',
  environment: 'Environment',
  threads: 'Threads',
  setup: 'Set up',
  command: 'Commands',
  output: 'Outputs',
  edge: 'Inputs from other stages',
  stage: 'Stages',
};

/** By kind, in the order of the page. The place of a change in the list is its number there, from 1. */
export function sideChanges({ differences }: Pick<Sides, 'differences'>): SideChange[] {
  const found = new Map<string, { kind: Change['kind']; name: string; from: string | null; others: Change[][] }>();
  for (const [run, { stages }] of differences.entries()) {
    for (const change of mergeChanges(stages.flatMap((stage) => stage.changes))) {
      const { kind, name, from } = change;
      const known = found.get(changeKey(change)) ?? { kind, name, from, others: differences.map(() => []) };
      known.others[run]!.push(change);
      found.set(changeKey(change), known);
    }
  }
  const order = Object.keys(kindTitles);
  return [...found.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** Numbers of the page's changes by what they are, from 1. */
export function changeNumbers(changes: readonly SideChange[]): (change: Change) => number | undefined {
  const numbers = new Map(changes.map((change, index) => [changeKey(change), index + 1]));
  return (change) => numbers.get(changeKey(change));
}

const changeKey = ({ kind, name, from }: Pick<Change, 'kind' | 'name' | 'from'>): string =>
  JSON.stringify([kind, name, from]);

/** Each change as a sentence. */
export function changeTexts(changes: readonly SideChange[], { runs }: Pick<Sides, 'runs'>): string[] {
  const others = runs.slice(1);
  return changes.map(({ others: found }) => {
    const texts = found.flatMap((own, run) =>
      own.map((change) => (others.length === 1 ? changeText(change) : `${others[run]!.label}: ${changeText(change)}`)),
    );
    return texts.join('; ');
  });
}

/** So many things of a kind are shown without being asked for. */
const fewRows = 12;

export function changeTables(changes: readonly SideChange[], sides: Sides): Html {
  const { shown, note } = bounded(changes, mostEntries, 'repro diff has them.');
  const numbered = shown.map((change, index) => [index + 1, change] as const);
  return html`${note}
  ${grouped(numbered, ([, { kind }]) => kind).map(([kind, rows]) => {
    const title = kindTitles[kind as Change['kind']];
    const table = changeTable(title, rows, sides);
    return rows.length <= fewRows
      ? html`<h3>${title}</h3>
          ${table}`
      : html`<details class="series">
          <summary>${title} <span class="quiet">${count(rows.length, 'change')}</span></summary>
          ${table}
        </details>`;
  })}
  ${divergences(sides)}`;
}

function changeTable(title: string, rows: readonly (readonly [number, SideChange])[], { runs }: Sides): Html {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${title}">
    <table class="sides plain">
      <thead>
        <tr>
          <th scope="col">#</th>
          <th scope="col">what</th>
          ${runs.map(({ label }) => html`<th scope="col" class="run">${label}</th>`)}
          <th scope="col">read by</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(([number, change]) => changeRow(number, change))}
      </tbody>
    </table>
  </div>`;
}

function changeRow(number: number, change: SideChange): Html {
  const { kind, name, from, others } = change;
  const stages = [...new Set(others.flat().flatMap((each) => each.stages))];
  const first = others.flat()[0]!;
  return html`<tr id="change-${number}">
    <td class="quiet">${number}</td>
    <th scope="row"><code>${name}</code></th>
    <td><code>${kind === 'stage' ? isThere(from) : changeEnds(first)[0]}</code></td>
    ${others.map((own) => html`<td>${own.length === 0 ? html`<span class="quiet">the same</span>` : own.map((each) => endOf(each, own.length > 1))}</td>`)}
    <td class="quiet">${reachText(stages)}</td>
  </tr>`;
}

function endOf(change: Change, isOneOfSeveral: boolean): Html {
  const text = change.kind === 'stage' ? isThere(change.to) : changeEnds(change)[1];
  const reach = isOneOfSeveral ? html` <span class="quiet">(${reachText(change.stages)})</span>` : null;
  return html`<p><code>${text}</code>${reach}</p>`;
}

const isThere = (end: string | null): string => (end === null ? 'not there' : 'there');

/** Stages that gave other results though nothing that is recorded of them differs. */
function divergences({ runs, differences }: Sides): Html | null {
  const texts = differences.flatMap(({ numbers }, run) => {
    const own = new Set(numbers.flatMap((number) => number.divergences.map(divergenceText)));
    return [...own].map((text) => `${runs[run + 1]!.label}: ${text}`);
  });
  if (texts.length === 0) return null;
  const { shown, note } = bounded(texts, mostEntries, 'repro diff has them.');
  return html`<h3>Other results of the same</h3>
    ${note}
    <ul class="gaps">
      ${shown.map((text) => html`<li>${text}</li>`)}
    </ul>`;
}
