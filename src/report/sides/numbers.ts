// The numbers of several runs: a row for each, the most surprising moves first.
import { deltaText, endText, judgement, sizeText } from '../../manifest/comparison/difference-text.ts';
import type { NumberDifference } from '../../manifest/comparison/diff.ts';
import { count } from '../../manifest/text/number-text.ts';
import type { ReportedNumber } from '../../schema/types.ts';
import { bounded, mostNumbers } from '../bounded.ts';
import { numberSearch, type Section, section } from '../document.ts';
import { grouped } from '../grouped.ts';
import { type Content, type Html, html } from '../html.ts';
import { changeNumbers, type SideChange } from './changes.ts';
import type { Sides } from './side.ts';
import { isOtherUnit, type Rank, type SideNumber, sideNumbers } from './surprise.ts';

const rankTitles: Readonly<Record<Rank, string>> = {
  exact: 'Exact numbers that moved',
  beyond: 'Moved beyond what chance makes likely',
  unknown: 'Moved, without a standard error to tell how far',
  within: 'Moved within error',
  partial: 'Not in every run',
  still: 'Did not move',
  timing: 'Timings',
};
/** What is opened when it is asked for. */
const closed: readonly Rank[] = ['still', 'timing'];
/** Beyond this many, numbers that only some runs have are so too: runs of other profiles have hundreds. */
const fewPartial = 40;

/** @param changes Of the page, to which the numbers lead */
export function sideNumberSection(sides: Sides, changes: readonly SideChange[]): Section[] {
  const { shown, note } = bounded(sideNumbers(sides.differences), mostNumbers, 'repro diff has them.');
  const ranks = grouped(shown, ({ rank }) => rank) as [Rank, SideNumber[]][];
  const entries = ranks.map(([rank]) => ({ id: `numbers-${rank}`, title: rankTitles[rank] }));
  const numberOf = changeNumbers(changes);
  const tables = () => [
    numbersLead(sides),
    note,
    ...ranks.map(([rank, numbers]) => rankTable(rank, numbers, sides, numberOf)),
  ];
  return section('numbers', 'Numbers', shown.length, tables, entries);
}

function numbersLead({ runs }: Sides): Html {
  return html`<p class="lead">
      ± is one standard error, σ that of the difference of two independent estimates: runs that share seeds or data vary
      less. Moves are from ${runs[0]!.label}.
    </p>
    ${numberSearch}`;
}

type NumberOf = ReturnType<typeof changeNumbers>;

function rankTable(rank: Rank, numbers: readonly SideNumber[], { runs }: Sides, numberOf: NumberOf): Html {
  const title = rankTitles[rank];
  const table = html`<div class="wide" tabindex="0" role="region" aria-label="${title}">
    <table class="numbers sides">
      <thead>
        <tr>
          <th scope="col" data-sort="name">number</th>
          ${runs.map(({ label }, index) => html`<th scope="col" class="run" data-sort="${index}">${label}</th>`)}
          <th scope="col">unit</th>
        </tr>
      </thead>
      <tbody>
        ${numbers.map((number) => numberRow(number, numberOf))}
      </tbody>
    </table>
  </div>`;
  if (!closed.includes(rank) && (rank !== 'partial' || numbers.length <= fewPartial)) {
    return html`<section class="group" id="numbers-${rank}">
      <h3>${title} <span class="quiet">${numbers.length}</span></h3>
      ${table}
    </section>`;
  }
  return html`<details class="series" id="numbers-${rank}">
    <summary>${title} <span class="quiet">${count(numbers.length, 'number')}</span></summary>
    ${table}
  </details>`;
}

function numberRow({ address, values, moves }: SideNumber, numberOf: NumberOf): Html {
  const first = values[0] ?? null;
  const other = moves.find((move) => move !== null && move.to !== null)?.to ?? null;
  const units = new Set(values.flatMap((value) => value?.unit ?? []));
  const reasons = causesOf(moves, numberOf);
  const exact = values.map((value) => value?.value ?? '-').join(' ');
  return html`<tr data-address="${address}" data-exact="${exact}" data-because="${reasons.join(' ')}">
    <th scope="row">
      <button type="button" class="open" aria-expanded="false">${address}</button>
      ${moves.some((move) => move?.class === 'unexplained') ? html` <span class="verdict fail">nothing recorded changed</span>` : null}
      ${reasons.length === 0 ? null : html`<span class="note">because ${reasonLinks(reasons)}</span>`}
    </th>
    <td class="value">${valueCell(first, other)}</td>
    ${moves.map((move) => html`<td class="value">${valueCell(move?.to ?? null, first)} ${moveText(move)}</td>`)}
    <td class="unit">
      ${[...units].map((unit) => (unit === '1' ? (units.size > 1 ? 'none' : '') : unit)).join(' → ')}
    </td>
  </tr>`;
}

function valueCell(value: ReportedNumber | null, other: ReportedNumber | null): Content {
  return value === null ? html`<span class="quiet">none</span>` : endText(value, other);
}

function moveText(move: NumberDifference | null): Html | null {
  if (move !== null && isOtherUnit(move)) return html`<span class="move">in another unit</span>`;
  if (move === null || move.delta === null || move.delta === 0) return null;
  const judged = judgement(move);
  const size = move.standardErrors === null ? '' : `, ${sizeText(move.standardErrors)} σ`;
  return html`<span class="move"
    >${deltaText(move.delta)}${size}${judged === null ? null : html`, <span class="${judged}">${judged}</span>`}</span
  >`;
}

/** Numbers of the changes that lie behind the moves, in order; where it did not move, of those that did not move it. */
function causesOf(moves: readonly (NumberDifference | null)[], numberOf: NumberOf): number[] {
  const told = moves.filter((move) => move !== null && move.class !== 'new' && move.class !== 'gone');
  const moved = told.filter((move) => move!.class === 'attributed');
  const numbers = new Set(
    (moved.length > 0 ? moved : told).flatMap((move) => move!.changes.flatMap((change) => numberOf(change) ?? [])),
  );
  return [...numbers].sort((a, b) => a - b);
}

/** `1, 3–5`, each a link to the change. */
function reasonLinks(numbers: readonly number[]): Html[] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(
    ([from, to], index) =>
      html`${index === 0 ? null : ', '}<a href="#change-${from}">${from === to ? from : `${from}–${to}`}</a>`,
  );
}
