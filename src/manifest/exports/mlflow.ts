// Runs as MLflow keeps them in files (its file store): a run for each run, and below it one for each cell, with its axes and
// parameters, its numbers, and its curves as metrics over steps.
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { stringify } from 'yaml';
import { digestBytes, hexOf } from '../../store/digest.ts';
import type { Manifest, ReportedNumber } from '../../schema/types.ts';
import type { StageCurve } from '../curves.ts';
import { isRecorded, parameterLeaves, type RecordedStage } from '../lineage.ts';
import { profileName, settingsText, standingText } from '../standing.ts';
import { uniqueNames } from './unique-names.ts';

/** Texts by path below the folder of the store. */
export type MlflowFiles = ReadonlyMap<string, string>;

/** As MLflow numbers them. */
const status = { complete: 3, failed: 4, interrupted: 5 } as const;
const localSource = 4;
/** What MLflow lets a value be long, and a name. */
const longestValue = 6000;
const longestName = 250;

/** @param folder Of the store, absolute: its own files name it. @param curves Of the run's stages */
export function mlflowFiles(manifest: Manifest, curves: readonly StageCurve[], folder: string): MlflowFiles {
  const files = new Map<string, string>();
  const experiment = experimentId(manifest.pipeline.name);
  const uri = (...parts: string[]) => pathToFileURL(path.join(folder, experiment, ...parts)).href;
  const created = Date.parse(manifest.run.startedAt);
  files.set(
    `${experiment}/meta.yaml`,
    yaml({
      artifact_location: uri(),
      creation_time: created,
      experiment_id: experiment,
      last_update_time: created,
      lifecycle_stage: 'active',
      name: manifest.pipeline.name,
    }),
  );
  const add = (run: MlflowRun): void => {
    const top = `${experiment}/${run.id}`;
    files.set(`${top}/meta.yaml`, runMeta(run, experiment, uri(run.id, 'artifacts')));
    for (const [kind, texts] of Object.entries({ params: run.params, tags: run.tags, metrics: run.metrics })) {
      for (const [name, text] of uniqueNames(texts, mlflowName, longestName)) files.set(`${top}/${kind}/${name}`, text);
    }
  };
  const parent = wholeRun(manifest);
  add(parent);
  for (const stage of manifest.stages.filter(isRecorded)) {
    add(
      cellRun(
        manifest,
        stage,
        curves.filter((curve) => curve.stage === stage),
        parent.id,
      ),
    );
  }
  return files;
}

interface MlflowRun {
  readonly id: string;
  readonly name: string;
  readonly status: (typeof status)[keyof typeof status];
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly params: readonly Entry[];
  readonly tags: readonly Entry[];
  /** Lines of time, value and step. */
  readonly metrics: readonly Entry[];
}

type Entry = readonly [name: string, text: string];

function wholeRun(manifest: Manifest): MlflowRun {
  const { run, pipeline, git, numbers, gates } = manifest;
  const standing = standingText(manifest);
  const set = settingsText(pipeline.overrides);
  return {
    id: runId(run.id),
    name: `${run.id}${standing === null ? '' : ` ${standing}`}`,
    status: status[run.outcome],
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    params: [
      ['profile', profileName(pipeline.profile)],
      ['seed', String(pipeline.seed)],
      ...parameterLeaves(pipeline.params).map(([name, value]): Entry => [name, valueOf(value)]),
    ],
    tags: [
      ...(git === null ? [] : [['mlflow.source.git.commit', git.commit] as const]),
      ['repro.run', run.id],
      ...(set === null ? [] : [['repro.set', set] as const]),
      ...gates.map(({ name, verdict }): Entry => [`gate.${name}`, verdict]),
    ],
    metrics: numbers.map(({ address, number }): Entry => [address, numberLine(number, run.finishedAt)]),
  };
}

function cellRun(manifest: Manifest, stage: RecordedStage, curves: readonly StageCurve[], parent: string): MlflowRun {
  const { id, record, cell } = stage;
  const { preimage, finishedAt, startedAt, numbers } = record;
  return {
    id: runId(`${manifest.run.id} ${id}`),
    name: id,
    status: status.complete,
    startedAt,
    finishedAt,
    params: [
      ['stage', stage.stage],
      ...Object.entries(cell).map(([axis, value]): Entry => [axis, String(value)]),
      ...parameterLeaves(preimage.params).map(([name, value]): Entry => [name, valueOf(value)]),
      ['seed', String(preimage.seed)],
    ],
    tags: [
      ['mlflow.parentRunId', parent],
      ['repro.fingerprint', record.fingerprint],
      ['repro.computedBy', record.run],
    ],
    metrics: [
      ...Object.entries(numbers).map(([name, number]): Entry => [name, numberLine(number, finishedAt)]),
      // Beside a number of the same name.
      ...curves.map(({ metric, points }): Entry => [`progress.${metric}`, curveLines(points, finishedAt)]),
    ],
  };
}

function numberLine({ value }: ReportedNumber, at: string): string {
  return `${Date.parse(at)} ${value} 0\n`;
}

/** When a step was is not known: all have the time of the end. */
function curveLines(points: StageCurve['points'], at: string): string {
  return points.map(([step, value]) => `${Date.parse(at)} ${value ?? 'nan'} ${Math.trunc(step)}\n`).join('');
}

function runMeta({ id, name, status: ended, startedAt, finishedAt }: MlflowRun, experiment: string, artifacts: string) {
  return yaml({
    artifact_uri: artifacts,
    end_time: Date.parse(finishedAt),
    entry_point_name: '',
    experiment_id: experiment,
    lifecycle_stage: 'active',
    run_id: id,
    run_name: name,
    run_uuid: id,
    source_name: '',
    source_type: localSource,
    source_version: '',
    start_time: Date.parse(startedAt),
    status: ended,
    tags: [],
    user_id: 'repro',
  });
}

/** MLflow reads YAML 1.1, in which `1e5` and `12_3` are numbers: such texts are in quotes. */
function yaml(content: object): string {
  return stringify(content, { version: '1.1', lineWidth: 0 });
}

function valueOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

/** Of 18 digits, as MLflow makes them up; the same for the same pipeline, so that its runs come together. */
function experimentId(pipeline: string): string {
  const digits = BigInt(`0x${hexOf(digestBytes(`mlflow experiment ${pipeline}`)).slice(0, 16)}`) % 10n ** 17n;
  return `1${String(digits).padStart(17, '0')}`;
}

/** The same for the same run, so that exporting it again writes the same files. */
function runId(name: string): string {
  return hexOf(digestBytes(`mlflow run ${name}`)).slice(0, 32);
}

/**
 * Names as MLflow takes them and a file can have: letters, digits, `_`, `-`, `.` and blanks. `train[model=a].loss` becomes
 * `train.model_a.loss`.
 */
function mlflowName(name: string): string {
  return name
    .replace(/[[,]/g, '.')
    .replaceAll(']', '')
    .replace(/[^A-Za-z0-9_\-. ]/g, '_')
    .replace(/^\.+$/, '_');
}
