// Shell completion: what may stand at the place of the last word. The scripts of `repro completion` ask for it.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { figureOutputs } from '../report/figure-outputs.ts';
import type { Manifest } from '../schema/types.ts';
import { latestManifest, manifestFolder, nearestPipeline, tagFolder } from '../project/places.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

/** The script that a shell reads to complete `repro`. */
export const completionScripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `_repro() {
  local IFS=$'\\n'
  COMPREPLY=($(repro complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _repro repro
`,
  zsh: `#compdef repro
_repro() {
  local -a found
  found=(\${(f)"$(repro complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -a found; else _files; fi
}
compdef _repro repro
`,
  fish: `complete -c repro -a '(repro complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
`,
};

/** What the pipeline file and the store offer; nothing where they cannot be read. */
interface Surroundings {
  readonly stages: readonly string[];
  readonly profiles: readonly string[];
  readonly manifests: readonly string[];
  readonly numbers: readonly string[];
  readonly figures: readonly string[];
}

/** Words that begin as the last one does. @param words What follows \`repro\`, up to the place of completion. */
export function candidates(program: Command, words: readonly string[]): string[] {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const file = valueOf(before, '--file', '-f') ?? nearestPipeline();
  const verb = program.commands.find((command) => before.includes(command.name()));
  return offered(program, verb, before, current, () => readSurroundings(file))
    .filter((word) => word.startsWith(current))
    .sort();
}

function offered(
  program: Command,
  verb: Command | undefined,
  before: readonly string[],
  current: string,
  surroundings: () => Surroundings,
): readonly string[] {
  const options = [...program.options, ...(verb?.options ?? [])];
  const last = options.find(({ short, long }) => before.at(-1) === long || before.at(-1) === short);
  if (last?.long === '--profile') return surroundings().profiles;
  if (last !== undefined && (last.required || last.optional)) return last.argChoices ?? [];
  if (current.startsWith('-')) return [...options.flatMap(({ long }) => long ?? []), '--help'];
  if (verb === undefined) return visible(program).map((command) => command.name());
  const words = before.slice(before.indexOf(verb.name()) + 1).filter((word) => !word.startsWith('-')).length;
  const argument = verb.registeredArguments[Math.min(words, verb.registeredArguments.length - 1)];
  if (argument === undefined || (words >= verb.registeredArguments.length && !argument.variadic)) return [];
  switch (argument.name()) {
    case 'stage':
    case 'stages':
      return surroundings().stages;
    case 'number':
      return surroundings().numbers;
    case 'address':
      return surroundings().figures;
    case 'what':
      return [...surroundings().stages, ...surroundings().numbers];
    case 'result':
      return [...surroundings().stages, ...surroundings().manifests];
    case 'manifest':
    case 'manifests':
    case 'from':
    case 'to':
      return surroundings().manifests;
    default:
      return argument.argChoices ?? [];
  }
}

function visible(program: Command): readonly Command[] {
  return program.createHelp().visibleCommands(program);
}

function valueOf(words: readonly string[], long: string, short: string): string | undefined {
  const at = words.findIndex((word) => word === long || word === short);
  return at < 0 ? undefined : words[at + 1];
}

function readSurroundings(file: string): Surroundings {
  const root = path.dirname(path.resolve(file));
  const document = attempt(() => parse(readFileSync(file, 'utf8')) as Record<string, object> | null) ?? {};
  const names = (folder: string) =>
    (attempt(() => readdirSync(path.join(root, folder))) ?? [])
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length));
  const latest = attempt(
    () => JSON.parse(readFileSync(path.join(root, latestManifest), 'utf8')) as Pick<Manifest, 'numbers' | 'stages'>,
  );
  return {
    stages: Object.keys(document['stages'] ?? {}),
    profiles: Object.keys(document['profiles'] ?? {}),
    manifests: ['latest', 'last', 'previous', ...names(tagFolder), ...names(manifestFolder)],
    numbers: latest?.numbers.map(({ address }) => address) ?? [],
    figures: latest === null ? [] : (attempt(() => figureOutputs(latest).map(({ address }) => address)) ?? []),
  };
}

/** Completion never fails: an unreadable file offers nothing. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
