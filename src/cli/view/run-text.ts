// When a run was, and of which commit.
import type { Manifest } from '../../schema/types.ts';

/** `2026-11-29 08:18`. */
export function timeText(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** A plus stands for uncommitted changes. */
export function commitText(git: Manifest['git']): string {
  return git === null ? '' : `${git.commit.slice(0, 10)}${git.dirty === null ? '' : '+'}`;
}
