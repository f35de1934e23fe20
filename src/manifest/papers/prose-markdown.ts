// The prose of a Markdown file, found by a parser for Markdown (CommonMark with the tables of GitHub).
import { GFM, type InlineContext, type MarkdownConfig, parser as commonMark } from '@lezer/markdown';
import { exitCode, ReproError } from '../../error.ts';
import { blanked, type Comment, type Prose, type Range, rangesOf } from './prose.ts';

/** A definition of a link on one line; it must begin a paragraph. */
const definition = /^ {0,3}\[(?!\^)[^[\]\n]+\]:[ \t]*\S+(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$/;

/** What ends a comment, an instruction, CDATA and a declaration. */
const enclosed = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<![CDATA[', ']]>'],
  ['<!', '>'],
] as const;

/** By text between blank lines, the terminators that do not come any more: each is looked for once. */
const gone = new WeakMap<InlineContext, Set<string>>();

/** The end of what begins with `<`, or -1 where it is a mere sign. */
function markupEnd(text: string, at: number, missing: Set<string>): { end: number; isComment: boolean } | null {
  for (const [opening, closing] of enclosed) {
    if (!text.startsWith(opening, at)) continue;
    const found = missing.has(closing) ? -1 : text.indexOf(closing, at + opening.length);
    if (found >= 0) return { end: found + closing.length, isComment: opening === '<!--' };
    missing.add(closing);
    return null;
  }
  const tag = /<(?:\/?[a-z][^<>]*|[a-z][a-z0-9+.-]*:[^<>\s]*)>/iy;
  tag.lastIndex = at;
  return tag.test(text) ? { end: tag.lastIndex, isComment: false } : null;
}

/**
 * Emphasis hides no number, and links are looked for afterwards: the parsers of those look back again and again. What
 * is left here takes time in proportion to the text.
 */
const linear: MarkdownConfig = {
  remove: ['Emphasis', 'Link', 'Image', 'LinkEnd', 'HardBreak', 'Strikethrough', 'TaskList'],
  parseInline: [
    {
      name: 'HTMLTag',
      parse(context, next, position) {
        if (next !== 60) return -1;
        const missing = gone.get(context) ?? new Set();
        gone.set(context, missing);
        const found = markupEnd(context.text, position - context.offset, missing);
        if (found === null) return -1;
        const name = found.isComment ? 'Comment' : 'HTMLTag';
        return context.addElement(context.elt(name, position, context.offset + found.end));
      },
    },
  ],
  parseBlock: [
    {
      name: 'LinkReference',
      leaf(_, leaf) {
        if (!definition.test(leaf.content)) return null;
        const end = leaf.start + leaf.content.length;
        return {
          nextLine: (context, _line, block) => {
            context.addLeafElement(block, context.elt('LinkReference', leaf.start, end));
            return true;
          },
          finish: (context, block) => {
            context.addLeafElement(block, context.elt('LinkReference', leaf.start, end));
            return true;
          },
        };
      },
    },
  ],
};

const parser = commonMark.configure([GFM, linear]);
const blankNodes = new Set(['FencedCode', 'CodeBlock', 'InlineCode', 'HTMLTag', 'LinkReference', 'ListMark']);
const htmlBlocks = new Set(['HTMLBlock', 'CommentBlock', 'ProcessingInstructionBlock']);

/** Lists and quotations in each other on one line; nobody writes as many, and each costs the parser all those around it. */
const tooDeep = /^[ \t]*(?:(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])[ \t]*){101}/m;

/** @throws {ReproError} `bad-paper` where lists or quotations are in each other more than 100 times. */
export function markdownProse(text: string): Prose {
  const deep = tooDeep.exec(text);
  if (deep !== null) {
    const line = text.slice(0, deep.index).split('\n').length;
    throw new ReproError('bad-paper', `Line ${line} opens more than 100 lists or quotations in each other`, {
      exit: exitCode.usage,
      hint: 'no renderer shows that: break the line, or put it into a code block',
    });
  }
  const front = frontMatter(text);
  const source = blanked(text, [[0, front.end]]);
  const ranges: Range[] = [];
  const comments: Comment[] = [];
  const comment = (start: number, end: number) => {
    ranges.push([start, end]);
    comments.push({ start, end, text: text.slice(start + '<!--'.length, Math.max(start + 4, end - '-->'.length)) });
  };
  parser.parse(source).iterate({
    enter({ name, from, to }) {
      if (name === 'Comment') comment(from, to);
      else if (htmlBlocks.has(name)) readHtml(source, from, to, comment, ranges);
      else if (blankNodes.has(name)) ranges.push([from, to]);
      else if (name.startsWith('ATXHeading')) ranges.push(...headingNumber(source.slice(from, to), from));
    },
  });
  const read = blanked(text, [...front.ranges, ...ranges]);
  const prose = blanked(read, [...links(read), ...keys.flatMap((key) => rangesOf(read, key))]);
  return { text: withPowers(prose, text), comments };
}

