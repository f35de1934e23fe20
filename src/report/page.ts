// A manifest as one self-contained page.
import type { StageCurve } from '../manifest/curves.ts';
import { standingParts } from '../manifest/standing.ts';
import { count, durationText, machineText } from '../manifest/text/number-text.ts';
import type { Manifest } from '../schema/types.ts';
import { bounded, mostEntries } from './bounded.ts';
import { type CurveFigures, curveFigures, leftCurves } from './curves.ts';
import { numberSearch, pageDocument, type Section, section } from './document.ts';
import { figureEntries, figureGrid, figures, type Figures, type ReadOutput } from './figures.ts';
import { gateTable } from './gates.ts';
import { type HtmlOutput, htmlOutputList, htmlOutputs, type LinkTo } from './html-outputs.ts';
import { type Html, html } from './html.ts';
import { groupAnchor, numberGroups, numbersByStage } from './numbers.ts';
import { stageData } from './page-data.ts';
import { stageMap } from './stage-map.ts';
import { facts, stageList, timeText } from './stages.ts';

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
  return pageDocument({ title: `${pipeline.name}, run ${run.id}`, header: header(manifest), sections, data });
}

/** Those that have something in them. */
function sectionsOf(
  manifest: Manifest,
  { plots, images }: Figures,
  curves: CurveFigures,
  pages: readonly HtmlOutput[],
): Section[] {
  const { gates, gaps, numbers, stages } = manifest;
  const firstCurve = plots.length + images.length;
  const drawn = () => [figureGrid(plots, 0, 'plots'), figureGrid(images, plots.length, 'images')];
  return [
    ...section('gates', 'Gates', gates.length, () => gateTable(manifest)),
    ...section('pages', 'Pages', pages.length, () => [pagesLead, htmlOutputList(pages)]),
    ...section('figures', 'Figures', firstCurve, drawn, figureEntries([...plots, ...images], 0)),
    ...section(
      'curves',
      'Curves',
      curves.plots.length,
      () => [leftCurves(curves), figureGrid(curves.plots, firstCurve, 'plots')],
      figureEntries(curves.plots, firstCurve),
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

const pagesLead = html`<p class="lead">
  Outputs that are pages of their own. A link leads from where this report was written to a file of the project; where
  the report was moved, look for the file there.
</p>`;

const numbersLead = html`<p class="lead">± is one standard error. Each number opens to everything it was made of.</p>
  ${numberSearch}`;

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
