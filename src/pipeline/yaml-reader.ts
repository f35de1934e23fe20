// From a document that the YAML package composed to plain values that remember where they were written.
import { isAlias, isMap, isScalar, isSeq, type Document, type ParsedNode } from 'yaml';
import { diagnose, type Diagnostic, type Location, type RelatedLocation } from './diagnostic.ts';
import { keepsDigits } from './integer.ts';
import type { SourceFile, Span } from './source.ts';
import type { Entry, MappingNode, ScalarNode, YamlNode } from './yaml-node.ts';

// Beyond these limits a file is an attack or a mistake.
export const maxDepth = 64;
const maxAliasedNodes = 10_000;

/** Integers of YAML's core schema; `6.02e23` is none. */
const isInteger = /^([-+]?\d+|0x[\da-fA-F]+|0o[0-7]+)$/;

/** What to do, by the codes of the parser's errors. */
const syntaxHints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'end the bracket or quote that was opened above, or indent this line as its neighbours',
  BLOCK_AS_IMPLICIT_KEY: 'put quotes around a text that holds ": ", or begin the nested mapping on a line of its own',
  BLOCK_IN_FLOW: 'within [ ] and { } write mappings as { key: value }',
  MISSING_CHAR: 'a key needs ": " after it, and brackets and quotes need their end',
  MULTILINE_IMPLICIT_KEY: 'a key needs ": " after it, on its own line',
  UNEXPECTED_TOKEN: 'put quotes around a text that holds a special character, or delete what is too much',
  BAD_SCALAR_START: 'put quotes around a text that begins with a special character',
  BAD_DQ_ESCAPE: 'write a backslash between double quotes as two, or use single quotes',
};

