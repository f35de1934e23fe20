// Text of a stranger in Markdown: shown as written, starting nothing.
import { visibleText } from './visible-text.ts';

/** On one line, with everything escaped that would be markup, HTML, a mention or a table's bar. */
export function markdownText(text: string): string {
  return visibleText(text)
    .replace(/[\\`*_{}[\]()#+!|~<>&$]/g, (mark) => (mark === '<' ? '&lt;' : mark === '&' ? '&amp;' : `\\${mark}`))
    .replaceAll('@', '&#64;')
    .replaceAll('://', ':&#47;/');
}

/** A code span that holds the text whatever backticks are in it; in a table its bars need a backslash all the same. */
export function markdownCode(text: string): string {
  const visible = visibleText(text);
  const longest = Math.max(0, ...(visible.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = /^`|`$|^ .* $/.test(visible) || visible === '' ? ' ' : '';
  return `${fence}${padding}${visible}${padding}${fence}`;
}
