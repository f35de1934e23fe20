// A manifest as one self-contained page: opened from disk, no network, no script.
import type { StageCurve } from '../manifest/curves.ts';
import { standingParts } from '../manifest/standing.ts';
import { count, durationText, machineText } from '../manifest/text/number-text.ts';
import type { Manifest } from '../schema/types.ts';
import { bounded, mostEntries } from './bounded.ts';
import { curveFigures } from './curves.ts';
import { figures, type ReadOutput } from './figures.ts';
import { gateTable } from './gates.ts';
import { type Content, type Html, html, trusted } from './html.ts';
import { numberGroups } from './numbers.ts';
import { facts, stageList, timeText } from './stages.ts';
import { styleSheet } from './style.ts';

/** The report of a run as HTML text. Outputs that cannot be read or drawn are named in their place. @param curves Of its stages */
export async function reportPage(
  manifest: Manifest,
  readOutput: ReadOutput,
  curves: readonly StageCurve[] = [],
): Promise<string> {
  const [drawn, drawnCurves] = await Promise.all([figures(manifest, readOutput), curveFigures(curves)]);
  const { run, pipeline, gates, gaps, numbers, stages } = manifest;
  const parts = standingParts(manifest);
  const stated = bounded(gaps, mostEntries, 'the manifest has them.');
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${pipeline.name}, run ${run.id}</title>
        <style>
          ${trusted(styleSheet)}
        </style>
      </head>
      <body>
        <header>
          <h1>${pipeline.name}</h1>
          <p class="outcome">${outcome(manifest)}</p>
          ${parts.length === 0 ? null : html`<p class="message">What this run was: ${parts.join(', ')}.</p>`}
          ${header(manifest)}
        </header>
        <main>
          ${titled('Gates', gates.length === 0 ? null : gateTable(gates))} ${titled('Figures', drawn)}
          ${titled('Curves', drawnCurves)}
          ${titled(
            'Numbers',
            numbers.length === 0
              ? null
              : html`<p class="lead">± is one standard error. Each number opens to everything it was made of.</p>
                  ${numberGroups(manifest)}`,
          )}
          ${titled('Stages', stages.length === 0 ? null : stageList(manifest))}
          ${titled(
            'What is not known',
            gaps.length === 0
              ? null
              : html`${stated.note}
                  <ul class="gaps">
                    ${stated.shown.map(
                      (gap) =>
                        html`<li>${gap.stage === '*' ? null : html`<code>${gap.stage}</code>: `}${gap.message}</li>`,
                    )}
                  </ul>`,
          )}
        </main>
      </body>
    </html>`;
  return `${page.text}\n`;
}

function titled(title: string, content: Content): Html | null {
  return content === null
    ? null
    : html`<section>
        <h2>${title}</h2>
        ${content}
      </section>`;
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

function header({ run, pipeline, git, environment }: Manifest): Html {
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
