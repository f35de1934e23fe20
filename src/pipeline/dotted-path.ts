// Places within nested values as texts, `model.width`. A key that holds a dot is in quotes: `"a.b"` is not `a.b`.

/** A key as a part of a dotted path. */
export function quotedKey(key: string): string {
  return key === '' || /[."]/.test(key) ? JSON.stringify(key) : key;
}

/** The keys of a dotted path. */
export function keysOf(path: string): string[] {
  return [...path.matchAll(/("(?:[^"\\]|\\.)*")(?:\.|$)|([^.]+)(?:\.|$)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : (JSON.parse(quoted) as string),
  );
}
