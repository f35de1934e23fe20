// `latest` of a profile, `last` and `previous`: runs that are meant by what they were, not by a name.
import { exitCode, ReproError } from '../error.ts';
import { profileName, standingText } from '../manifest/standing.ts';
import { findKept, isAlike, isWholeOf, type NamedManifest, readPublished } from './kept-runs.ts';

export async function meantRun(
  root: string,
  name: 'latest' | 'last' | 'previous',
  profile: string | undefined,
): Promise<NamedManifest> {
  if (name === 'last')
    return (await findKept(root, () => true)) ?? fail('No run is kept', 'run the pipeline: repro run');
  if (name === 'latest') return latestOf(root, profile);
  const { manifest: latest } = await latestOf(root, profile);
  const previous = await findKept(root, (manifest) => manifest.run.id !== latest.run.id && isAlike(manifest, latest));
  if (previous !== null) return previous;
  const what = standingText(latest);
  return fail(
    `There is no run before the latest, ${latest.run.id}${what === null ? '' : `, ${what}`}, that was asked the same`,
    'repro runs lists all runs; repro diff A B compares any two, and "last" is the last one',
  );
}

async function latestOf(root: string, profile: string | undefined): Promise<NamedManifest> {
  if (profile === undefined) {
    const published = await readPublished(root);
    return published ?? fail('There is no latest run', 'run the pipeline: repro run');
  }
  const published = await readPublished(root).catch(() => null);
  if (published !== null && isWholeOf(published.manifest, profile)) return published;
  const kept = await findKept(root, (manifest) => isWholeOf(manifest, profile));
  if (kept !== null) return kept;
  const name = profileName(profile);
  return fail(
    `There is no whole run of profile "${name}" without --set`,
    name === 'default' ? 'repro run makes one' : `repro run --profile ${name} makes one`,
  );
}

function fail(message: string, hint: string): never {
  throw new ReproError('no-manifest', message, { exit: exitCode.usage, hint });
}
