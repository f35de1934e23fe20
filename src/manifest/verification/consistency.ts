// Whether a manifest agrees with itself. Its records say what each stage was made of and what it gave. All else follows
// from them: it is derived again and compared. So an edit of one place is found, signed or not.
import type { Json } from '../../pipeline/plan.ts';
import { isMapping, parameterAt } from '../../pipeline/params.ts';
import { formatCellId } from '../../pipeline/reference.ts';
import type { Manifest, ManifestNumber, ManifestStage } from '../../schema/types.ts';
import { canonicalJson } from '../../store/canonical-json.ts';
import { cellSeed } from '../../store/cell-seed.ts';
import { fingerprintOf, outputFault } from '../../store/records.ts';
import { everyStage, gapsOf } from '../gaps.ts';
import { gateFaults } from '../gates/judge-again.ts';
import type { ReferenceManifest } from '../gates/gates.ts';
import { edgeFaults } from './edge-check.ts';
import { reportedNumbers } from '../manifest.ts';

export interface Inconsistency {
  /** Id of a cell; `*` for what is of no one cell. */
  readonly stage: string;
  readonly message: string;
}

/** @param references Manifests that bands lie around, by digest, as far as they are at hand. */
export function inconsistencies(
  manifest: Manifest,
  references: ReadonlyMap<string, ReferenceManifest>,
): Inconsistency[] {
  return [
    ...runFaults(manifest),
    ...manifest.stages.flatMap((stage) => stageFaults(stage, manifest)),
    ...edgeFaults(manifest),
    ...numberFaults(manifest),
    ...gateFaults(manifest, references).map(({ gate, message }) => ({
      stage: everyStage,
      message: `Gate "${gate}" ${message}`,
    })),
    ...gapFaults(manifest),
  ];
}

function runFaults({ run, stages, pipeline }: Manifest): Inconsistency[] {
  const messages: string[] = [];
  const outcome = stages.every(({ status }) => status === 'computed' || status === 'restored')
    ? 'complete'
    : stages.some(({ status }) => status === 'cancelled')
      ? 'interrupted'
      : 'failed';
  if (run.outcome !== outcome) messages.push(`The run is stated as ${run.outcome}, its stages make it ${outcome}`);
  if (run.startedAt > run.finishedAt) messages.push('The run ended before it began');
  const params = pipeline.params as Readonly<Record<string, Json>>;
  const overridden = Object.keys(pipeline.overrides);
  for (const [path, value] of Object.entries(pipeline.overrides)) {
    // Of two that change one place the later wins, and which that was is not recorded.
    if (overridden.some((other) => other !== path && (other.startsWith(`${path}.`) || path.startsWith(`${other}.`))))
      continue;
    if (!isPartOf(value as Json, parameterAt(params, path))) {
      messages.push(`Parameter "${path}" is not what --set made it`);
    }
  }
  return messages.map((message) => ({ stage: everyStage, message }));
}

function stageFaults(
  { id, stage, was = stage, cell, status, record, error }: ManifestStage,
  manifest: Manifest,
): Inconsistency[] {
  const messages: string[] = [];
  const { run, pipeline } = manifest;
  if (spelling(id) !== spelling(formatCellId(stage, cell))) messages.push('The cell is not that of its id');
  const hasResult = status === 'computed' || status === 'restored';
  if (hasResult !== (record !== undefined))
    messages.push(`It is stated as ${status}, and has ${record ? 'a' : 'no'} record`);
  if ((status === 'failed') !== (error !== undefined))
    messages.push(`It is stated as ${status}, and has ${error ? 'an' : 'no'} error`);
  if (record === undefined) return messages.map((message) => ({ stage: id, message }));
  const { preimage } = record;
  if (fingerprintOf(preimage) !== record.fingerprint) messages.push('The fingerprint is not that of its preimage');
  const fault = outputFault(record);
  if (fault !== null) messages.push(`Its outputs are not those it declares: ${fault}`);
  if (preimage.stage !== was || canonicalJson(preimage.cell) !== canonicalJson(cell)) {
    messages.push('Its record is that of another cell');
  }
  if (preimage.seed !== cellSeed(pipeline.seed, preimage.stage, preimage.cell)) {
    messages.push("Its seed does not follow from the pipeline's");
  }
  if (!isPartOf(preimage.params as Json, pipeline.params as Json))
    messages.push("Its parameters are not the pipeline's");
  if (record.startedAt > record.finishedAt) messages.push('It ended before it began');
  if ((status === 'computed') !== (record.run === run.id)) {
    messages.push(`It is stated as ${status}, and its record is of run ${record.run}`);
  } else if (status === 'computed') {
    if (record.startedAt < run.startedAt || record.finishedAt > run.finishedAt) {
      messages.push('It was executed outside the time of its run');
    }
    if (canonicalJson(record.environment) !== canonicalJson(manifest.environment)) {
      messages.push('Its run computed it on another machine than it names');
    }
  }
  return messages.map((message) => ({ stage: id, message }));
}

