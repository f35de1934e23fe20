// Commands printed for people to type again.
import type { Plan } from '../pipeline/plan.ts';

/** A word as a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The command that does a verb again with the same plan, such as `npx repro run train --profile ci`. */
export function commandText(
  verb: string,
  plan: Pick<Plan, 'profile' | 'overrides' | 'file'>,
  words: readonly string[] = [],
): string {
  return [
    'npx repro',
    verb,
    ...words.map(shellWord),
    ...(plan.file === 'pipeline.yaml' ? [] : ['--file', shellWord(plan.file)]),
    ...(plan.profile === null || plan.profile === 'default' ? [] : ['--profile', shellWord(plan.profile)]),
    ...Object.entries(plan.overrides).flatMap(([path, value]) => [
      '--set',
      shellWord(`${path}=${JSON.stringify(value)}`),
    ]),
  ].join(' ');
}
