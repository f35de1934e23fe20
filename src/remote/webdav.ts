// What a WebDAV server says of a folder (RFC 4918, 9.1): a `multistatus` with a `response` for each of its members.
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import type { Entry } from './remote.ts';

export interface Listing {
  readonly files: readonly Entry[];
  /** With slashes at their ends. */
  readonly folders: readonly string[];
}

/** Null where it is no such answer. What lies elsewhere than in the folder, or has a name that no key has, is left out. */
export function readListing(text: string, address: URL, folder: string): Listing | null {
  const root = parsed(text);
  if (root === null) return null;
  const files: Entry[] = [];
  const folders: string[] = [];
  for (const response of childrenOf(root, 'response')) {
    const name = nameBelow(address, textOf(response, 'href'));
    if (name === null) continue;
    const key = `${folder}${name}`;
    if (find(response, 'collection')) folders.push(`${key}/`);
    else {
      const bytes = Number(textOf(response, 'getcontentlength') ?? 0);
      const modified = Date.parse(textOf(response, 'getlastmodified') ?? '');
      if (!Number.isSafeInteger(bytes) || Number.isNaN(modified)) return null;
      files.push({ key, bytes, modified });
    }
  }
  return { files, folders };
}

function parsed(text: string): XmlElement | null {
  try {
    const { root } = parseXml(text);
    return root !== null && nameOf(root) === 'multistatus' ? root : null;
  } catch {
    return null;
  }
}

/**
 * The name of a member of a folder by its address, of which only the path counts: what is behind a proxy may know its host by
 * another name. Null where it is no member, such as the folder itself.
 */
function nameBelow(folder: URL, href: string | null): string | null {
  if (href === null || !URL.canParse(href, folder.href)) return null;
  const path = new URL(href, folder).pathname.replace(/\/$/, '');
  if (!path.startsWith(folder.pathname)) return null;
  const name = decoded(path.slice(folder.pathname.length));
  return /^[A-Za-z0-9._~-]+$/.test(name) ? name : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without the prefix that stands for the namespace. */
const nameOf = (element: XmlElement): string => element.name.replace(/^.*:/, '');

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child): child is XmlElement => child instanceof XmlElement && nameOf(child) === name);
}

/** The first element of a name, at any depth. */
function find(element: XmlElement, name: string): XmlElement | null {
  for (const child of element.children) {
    if (!(child instanceof XmlElement)) continue;
    const found = nameOf(child) === name ? child : find(child, name);
    if (found) return found;
  }
  return null;
}

const textOf = (element: XmlElement, name: string): string | null => find(element, name)?.text.trim() ?? null;
