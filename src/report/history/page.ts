// All kept runs as one self-contained page: what each was and what came out, gates and numbers over them.
import { changeText } from '../../manifest/comparison/change-text.ts';
import type { Change } from '../../manifest/comparison/change.ts';
import { standingText } from '../../manifest/standing.ts';
import { count, durationText } from '../../manifest/text/number-text.ts';
import type { Manifest, ManifestGate } from '../../schema/types.ts';
import { bounded, mostEntries } from '../bounded.ts';
import { pageDocument, section } from '../document.ts';
import { type Figure, figureEntries, figureGrid, plotOf } from '../figures.ts';
import { type Content, type Html, html } from '../html.ts';
import type { HistoryData } from '../page-data.ts';
import { timeText } from '../stages.ts';
import { plotOverRuns } from './over-runs.ts';

/** A run as the page shows it. */
export interface PageRun {
  readonly run: Manifest['run'];
  readonly pipeline: Pick<Manifest['pipeline'], 'profile' | 'overrides'>;
  readonly git: Manifest['git'];
  readonly seconds: number;
  readonly verdict: 'ok' | 'gate' | 'failed' | 'interrupted';
  readonly verdicts: readonly Pick<ManifestGate, 'name' | 'verdict'>[];
  readonly isLatest: boolean;
  readonly tags: readonly string[];
  readonly pipelineName: string;
  readonly changes: readonly Change[] | null;
  /** Its own page, from where this one is; null where there is none. */
  readonly page: string | null;
}

export interface PageHistory {
  /** The first one first. */
  readonly runs: readonly PageRun[];
  readonly unreadable: readonly { readonly run: string; readonly message: string }[];
  readonly numbers: readonly {
    readonly address: string;
    readonly unit: string;
    readonly isGated: boolean;
    readonly points: readonly { readonly run: number; readonly value: number; readonly standardError: number | null }[];
  }[];
}

/** Figures that are there before anybody has chosen. */
const mostDrawn = 8;
/** Values that the page has at most: some megabytes. */
const mostPoints = 150_000;

/** The page as HTML text. @param makePage The command that makes a run's own page, to be shown */
export async function historyPage(history: PageHistory, makePage: string): Promise<string> {
  const { runs } = history;
  const { data, left } = historyData(history);
  const drawn = data.numbers.slice(0, data.drawn).map((number) => plotOf(plotOverRuns(data, number), number.address));
  const figures = await Promise.all(drawn);
  const gates = [...new Set(runs.flatMap(({ verdicts }) => verdicts.map(({ name }) => name)))];
  const sections = [
    ...section('numbers', 'Numbers', data.numbers.length, () => numbersOf(figures, left), figureEntries(figures, 0)),
    ...section('gates', 'Gates', gates.length, () => gateTable(gates, runs)),
    ...section('runs', 'Runs', runs.length, () => [runsLead(makePage), runTable(runs)]),
    ...section('gaps', 'What is not known', history.unreadable.length, () => unreadableList(history.unreadable)),
  ];
  const name = runs.at(-1)?.pipelineName ?? 'All runs';
  return pageDocument({
    title: `${name}: ${count(runs.length, 'run')}`,
    header: header(name, runs),
    sections,
    data: { stages: [], tables: [], figures: figures.map(({ data }) => data ?? null), history: data },
  });
}

/** Numbers of gates first, then those with an error; as many as the page has room for. */
function historyData({ runs, numbers }: PageHistory): { data: HistoryData; left: number } {
  const standing = runs.map((run) => standingText(run) ?? 'whole runs');
  const series = [...new Set(standing)];
  const rank = ({ isGated, points }: PageHistory['numbers'][number]) =>
    isGated ? 0 : points.at(-1)?.standardError === null ? 2 : 1;
  const ordered = numbers.map((number) => ({ number, rank: rank(number) })).sort((a, b) => a.rank - b.rank);
  let points = 0;
  const kept = ordered.filter(({ number }) => (points += number.points.length) <= mostPoints);
  const gated = kept.filter((each) => each.rank === 0).length;
  return {
    data: {
      runs: runs.map((run, index) => ({ name: runName(run, index), series: series.indexOf(standing[index]!) })),
      series,
      numbers: kept.map(({ number: { address, unit, points } }) => ({
        address,
        unit,
        points: points.map(({ run, value, standardError }) =>
          standardError === null ? [run, value] : [run, value, standardError],
        ),
      })),
      drawn: Math.min(mostDrawn, Math.max(gated, 4), kept.length),
    },
    left: ordered.length - kept.length,
  };
}

/** `run 3, 2026-11-29 08:18 UTC, 33458c0f5a`. */
function runName({ run, git }: PageRun, index: number): string {
  return [`run ${index + 1}`, timeText(run.startedAt), ...(git === null ? [] : [commitOf(git)])].join(', ');
}

function commitOf(git: NonNullable<Manifest['git']>): string {
  return `${git.commit.slice(0, 10)}${git.dirty === null ? '' : '+'}`;
}

