// What a number was made of, as text.
import {
  type ExternalInput,
  isOtherMachine,
  type Lineage,
  parameterLeaves,
  type RecordedStage,
  sourcesOf,
} from '../../manifest/lineage.ts';
import { standingParts } from '../../manifest/standing.ts';
import { count, durationText, machineText, quantityText } from '../../manifest/text/number-text.ts';
import { variableText } from '../../manifest/text/variable-text.ts';
import { auditText } from '../../manifest/verification/audit-text.ts';
import { sourceText } from '../../pipeline/input-source.ts';
import type { Manifest } from '../../schema/types.ts';
import { few, groupsOf, listedText } from './fold-cells.ts';
import { paint } from './print.ts';

/** A number from the data to the stage that reported it: where, when and of what everything was computed. */
export function lineageLines({ number, stages, inputs, code, packages }: Lineage, manifest: Manifest): string[] {
  const { run, pipeline, git, environment } = manifest;
  const commit =
    git === null ? 'no commit' : `commit ${git.commit.slice(0, 12)}${git.dirty ? ' and uncommitted changes' : ''}`;
  const parts = standingParts(manifest).map((part) => `, ${part}`);
  const lines = [
    `${paint('bold', number.address)} = ${quantityText(number.number)}`,
    `reported by run ${run.id}: profile ${pipeline.profile ?? 'none'}${parts.join('')}, seed ${pipeline.seed}, ${commit}`,
    `machine ${machineText(environment)}`,
    `closure ${number.closure}`,
    `made by ${count(stages.length, 'stage')}, ${count(Object.keys(code).length, 'code file')}, ${count(Object.keys(packages).length, 'package')}:`,
  ];
  for (const cells of groupsOf(stages, ({ stage }) => stage)) {
    const shown = cells.length > few ? cells.slice(0, 1) : cells;
    for (const stage of shown) lines.push('', ...stageLines(stage, inputs, manifest));
    const more = cells.length - shown.length;
    if (more > 0) lines.push('', `  and ${more} more cells of ${cells[0].stage}, which --json lists`);
  }
  lines.push('', paint('bold', `  ${count(Object.keys(code).length, 'code file')}`));
  for (const [file, digest] of Object.entries(code)) lines.push(paint('dim', `    ${file} ${digest}`));
  if (Object.keys(packages).length === 0) return lines;
  lines.push('', paint('bold', `  ${count(Object.keys(packages).length, 'package')}`));
  for (const [name, integrity] of Object.entries(packages)) {
    lines.push(paint('dim', `    ${name} ${integrity}`));
  }
  return lines;
}

function stageLines(stage: RecordedStage, inputs: readonly ExternalInput[], manifest: Manifest): string[] {
  const { preimage } = stage.record;
  const lines = [`  ${paint('bold', stage.id)}  ${originText(stage, manifest)}`];
  if (stage.audit) lines.push(`    executed again: ${auditText(stage.audit)}`);
  const runtime = Object.entries(preimage.runtime).map(([name, value]) => `${name} ${value}`);
  lines.push(
    `    seed ${preimage.seed}, ${count(preimage.threads, 'thread')}, ${runtime.join(', ')}`,
    `    fingerprint ${stage.record.fingerprint}`,
  );
  for (const [name, source] of Object.entries(sourcesOf(stage, manifest))) {
    const outside = inputs.find((input) => input.stage === stage.id && input.name === name);
    const text = listedText([source].flat().map(sourceText), 'more cells');
    lines.push(`    input ${name}: ${text}${outside?.digest ? ` ${outside.digest}` : ''}`);
  }
  for (const [name, value] of parameterLeaves(preimage.params)) {
    lines.push(`    ${name} = ${JSON.stringify(value)}`);
  }
  for (const [name, value] of Object.entries(preimage.env)) {
    lines.push(`    env ${name} ${variableText(value)}`);
  }
  const files = Object.keys(preimage.code).length;
  if (files > 0) lines.push(`    code ${preimage.run.join(' ')}, ${count(files, 'file')}`);
  return lines;
}

/** Whether this run computed a stage, or which one did, when, where and in what time. */
function originText({ status, record }: RecordedStage, { environment }: Manifest): string {
  const { run, seconds, finishedAt } = record;
  if (status === 'computed') return `computed by this run in ${durationText(seconds)}, ${finishedAt}`;
  const where = isOtherMachine(record.environment, environment)
    ? `on another machine (${machineText(record.environment)})`
    : 'on the same machine';
  return `restored: computed by run ${run} in ${durationText(seconds)}, ${finishedAt}, ${where}`;
}
