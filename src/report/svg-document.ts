// As much of a document as Observable Plot needs to draw a chart: elements with attributes, children and text, written as
// markup. An HTML library for it is twenty packages.

class SvgText {
  readonly nodeType = 3;
  parentNode: SvgElement | null = null;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get textContent(): string {
    return this.#text;
  }

  get outerHTML(): string {
    return escaped(this.#text);
  }
}

/** Attributes that say where something is. A hundredth of a pixel is enough, and a page has thousands of them. */
const places = new Set(['transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'width', 'height']);

const roundedPlaces = (text: string): string =>
  text.replace(/-?\d+\.\d{3,}(?!e)/g, (number) => String(Number(Number(number).toFixed(2))));

const kebab = (name: string): string => name.replaceAll(' ', '-');

type SvgNode = SvgElement | SvgText;

class SvgElement {
  readonly nodeType = 1;
  readonly ownerDocument: SvgDocument;
  readonly namespaceURI: string;
  readonly tagName: string;
  parentNode: SvgElement | null = null;
  childNodes: SvgNode[] = [];
  readonly #attributes = new Map<string, string>();

  constructor(document: SvgDocument, namespace: string, name: string) {
    this.ownerDocument = document;
    this.namespaceURI = namespace;
    this.tagName = name;
  }

  get textContent(): string {
    return this.childNodes.map(({ textContent }) => textContent).join('');
  }

  set textContent(text: string) {
    this.childNodes = [];
    this.appendChild(new SvgText(text));
  }

  /** Inline styles are left out: the page's Content-Security-Policy allows none, and its style sheet has what is needed. */
  set style(_text: string) {}

  get outerHTML(): string {
    const attributes = Array.from(this.#attributes, ([name, value]) => ` ${name}="${escaped(value)}"`).join('');
    if (this.tagName === 'style') return '';
    const content = this.childNodes.map(({ outerHTML }) => outerHTML).join('');
    return `<${this.tagName}${attributes}${content === '' ? ' />' : `>${content}</${this.tagName}>`}`;
  }

  setAttribute(name: string, value: unknown): void {
    // What Plot calls its groups is for style sheets and scripts: a group without a role has no name that could be read.
    if (this.tagName === 'g' && name === 'aria-label') return this.setAttribute('class', kebab(String(value)));
    this.#attributes.set(name, places.has(name) ? roundedPlaces(String(value)) : String(value));
  }

  setAttributeNS(_namespace: string, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  appendChild<Child extends SvgNode>(child: Child): Child {
    return this.insertBefore(child, null);
  }

  /** Before another child, or behind all. */
  insertBefore<Child extends SvgNode>(child: Child, next: SvgNode | null): Child {
    const siblings = child.parentNode?.childNodes;
    siblings?.splice(siblings.indexOf(child), 1);
    this.childNodes.splice(next === null ? this.childNodes.length : this.childNodes.indexOf(next), 0, child);
    child.parentNode = this;
    return child;
  }
}

/** A document to hand to `Plot.plot({ document })`. */
export class SvgDocument {
  readonly documentElement = new SvgElement(this, 'http://www.w3.org/1999/xhtml', 'html');

  createElementNS(namespace: string, name: string): SvgElement {
    return new SvgElement(this, namespace, name);
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
