// `repro diff [A] [B]`: which numbers moved between two runs, by how much, and because of which of their own inputs.
import { type ExitCode, exitCode } from '../error.ts';
import { diffManifests } from '../manifest/comparison/diff.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import { loadManifest, type ManifestOptions, type NamedManifest } from '../project/named-manifest.ts';
import { attributionLines } from './view/attribution-text.ts';
import { differenceLines } from './view/difference-lines.ts';
import { print, printJson } from './view/print.ts';

interface DiffOptions extends ManifestOptions {
  readonly json?: boolean;
  /** Run again with one change at a time. */
  readonly attribute?: boolean;
  readonly cpus?: number;
}

export async function diffVerb(
  options: DiffOptions,
  from: string | undefined,
  to: string | undefined,
): Promise<ExitCode> {
  const [a, b] = await Promise.all([loadManifest(options, from ?? 'previous'), loadManifest(options, to ?? 'latest')]);
  const difference = diffManifests(a.manifest, b.manifest);
  const notes = [
    ...comparedNotes(a),
    ...(a.manifest.run.id === b.manifest.run.id ? ['Both are the same run: nothing is compared.'] : comparedNotes(b)),
  ];
  if (!options.json) for (const line of [...notes, ...differenceLines(difference)]) print(line);
  const attribution = options.attribute
    ? await (await import('./attribute.ts')).attributeMoves(options, a.manifest, b.manifest, difference)
    : undefined;
  if (options.json)
    printJson({ ...(notes.length > 0 && { notes }), ...difference, ...(attribution && { attribution }) });
  else if (attribution) for (const line of attributionLines(attribution)) print(line);
  return difference.numbers.some((number) => number.class === 'unexplained') ? exitCode.mismatch : exitCode.ok;
}

/** Which run a name came to, where it may be another than one thinks: that of a revision, of a part, or with other settings. */
function comparedNotes({ manifest, path, mismatch }: NamedManifest): string[] {
  const { run, pipeline, git } = manifest;
  const overrides = Object.entries(pipeline.overrides).map(([name, value]) => `--set ${name}=${JSON.stringify(value)}`);
  const remarks = [
    ...(mismatch ?? []),
    ...(overrides.length > 0 ? [`made with ${overrides.join(' ')}`] : []),
    ...(run.outcome === 'complete' ? [] : [`the run is ${run.outcome}`]),
  ];
  if (mismatch === undefined && remarks.length === 0) return [];
  const commit =
    git === null ? 'no known commit' : `commit ${git.commit.slice(0, 12)}${git.dirty ? ' with changes' : ''}`;
  const origin = `${path} is run ${run.id}, profile ${pipeline.profile ?? 'default'}, made at ${commit}`;
  return [visibleText([origin, ...remarks].join('; '))];
}
