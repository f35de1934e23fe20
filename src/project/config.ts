// Where results are shared and stages run: `repro.config.yaml` beside the pipeline file, and the user's own file over it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Location } from '../pipeline/diagnostic.ts';
import { locate, type ParsedFile, parseYaml, toJson } from '../pipeline/parse.ts';
import { SourceFile } from '../pipeline/source.ts';
import type { Config, RemoteDeclaration } from '../schema/types.ts';
import { validate_config } from '../schema/validators.js';
import { configFaults, executorFaults } from './config-faults.ts';
import { InvalidFile } from './invalid-file.ts';
import { configPaths } from './places.ts';

export type ExecutorDeclaration = NonNullable<Config['executors']>[string];

export interface LoadedConfig {
  readonly remotes: Readonly<Record<string, RemoteDeclaration>>;
  /** Of the private key that signs, absolute. */
  readonly key: string | null;
  readonly executors: Readonly<Record<string, ExecutorDeclaration>>;
  /** Which stages run where; of those that fit a stage the first counts. */
  readonly use: readonly Use[];
}

export interface Use {
  /** `*` stands for any text. */
  readonly pattern: string;
  readonly executor: string;
  readonly patternAt: Location;
  readonly executorAt: Location;
  /** Of the user's file, which speaks of all projects. */
  readonly isOfUser: boolean;
}

interface ReadConfig {
  readonly config: Config;
  readonly use: readonly Use[];
}

/**
 * What is configured for a project; paths in it are absolute.
 * @throws {InvalidFile} with everything that is wrong in one of the files
 */
export async function loadConfig(root: string): Promise<LoadedConfig> {
  const paths = configPaths(root);
  const { config: project, use } = await readConfig(paths.project, false);
  const { config: user, use: first } = await readConfig(paths.user, true);
  const key = process.env['REPRO_SIGNING_KEY'] || (user.key ?? project.key);
  return {
    remotes: merged(project.remotes, user.remotes),
    key: key === undefined ? null : path.resolve(key),
    executors: merged(project.executors, user.executors),
    use: [...first, ...use],
  };
}

/** What the user's file says of something goes before what the project's says. */
function merged<Declaration extends object>(
  project: Readonly<Record<string, Declaration>> = {},
  user: Readonly<Record<string, Declaration>> = {},
): Record<string, Declaration> {
  const names = new Set([...Object.keys(project), ...Object.keys(user)]);
  return Object.fromEntries([...names].map((name) => [name, { ...project[name], ...user[name] } as Declaration]));
}

async function readConfig(file: string, isOfUser: boolean): Promise<ReadConfig> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (text === null || text.trim() === '') return { config: {}, use: [] };
  const source = new SourceFile(path.relative(process.cwd(), file), text);
  const parsed = parseYaml(source);
  if ('diagnostics' in parsed) throw new InvalidFile('configuration', parsed.diagnostics);
  const value: unknown = toJson(parsed.root);
  // All of it is a comment.
  if (value === null) return { config: {}, use: [] };
  if (!validate_config(value)) {
    throw new InvalidFile('configuration', configFaults(validate_config.errors ?? [], value, parsed));
  }
  const config = value as Config;
  const faults = executorFaults(config.executors ?? {}, parsed);
  if (faults.length > 0) throw new InvalidFile('configuration', faults);
  return { config: absolute(config, path.dirname(file)), use: usesOf(config, parsed, isOfUser) };
}

function absolute(config: Config, directory: string): Config {
  const resolve = (each: string): string => path.resolve(directory, each);
  const remotes = Object.entries(config.remotes ?? {}).map(([name, remote]): [string, RemoteDeclaration] => {
    const [, folder] = /^file:(?!\/\/[^/])(.+)$/.exec(remote.url) ?? [];
    const url = folder === undefined ? remote.url : `file:${resolve(folder)}`;
    if (!Array.isArray(remote.trust)) return [name, { ...remote, url }];
    return [name, { ...remote, url, trust: remote.trust.map(resolve) as typeof remote.trust }];
  });
  return {
    ...config,
    remotes: Object.fromEntries(remotes),
    ...(config.key !== undefined && { key: resolve(config.key) }),
  };
}

function usesOf({ use = {} }: Config, file: ParsedFile, isOfUser: boolean): Use[] {
  return Object.entries(use).map(([pattern, executor]) => ({
    pattern,
    executor,
    patternAt: locate(file, ['use', pattern], 'key'),
    executorAt: locate(file, ['use', pattern]),
    isOfUser,
  }));
}