/** An id with its axes in one order: the cell of a manifest has its axes sorted, its id as they were declared. */
function spelling(id: string): string {
  const start = id.indexOf('[');
  return start < 0
    ? id
    : `${id.slice(0, start)}[${id
        .slice(start + 1, -1)
        .split(',')
        .sort()
        .join()}]`;
}

/** Whether every leaf of a value is in another, at its place. */
function isPartOf(part: Json, whole: Json | undefined): boolean {
  if (whole === undefined) return false;
  if (!isMapping(part) || !isMapping(whole)) return canonicalJson(part) === canonicalJson(whole);
  return Object.entries(part).every(([key, value]) => Object.hasOwn(whole, key) && isPartOf(value, whole[key]));
}

/** Numbers are those of the records, no more and no fewer, each with the closure of its stage. */
function numberFaults({ stages, numbers }: Manifest): Inconsistency[] {
  const faults: Inconsistency[] = [];
  const expected = new Map(reportedNumbers(stages).map((entry) => [entry.address, entry]));
  const met = new Set<string>();
  for (const entry of numbers) {
    const { address, stage } = entry;
    const report = (message: string) => faults.push({ stage, message });
    if (met.has(address)) report(`"${address}" is there twice`);
    met.add(address);
    const recorded = expected.get(address);
    if (recorded === undefined) report(`"${address}" was recorded by no stage`);
    else if (!isSameNumber(entry, recorded)) report(`"${address}" is not what its stage recorded`);
    else if (entry.closure !== recorded.closure) report(`The closure of "${address}" is not that of its stages`);
  }
  for (const { address, stage } of expected.values()) {
    if (!met.has(address)) faults.push({ stage, message: `"${address}" was recorded, and is left out` });
  }
  return faults;
}

function isSameNumber(a: ManifestNumber, b: ManifestNumber): boolean {
  return a.stage === b.stage && a.name === b.name && canonicalJson(a.number) === canonicalJson(b.number);
}

/** Gaps that follow from the rest are stated. Others may be: what is not known is not always seen in a record. */
function gapFaults(manifest: Manifest): Inconsistency[] {
  const { git, gaps, format } = manifest;
  const faults = isFirstFormat(format) ? missingByStage(manifest) : missingByText(manifest);
  if (git === null && !gaps.some(({ stage, message }) => stage === everyStage && /git repository/.test(message))) {
    faults.push({ stage: everyStage, message: 'No commit is named, and no gap says so' });
  }
  return faults;
}

function missingByText(manifest: Manifest): Inconsistency[] {
  const stated = new Set(manifest.gaps.map(({ stage, message }) => canonicalJson([stage, message])));
  return gapsOf(manifest)
    .filter(({ stage, message }) => !stated.has(canonicalJson([stage, message])))
    .map(({ stage, message }) => ({ stage, message: `This gap is not stated: ${message}` }));
}

/** The first format was written with several wordings: what can be told is how many gaps a stage must have. */
function missingByStage(manifest: Manifest): Inconsistency[] {
  const counts = (gaps: Manifest['gaps']) => {
    const found = new Map<string, number>();
    for (const { stage } of gaps) found.set(stage, (found.get(stage) ?? 0) + 1);
    return found;
  };
  const stated = counts(manifest.gaps);
  return [...counts(gapsOf(manifest))]
    .filter(([stage, count]) => (stated.get(stage) ?? 0) < count)
    .map(([stage]) => ({ stage, message: 'Its gaps are not all stated' }));
}

function isFirstFormat(format: string): boolean {
  return format === 'repro.manifest/1';
}