/** Walks one composed document and keeps what is wrong with it. */
export class YamlReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: SourceFile;
  readonly #offset: number;
  readonly #anchors = new Map<string, { node: YamlNode; size: number }>();
  #nodes = 0;
  #aliased = 0;

  /** @param offset Where in the file the text begins that documents are of. */
  constructor(source: SourceFile, offset = 0) {
    this.#source = source;
    this.#offset = offset;
  }

  readAll(documents: readonly Document.Parsed[]): YamlNode | null {
    const [document, second] = documents;
    if (document === undefined) return null;
    if (!this.#syntax(document)) return null;
    const version = document.directives.yaml;
    if (version.explicit && version.version !== '1.2') {
      const start = Math.max(0, this.#source.text.indexOf('%YAML'));
      this.#report('unsupported-yaml', `The file must be YAML 1.2, it says ${version.version}`, start, start + 9);
      return null;
    }
    if (second !== undefined) {
      this.#report(
        'unsupported-yaml',
        'The file must hold one document, it holds several',
        second.range[0],
        second.range[0] + 3,
      );
      return null;
    }
    return this.#read(document.contents, { start: 0, end: 0 }, 0);
  }

  /**
   * The mapping that a piece of a file is, this deep in it; null where it is none, something is wrong with it, or it has
   * anchors or aliases, which may be of other pieces.
   */
  readMapping([document, second]: readonly Document.Parsed[], depth: number): MappingNode | null {
    if (document === undefined || second !== undefined || !isMap(document.contents)) return null;
    if (document.errors.length > 0 || document.warnings.length > 0) return null;
    const { contents } = document;
    // By itself it may be one where the file at once is none.
    if (contents.flow === true || contents.tag !== undefined) return null;
    const node = this.#mapping(contents.items as unknown as Pair[], this.#span(contents), depth);
    const isWhole = this.diagnostics.length === 0 && this.#anchors.size === 0 && contents.anchor === undefined;
    return isWhole ? node : null;
  }

  /** Syntax errors: the first of each line, since one mistake is often noticed several times. */
  #syntax(document: Document.Parsed): boolean {
    const lines = new Set<number>();
    for (const { code, message, pos } of document.errors) {
      const line = this.#source.position(pos[0]).line;
      if (lines.has(line)) continue;
      lines.add(line);
      const [kind, text] =
        code === 'RESOURCE_EXHAUSTION'
          ? (['too-large', `Values are nested deeper than ${maxDepth} levels`] as const)
          : (['yaml-syntax', message.replaceAll(/\s+/g, ' ')] as const);
      const isInsert = code === 'MISSING_CHAR' && this.#source.line(line).includes('${');
      const hint = isInsert ? 'within [ ] and { } put quotes around a text that holds "${"' : syntaxHints[code];
      this.#report(kind, text, pos[0], pos[1], hint);
    }
    for (const { message, pos } of document.warnings) this.#report('unsupported-yaml', message, pos[0], pos[1]);
    return this.diagnostics.length === 0;
  }

  #read(node: ParsedNode | null, place: Span, depth: number): YamlNode {
    this.#nodes += 1;
    const before = this.#nodes;
    const span = node === null ? place : this.#span(node);
    if (isAlias(node)) return this.#alias(node.source, span);
    const result = this.#plain(node, span, depth);
    if (node?.anchor !== undefined) this.#anchors.set(node.anchor, { node: result, size: this.#nodes - before + 1 });
    return result;
  }

  #plain(node: Exclude<ParsedNode, { type: 'alias' }> | null, span: Span, depth: number): YamlNode {
    if (depth > maxDepth) {
      this.#report('too-large', `Values are nested deeper than ${maxDepth} levels`, span.start, span.start + 1);
      return { kind: 'scalar', value: null, at: this.#at(span) };
    }
    if (isMap(node)) return this.#mapping(node.items as unknown as Pair[], span, depth);
    if (isSeq(node)) {
      const items = (node.items as ParsedNode[]).map((item) => this.#read(item, span, depth + 1));
      return { kind: 'list', items, at: this.#at(span) };
    }
    const value = isScalar(node) ? this.#scalar(node.value, span, node.source) : null;
    return { kind: 'scalar', value, at: this.#at(span) };
  }

  #mapping(pairs: readonly Pair[], span: Span, depth: number): MappingNode {
    const entries = new Map<string, Entry>();
    for (const { key, value } of pairs) {
      const keySpan = key === null ? span : this.#span(key);
      const end = { start: keySpan.end, end: keySpan.end };
      const child = this.#read(value, end, depth + 1);
      const name = this.#key(key, keySpan);
      if (name === null) continue;
      const first = entries.get(name);
      if (first === undefined) {
        entries.set(name, { key: this.#at(keySpan), value: child });
        continue;
      }
      const related = [{ message: 'first written here', at: first.key }];
      this.#report('duplicate-key', `Key "${name}" is written twice`, keySpan.start, keySpan.end, undefined, related);
    }
    return { kind: 'mapping', entries, at: this.#at(span) };
  }

  #key(key: ParsedNode | null, { start, end }: Span): string | null {
    const report = (message: string, hint?: string): null => {
      this.#report('unsupported-yaml', message, start, end, hint);
      return null;
    };
    if (key === null || (isScalar(key) && key.value === null)) return report('A key must be text, it is empty');
    if (!isScalar(key)) return report('A key must be text, it is a list, a mapping or an alias');
    if (typeof key.value !== 'string') {
      return report(`A key must be text, it is the value ${String(key.value)}`, `quote it: "${key.source ?? ''}"`);
    }
    if (key.value === '<<') return report('Merge keys are not part of YAML 1.2', 'write the keys out');
    if (key.value === '__proto__') return report('The key "__proto__" is reserved');
    return this.#text(key.value, start, end) ? key.value : null;
  }

  #scalar(value: unknown, { start, end }: Span, source = ''): ScalarNode['value'] {
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) this.#report('bad-value', `A number must be finite, it is ${value}`, start, end);
      else if (isInteger.test(source) && !keepsDigits(BigInt(source))) {
        const message = `An integer beyond 2^53 is not exact as a number: ${source} would be ${value}`;
        this.#report('bad-value', message, start, end, 'quote it to keep its digits, or write it with an exponent');
      }
      return value === 0 ? 0 : value; // -0 has no JSON
    }
    if (typeof value === 'string') {
      this.#text(value, start, end);
      return value;
    }
    return typeof value === 'boolean' ? value : null;
  }

  #text(value: string, start: number, end: number): boolean {
    if (!/\p{Surrogate}/u.test(value)) return true;
    this.#report('bad-value', 'Text must be valid Unicode, it has half of a surrogate pair', start, end);
    return false;
  }

  #alias(name: string, span: Span): YamlNode {
    const anchor = this.#anchors.get(name);
    this.#aliased += anchor?.size ?? 0;
    if (anchor !== undefined && this.#aliased <= maxAliasedNodes) {
      this.#nodes += anchor.size - 1;
      return anchor.node;
    }
    if (anchor === undefined) {
      const hint = `write &${name} before the value that is meant, further up, or put quotes around a text that begins with *`;
      this.#report('yaml-syntax', `No anchor "&${name}" comes before this alias`, span.start, span.end, hint);
    } else if (this.#aliased - anchor.size <= maxAliasedNodes) {
      this.#report('too-large', `Aliases repeat more than ${maxAliasedNodes} values`, span.start, span.end);
    }
    return { kind: 'scalar', value: null, at: this.#at(span) };
  }

  #span({ range }: ParsedNode): Span {
    return { start: this.#offset + range[0], end: this.#offset + range[1] };
  }

  #at(span: Span): Location {
    return { file: this.#source, span };
  }

  #report(
    code: Diagnostic['code'],
    message: string,
    start: number,
    end: number,
    hint?: string,
    related: readonly RelatedLocation[] = [],
  ): void {
    const at = { file: this.#source, span: { start, end: Math.min(Math.max(start, end), this.#source.text.length) } };
    this.diagnostics.push(diagnose(code, message, at, { hint, related }));
  }
}

interface Pair {
  readonly key: ParsedNode | null;
  readonly value: ParsedNode | null;
}
