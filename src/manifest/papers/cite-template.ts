// A text with placeholders filled from manifests: {{stage.name}}, {{stage[axis=value].name | mean ± sd}}, {{?maybe.name}}.
import type { Diagnostic } from '../../pipeline/diagnostic.ts';
import type { SourceFile } from '../../pipeline/source.ts';
import { suggestion } from '../../pipeline/suggest.ts';
import type { Manifest } from '../../schema/types.ts';
import { standingParts } from '../standing.ts';
import { addressSuggestion, cite, numbersAt, parseFormat, statistics } from './citation.ts';
import { latexComment, latexText } from './latex-text.ts';
import { joinMarkdown, asMarkdown, markdownCode } from '../text/markdown-text.ts';

/** A manifest that placeholders may quote. */
export interface CitedManifest {
  readonly manifest: Manifest;
  /** As a person would type it. */
  readonly path: string;
  /** Of the manifest's bytes. */
  readonly digest: string;
}

/** By alias; the one without a name is `''`. */
export type CitedManifests = ReadonlyMap<string, CitedManifest>;

interface Placeholder {
  readonly start: number;
  readonly end: number;
  readonly optional: boolean;
  readonly alias: string;
  readonly address: string;
  readonly format: string | null;
}

/** What stands for a number that is not there, where the placeholder allows it. */
const nothing = '—';

