// Markdown that cannot forget to escape: what is put into a template or a table is text unless it is Markdown itself.
import { visibleText } from './visible-text.ts';

export class Markdown {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type MarkdownContent = string | number | Markdown;

/** Template tag: `` asMarkdown`run ${id}` `` escapes `id`, so that it is shown as written and starts nothing. */
export function asMarkdown(strings: TemplateStringsArray, ...values: readonly MarkdownContent[]): Markdown {
  return new Markdown(strings.reduce((text, part, index) => text + rendered(values[index - 1] ?? '') + part));
}

export function joinMarkdown(parts: readonly MarkdownContent[], separator: string): Markdown {
  return new Markdown(parts.map(rendered).join(separator));
}

/** Every row has as many cells as there are titles, whatever bars are in them. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly MarkdownContent[])[]): Markdown {
  const line = (cells: readonly MarkdownContent[]) => `| ${cells.map(rendered).join(' | ')} |`;
  return new Markdown([line(titles), `| ${titles.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n'));
}

/** A code span that holds the text whatever backticks and bars are in it. */
export function markdownCode(text: string): Markdown {
  const visible = visibleText(text);
  // A table is cut at its bars before code is looked for.
  if (visible.includes('|')) {
    const entity = (character: string) => `&#${character.codePointAt(0)!};`;
    return new Markdown(`<code>${visible.replace(/[^A-Za-z0-9 ]/gu, entity)}</code>`);
  }
  const longest = (visible.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const padding = /^`|`$|^ .* $/.test(visible) || visible === '' ? ' ' : '';
  return new Markdown(`${fence}${padding}${visible}${padding}${fence}`);
}

/** A block of shell commands, one on each line. */
export function markdownCommands(lines: readonly string[]): Markdown {
  const longest = lines.flatMap((line) => line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return new Markdown([`${fence}sh`, ...lines.map(visibleText), fence].join('\n'));
}

function rendered(content: MarkdownContent): string {
  return content instanceof Markdown ? content.text : markdownText(String(content));
}

/** On one line, with everything escaped that would be markup, HTML, a link, a mention or a table's bar. */
function markdownText(text: string): string {
  return visibleText(text)
    .replace(/[\\`*_{}[\]()#+!|~<>&$]/g, (mark) => (mark === '<' ? '&lt;' : mark === '&' ? '&amp;' : `\\${mark}`))
    .replaceAll('@', '&#64;')
    .replaceAll('://', ':&#47;/')
    .replace(/\bwww\./gi, (word) => `${word.slice(0, 3)}&#46;`);
}
