// JSON with exactly one spelling per value, RFC 8785: what is hashed, and what records and manifests are written in.

/**
 * Canonical text of a JSON value: keys by UTF-16 code unit, ECMAScript number spelling, no white space.
 * Throws a `TypeError` naming the path for what JSON cannot say exactly: NaN, infinities, lone surrogates, undefined, and objects that are not plain.
 */
export function canonicalJson(value: unknown): string {
  return engineJson(value) ?? write(value, '$');
}

/**
 * The same, written by the engine, which is several times as fast. Null where it would write something else, which are few
 * values, or where canonical JSON refuses one. What was read from canonical JSON is in its order already, and not copied.
 */
export function engineJson(value: unknown): string | null {
  const ordered = inOrder(value, 0);
  return ordered === unspeakable ? null : JSON.stringify(ordered);
}

/** A JSON value in objects without a prototype: looking up a name such as `constructor` finds only what was written. */
export function withoutPrototypes<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutPrototypes) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value)) copy[key] = withoutPrototypes<unknown>(member);
  return copy as Value;
}

const unspeakable = Symbol('no value that the engine writes as canonical JSON');
/** Deepest nesting that the engine is asked for: its stack is not ours. */
const deepest = 128;

/** A value with the members of its objects in order. */
function inOrder(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return surrogate.test(value) ? unspeakable : value;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : unspeakable;
  if (typeof value !== 'object' || depth === deepest) return unspeakable;
  if (Array.isArray(value)) return listInOrder(value, depth + 1);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return unspeakable;
  return objectInOrder(value as Record<string, unknown>, depth + 1);
}

function listInOrder(list: readonly unknown[], depth: number): unknown {
  let copy: unknown[] | null = null;
  // An index, since `for of` takes an iterator's step for each of what may be millions.
  for (let i = 0; i < list.length; i++) {
    const item = inOrder(list[i], depth);
    if (item === unspeakable) return unspeakable;
    if (item !== list[i]) copy ??= [...list];
    if (copy !== null) copy[i] = item;
  }
  return copy ?? list;
}

function objectInOrder(object: Readonly<Record<string, unknown>>, depth: number): unknown {
  const keys = Object.keys(object);
  let isOrdered = true;
  let copies: Map<string, unknown> | null = null;
  let before = '';
  for (const key of keys) {
    const member = inOrder(object[key], depth);
    if (member === unspeakable || surrogate.test(key)) return unspeakable;
    if (member !== object[key]) (copies ??= new Map<string, unknown>()).set(key, member);
    if (key < before) isOrdered = false;
    before = key;
  }
  if (isOrdered && copies === null) return object;
  // Names that are numbers would come first, and by their value.
  if (!isOrdered && keys.some((key) => /^\d+$/.test(key))) return unspeakable;
  if (!isOrdered) keys.sort();
  return Object.fromEntries(keys.map((key) => [key, copies?.has(key) ? copies.get(key) : object[key]]));
}

const surrogate = /\p{Surrogate}/u;

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value, path);
  if (typeof value === 'string') return writeString(value, path);
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${path}[${i}]`)).join(',')}]`;
  if (typeof value === 'object') {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return writeObject(value, path);
  }
  throw new TypeError(`Cannot write ${typeof value} as JSON at ${path}`);
}

function writeObject(value: object, path: string): string {
  // Array.prototype.sort without a comparator orders by UTF-16 code units, as RFC 8785 section 3.2.3 asks.
  const keys = Object.keys(value).sort();
  let text = '';
  for (const key of keys) {
    const member = (value as Record<string, unknown>)[key];
    text += `${text === '' ? '{' : ','}${writeString(key, path)}:${write(member, `${path}.${key}`)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function writeNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw new TypeError(`Cannot write ${value} as JSON at ${path}`);
  return JSON.stringify(value);
}

function writeString(value: string, path: string): string {
  // Few texts have surrogates at all, and looking for any is quicker than looking for a lone one.
  if (/[\uD800-\uDFFF]/.test(value) && /[\uD800-\uDFFF]/u.test(value))
    throw new TypeError(`Cannot write a lone surrogate as JSON at ${path}`);
  return JSON.stringify(value);
}
