// JSON files that prove themselves: the value on one line, the digest of that line on the next. A truncated file or a
// flipped bit is refused, never read as another value.
import { canonicalJson } from './canonical-json.ts';
import { digestBytes } from './digest.ts';
import { parseStrictJson, RefusedJson } from './strict-json.ts';

export function sealJson(value: unknown): string {
  return sealLine(canonicalJson(value));
}

/** The same of a value that is on one line already. */
export function sealLine(line: string): string {
  return `${line}\n"${digestBytes(line)}"\n`;
}

/** The value, or undefined when the text is not exactly what `sealJson` wrote. */
export function unsealJson(text: string): unknown {
  const line = sealedLine(text);
  try {
    return line === undefined ? undefined : JSON.parse(line);
  } catch {
    return undefined; // Sealed by somebody else.
  }
}

/** The same for what is believed and not only a cache. Anyone can make a seal: what `parseStrictJson` refuses is refused. */
export function unsealStrictJson(text: string): unknown {
  const line = sealedLine(text);
  try {
    return line === undefined ? undefined : parseStrictJson(line);
  } catch (error) {
    if (error instanceof RefusedJson) return undefined;
    throw error;
  }
}

function sealedLine(text: string): string | undefined {
  const end = text.indexOf('\n');
  const line = text.slice(0, end);
  return end < 0 || text.slice(end) !== `\n"${digestBytes(line)}"\n` ? undefined : line;
}
