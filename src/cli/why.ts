// `repro why STAGE`: what changed since it last ran. `repro why ADDRESS`: what a number was made of.
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { lineageOf } from '../manifest/lineage.ts';
import { withoutValues } from '../manifest/text/variable-text.ts';
import { select } from '../pipeline/dependencies.ts';
import { matchesCell, parseAddress } from '../pipeline/reference.ts';
import { suggestion } from '../pipeline/suggest.ts';
import { loadManifest } from '../project/named-manifest.ts';
import { projectRoot } from '../project/places.ts';
import { printWarnings } from './view/error-text.ts';
import { loadPlan, type PlanOptions } from '../project/plan.ts';
import { inspectPipeline } from '../runner/inspect.ts';
import type { Manifest } from '../schema/types.ts';
import { openStore } from '../store/store.ts';
import { cellDocument, stageLines } from './view/inspection-lines.ts';
import { lineageLines } from './view/lineage-lines.ts';
import { print, printJson } from './view/print.ts';

type WhyOptions = PlanOptions & { readonly json?: boolean };

export async function whyVerb(options: WhyOptions, what: string): Promise<ExitCode> {
  const address = parseAddress(what);
  return address !== null && address.name !== null ? whyNumber(options, what) : whyStage(options, what);
}

async function whyStage(options: WhyOptions, pattern: string): Promise<ExitCode> {
  const { plan, warnings } = await loadPlan(options);
  printWarnings(warnings);
  const chosen = select(plan, [pattern]);
  const asked = parseAddress(pattern)?.stage;
  // A stage is explained with what it needs planned, and without it in the answer.
  const cells = await inspectPipeline({ ...plan, cells: chosen }, openStore(projectRoot(options)));
  const answer = cells.filter((cell) => cell.cell.stage === asked);
  if (options.json) printJson({ stages: answer.map(cellDocument) });
  else for (const line of answer.flatMap(stageLines)) print(line);
  return exitCode.ok;
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
