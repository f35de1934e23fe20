// A manifest as one self-contained page: opened from disk, no network, and no script but the page's own.
import { createHash } from 'node:crypto';
import type { StageCurve } from '../manifest/curves.ts';
import { standingParts } from '../manifest/standing.ts';
import { count, durationText, machineText } from '../manifest/text/number-text.ts';
import type { Manifest } from '../schema/types.ts';
import { bounded, mostEntries } from './bounded.ts';
import { contentsList, type ContentsEntry } from './contents.ts';
import { type CurveFigures, curveFigures } from './curves.ts';
import { type Figure, figureAnchor, figureGrid, figures, type Figures, type ReadOutput } from './figures.ts';
import { gateTable } from './gates.ts';
import { type HtmlOutput, htmlOutputList, htmlOutputs, type LinkTo } from './html-outputs.ts';
import { type Content, type Html, html, trusted } from './html.ts';
import { groupAnchor, numberGroups, numbersByStage } from './numbers.ts';
import { dataBlock, stageData } from './page-data.ts';
import { pageScript } from './page-script.ts';
import { stageMap } from './stage-map.ts';
import { facts, stageList, timeText } from './stages.ts';
import { styleSheet } from './style.ts';

/**
 * The report of a run as HTML text. Outputs that cannot be read or drawn are named in their place.
 * @param curves Of its stages
 * @param linkTo Without, it links to no file
 */
