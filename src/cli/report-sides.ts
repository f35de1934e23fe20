// `repro report A B [C …]`: several runs side by side as one page; the first is what the others are compared with.
import { type ExitCode, exitCode } from '../error.ts';
import { curvesOf } from '../manifest/curves.ts';
import type { NamedManifest } from '../project/named-manifest.ts';
import { sidesPage } from '../report/sides/page.ts';
import type { Side } from '../report/sides/side.ts';
import { attributeAll } from './attribute.ts';
import { open } from './open.ts';
import type { ReportOptions } from './options.ts';
import { readers, writePage } from './page-files.ts';
import { comparedNotes } from './view/compared-notes.ts';
import { print, printJson } from './view/print.ts';

export async function sidesVerb(
  options: ReportOptions,
  names: readonly [string, string, ...string[]],
): Promise<ExitCode> {
  const project = open(options);
  const comparisons = await project.compare(names, options);
  const attributions = options.attribute ? await attributeAll(project, comparisons, options) : null;
  const found = [comparisons[0]!.from, ...comparisons.map(({ to }) => to)];
  const { read, output } = readers(project.root);
  const labels = labelsOf(names, found);
  const runs = found.map((each, index): Side => ({
    label: labels[index]!,
    manifest: each.manifest,
    path: each.path,
    notes: [...comparedNotes(each), ...oddNotes(each, found[0]!, index)],
    curves: curvesOf(each.manifest, read),
  }));
  const differences = comparisons.map(({ difference }) => difference);
  const page = await sidesPage({ runs, differences, attributions }, output);
  const written = writePage(project.root, 'artifacts/comparison.html', page, options.output);
  if (options.json) printJson({ runs: found.map(({ manifest }) => manifest.run.id), report: written });
  else print(written);
  return exitCode.ok;
}

/** Words that mean another run tomorrow: a page that is kept says which it was. */
const moving = ['latest', 'last', 'previous'];

/** What each run is called: as it was asked for, or by its id where that could mean another. */
function labelsOf(names: readonly string[], found: readonly NamedManifest[]): string[] {
  const labels = names.map((name, index) => (moving.includes(name) ? found[index]!.manifest.run.id : name));
  return labels.map((label, index) => (labels.indexOf(label) === index ? label : `${label} (${index + 1})`));
}

/** That a run can hardly be compared with the first. */
function oddNotes({ manifest }: NamedManifest, { manifest: first }: NamedManifest, index: number): string[] {
  if (index === 0) return [];
  if (manifest.run.id === first.run.id) return ['this is the same run as the first: nothing is compared'];
  if (manifest.pipeline.name === first.pipeline.name) return [];
  return [
    `it is a run of the pipeline "${manifest.pipeline.name}", the first one of "${first.pipeline.name}": only what has the same name in both is compared`,
  ];
}
