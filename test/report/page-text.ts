// What a page says, as lines that a person can read: headings, rows of tables with a bar between cells, and the rest.
import { parseHTML } from 'linkedom';

interface Node {
  readonly localName?: string;
  readonly textContent: string;
  readonly children: Iterable<Node>;
  getAttribute(name: string): string | null;
}

const apart = ['h1', 'h2', 'h3', 'p', 'li', 'summary', 'figcaption', 'label', 'text'];

/** @param page HTML */
export function pageText(page: string): string {
  const { document } = parseHTML(page);
  const lines: string[] = [];
  const textOf = ({ textContent }: Node) => textContent.replace(/\s+/g, ' ').trim();
  const walk = (node: Node): void => {
    if (node.localName === 'svg' || node.localName === 'nav' || node.localName === 'script') return;
    if (node.localName === 'tr') lines.push([...node.children].map(textOf).join(' | '));
    else if (node.localName === 'img') lines.push(`[${node.getAttribute('alt')}]`);
    else if (/^h[12]$/.test(node.localName ?? ''))
      lines.push('', `${'#'.repeat(Number(node.localName![1]))} ${textOf(node)}`);
    else if (apart.includes(node.localName ?? ''))
      lines.push(`${node.localName === 'h3' ? '### ' : ''}${textOf(node)}`);
    else for (const child of node.children) walk(child);
  };
  walk(document.body as unknown as Node);
  return `${lines.join('\n').trim()}\n`;
}