function numbersOf(figures: readonly Figure[], left: number): Content {
  return [
    html`<p class="lead">
      A line joins runs that were asked the same; runs have the numbers of the table below.
      ${left === 0 ? null : `${count(left, 'number')} are left out: repro history NUMBER has them.`}
    </p>`,
    html`<div id="chooser"></div>`,
    figureGrid(figures, 0, 'plots'),
  ];
}

function header(name: string, runs: readonly PageRun[]): Html {
  const commits = new Set(runs.flatMap(({ git }) => git?.commit ?? [])).size;
  const [first, last] = [runs[0], runs.at(-1)];
  return html`<h1>${name}: ${count(runs.length, 'run')}</h1>
    ${first && last ? html`<p class="outcome">${timeText(first.run.startedAt)} to ${timeText(last.run.startedAt)}, ${count(commits, 'commit')}</p>` : html`<p>No run is kept: repro run makes one.</p>`}`;
}

const signs: Readonly<Record<string, string>> = { PASS: '✓', FAIL: '✗' };
/** Columns of a table at most. */
const mostColumns = 100;

/** A row for each gate, a column for each run. */
function gateTable(gates: readonly string[], runs: readonly PageRun[]): Html {
  const numbered = runs.map((run, index) => [index + 1, run] as const).slice(-mostColumns);
  const { shown, note } = bounded(gates, mostEntries, 'repro gate has them.');
  return html`${runs.length > mostColumns ? html`<p class="left-out">The last ${mostColumns} of ${runs.length} runs.</p>` : null}
    <div class="wide" tabindex="0" role="region" aria-label="Gates over runs">
      <table class="sides plain verdicts">
        <thead>
          <tr>
            <th scope="col">gate</th>
            ${numbered.map(([number]) => html`<th scope="col"><a href="#run-${number}">${number}</a></th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (name) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${numbered.map(([, { verdicts }]) => {
                  const verdict = verdicts.find((gate) => gate.name === name)?.verdict;
                  return verdict === undefined
                    ? html`<td></td>`
                    : html`<td>
                        <span role="img" class="${verdict.toLowerCase()}" aria-label="${verdict}" title="${verdict}"
                          >${signs[verdict] ?? '?'}</span
                        >
                      </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${note}`;
}

const runsLead = (makePage: string): Html =>
  html`<p class="lead">
    The last one first. A run whose own page lies beside this one leads to it; <code>${makePage}</code> makes that of a
    run, and this page, written again, leads there.
  </p>`;

const badges = { ok: 'pass', gate: 'fail', failed: 'fail', interrupted: 'open' } as const;

function runTable(runs: readonly PageRun[]): Html {
  const newest = runs.map((run, index) => [index + 1, run] as const).reverse();
  const { shown, note } = bounded(newest, mostEntries, 'repro runs has them.');
  return html`<div class="wide" tabindex="0" role="region" aria-label="Runs">
      <table class="sides plain">
        <thead>
          <tr>
            ${['#', 'run', 'when', 'commit', 'what', 'took', 'came out', 'otherwise than the run before'].map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map(([number, run]) => runRow(number, run))}
        </tbody>
      </table>
    </div>
    ${note}`;
}

function runRow(number: number, each: PageRun): Html {
  const { run, git, seconds, verdict, verdicts, isLatest, tags, changes, page } = each;
  const passed = verdicts.filter((gate) => gate.verdict === 'PASS').length;
  const names = [...(isLatest ? ['latest'] : []), ...tags];
  return html`<tr id="run-${number}">
    <td>${number}</td>
    <th scope="row">
      ${page === null ? html`<code>${run.id}</code>` : html`<a href="${page}"><code>${run.id}</code></a>`}
      ${names.length === 0 ? null : html`<span class="note">${names.join(', ')}</span>`}
    </th>
    <td class="nowrap">${timeText(run.startedAt)}</td>
    <td class="nowrap">${git === null ? null : html`<code>${commitOf(git)}</code>`}</td>
    <td class="text">${standingText(each) ?? 'a whole run'}</td>
    <td class="nowrap">${durationText(seconds)}</td>
    <td class="nowrap">
      <span class="verdict ${badges[verdict]}">${verdict}</span>
      ${verdicts.length === 0 ? null : html`<span class="quiet">${passed} of ${count(verdicts.length, 'gate')} passed</span>`}
    </td>
    <td class="quiet text">${changesText(changes)}</td>
  </tr>`;
}

/** Changes of a run that are told; a renamed folder may be hundreds. */
const mostChanges = 6;

function changesText(changes: readonly Change[] | null): string {
  if (changes === null) return 'the first of its kind';
  if (changes.length === 0) return 'nothing';
  const rest = changes.length - mostChanges;
  return [
    ...changes.slice(0, mostChanges).map(changeText),
    ...(rest > 0 ? [`${rest} more: repro diff has them`] : []),
  ].join('; ');
}

function unreadableList(unreadable: PageHistory['unreadable']): Html {
  const { shown, note } = bounded(unreadable, mostEntries, 'repro runs has them.');
  return html`${note}
    <ul class="gaps">
      ${shown.map(({ message }) => html`<li>${message}</li>`)}
    </ul>`;
}