/** `10<sup>-2</sup>` with a sign of a power in place of its tag, which is blank in the prose; not where the ten is blank as well. */
function withPowers(prose: string, text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { index } of text.matchAll(/10<sup>(?=[-−+]?\d{1,6}<\/sup>)/gi)) {
    if (!prose.startsWith('10', index)) continue;
    parts.push(prose.slice(at, index + 2), '^');
    at = index + 3;
  }
  return parts.join('') + prose.slice(at);
}

/** Placeholders, labels of footnotes, keys of citations and their numbers in brackets. */
const keys = [
  /\{\{\s*\??[a-z][^{}\n]*\}\}/g,
  /\[\^[^[\]\s]{1,80}\]/g,
  /(?<![\w.])@[A-Za-z_][\w:.#$%&+?<>~/-]*/g,
  /\[\d{1,4}(?:\s?[,;–-]\s?\d{1,4})*\]/g,
];

/** The block of settings that a file may begin with; its title and abstract are read. */
function frontMatter(text: string): { end: number; ranges: Range[] } {
  const end = /^---[ \t]*\r?\n/.test(text) ? /\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text) : null;
  if (end === null) return { end: 0, ranges: [] };
  const ranges: Range[] = [];
  let isRead = false;
  let at = 0;
  for (const line of text.slice(0, end.index + end[0].length).split('\n')) {
    const key = /^([A-Za-z][\w-]*):/.exec(line)?.[1];
    if (key !== undefined || /^\S/.test(line))
      isRead = /^(?:title|subtitle|abstract|description|keywords)$/i.test(key ?? '');
    if (!isRead) ranges.push([at, Math.min(at + line.length, text.length)]);
    at += line.length + 1;
  }
  return { end: end.index + end[0].length, ranges };
}

/** Tags and comments of a block of HTML, and all of its scripts and styles; what is between tags is read. */
function readHtml(
  text: string,
  from: number,
  to: number,
  comment: (start: number, end: number) => void,
  ranges: Range[],
): void {
  const block = text.slice(from, to);
  const lower = block.toLowerCase();
  const missing = new Set<string>();
  for (let at = block.indexOf('<'); at >= 0; at = block.indexOf('<', at)) {
    const found = markupEnd(block, at, missing);
    if (found === null) {
      at += 1;
      continue;
    }
    const code = /^<(script|style)\b/.exec(lower.slice(at, at + 8))?.[1];
    const close = code === undefined || missing.has(code) ? -1 : lower.indexOf(`</${code}`, found.end);
    if (code !== undefined && close < 0) missing.add(code);
    const end = Math.max(found.end, close);
    if (found.isComment) comment(from + at, from + end);
    else ranges.push([from + at, from + end]);
    at = end;
  }
}

/** `## 3.1 Results`: a number as sections have them, before a title. */
function headingNumber(heading: string, from: number): Range[] {
  const match = /^(#+[ \t]+)[1-9]\d?(?:\.[1-9]\d?)*\.?(?=[ \t]+\p{Lu})/u.exec(heading);
  return match === null ? [] : [[from + match[1]!.length, from + match[0].length]];
}

const destination =
  /\(\s{0,9}(?:<[^<>\n]*>|[^\s()<][^\s()]*(?:\([^\s()]*\)[^\s()]*)*)?(?:\s{1,9}(?:"[^"\n]*"|'[^'\n]*'))?\s{0,9}\)/y;

/** Where links and images lead to: `(there "title")` after a bracket that closes one before it. */
function links(text: string): Range[] {
  const ranges: Range[] = [];
  let open = 0;
  for (const match of text.matchAll(/\\[\\[\]]|\n[ \t]*\n|[[\]]/g)) {
    if (match[0] === '[') open += 1;
    else if (match[0].startsWith('\n')) open = 0;
    else if (match[0] === ']' && open > 0) {
      open -= 1;
      destination.lastIndex = match.index + 1;
      if (destination.test(text)) ranges.push([match.index + 1, destination.lastIndex]);
    }
  }
  return ranges;
}
