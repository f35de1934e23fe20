// What a manifest cannot vouch for. Silence would read as certainty. These gaps follow from what the manifest says elsewhere,
// so that `verify` misses one that was taken out: their wording is part of the format.
import { isInputWord } from '../pipeline/words.ts';
import type { Gap, Manifest, ManifestStage, StageRecord } from '../schema/types.ts';
import { isDigest } from '../store/digest.ts';
import { isLogLost } from '../store/lost-log.ts';
import { isRecorded, type RecordedStage } from './lineage.ts';

/** Gaps that hold for every stage name no stage. */
export const everyStage = '*';

/** The gaps that follow from the repository's state and from what is recorded of each stage. */
export function gapsOf({ git, stages }: Pick<Manifest, 'git' | 'stages'>): Gap[] {
  return [...gitGaps(git), ...unwatchedGaps(stages.filter(isRecorded)), ...stages.flatMap(stageGaps)];
}

/** Why there is no state is known only to who looked for it. */
function gitGaps(git: Manifest['git']): Gap[] {
  if (git === null || git.dirty === null) return [];
  const message = 'Uncommitted changes: the commit alone does not give this code, the digests of the code files do';
  return [{ stage: everyStage, message }];
}

/** What is not known about files that stages read without declaring them, and what is known. */
function unwatchedGaps(recorded: readonly RecordedStage[]): Gap[] {
  const message = 'Reads of files that are not declared as inputs were not watched (run --strict, run --trace)';
  if (recorded.every(({ record }) => record.watched === undefined)) return [{ stage: everyStage, message }];
  return recorded.flatMap(({ id, record: { watched } }): Gap[] => {
    if (watched === undefined) return [{ stage: id, message }];
    const { undeclaredReads, foreignWrites } = watched;
    const seen = [
      ...(undeclaredReads.length > 0 ? [`Read ${listed(undeclaredReads)} without declaring it`] : []),
      ...(foreignWrites.length > 0 ? [`Wrote ${listed(foreignWrites)}, outside its directory`] : []),
    ];
    return seen.map((text) => ({ stage: id, message: text }));
  });
}

function stageGaps({ id, audit, record }: ManifestStage): Gap[] {
  const unstable = Object.entries(audit?.outputs ?? {}).flatMap(([name, found]) => (found === 'bitwise' ? [] : [name]));
  return [
    ...(unstable.length === 0
      ? []
      : [`Gives other bytes each time (${unstable.join(', ')}): what builds on it was computed from one of them`]),
    ...(record && isLogLost(record) ? ['The log of its execution is lost'] : []),
    ...(record === undefined ? [] : programGaps(record.preimage)),
  ].map((message) => ({ stage: id, message }));
}

function programGaps({ run, inserts, code, runtime, packages }: StageRecord['preimage']): string[] {
  // Of a module the version of Node is recorded, of a command's program a digest.
  const node = Object.hasOwn(runtime, 'node') ? runtime['node']! : null;
  if (node !== null && !isDigest(node)) return [];
  if (inserts && isInputWord(run[0] ?? '')) return ['What its program loads beside itself is not recorded'];
  if (Object.keys(code).length === 0) {
    return ['No code files are declared for its command: a changed program is not noticed'];
  }
  // Of Python they are.
  if (Object.keys(packages).some((name) => name.startsWith('python@'))) return [];
  return [`The version of "${run[0] ?? ''}" and the packages it loads are not recorded`];
}

function listed(paths: readonly string[]): string {
  const names = paths.slice(0, 5).map((path) => `"${path}"`);
  return `${names.join(', ')}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`;
}
