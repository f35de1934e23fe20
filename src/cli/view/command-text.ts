// Commands printed for people to type again.
import { visibleText } from '../../manifest/text/visible-text.ts';
import { nearestPipeline, pipelineFile } from '../../project/places.ts';
import type { Plan } from '../../pipeline/plan.ts';

/** A word as a shell reads it back, on one line: control characters as `$'\n'`, which POSIX has since 2024. */
export function shellWord(text: string): string {
  if (visibleText(text) !== text) {
    const quoted = text.replace(/[\\']/g, '\\$&');
    return `$'${[...quoted].map((character) => (visibleText(character) === character ? character : bytes(character))).join('')}'`;
  }
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The UTF-8 of a character as octal escapes. */
function bytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** The command that does a verb again with the same plan, such as `npx repro run train --profile ci`. */
export function commandText(
  verb: string,
  plan: Pick<Plan, 'profile' | 'file'> & { readonly overrides: Readonly<Record<string, unknown>> },
  words: readonly string[] = [],
): string {
  return [
    'npx repro',
    verb,
    ...words.map(shellWord),
    ...([pipelineFile, nearestPipeline()].includes(plan.file) ? [] : ['--file', shellWord(plan.file)]),
    ...(plan.profile === null || plan.profile === 'default' ? [] : ['--profile', shellWord(plan.profile)]),
    ...Object.entries(plan.overrides).flatMap(([path, value]) => [
      '--set',
      shellWord(`${path}=${JSON.stringify(value)}`),
    ]),
  ].join(' ');
}
