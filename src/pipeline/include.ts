// A pipeline in several files. `include` brings parameters, profiles, stages and gates of other files beside those of the main
// one; `defaults` is what the stages of one file have in common. What comes out is one tree, whose nodes know their files.
import { diagnose, type Diagnostic, type Location, type Report } from './diagnostic.ts';
import { parseYaml, type ParsedFile } from './parse.ts';
import type { Entry, MappingNode, YamlNode } from './yaml-node.ts';
import { projectPathFault } from './paths.ts';
import type { SourceFile } from './source.ts';
import { suggestion } from './suggest.ts';
import { checkFileSecrets } from './url-secret.ts';

/** Gives a file by its path, relative to the main one; or says why not, to follow its name. */
export type ReadIncluded = (path: string) => SourceFile | { readonly fault: string };

export interface Included {
  /** Relative to the main file. */
  readonly path: string;
  readonly source: SourceFile;
}

export interface Composed {
  readonly file: ParsedFile;
  readonly included: readonly Included[];
}

type Entries = ReadonlyMap<string, Entry>;

/** What an included file may hold. Only the name and the seed are of the whole. */
const includedKeys = ['params', 'profiles', 'stages', 'gates', 'defaults'];
/** What stages may have in common; `code` and `packages` are given to commands alone. */
const defaultKeys = ['code', 'packages', 'params', 'numbers', 'env', 'resources'];

/** The main file with those it includes, every one with its defaults; or all that keeps them from being one. */
export function composeFiles(source: SourceFile, read: ReadIncluded): Composed | { diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const main = parseSafe(source, report);
  if (main === null) return { diagnostics };
  // What else is wrong with its shape is said when the whole is checked.
  if (main.root.kind !== 'mapping') return { file: main, included: [] };
  let entries = withDefaults(main.root.entries, report);
  const included: Included[] = [];
  for (const { path, at } of includedPaths(main.root, report)) {
    const found = read(path);
    if ('fault' in found) {
      const hint = 'its path is relative to this file';
      report(diagnose('missing-file', `Cannot include "${path}": ${found.fault}`, at, { hint }));
      continue;
    }
    included.push({ path, source: found });
    const parsed = parseSafe(found, report);
    if (parsed === null || !checkIncluded(parsed.root, report)) continue;
    entries = mergeFiles(entries, withDefaults(parsed.root.entries, report), report);
  }
  if (diagnostics.length > 0) return { diagnostics };
  const root = { ...main.root, entries: without(entries, ['include']) };
  return { file: { source, root }, included };
}

/** A file in which no secret stands: what other diagnostics quote must not be one. */
function parseSafe(source: SourceFile, report: Report): ParsedFile | null {
  const parsed = parseYaml(source);
  const found = 'diagnostics' in parsed ? parsed.diagnostics : [];
  if (!('diagnostics' in parsed)) checkFileSecrets(parsed, (diagnostic) => void found.push(diagnostic));
  found.forEach(report);
  return 'diagnostics' in parsed || found.length > 0 ? null : parsed;
}

function includedPaths(root: MappingNode, report: Report): { path: string; at: Location }[] {
  const node = root.entries.get('include')?.value;
  if (node === undefined) return [];
  if (node.kind !== 'list') {
    report(diagnose('wrong-type', '"include" must be a list of files', node.at, { hint: 'include: [toys.yaml]' }));
    return [];
  }
  const paths = new Map<string, Location>();
  for (const item of node.items) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      report(diagnose('wrong-type', 'An included file must be a path', item.at));
      continue;
    }
    const path = item.value;
    const fault = projectPathFault(path);
    const first = paths.get(path);
    if (fault !== null) report(diagnose('bad-path', `Included file "${path}" ${fault}`, item.at));
    else if (first === undefined) paths.set(path, item.at);
    else {
      const related = [{ message: 'first included here', at: first }];
      report(diagnose('bad-value', `"${path}" is included twice`, item.at, { related }));
    }
  }
  return [...paths].map(([path, at]) => ({ path, at }));
}

