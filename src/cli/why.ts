// `repro why STAGE`: what changed since it last ran. `repro why ADDRESS`: what a number was made of.
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { lineageOf, type Lineage, parameterLeaves } from '../manifest/lineage.ts';
import { count, durationText, quantityText } from '../manifest/number-text.ts';
import { visibleText } from '../manifest/visible-text.ts';
import { select } from '../pipeline/graph.ts';
import { matchesCell, parseAddress } from '../pipeline/reference.ts';
import { suggestion } from '../pipeline/suggest.ts';
import { inspectPipeline } from '../runner/inspect.ts';
import type { CellInspection } from '../runner/result.ts';
import type { Manifest } from '../schema/types.ts';
import { openStore } from '../store/store.ts';
import { loadPlan, type PlanOptions } from './plan.ts';
import { paint, print, printJson } from './print.ts';
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
  const cells = await inspectPipeline({ ...plan, stages: chosen }, openStore(projectRoot(options)));
  const answer = cells.filter((cell) => cell.plan.stage === asked);
  if (options.json) printJson({ stages: answer.map(cellDocument) });
  else for (const line of answer.flatMap(stageLines)) print(line);
  return exitCode.ok;
}

function stageLines({ plan, state }: CellInspection): string[] {
  const id = paint('bold', plan.id);
  if (state.kind === 'current') {
    const { run, finishedAt, seconds, fingerprint } = state.record;
    return [
      `${id} is up to date: nothing it is made of has changed since run ${run}`,
      `    computed ${finishedAt} in ${durationText(seconds)}, fingerprint ${fingerprint}`,
    ];
  }
  const heading = { stale: 'would run, because', waiting: 'may run, because', broken: 'cannot run, because' }[
    state.kind
  ];
  return [`${id} ${heading}`, ...reasonsOf(state).map((reason) => `    ${visibleText(reason)}`)];
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
  if (options.json) printJson(lineage);
  else for (const line of lineageLines(lineage)) print(line);
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

/** The closure of a number from the data to the stage that reported it. */
function lineageLines({ number, stages, inputs, code, packages }: Lineage): string[] {
  const lines = [
    `${paint('bold', visibleText(number.address))} = ${visibleText(quantityText(number.number))}`,
    `closure ${number.closure}`,
    `made by ${count(stages.length, 'stage')}, ${count(Object.keys(code).length, 'code file')}, ${count(Object.keys(packages).length, 'package')}:`,
  ];
  for (const stage of stages) {
    const { preimage, run, seconds, finishedAt } = stage.record;
    const threads = `${count(preimage.threads, 'thread')}`;
    lines.push(
      '',
      `  ${paint('bold', stage.id)}  ${stage.status}, by run ${run} in ${durationText(seconds)}, ${finishedAt}`,
    );
    lines.push(`    seed ${preimage.seed}, ${threads}, fingerprint ${stage.record.fingerprint}`);
    for (const input of inputs.filter((entry) => entry.stage === stage.id)) {
      lines.push(`    input ${input.name}: ${visibleText(input.source)} ${input.digest ?? 'absent'}`);
    }
    for (const [name, value] of parameterLeaves(preimage.params)) {
      lines.push(`    ${visibleText(name)} = ${visibleText(JSON.stringify(value))}`);
    }
    for (const [file, digest] of Object.entries(preimage.code)) {
      lines.push(paint('dim', `    ${visibleText(file)} ${digest}`));
    }
  }
  return lines;
}
