// HTML that cannot forget to escape: everything put into a template is text unless it is itself a template.
import { visibleText } from '../manifest/text/visible-text.ts';

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | null | Html | readonly Content[];

/** Template tag: `` html`<p>${name}</p>` `` escapes `name`; `null` is nothing; lists are joined. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(strings.reduce((text, part, index) => text + render(values[index - 1] ?? null) + part));
}

/** Markup we made ourselves: the style sheet, a drawn plot. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function render(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeHtml(String(content));
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
