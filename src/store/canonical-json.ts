// JSON with exactly one spelling per value, RFC 8785: what is hashed, and what records and manifests are written in.

/**
 * Canonical text of a JSON value: keys by UTF-16 code unit, ECMAScript number spelling, no white space.
 * Throws a `TypeError` naming the path for what JSON cannot say exactly: NaN, infinities, lone surrogates, undefined, and objects that are not plain.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

/** A JSON value in objects without a prototype: looking up a name such as `constructor` finds only what was written. */
export function withoutPrototypes<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutPrototypes) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value)) copy[key] = withoutPrototypes<unknown>(member);
  return copy as Value;
}

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
