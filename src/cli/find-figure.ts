// The figure that an address means; where it means none, what was probably meant.
import { exitCode, ReproError } from '../error.ts';
import { type FigureOutput, figureOutputs } from '../report/figure-outputs.ts';
import { closeNames } from '../pipeline/suggest.ts';
import type { Manifest } from '../schema/types.ts';

/** Addresses that a hint lists. */
const mostListed = 9;

/**
 * @param address `stage.output`, or a stage that has one figure; the axes may be left out of a stage with one cell
 * @throws {ReproError} `no-figure` (usage)
 */
export function findFigure(manifest: Manifest, address: string): FigureOutput {
  const figures = figureOutputs(manifest);
  const exact = figures.find((figure) => figure.address === address);
  if (exact !== undefined) return exact;
  const meant = figures.filter((figure) => namesOf(figure).includes(address));
  if (meant.length === 1) return meant[0]!;
  const run = `Run ${manifest.run.id}`;
  if (meant.length > 1) {
    throw noFigure(`"${address}" has ${meant.length} figures, and one is copied at a time`, listText(meant));
  }
  throw noFigure(`${run} ${whyNone(manifest, address)}`, hintOf(manifest, figures, address));
}

const noFigure = (message: string, hint: string): ReproError =>
  new ReproError('no-figure', message, { exit: exitCode.usage, hint });

/** What is short for an address: without the axes of the cell, without the output, without both. */
function namesOf({ address, stage: { id, stage } }: FigureOutput): string[] {
  return [`${stage}${address.slice(id.length)}`, id, stage];
}

function whyNone({ stages }: Manifest, address: string): string {
  const of = stages.filter(({ id, stage }) => [id, stage].some((name) => isOf(address, name)));
  if (of.length === 0) return `has no figure "${address}"`;
  const [first] = of;
  const name = [first!.id, first!.stage].find((each) => isOf(address, each))!;
  if (of.every(({ record }) => record === undefined)) return `has no result of "${name}"`;
  if (address === name) return `has no figure in the outputs of "${name}"`;
  const output = address.slice(name.length + 1);
  const found = of
    .flatMap(({ record }) => Object.entries(record?.outputs ?? {}))
    .find(([each]) => each === output)?.[1];
  if (found === undefined) return `has no output "${output}" of "${name}"`;
  return `has no figure "${address}": it is ${found.path}, and figures end in .plot.json or .png`;
}

/** Whether an address is a stage's or a cell's own, or that of an output of it. */
const isOf = (address: string, name: string): boolean => address === name || address.startsWith(`${name}.`);

/** The close ones, or those of its stage, or all of the run, as far as they can be listed. */
function hintOf({ stages }: Manifest, figures: readonly FigureOutput[], address: string): string {
  if (figures.length === 0) return 'a run has one where a stage has an output that ends in .plot.json or .png';
  const close = closeNames(address, [...figures.map((figure) => figure.address), ...stages.map(({ stage }) => stage)]);
  const named = figures.filter((figure) => [figure.address, ...namesOf(figure)].some((name) => close.includes(name)));
  if (named.length > 0) return listText(named, 'did you mean');
  const ofStage = figures.filter((figure) => [figure.stage.id, figure.stage.stage].some((name) => isOf(address, name)));
  return listText(ofStage.length > 0 ? ofStage : figures);
}

function listText(figures: readonly FigureOutput[], before = 'figures'): string {
  const listed = figures.slice(0, mostListed).map(({ address }) => `"${address}"`);
  const left = figures.length - listed.length;
  return `${before}: ${listed.join(', ')}${left === 0 ? '' : ` and ${left} more, each below its figure in repro report`}`;
}
