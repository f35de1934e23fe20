// The environment variables of a stage: which it sees, and their digests.
import { ReproError } from '../../error.ts';
import type { Store } from '../../store/store.ts';

/** A variable's value; undefined where it is not set, though its name be one that every object has, such as `constructor`. */
export function variableIn(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

/** What a stage sees of another environment: where programs and the user's files are, and what it declares. */
export function passedOn(
  environment: Readonly<Record<string, string | undefined>>,
  declared: readonly string[],
): Record<string, string> {
  return onlyThese(environment, ['PATH', 'HOME', ...declared]);
}

/** The variables of these names, as far as they are set. */
export function onlyThese(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const found = Object.create(null) as Record<string, string>;
  for (const name of names) {
    const value = variableIn(environment, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** A variable that a stage declares. */
export interface Variable {
  /** Its keyed digest; null where it is not set. */
  readonly digest: string | null;
  /** Null where it is not set, or not known here. */
  readonly value: string | null;
}

export type Variables = Readonly<Record<string, Variable>>;

/**
 * The variables that a stage declares, as they are now.
 * @throws {ReproError} `bad-environment` for a value that is no text
 */
export function declaredVariables(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  store: Store,
): Variables {
  return Object.fromEntries(
    names.map((name): [string, Variable] => {
      const value = variableIn(environment, name);
      if (value === undefined) return [name, { digest: null, value: null }];
      // Node has put this in the place of what it could not read, and would pass it on instead: values that differ are one.
      if (value.includes('\ufffd')) {
        throw new ReproError('bad-environment', `The environment variable ${name} is not UTF-8 text`, {
          hint: 'Set it to text in UTF-8, or give the stage a file that holds it',
        });
      }
      return [name, { digest: store.environmentKey.digest(name, value), value }];
    }),
  );
}

/** Their digests, as a preimage has them. */
export function digestsOf(variables: Variables): Record<string, string | null> {
  return Object.fromEntries(Object.entries(variables).map(([name, { digest }]) => [name, digest]));
}