/** `{{`, unless a backslash before it says that braces are meant. What is between braces is looked at apart, once. */
const placeholder = /\\\{\{|\{\{(?:([^{}]*)\}\})?/g;

/** More are not listed: the first tell what is wrong with the rest. */
const mostDiagnostics = 100;

/** The manifests a template asks for, by alias. */
export function aliasesOf(template: SourceFile): Set<string> {
  return new Set(placeholdersOf(template).map(({ alias }) => alias));
}

/** The text with every placeholder filled, and where its numbers came from; or everything that is wrong in it. */
export function fillTemplate(
  template: SourceFile,
  manifests: CitedManifests,
): { readonly text: string } | { readonly diagnostics: readonly Diagnostic<TemplateCode>[] } {
  const { text } = template;
  const diagnostics: Diagnostic<TemplateCode>[] = [];
  let filled = '';
  let from = 0;
  const found = placeholdersOf(template);
  const isLatex = /\.tex$/i.test(template.path);
  for (const each of found) {
    const result = fill(each, manifests, isLatex ? latexText : (unit) => asMarkdown`${unit}`.text);
    if ('text' in result) filled += text.slice(from, each.start) + result.text;
    else diagnostics.push(problem(result, template, each));
    if (diagnostics.length === mostDiagnostics) break;
    from = each.end;
  }
  if (diagnostics.length > 0) return { diagnostics };
  filled += text.slice(from);
  const cited = [...manifests].filter(([alias]) => found.some((each) => each.alias === alias));
  return {
    text: `${filled.replaceAll('\\{{', '{{').trimEnd()}\n${isLatex ? latexSources(cited) : markdownSources(cited)}`,
  };
}

function placeholdersOf({ text }: SourceFile): Placeholder[] {
  return [...text.matchAll(placeholder)].flatMap((match): Placeholder[] => {
    const [whole, content = ''] = match;
    if (whole.startsWith('\\')) return [];
    return [{ start: match.index, end: match.index + whole.length, ...partsOf(content) }];
  });
}

/** `?alias:address | format`; no address where it is none. */
function partsOf(content: string): Pick<Placeholder, 'optional' | 'alias' | 'address' | 'format'> {
  const bar = content.indexOf('|');
  const number = (bar < 0 ? content : content.slice(0, bar)).trim();
  const format = bar < 0 ? null : content.slice(bar + 1).trim();
  const optional = number.startsWith('?');
  const named = number.slice(optional ? 1 : 0).trim();
  const alias = /^([a-z][a-z0-9-]*):/.exec(named)?.[1] ?? '';
  const address = alias === '' ? named : named.slice(alias.length + 1);
  if (`${address}${format ?? ''}`.includes('\n')) return { optional: false, alias: '', address: '', format: null };
  return { optional, alias, address, format };
}

type TemplateCode = 'bad-placeholder' | 'bad-format' | 'bad-citation' | 'unknown-manifest' | 'unknown-number';

interface Problem {
  readonly code: TemplateCode;
  readonly problem: string;
  readonly hint?: string | undefined;
  /** The part of the placeholder that is wrong. */
  readonly part: string;
}

function fill(
  { optional, alias, address, format: written }: Placeholder,
  manifests: CitedManifests,
  escape: (unit: string) => string,
): { readonly text: string } | Problem {
  const format = written === null ? null : parseFormat(written);
  if (written !== null && format === null) {
    const hint = `such as value, mean ± sd, min to max, mean ± se .3f; known are ${statistics.join(', ')}`;
    return { code: 'bad-format', problem: `Not a format: "${written}"`, hint, part: written };
  }
  if (address === '') {
    const hint = 'write {{stage.name}} or {{stage.name | mean ± sd}}; for braces as such write \\{{';
    return { code: 'bad-placeholder', problem: 'Not a placeholder', hint, part: '' };
  }
  const manifest = manifests.get(alias)?.manifest;
  if (manifest === undefined) {
    if (optional) return { text: nothing };
    const hint = suggestion(
      alias,
      [...manifests.keys()].filter((known) => known !== ''),
    );
    const message = alias === '' ? 'There is no manifest without a name' : `No manifest is named "${alias}"`;
    return { code: 'unknown-manifest', problem: message, hint: hint ?? 'name it: --manifest NAME=PATH', part: alias };
  }
  const numbers = numbersAt(manifest, address);
  if (numbers.length === 0) {
    if (optional) return { text: nothing };
    const message = `Run ${manifest.run.id} has no number "${address}"`;
    return { code: 'unknown-number', problem: message, hint: addressSuggestion(manifest, address), part: address };
  }
  const cited = cite(numbers, format, escape);
  if ('text' in cited) return cited;
  if (cited.absent && optional) return { text: nothing };
  return { code: 'bad-citation', part: address, ...cited };
}

function problem(
  { code, problem: message, hint, part }: Problem,
  file: SourceFile,
  at: Placeholder,
): Diagnostic<TemplateCode> {
  const offset = file.text.slice(at.start, at.end).indexOf(part);
  const start = at.start + Math.max(0, offset);
  const end = part === '' ? at.end : start + part.length;
  const diagnostic = { code, severity: 'error', message, at: { file, span: { start, end } }, related: [] } as const;
  return hint === undefined ? diagnostic : { ...diagnostic, hint };
}

type Cited = readonly (readonly [alias: string, CitedManifest])[];

// Machines and versions are no results: lint-paper passes over them.
function markdownSources(cited: Cited): string {
  if (cited.length === 0) return '';
  const lines = cited.map(([alias, { manifest, digest }]) => {
    const { run, git, pipeline, environment } = manifest;
    const commit = git === null ? 'outside git' : asMarkdown`commit ${markdownCode(git.commit)}`;
    const facts = [
      asMarkdown`run ${markdownCode(run.id)}${run.outcome === 'complete' ? '' : ` (${run.outcome})`}`,
      ...(pipeline.profile === null ? [] : [asMarkdown`profile ${markdownCode(pipeline.profile)}`]),
      ...standingParts(manifest),
      git !== null && git.dirty !== null ? asMarkdown`${commit} with uncommitted changes` : commit,
      asMarkdown`manifest ${markdownCode(digest)}`,
      `${environment.cpu}, Node ${environment.node}`,
    ];
    return asMarkdown`- ${alias === '' ? '' : `${alias}: `}${joinMarkdown(facts, ', ')}`;
  });
  return `\n---\n\n<!-- repro-ignore-start -->\nThe numbers above were filled in by \`repro cite\` from\n\n${joinMarkdown(lines, '\n').text}\n<!-- repro-ignore-end -->\n`;
}

function latexSources(cited: Cited): string {
  if (cited.length === 0) return '';
  const lines = cited.map(([alias, { manifest, digest }]) => {
    const { run, git, pipeline, environment } = manifest;
    const dirty = git !== null && git.dirty !== null ? ' with uncommitted changes' : '';
    const facts = [
      `run ${run.id}${run.outcome === 'complete' ? '' : ` (${run.outcome})`}`,
      ...(pipeline.profile === null ? [] : [`profile ${pipeline.profile}`]),
      ...standingParts(manifest),
      git === null ? 'outside git' : `commit ${git.commit}${dirty}`,
      `manifest ${digest}`,
      `${environment.cpu}, Node ${environment.node}`,
    ];
    return latexComment(`${alias === '' ? '' : `${alias}: `}${facts.join(', ')}`);
  });
  return [latexComment('The numbers above were filled in by repro cite from'), ...lines, ''].join('\n');
}
