// `repro why STAGE`: what changed since it last ran. `repro why ADDRESS`: what a number was made of.
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { auditText } from '../manifest/verification/audit-text.ts';
import {
  isOtherMachine,
  lineageOf,
  type Lineage,
  parameterLeaves,
  type RecordedStage,
  sourcesOf,
} from '../manifest/lineage.ts';
import { count, durationText, machineText, quantityText } from '../manifest/text/number-text.ts';
import { variableText, withoutValues } from '../manifest/text/variable-text.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import { select } from '../pipeline/dependencies.ts';
import { sourceText } from '../pipeline/input-source.ts';
import { matchesCell, parseAddress } from '../pipeline/reference.ts';
import { suggestion } from '../pipeline/suggest.ts';
import { inspectPipeline } from '../runner/inspect.ts';
import type { CellInspection } from '../runner/result.ts';
import type { Manifest } from '../schema/types.ts';
import { openStore } from '../store/store.ts';
import { loadPlan, type PlanOptions } from './plan.ts';
import { paint, print, printJson } from './view/print.ts';
import { loadManifest, projectRoot } from './project.ts';
import { cellDocument, reasonsOf } from './status.ts';

type WhyOptions = PlanOptions & { readonly json?: boolean };

export async function whyVerb(options: WhyOptions, what: string): Promise<ExitCode> {
  const address = parseAddress(what);
  return address !== null && address.name !== null ? whyNumber(options, what) : whyStage(options, what);
}

async function whyStage(options: WhyOptions, pattern: string): Promise<ExitCode> {
  const { plan } = await loadPlan(options);
  const chosen = select(plan, [pattern]);
  const asked = parseAddress(pattern)?.stage;
  // A stage is explained with what it needs planned, and without it in the answer.
  const cells = await inspectPipeline({ ...plan, cells: chosen }, openStore(projectRoot(options)));
  const answer = cells.filter((cell) => cell.cell.stage === asked);
  if (options.json) printJson({ stages: answer.map(cellDocument) });
  else for (const line of answer.flatMap(stageLines)) print(line);
  return exitCode.ok;
}

function stageLines({ cell, state }: CellInspection): string[] {
  const id = paint('bold', cell.id);
  if (state.kind === 'current') {
    const { run, finishedAt, seconds, fingerprint } = state.record;
    return [
      `${id} is up to date: nothing it is made of has changed since run ${run}`,
      `    computed ${finishedAt} in ${durationText(seconds)}, fingerprint ${fingerprint}`,
    ];
  }
  const heading = { stale: 'would run', waiting: 'may run', broken: 'cannot run' }[state.kind];
  const since = state.kind === 'broken' ? null : state.since;
  const compared = since === null ? '' : `: compared with run ${since.run}, ${since.finishedAt},`;
  return [
    `${id} ${heading}${compared || ','} because`,
    ...reasonsOf(state).map((reason) => `    ${visibleText(reason)}`),
  ];
}

async function whyNumber(options: WhyOptions, address: string): Promise<ExitCode> {
  const { manifest } = await loadManifest(options, 'latest');
  const number = manifest.numbers.find((entry) => entry.address === address);
  if (!number) {
    throw new ReproError('unknown-number', `The latest run reported no number "${address}"`, {
      exit: exitCode.usage,
      hint: numberHint(manifest, address),
    });
  }
  const lineage = lineageOf(manifest, number);
  if (options.json) {
    const { run, pipeline, git, environment } = manifest;
    printJson({ ...lineage, stages: lineage.stages.map(withoutValues), run, seed: pipeline.seed, git, environment });
  } else for (const line of lineageLines(lineage, manifest)) print(line);
  return exitCode.ok;
}

/** Cells that a shorter address could mean, or the nearest address. */
function numberHint({ numbers, stages }: Manifest, text: string): string {
  const address = parseAddress(text);
  const meant = numbers.filter(({ stage, name }) => {
    const cell = stages.find((candidate) => candidate.id === stage);
    return (
      address !== null && cell?.stage === address.stage && name === address.name && matchesCell(address, cell.cell)
    );
  });
  if (meant.length > 0) return `name one of its cells: ${meant.map((entry) => entry.address).join(', ')}`;
  const near = suggestion(
    text,
    numbers.map((entry) => entry.address),
  );
  return near ?? 'repro numbers lists them';
}

/** A number from the data to the stage that reported it: where, when and of what everything was computed. */
function lineageLines({ number, stages, inputs, code, packages }: Lineage, manifest: Manifest): string[] {
  const { run, pipeline, git, environment } = manifest;
  const commit =
    git === null ? 'no commit' : `commit ${git.commit.slice(0, 12)}${git.dirty ? ' and uncommitted changes' : ''}`;
  const lines = [
    `${paint('bold', visibleText(number.address))} = ${visibleText(quantityText(number.number))}`,
    `reported by run ${run.id}: profile ${visibleText(pipeline.profile ?? 'none')}, seed ${pipeline.seed}, ${commit}`,
    `machine ${visibleText(machineText(environment))}`,
    `closure ${number.closure}`,
    `made by ${count(stages.length, 'stage')}, ${count(Object.keys(code).length, 'code file')}, ${count(Object.keys(packages).length, 'package')}:`,
  ];
  for (const stage of stages) {
    const { preimage } = stage.record;
    lines.push('', `  ${paint('bold', stage.id)}  ${visibleText(originText(stage, manifest))}`);
    if (stage.audit) lines.push(`    executed again: ${visibleText(auditText(stage.audit))}`);
    const runtime = Object.entries(preimage.runtime).map(([name, value]) => `${name} ${value}`);
    lines.push(
      `    seed ${preimage.seed}, ${count(preimage.threads, 'thread')}, ${visibleText(runtime.join(', '))}`,
      `    fingerprint ${stage.record.fingerprint}`,
    );
    for (const [name, source] of Object.entries(sourcesOf(stage, manifest))) {
      const outside = inputs.find((input) => input.stage === stage.id && input.name === name);
      lines.push(`    input ${name}: ${visibleText(sourceText(source))}${outside?.digest ? ` ${outside.digest}` : ''}`);
    }
    for (const [name, value] of parameterLeaves(preimage.params)) {
      lines.push(`    ${visibleText(name)} = ${visibleText(JSON.stringify(value))}`);
    }
    for (const [name, value] of Object.entries(preimage.env)) {
      lines.push(`    env ${visibleText(name)} ${variableText(value)}`);
    }
    const files = Object.keys(preimage.code).length;
    if (files > 0) lines.push(`    code ${visibleText(preimage.run.join(' '))}, ${count(files, 'file')}`);
  }
  lines.push('', paint('bold', `  ${count(Object.keys(code).length, 'code file')}`));
  for (const [file, digest] of Object.entries(code)) lines.push(paint('dim', `    ${visibleText(file)} ${digest}`));
  if (Object.keys(packages).length === 0) return lines;
  lines.push('', paint('bold', `  ${count(Object.keys(packages).length, 'package')}`));
  for (const [name, integrity] of Object.entries(packages)) {
    lines.push(paint('dim', `    ${visibleText(name)} ${visibleText(integrity)}`));
  }
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
