// A text with placeholders filled from manifests: {{stage.name}}, {{stage[axis=value].name | mean ± sd}}, {{?maybe.name}}.
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import type { SourceFile } from '../pipeline/source.ts';
import { suggestion } from '../pipeline/suggest.ts';
import type { Manifest } from '../schema/types.ts';
import { addressSuggestion, cite, numbersAt, parseFormat, statistics } from './citation.ts';
import { markdownCode, markdownText } from './markdown-text.ts';

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

/** `{{`, unless a backslash before it says that braces are meant. */
const placeholder = /\\\{\{|\{\{(\??)\s*(?:([a-z][a-z0-9-]*):)?([^|{}\n]*?)\s*(?:\|\s*([^{}\n]*?)\s*)?\}\}|\{\{/g;

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
  for (const each of found) {
    const result = fill(each, manifests);
    if ('text' in result) filled += text.slice(from, each.start) + result.text;
    else diagnostics.push(problem(result, template, each));
    from = each.end;
  }
  if (diagnostics.length > 0) return { diagnostics };
  filled += text.slice(from);
  const cited = [...manifests].filter(([alias]) => found.some((each) => each.alias === alias));
  return { text: `${filled.replaceAll('\\{{', '{{').trimEnd()}\n${sourcesText(cited)}` };
}

function placeholdersOf({ text }: SourceFile): Placeholder[] {
  return [...text.matchAll(placeholder)].flatMap((match): Placeholder[] => {
    const [whole, optional, alias, address = '', format] = match;
    if (whole.startsWith('\\')) return [];
    const place = { start: match.index, end: match.index + whole.length };
    return [{ ...place, optional: optional === '?', alias: alias ?? '', address, format: format ?? null }];
  });
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
  const cited = cite(numbers, format);
  if ('text' in cited) return { text: format?.first === 'unit' ? markdownText(cited.text) : cited.text };
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

function sourcesText(cited: readonly (readonly [string, CitedManifest])[]): string {
  if (cited.length === 0) return '';
  const lines = cited.map(([alias, { manifest, digest }]) => {
    const { run, git, pipeline, environment } = manifest;
    const commit = git === null ? 'outside git' : `commit ${markdownCode(git.commit)}`;
    const facts = [
      `run ${markdownCode(run.id)}${run.outcome === 'complete' ? '' : ` (${run.outcome})`}`,
      pipeline.profile === null ? null : `profile ${markdownCode(pipeline.profile)}`,
      git !== null && git.dirty !== null ? `${commit} with uncommitted changes` : commit,
      `manifest ${markdownCode(digest)}`,
      `${markdownText(environment.cpu)}, Node ${markdownText(environment.node)}`,
    ];
    return `- ${alias === '' ? '' : `${alias}: `}${facts.filter((fact) => fact !== null).join(', ')}`;
  });
  // Machines and versions are no results: lint-paper passes over them.
  return `\n---\n\n<!-- repro-ignore-start -->\nThe numbers above were filled in by \`repro cite\` from\n\n${lines.join('\n')}\n<!-- repro-ignore-end -->\n`;
}
