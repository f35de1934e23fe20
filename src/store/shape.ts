// What a value read from a file must look like before it is used. A seal says that the bytes are whole, not who wrote them.

export type Shape<T> = (value: unknown) => value is T;

export const isText: Shape<string> = (value) => typeof value === 'string';
export const isNumber: Shape<number> = (value) => typeof value === 'number';
/** For what a later check looks at. */
export const isAnything: Shape<unknown> = (_value): _value is unknown => true;

export function isTextLike<T extends string = string>(pattern: RegExp): Shape<T> {
  return (value): value is T => typeof value === 'string' && pattern.test(value);
}

export const isSha256 = isTextLike<`sha256:${string}`>(/^sha256:[0-9a-f]{64}$/);

export function isNullOr<T>(shape: Shape<T>): Shape<T | null> {
  return (value): value is T | null => value === null || shape(value);
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value);
}

export function isOneOf<const T>(...choices: readonly T[]): Shape<T> {
  return (value): value is T => choices.includes(value as T);
}

export function isListOf<T>(shape: Shape<T>): Shape<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(shape);
}

/** An array of exactly these. */
export function isTuple<T extends readonly unknown[]>(...shapes: { readonly [I in keyof T]: Shape<T[I]> }): Shape<T> {
  return (value): value is T & unknown =>
    Array.isArray(value) && value.length === shapes.length && shapes.every((shape, i) => shape(value[i]));
}

/** An object whose keys are names of the user's. */
export function isTableOf<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isObject(value) && Object.values(value).every(shape);
}

/** An object with these members, and maybe others. An absent member is undefined to its shape. */
export function isObjectWith<T>(shapes: { readonly [Key in keyof T]: Shape<T[Key]> }): Shape<T> {
  const members = Object.entries(shapes) as [string, Shape<unknown>][];
  return (value): value is T =>
    isObject(value) && members.every(([key, shape]) => shape(Object.hasOwn(value, key) ? value[key] : undefined));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
