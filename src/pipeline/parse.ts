// YAML 1.2 core to a tree of plain values that remember where they were written. Wrong text becomes diagnostics, never an exception.
import { Composer, Lexer, Parser, type Document } from 'yaml';
import { diagnose, type Diagnostic, type Location } from './diagnostic.ts';
import { splitStages } from './pieces.ts';
import type { Json } from './plan.ts';
import { SourceFile, type Span } from './source.ts';
import type { Entry, MappingNode, YamlNode } from './yaml-node.ts';
import { maxDepth, YamlReader } from './yaml-reader.ts';

/** Keys and indices from the root of the file. */
export type YamlPath = readonly (string | number)[];

export interface ParsedFile {
  /** The main one: each node knows the file that it was written in. */
  readonly source: SourceFile;
  readonly root: YamlNode;
}

// An experiment file written by hand has a few hundred lines; 10,000 stages have 1 MB. Beyond these limits it is an attack or a mistake.
const maxLength = 4 * 1024 * 1024;
/** Beyond it a file is read in pieces, so that its syntax trees need not be in memory at once. */
const largeLength = 64 * 1024;

/** The tree of a file that is one document of plain JSON values with text keys, or why it is not. */
export function parseYaml(source: SourceFile): ParsedFile | { diagnostics: Diagnostic[] } {
  const { text } = source;
  const whole: Location = { file: source, span: { start: 0, end: 0 } };
  if (text.length > maxLength) {
    return { diagnostics: [diagnose('too-large', `The file is larger than ${maxLength / 1024 / 1024} MiB`, whole)] };
  }
  const conflict = /^(<{7}|>{7})(?= |\r?$)/m.exec(text);
  if (conflict !== null) {
    const span = { start: conflict.index, end: conflict.index + 7 };
    const hint = 'resolve the conflict and remove the markers';
    const message = 'The file has merge conflict markers';
    return { diagnostics: [diagnose('merge-conflict', message, { file: source, span }, { hint })] };
  }
  try {
    return treeOf(source);
  } catch (error) {
    // The parser closes nested blocks by recursion: only a depth in the thousands ends here.
    if (!(error instanceof RangeError)) throw error;
    return { diagnostics: [diagnose('too-large', `Values are nested deeper than ${maxDepth} levels`, whole)] };
  }
}

/** Throws a RangeError where values are nested too deep for the parser. */
function treeOf(source: SourceFile): ParsedFile | { diagnostics: Diagnostic[] } {
  const pieces = source.text.length > largeLength ? readPieces(source) : null;
  if (pieces !== null) return { source, root: pieces };
  const reader = new YamlReader(source);
  const root = reader.readAll(compose(source.text));
  return reader.diagnostics.length > 0 || root === null ? { diagnostics: reader.diagnostics } : { source, root };
}

function compose(text: string): Document.Parsed[] {
  const composer = new Composer({
    version: '1.2',
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
  });
  return [...composer.compose(new Parser().parse(text), true, text.length)] as Document.Parsed[];
}

/**
 * The tree of a file whose stages can be read a few at a time: the same as of the file at once. Null for any other, and for
 * one with anything wrong with it: who reads it at once can tell what.
 */
function readPieces(source: SourceFile): MappingNode | null {
  const split = splitStages(source.text);
  if (split === null) return null;
  const read = ({ start, end }: Span, depth: number): MappingNode | null =>
    new YamlReader(source, start).readMapping(compose(source.text.slice(start, end)), depth);
  const stages = new Map<string, Entry>();
  const whole = new Map<string, Entry>();
  /** False where a key is written twice. */
  const add = (to: Map<string, Entry>, { entries }: MappingNode): boolean => {
    for (const [key, entry] of entries) {
      if (to.has(key)) return false;
      to.set(key, entry);
    }
    return true;
  };
  const outer = split.outer.map((span) => read(span, 0));
  if (!outer.every((each) => each !== null && add(whole, each))) return null;
  let last: MappingNode | null = null;
  let first: MappingNode | null = null;
  for (const span of split.stages) {
    last = read(span, 1);
    if (last === null || !add(stages, last)) return null;
    first ??= last;
  }
  const place = whole.get('stages');
  if (first === null || last === null || place === undefined || toJson(place.value) !== null) return null;
  const at = (from: MappingNode, to: MappingNode): Location => ({
    file: source,
    span: { start: from.at.span.start, end: to.at.span.end },
  });
  whole.set('stages', { key: place.key, value: { kind: 'mapping', entries: stages, at: at(first, last) } });
  return { kind: 'mapping', entries: whole, at: at(outer[0]!, outer[1] ?? last) };
}

