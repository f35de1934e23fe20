// JSON files that prove themselves: the value on one line, the digest of that line on the next. A truncated file or a
// flipped bit is refused, never read as another value.
import { canonicalJson } from './canonical-json.ts';
import { digestBytes } from './digest.ts';

export function sealJson(value: unknown): string {
  const line = canonicalJson(value);
  return `${line}\n"${digestBytes(line)}"\n`;
}

/** The value, or undefined when the text is not exactly what `sealJson` wrote. */
export function unsealJson(text: string): unknown {
  const end = text.indexOf('\n');
  const line = text.slice(0, end);
  if (end < 0 || text.slice(end) !== `\n"${digestBytes(line)}"\n`) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // Sealed by somebody else.
  }
}
