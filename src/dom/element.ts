// Elements of a page: of the report, of a run that goes on, and of a model. What is put into them is text, never markup: a page's
// Content-Security-Policy allows no other way.

type Child = Node | string | null;
type Attributes = Readonly<Record<string, string | number>>;

/** An element of the page by its id; throws an Error where there is none. */
export function byId<Found extends Element = HTMLElement>(id: string): Found {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element "${id}"`);
  return found as unknown as Found;
}

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  return filled(document.createElement(name), attributes, children);
}

export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes,
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

export function button(label: string, text: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', title: label, 'aria-label': label }, text);
  made.addEventListener('click', onClick);
  return made;
}

function filled<Made extends Element>(made: Made, attributes: Attributes, children: readonly Child[]): Made {
  // A number becomes its text.
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value as string);
  made.append(...children.filter((child) => child !== null));
  return made;
}
