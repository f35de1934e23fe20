// What a run was: the whole pipeline as its file has it, or something else, which is then named wherever it is quoted.
import { valueText } from '../pipeline/value-text.ts';
import type { Manifest } from '../schema/types.ts';

type Asked = {
  readonly run: Pick<Manifest['run'], 'selected' | 'purpose'>;
  readonly pipeline: Pick<Manifest['pipeline'], 'profile' | 'overrides'>;
};

/** A run of all that its profile has, with the parameters that the file gives it. */
export function isWhole({ run, pipeline }: Asked): boolean {
  return run.selected === undefined && Object.keys(pipeline.overrides).length === 0;
}

/** The profile by name: a file with a profile `default` is run with it where none is named. */
export function profileName(profile: string | null | undefined): string {
  return profile ?? 'default';
}

/** `a=1, b=2`, in the order of manifests; null where nothing was set. */
export function settingsText(overrides: Readonly<Record<string, unknown>>): string | null {
  const settings = Object.entries(overrides)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, value]) => `${path}=${valueText(value)}`);
  return settings.length === 0 ? null : settings.join(', ');
}

/** What makes a run another than a whole one: `with a=1`, `of train alone`. Empty for a whole run. */
export function standingParts({ run, pipeline }: Asked): string[] {
  const settings = settingsText(pipeline.overrides);
  return [
    ...(settings === null ? [] : [`with ${settings}`]),
    ...(run.selected === undefined ? [] : [`of ${run.selected.join(', ')} alone`]),
    ...(run.purpose === undefined ? [] : [run.purpose === 'audit' ? 'an audit' : 'of a sweep']),
  ];
}

/** The same, with a profile other than the default: `profile ci, with a=1`. Null for what `repro run` does. */
export function standingText(asked: Asked): string | null {
  const profile = profileName(asked.pipeline.profile);
  const parts = [...(profile === 'default' ? [] : [`profile ${profile}`]), ...standingParts(asked)];
  return parts.length === 0 ? null : parts.join(', ');
}

/** For documents that quote a run: its profile, and what was set. */
export function settingsOf({ pipeline: { profile, overrides } }: Asked): Asked['pipeline'] {
  return { profile, overrides };
}
