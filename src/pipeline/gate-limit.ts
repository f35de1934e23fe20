// What a gate demands: a bound, a band around a reference, or a test over replicates; exactly one of them.
import { posix } from 'node:path';
import type { GateDeclaration } from '../schema/types.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import type { GateLimit } from './plan.ts';

type Key = Exclude<keyof GateDeclaration, 'number'>;

const kinds: Readonly<Record<GateLimit['kind'], { readonly keys: readonly Key[]; readonly needed: readonly Key[] }>> = {
  bound: { keys: ['min', 'max'], needed: [] },
  band: { keys: ['reference', 'tolerance'], needed: ['reference', 'tolerance'] },
  test: { keys: ['against', 'margin', 'level', 'better'], needed: ['against', 'margin'] },
};

/** Which kind of gate the keys make it; undefined, and reported, when they make none or two. */
export function limitKind(
  name: string,
  gate: GateDeclaration,
  keyAt: (key: string) => Location,
  at: Location,
  report: Report,
): GateLimit['kind'] | undefined {
  const present = Object.entries(kinds)
    .map(([kind, { keys }]) => ({ kind: kind as GateLimit['kind'], key: keys.find((key) => gate[key] !== undefined) }))
    .filter(({ key }) => key !== undefined);
  const [first, second] = present;
  if (first === undefined) {
    const message = `Gate "${name}" needs a bound ("min", "max"), a "reference", or something to test "against"`;
    report(diagnose('missing-key', message, at));
    return undefined;
  }
  if (second !== undefined) {
    const message = `Gate "${name}" cannot be both a ${first.kind} ("${first.key!}") and a ${second.kind} ("${second.key!}")`;
    report(diagnose('bad-value', message, keyAt(second.key!), { hint: 'make two gates of it' }));
    return undefined;
  }
  const missing = kinds[first.kind].needed.find((key) => gate[key] === undefined);
  if (missing === undefined) return first.kind;
  report(diagnose('missing-key', `Gate "${name}" needs the key "${missing}" beside "${first.key!}"`, at));
  return undefined;
}

export function planBound(name: string, gate: GateDeclaration, maxAt: Location, report: Report): GateLimit | undefined {
  const { min = null, max = null } = gate;
  if (min === null || max === null || min <= max) return { kind: 'bound', min, max };
  report(diagnose('bad-value', `Gate "${name}" can never pass: min ${min} is above max ${max}`, maxAt));
  return undefined;
}

export function planBand(
  name: string,
  { reference = '', tolerance = {} }: GateDeclaration,
  profile: string | null,
  at: Location,
  report: Report,
): GateLimit | undefined {
  const path = posix.normalize(reference.replaceAll('${profile}', profile ?? 'default'));
  if (!posix.isAbsolute(path) && path !== '..' && !path.startsWith('../') && !path.includes('\\')) {
    return { kind: 'band', reference: path, tolerance };
  }
  const message = `The reference of gate "${name}" must be a path in the project, it is "${reference}"`;
  report(diagnose('bad-path', message, at));
  return undefined;
}
