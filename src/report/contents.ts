// The contents of the page, which stay in view.
import { type Html, html } from './html.ts';

export interface ContentsEntry {
  readonly id: string;
  readonly title: string;
}

export function contentsList(
  sections: readonly (ContentsEntry & { readonly entries: readonly ContentsEntry[] })[],
): Html {
  return html`<nav class="contents" aria-label="Contents">
    <ul>
      ${sections.map(
        ({ id, title, entries }) =>
          html`<li>
            <a href="#${id}">${title}</a>
            ${
              entries.length === 0
                ? null
                : html`<ul>
                    ${entries.map(contentsLine)}
                  </ul>`
            }
          </li>`,
      )}
    </ul>
  </nav>`;
}

const contentsLine = ({ id, title }: ContentsEntry): Html => html`<li><a href="#${id}">${title}</a></li>`;