function checkIncluded(root: YamlNode, report: Report): root is MappingNode {
  if (root.kind !== 'mapping') {
    report(diagnose('wrong-type', `An included file must be a mapping of ${includedKeys.join(', ')}`, root.at));
    return false;
  }
  for (const [name, { key }] of root.entries) {
    if (includedKeys.includes(name)) continue;
    const mainOnly: Readonly<Record<string, string>> = {
      name: 'the name is that of the main file',
      seed: 'the seed is that of the main file',
      include: 'files are included by the main file alone: list it there',
    };
    const hint = mainOnly[name] ?? suggestion(name, includedKeys);
    report(diagnose('unknown-key', `Unknown key "${name}" in an included file`, key, { hint }));
  }
  return true;
}

/** The keys of one file, with its defaults in its stages. */
function withDefaults(entries: Entries, report: Report): Entries {
  const defaults = entries.get('defaults')?.value;
  const rest = without(entries, ['defaults']);
  if (defaults === undefined) return rest;
  if (defaults.kind !== 'mapping') {
    report(diagnose('wrong-type', `"defaults" must be a mapping of ${defaultKeys.join(', ')}`, defaults.at));
    return rest;
  }
  for (const [name, { key }] of defaults.entries) {
    if (defaultKeys.includes(name)) continue;
    const hint = suggestion(name, defaultKeys);
    report(diagnose('unknown-key', `"${name}" is nothing that stages have in "defaults"`, key, { hint }));
  }
  const stages = rest.get('stages');
  if (stages?.value.kind !== 'mapping') return rest;
  const completed = [...stages.value.entries].map(
    ([name, { key, value }]) => [name, { key, value: completedStage(value, defaults) }] as const,
  );
  return new Map([...rest, ['stages', { ...stages, value: { ...stages.value, entries: new Map(completed) } }]]);
}

/** A stage with what it does not say itself; of `resources` each one by itself. */
function completedStage(stage: YamlNode, defaults: MappingNode): YamlNode {
  if (stage.kind !== 'mapping') return stage;
  const isCommand = stage.entries.get('run')?.value.kind === 'list';
  const entries = new Map(stage.entries);
  for (const [name, entry] of defaults.entries) {
    const own = entries.get(name);
    if (own === undefined) {
      if (isCommand || (name !== 'code' && name !== 'packages')) entries.set(name, entry);
    } else if (name === 'resources' && own.value.kind === 'mapping' && entry.value.kind === 'mapping') {
      const both = new Map([...entry.value.entries, ...own.value.entries]);
      entries.set(name, { ...own, value: { ...own.value, entries: both } });
    }
  }
  return { ...stage, entries };
}

/** Both files: parameters and profiles key by key, stages and gates by name. What stands in both is reported. */
function mergeFiles(first: Entries, second: Entries, report: Report): Entries {
  const merged = new Map(first);
  for (const [name, entry] of second) {
    // Others are reported.
    if (!includedKeys.includes(name)) continue;
    const old = merged.get(name);
    const depth = name === 'params' || name === 'profiles' ? Infinity : 1;
    merged.set(name, old === undefined ? entry : mergeEntries(name, old, entry, depth, report));
  }
  return merged;
}

function mergeEntries(path: string, first: Entry, second: Entry, depth: number, report: Report): Entry {
  const [a, b] = [first.value, second.value];
  if (depth === 0 || a.kind !== 'mapping' || b.kind !== 'mapping') {
    const related = [{ message: 'first written here', at: first.key }];
    report(diagnose('duplicate-key', `"${path}" stands in two files`, second.key, { related }));
    return first;
  }
  const entries = new Map(a.entries);
  for (const [key, entry] of b.entries) {
    const old = entries.get(key);
    entries.set(key, old === undefined ? entry : mergeEntries(`${path}.${key}`, old, entry, depth - 1, report));
  }
  return { key: first.key, value: { ...a, entries } };
}

function without(entries: Entries, keys: readonly string[]): Entries {
  return new Map([...entries].filter(([key]) => !keys.includes(key)));
}