export async function reportPage(
  manifest: Manifest,
  readOutput: ReadOutput,
  curves: readonly StageCurve[] = [],
  linkTo?: LinkTo,
): Promise<string> {
  const [{ plots, images }, metrics, pages] = await Promise.all([
    figures(manifest, readOutput),
    curveFigures(curves),
    htmlOutputs(manifest, linkTo),
  ]);
  const all = [...plots, ...images, ...metrics.plots];
  const data = { ...stageData(manifest), figures: all.map(({ data }) => data ?? null) };
  const sections = sectionsOf(manifest, { plots, images }, metrics, pages);
  const { run, pipeline } = manifest;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />
        <title>${pipeline.name}, run ${run.id}</title>
        ${trusted(`<style>${styleSheet}</style>`)}
      </head>
      <body>
        ${contentsList(sections)}
        <div class="page">
          <header>${header(manifest)}</header>
          <main>
            ${sections.map(
              ({ id, title, content }) =>
                html`<section id="${id}">
                  <h2>${title}</h2>
                  ${content}
                </section>`,
            )}
          </main>
        </div>
        ${dataBlock('page-data', data)} ${trusted(`<script>${pageScript}</script>`)}
      </body>
    </html>`;
  return `${page.text}\n`;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Content;
  /** What the contents name of it. */
  readonly entries: readonly ContentsEntry[];
}

/** Those that have something in them. */
function sectionsOf(
  manifest: Manifest,
  { plots, images }: Figures,
  curves: CurveFigures,
  pages: readonly HtmlOutput[],
): Section[] {
  const { gates, gaps, numbers, stages } = manifest;
  const section = (id: string, title: string, size: number, content: () => Content, entries: ContentsEntry[] = []) =>
    size === 0 ? [] : [{ id, title, content: content(), entries }];
  const firstCurve = plots.length + images.length;
  const drawn = () => [figureGrid(plots, 0, 'plots'), figureGrid(images, plots.length, 'images')];
  return [
    ...section('gates', 'Gates', gates.length, () => gateTable(manifest)),
    ...section('pages', 'Pages', pages.length, () => [pagesLead, htmlOutputList(pages)]),
    ...section('figures', 'Figures', firstCurve, drawn, titles([...plots, ...images], 0)),
    ...section(
      'curves',
      'Curves',
      curves.plots.length,
      () => [leftCurves(curves), figureGrid(curves.plots, firstCurve, 'plots')],
      titles(curves.plots, firstCurve),
    ),
    ...section(
      'numbers',
      'Numbers',
      numbers.length,
      () => [numbersLead, numberGroups(manifest)],
      numbersByStage(numbers, manifest).map(([stage]) => ({ id: groupAnchor(stage), title: stage })),
    ),
    ...section('stages', 'Stages', stages.length, () => [stageMap(manifest), stageList(manifest, pages)]),
    ...section('gaps', 'What is not known', gaps.length, () => gapList(gaps)),
  ];
}

/** Figures of one title, of several cells of a stage, are told apart by their cells. */
function titles(list: readonly Figure[], first: number): ContentsEntry[] {
  const repeated = new Set(list.map(({ title }) => title).filter((title, i, all) => all.indexOf(title) !== i));
  return list.flatMap(({ title, name }, index) => {
    if (title === undefined) return [];
    const axes = repeated.has(title) ? /\[(.*?)\]/.exec(name ?? '')?.[1] : undefined;
    return [{ id: figureAnchor(first + index), title: axes === undefined ? title : `${title}, ${axes}` }];
  });
}

function leftCurves({ plots, left }: CurveFigures): Html | null {
  return left === 0 ? null : html`<p class="lead">The first ${plots.length}; repro export curves has ${left} more.</p>`;
}

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but this script and this style sheet, and images that are in the page; no text becomes markup or code. */
const contentPolicy = [
  "default-src 'none'",
  `script-src ${sha256(pageScript)}`,
  `style-src ${sha256(styleSheet)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const pagesLead = html`<p class="lead">
  Outputs that are pages of their own. A link leads from where this report was written to a file of the project; where
  the report was moved, look for the file there.
</p>`;

const numbersLead = html`<p class="lead">± is one standard error. Each number opens to everything it was made of.</p>
  <div class="search">
    <label for="search">Search</label>
    <input id="search" type="search" placeholder="name, stage, unit or note" autocomplete="off" />
    <output id="found" for="search"></output>
  </div>`;

function gapList(gaps: Manifest['gaps']): Html {
  const { shown, note } = bounded(gaps, mostEntries, 'the manifest has them.');
  return html`${note}
    <ul class="gaps">
      ${shown.map(
        (gap) => html`<li>${gap.stage === '*' ? null : html`<code>${gap.stage}</code>: `}${gap.message}</li>`,
      )}
    </ul>`;
}

function header(manifest: Manifest): Html {
  const parts = standingParts(manifest);
  return html`<h1>${manifest.pipeline.name}</h1>
    <p class="outcome">${outcome(manifest)}</p>
    ${parts.length === 0 ? null : html`<p class="message">What this run was: ${parts.join(', ')}.</p>`}
    ${runFacts(manifest)}`;
}

function outcome({ run, stages, gates }: Manifest): Html {
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  const counts = [...new Set(stages.map((stage) => stage.status))].map(
    (status) => `${stages.filter((stage) => stage.status === status).length} ${status}`,
  );
  const passed = gates.filter((gate) => gate.verdict === 'PASS').length;
  const verdict = passed === gates.length ? 'pass' : 'fail';
  return html`<span class="verdict ${run.outcome === 'complete' ? 'pass' : 'fail'}">${run.outcome}</span>
    ${gates.length === 0 ? null : html`<span class="verdict ${verdict}">${passed} of ${count(gates.length, 'gate')} passed</span>`}
    <span class="quiet">${count(stages.length, 'stage')} (${counts.join(', ')}) in ${durationText(seconds)}</span>`;
}

function runFacts({ run, pipeline, git, environment }: Manifest): Html {
  const overrides = Object.entries(pipeline.overrides).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
  const dirty = git === null || git.dirty === null ? null : ', with uncommitted changes';
  return facts([
    ['Finished', timeText(run.finishedAt)],
    ['Run', html`<code>${run.id}</code>`],
    ['Profile', pipeline.profile ?? 'none'],
    ['Seed', pipeline.seed],
    ['Commit', git === null ? 'not in a git repository' : html`<code>${git.commit.slice(0, 12)}</code>${dirty}`],
    ...(overrides.length > 0 ? [['Set', html`<code>${overrides.join(' ')}</code>`] as const] : []),
    [
      'Pipeline',
      html`<code>${pipeline.file}</code>
        <code class="digest" title="${pipeline.digest}">${pipeline.digest.slice(0, 19)}…</code>`,
    ],
    ['Machine', machineText(environment)],
  ]);
}
