// A self-contained page: opened from disk, no network, and no script but its own.
import { contentsList, type ContentsEntry } from './contents.ts';
import { type Content, type Html, html, trusted } from './html.ts';
import { dataBlock, type PageData } from './page-data.ts';
import { pageScript } from './page-script.ts';
import { policyHash } from './policy-hash.ts';
import { styleSheet } from './style.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Content;
  /** What the contents name of it. */
  readonly entries: readonly ContentsEntry[];
}

/** A section, unless it has nothing in it. @param size How much it has */
export function section(
  id: string,
  title: string,
  size: number,
  content: () => Content,
  entries: readonly ContentsEntry[] = [],
): Section[] {
  return size === 0 ? [] : [{ id, title, content: content(), entries }];
}

interface PageParts {
  readonly title: string;
  readonly header: Html;
  readonly sections: readonly Section[];
  readonly data: PageData;
}

/** The whole page as HTML text. */
export function pageDocument({ title, header, sections, data }: PageParts): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />
        <title>${title}</title>
        ${trusted(`<style>${styleSheet}</style>`)}
      </head>
      <body>
        ${contentsList(sections)}
        <div class="page">
          <header>${header}</header>
          <main>
            ${sections.map(
              ({ id, title, content }) =>
                html`<section id="${id}">
                  <h2>${title}</h2>
                  ${content}
                </section>`,
            )}
          </main>
        </div>
        ${dataBlock('page-data', data)} ${trusted(`<script>${pageScript}</script>`)}
      </body>
    </html>`;
  return `${page.text}\n`;
}

/** Nothing but this script and this style sheet, and images that are in the page; no text becomes markup or code. */
const contentPolicy = [
  "default-src 'none'",
  `script-src ${policyHash(pageScript)}`,
  `style-src ${policyHash(styleSheet)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** A field that finds numbers. */
export const numberSearch = html`<div class="search">
  <label for="search">Search</label>
  <input id="search" type="search" placeholder="name, stage, unit or note" autocomplete="off" />
  <output id="found" for="search"></output>
</div>`;
