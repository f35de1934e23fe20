// What a stage was made of and what it made, in full.
import { auditText } from '../manifest/verification/audit-text.ts';
import { count, durationText, machineText } from '../manifest/text/number-text.ts';
import { isOtherMachine, isRecorded, type RecordedStage } from '../manifest/lineage.ts';
import type { Manifest, ManifestStage, StageRecord } from '../schema/types.ts';
import { anchor } from './anchor.ts';
import { bounded, mostEntries } from './bounded.ts';
import { grouped } from './grouped.ts';
import { type HtmlOutput, htmlOutputList } from './html-outputs.ts';
import { type Content, type Html, html, trusted } from './html.ts';

/** A stage that opens; the cells of a matrix below the name that they share. */
export function stageList(manifest: Manifest, pages: readonly HtmlOutput[]): Html {
  const { shown, note } = bounded(manifest.stages, mostEntries, 'the manifest has them.');
  const places = new Map(manifest.stages.filter(isRecorded).map(({ id }, index) => [id, index]));
  const longest = manifest.stages.reduce((most, { record }) => Math.max(most, record?.seconds ?? 0), 0);
  const list = (stages: readonly ManifestStage[]) =>
    stages.map((stage) => stageEntry(stage, places.get(stage.id), longest, pagesOf.get(stage.id) ?? []));
  const pagesOf = new Map(grouped(pages, ({ stage }) => stage));
  const groups = grouped(shown, ({ stage }) => stage);
  return html`${note}
  ${groups.map(([name, cells]) =>
    cells.length === 1
      ? list(cells)
      : html`<details class="cells" id="${anchor(name)}" ${cells.length <= fewCells ? trusted('open') : null}>
          <summary><code>${name}</code> <span class="quiet">${cellsText(cells)}</span></summary>
          ${list(cells)}
        </details>`,
  )}`;
}

/** So many cells are shown without being asked for. */
const fewCells = 8;

function cellsText(cells: readonly ManifestStage[]): string {
  const seconds = cells.reduce((sum, { record }) => sum + (record?.seconds ?? 0), 0);
  const counts = grouped(cells, ({ status }) => status).map(([status, { length }]) => `${length} ${status}`);
  return `${count(cells.length, 'cell')}: ${counts.join(', ')}, ${durationText(seconds)}`;
}

/** @param place In the data of the page; undefined for a stage without a result */
function stageEntry(
  stage: ManifestStage,
  place: number | undefined,
  longest: number,
  pages: readonly HtmlOutput[],
): Html {
  const { id, status, record, error } = stage;
  const share = record === undefined || longest === 0 ? 0 : (100 * record.seconds) / longest;
  return html`<details class="stage" id="${anchor(id)}">
    <summary>
      <code>${id}</code>
      <span class="status ${status}">${status}</span>
      <span class="quiet">${record ? durationText(record.seconds) : (error?.message ?? null)}</span>
      <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect width="${share.toFixed(2)}" height="6" />
      </svg>
    </summary>
    ${pages.length === 0 ? null : htmlOutputList(pages)}
    ${
      place === undefined
        ? html`<div class="body"><p>It has no result.</p></div>`
        : html`<div class="body" data-stage="${place}"></div>`
    }
  </details>`;
}

/** Facts of a stage, the first things to know of it. */
export function stageFacts(stage: RecordedStage, manifest: Manifest): (readonly [name: string, value: string])[] {
  const { record } = stage;
  const { preimage } = record;
  return [
    ['Command', preimage.run.join(' ')],
    ['Result', originText(stage, manifest)],
    ...(stage.audit ? [['Repeated', auditText(stage.audit)] as const] : []),
    ['Seed', String(preimage.seed)],
    ['Threads', String(preimage.threads)],
    ...(preimage.setup ? [['Set up by', preimage.setup.join('; ')] as const] : []),
    ['Machine', machineText(record.environment)],
    ...Object.entries(preimage.runtime),
    ['Fingerprint', record.fingerprint],
    ['Log', record.log],
    ['Reads', watchedText(record.watched)],
    ...Object.entries(record.facts ?? {}),
  ];
}

function watchedText(watched: StageRecord['watched']): string {
  if (watched === undefined) return 'not watched';
  return `watched by ${watched.by.map((way) => (way === 'trace' ? 'strace' : "Node's permissions")).join(' and ')}`;
}

type Fact = readonly [name: string, value: Content];

/** A list of names and values. */
export function facts(entries: readonly Fact[]): Html {
  return html`<dl>
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Whether this run computed the result, or which one did and when. */
export function originText({ status, record }: RecordedStage, manifest: Manifest): string {
  const took = `in ${durationText(record.seconds)}`;
  if (status === 'computed') return `computed by this run ${took}`;
  const elsewhere = isOtherMachine(record.environment, manifest.environment)
    ? ` on another machine (${machineText(record.environment)})`
    : '';
  return `restored; computed by run ${record.run}${elsewhere} ${took}, ${timeText(record.finishedAt)}`;
}

/** `2026-11-23 22:15 UTC` from ISO 8601. */
export function timeText(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}
