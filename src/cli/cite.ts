// `repro cite [MANIFEST]`: the numbers of a run for LaTeX and programs, or a text with its placeholders filled.
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { latexMacros, quotableNumbers } from '../manifest/papers/cite-macros.ts';
import { aliasesOf, fillTemplate } from '../manifest/papers/cite-template.ts';
import { settingsOf } from '../manifest/standing.ts';
import { InvalidFile } from '../project/invalid-file.ts';
import { open } from './open.ts';
import type { CiteOptions } from './options.ts';
import { print, printDocument, printJson } from './view/print.ts';
import type { NamedManifest } from '../project/named-manifest.ts';
import { noteStanding } from './quoted.ts';
import { readText } from './read-text.ts';
import { writeNamed, writeUsual } from './write-to.ts';

export async function citeVerb(options: CiteOptions, name: string | undefined): Promise<ExitCode> {
  if (options.fill !== undefined) return fillVerb(options, options.fill, name);
  if (options.manifest !== undefined) {
    throw new ReproError('bad-usage', '--manifest gives names to what a template quotes', {
      exit: exitCode.usage,
      hint: 'name the template with --fill, or the one manifest as the argument',
    });
  }
  const project = open(options);
  const { manifest, path: shown } = await project.manifest(name);
  noteStanding(manifest);
  const document = { run: manifest.run, ...settingsOf(manifest), numbers: quotableNumbers(manifest) };
  if (options.json) {
    printJson(document);
    return exitCode.ok;
  }
  const texts = { '.tex': latexMacros(manifest, shown), '.json': `${JSON.stringify(document, null, 2)}\n` };
  if (options.output === undefined) {
    for (const [extension, text] of Object.entries(texts)) {
      print(writeUsual(project.root, `artifacts/numbers${extension}`, text));
    }
    return exitCode.ok;
  }
  const text = texts[path.extname(options.output) as '.tex'] as string | undefined;
  if (text === undefined) {
    throw new ReproError('bad-usage', `Numbers are written to a .tex or a .json file, not to "${options.output}"`, {
      exit: exitCode.usage,
    });
  }
  print(writeNamed(options.output, text));
  return exitCode.ok;
}

async function fillVerb(options: CiteOptions, templatePath: string, name: string | undefined): Promise<ExitCode> {
  const message = `Cannot read the template "${templatePath}"`;
  const template = await readText(templatePath, { code: 'no-template', message });
  const named = new Map((options.manifest ?? []).map(parseManifestOption));
  const project = open(options);
  const manifests = new Map<string, NamedManifest>();
  for (const alias of aliasesOf(template)) {
    const wanted = alias === '' ? (name ?? 'latest') : named.get(alias);
    if (wanted === undefined) continue;
    const found = await project.manifest(wanted);
    noteStanding(found.manifest);
    manifests.set(alias, found);
  }
  const result = fillTemplate(template, manifests);
  if ('diagnostics' in result) throw new InvalidFile('template', result.diagnostics);
  const written = options.output === undefined ? null : writeNamed(options.output, result.text);
  if (options.json) printJson({ written, text: result.text, manifests: [...manifests].map(manifestDocument) });
  else if (written === null) printDocument(result.text);
  else print(written);
  return exitCode.ok;
}

function parseManifestOption(text: string): [alias: string, name: string] {
  const match = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text);
  if (match === null) {
    throw new ReproError('bad-usage', `--manifest needs name=MANIFEST, it is "${text}"`, {
      exit: exitCode.usage,
      hint: 'a name has small letters, digits and hyphens: --manifest truth=artifacts/reference/truth.json',
    });
  }
  return [match[1]!, match[2]!];
}

function manifestDocument([alias, { manifest, path: shown, digest }]: [string, NamedManifest]): unknown {
  return { alias, path: shown, digest, run: manifest.run.id, ...settingsOf(manifest), git: manifest.git };
}
