// Secrets in URLs. What stands in a pipeline file or in --set is written into records, manifests and reports. So a URL
// with a password or a token is refused before anything is written, and no message repeats it.
import { diagnose, type Location, type Report } from './diagnostic.ts';
import type { ParsedFile } from './parse.ts';
import type { YamlNode } from './yaml-node.ts';
import type { Json } from './plan.ts';

interface Finding {
  /** Of the secret within the text. */
  readonly start: number;
  readonly end: number;
  /** What it is, in words. */
  readonly what: string;
}

const secretName =
  /(token|secret|password|passwd|passphrase|apikey|accesskey|secretkey|signature|credential|authorization)$|^(auth|pwd|pass|sig|jwt|awsaccesskeyid)$/;
/** Shorter ones are the keys of a table. */
const shortestKey = 16;

/** What a text holds that nobody should read, in words; null when it is fit to be written down. */
export function secretIn(text: string): string | null {
  return findSecrets(text)[0]?.what ?? null;
}

/** The text with stars for what `secretIn` finds, of the same length. */
export function hideSecrets(text: string): string {
  let hidden = '';
  let at = 0;
  for (const { start, end } of findSecrets(text)) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    hidden += text.slice(at, from) + '*'.repeat(end - from);
    at = end;
  }
  return hidden + text.slice(at);
}

/** In order of their starts, of each URL; texts may be long and hostile, so each character is looked at a few times. */
function findSecrets(text: string): Finding[] {
  if (!text.includes('://')) return [];
  return [...text.matchAll(/[^\s"'<>]+/g)].flatMap(({ 0: word, index }) =>
    [...userSecrets(word), ...parameterSecrets(word)]
      .map(({ start, end, what }) => ({ start: index + start, end: index + end, what }))
      .sort((a, b) => a.start - b.start),
  );
}

/** `scheme://user:password@`, up to the last @ before the path. */
function userSecrets(word: string): Finding[] {
  const found: Finding[] = [];
  const lastAt = word.lastIndexOf('@');
  for (let at = word.indexOf('://'); at >= 0; at = word.indexOf('://', at + 3)) {
    const start = at + 3;
    const [authority = ''] = word.slice(start).split(/[/?#]/, 1);
    const end = authority.lastIndexOf('@');
    const user = authority.slice(0, Math.max(end, 0));
    // `ssh://git@host` is a name and no secret; over HTTP a token stands in its place.
    const isHttp = /https?$/i.test(word.slice(Math.max(0, at - 5), at));
    if (/:./s.test(user) || (isHttp && user !== '')) {
      found.push({ start, end: start + end, what: 'a user name or a password' });
    } else if (end < 0 && /:(?!\d{1,5}$)/.test(authority) && lastAt > start) {
      // A password that should have been escaped: what follows the colon is no port, and an @ comes later.
      return [...found, { start, end: lastAt, what: 'a password' }];
    }
  }
  return found;
}

function parameterSecrets(word: string): Finding[] {
  if (!word.includes('://')) return [];
  return [...word.matchAll(/[?&;#]([^=&;#?]+)=([^&;#]+)/g)].flatMap(
    ({ 0: whole, 1: name = '', 2: value = '', index }) => {
      const end = index + whole.length;
      const plain = name.toLowerCase().replace(/[-_.]/g, '');
      const isSecret = secretName.test(plain) || (plain === 'key' && value.length >= shortestKey);
      return isSecret ? [{ start: end - value.length, end, what: `the value of "${name}"` }] : [];
    },
  );
}

/** Reports a text that holds a secret. */
export function checkSecret(text: string, at: Location, report: Report): boolean {
  const found = secretIn(text);
  if (found === null) return false;
  const hint =
    'what stands here would be written into records and manifests: download the file once and name it, or let a stage fetch it whose "env" names a variable that holds the secret';
  report(diagnose('secret-in-url', `The URL holds ${found}`, at, { hint }));
  return true;
}

/** Reports every key and value of a pipeline file that holds a secret. */
export function checkFileSecrets({ root }: ParsedFile, report: Report): void {
  const visit = (node: YamlNode): void => {
    if (node.kind === 'list') node.items.forEach(visit);
    else if (node.kind === 'mapping') {
      for (const [key, entry] of node.entries) {
        checkSecret(key, entry.key, report);
        visit(entry.value);
      }
    } else if (typeof node.value === 'string') checkSecret(node.value, node.at, report);
  };
  visit(root);
}

/** Reports texts in a value that was given in another way than in the file. */
export function checkValueSecrets(value: Json, at: Location, report: Report): void {
  if (typeof value === 'string') checkSecret(value, at, report);
  else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) checkValueSecrets(each as Json, at, report);
  }
}
