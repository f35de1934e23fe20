// What a stage was made of and what it made, in full.
import { auditText } from '../manifest/verification/audit-text.ts';
import { durationText, machineText } from '../manifest/text/number-text.ts';
import { isOtherMachine, parameterLeaves, readInputs, type RecordedStage } from '../manifest/lineage.ts';
import type { Manifest, ManifestStage, StageRecord } from '../schema/types.ts';
import { bounded, mostEntries, mostRows } from './bounded.ts';
import { type Content, type Html, html } from './html.ts';
import { variableText } from '../manifest/text/variable-text.ts';

/** One `<details>` for each stage. */
export function stageList(manifest: Manifest): Html {
  const { shown, note } = bounded(manifest.stages, mostEntries, 'the manifest has them.');
  return html`${note}
  ${shown.map(
    (stage) =>
      html`<details class="stage">
        <summary>
          <code>${stage.id}</code>
          <span class="status ${stage.status}">${stage.status}</span>
          <span class="quiet"
            >${stage.record ? durationText(stage.record.seconds) : (stage.error?.message ?? null)}</span
          >
        </summary>
        <div id="${anchor(stage.id)}" class="body">
          ${isRecorded(stage) ? recordedStage(stage, manifest) : html`<p>It has no result.</p>`}
        </div>
      </details>`,
  )}`;
}

/** Fragment of a stage's full description; a browser opens the `<details>` around it. */
export function anchor(stageId: string): string {
  return `stage-${stageId.replace(/[^A-Za-z0-9_-]/g, '_')}`;
}

export function isRecorded(stage: ManifestStage): stage is RecordedStage {
  return stage.record !== undefined;
}

function recordedStage(stage: RecordedStage, manifest: Manifest): Html {
  const { record } = stage;
  const { preimage } = record;
  return html`
    ${facts([
      ['Command', html`<code>${preimage.run.join(' ')}</code>`],
      ['Result', originText(stage, manifest)],
      ...(stage.audit ? [['Repeated', auditText(stage.audit)] as const] : []),
      ['Seed', String(preimage.seed)],
      ['Threads', String(preimage.threads)],
      ...(preimage.setup ? [['Set up by', html`<code>${preimage.setup.join('; ')}</code>`] as const] : []),
      ['Machine', machineText(record.environment)],
      ...Object.entries(preimage.runtime).map(([name, value]): Fact => [name, value]),
      ['Fingerprint', html`<code class="digest">${record.fingerprint}</code>`],
      ['Log', html`<code class="digest">${record.log}</code>`],
      ['Reads', watchedText(record.watched)],
      ...Object.entries(record.facts ?? {}).map(([name, value]): Fact => [name, value]),
    ])}
    ${section('Parameters', ['parameter', 'value'], parameterLeaves(preimage.params), ([name, value]) => [
      code(name),
      code(JSON.stringify(value)),
    ])}
    ${section('Inputs', ['input', 'from', 'digest'], readInputs(stage, manifest), ({ name, source, digests }) => [
      code(name),
      code(source),
      digests.length === 0 ? 'absent' : digestList(digests),
    ])}
    ${section('Read without being declared', ['file'], record.watched?.undeclaredReads ?? [], (path) => [code(path)])}
    ${section('Written outside its directory', ['file'], record.watched?.foreignWrites ?? [], (path) => [code(path)])}
    ${section('Outputs', ['output', 'path', 'size', 'digest'], Object.entries(record.outputs), ([name, output]) => [
      code(name),
      code(output.executable ? `${output.path} (executable)` : output.path),
      `${output.sizeBytes} B`,
      digest(output.digest),
    ])}
    ${section('Environment', ['variable', 'value'], Object.entries(preimage.env), ([name, value]) => [
      code(name),
      variableText(value),
    ])}
    ${section('Code', ['file', 'digest'], Object.entries(preimage.code), ([path, value]) => [code(path), digest(value)])}
    ${section('Packages', ['package', 'integrity'], Object.entries(preimage.packages), ([name, value]) => [
      code(name),
      digest(value),
    ])}
  `;
}

function watchedText(watched: StageRecord['watched']): string {
  if (watched === undefined) return 'not watched';
  return `watched by ${watched.by.map((way) => (way === 'trace' ? 'strace' : "Node's permissions")).join(' and ')}`;
}

function digestList(digests: readonly string[]): Content {
  const { shown, note } = bounded(digests, mostRows, 'the manifest has them.');
  return [...shown.map(digest), ...(note === null ? [] : [note])];
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

function section<Entry>(
  title: string,
  columns: readonly string[],
  entries: readonly Entry[],
  cells: (entry: Entry) => readonly Content[],
): Html | null {
  if (entries.length === 0) return null;
  const { shown, note } = bounded(entries, mostRows, 'the manifest has them.');
  return html`<h4>${title} <span class="quiet">${entries.length}</span></h4>
    <table class="plain">
      <thead>
        <tr>
          ${columns.map((column) => html`<th>${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (entry) =>
            html`<tr>
              ${cells(entry).map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
    ${note}`;
}

const code = (text: string) => html`<code>${text}</code>`;
const digest = (text: string) => html`<code class="digest">${text}</code>`;

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