/**
 * Where a value was written, or with `key` the key it belongs to. A path that leads nowhere is where its nearest parent is.
 */
export function locate(file: ParsedFile, path: YamlPath, part: 'key' | 'value' = 'value'): Location {
  let node = file.root;
  let key: Location | null = null;
  for (const step of path) {
    if (node.kind === 'mapping') {
      const entry = node.entries.get(String(step));
      if (entry === undefined) break;
      key = entry.key;
      node = entry.value;
    } else if (node.kind === 'list') {
      const item = node.items[Number(step)];
      if (item === undefined) break;
      key = null;
      node = item;
    } else break;
  }
  // An empty value has no text of its own to point at.
  const { start, end } = node.at.span;
  return key !== null && (part === 'key' || start === end) ? key : node.at;
}

/** The place of a piece of text within a value, or the whole value where escapes hide it. */
export function locateWithin(at: Location, piece: string): Location {
  const { start, end } = at.span;
  const index = at.file.text.slice(start, end).indexOf(piece);
  return index < 0 || piece === ''
    ? at
    : { file: at.file, span: { start: start + index, end: start + index + piece.length } };
}

export function toJson(node: YamlNode): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toJson);
    case 'mapping':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toJson(value)]));
  }
}

/**
 * One `--set path=value`; the value is YAML, so `null`, `3`, `[1, 2]` and `text` mean what they mean in the file.
 * What YAML reads as nothing, `#ff0000` as a comment, is that text: it was typed to be the value. A value with a comment
 * after it, or that is no YAML (`C:\data: x`), is an error: quoting it is one keystroke, guessing wrong is one run.
 */
export function parseOverride(text: string): { path: string; value: Json } | { diagnostics: Diagnostic[] } {
  const equals = text.indexOf('=');
  const source = new SourceFile('--set', text);
  if (equals < 1) {
    const at = { file: source, span: { start: 0, end: text.length } };
    return { diagnostics: [diagnose('bad-value', `Write --set as path=value, it is "${text}"`, at)] };
  }
  const path = text.slice(0, equals);
  const written = text.slice(equals + 1);
  const { hasContent, comment } = lexed(written);
  if (!hasContent && !/\p{Surrogate}/u.test(written)) return { path, value: written };
  if (comment !== null) {
    const start = equals + 1 + comment;
    const message = 'To YAML the text from "#" on is a comment, which would be left out';
    const hint = 'put quotes around the value, within those of the shell';
    const at = { file: source, span: { start, end: text.length } };
    return { diagnostics: [diagnose('bad-value', message, at, { hint })] };
  }
  // Blanks keep every offset where it is in the argument.
  const value = parseYaml(new SourceFile('--set', ' '.repeat(equals + 1) + written));
  if ('diagnostics' in value) {
    return { diagnostics: value.diagnostics.map((each) => ({ ...each, at: { file: source, span: each.at.span } })) };
  }
  return { path, value: toJson(value.root) };
}

/** Whether there is more than blanks and comments in a text of YAML, and where its first comment begins. */
function lexed(text: string): { hasContent: boolean; comment: number | null } {
  let hasContent = false;
  let comment: number | null = null;
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    // Marks of the lexer itself: of the beginning and the end of a document, and before a scalar.
    const isMark = token === '\u0002' || token === '\u0018' || token === '\u001f';
    if (!isScalar && token.startsWith('#')) comment ??= offset;
    else if (!isMark && token.trim() !== '') hasContent = true;
    isScalar = token === '\u001f';
    if (!isMark) offset += token.length;
  }
  return { hasContent, comment };
}
