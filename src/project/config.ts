// Where results are shared: `repro.config.yaml` beside the pipeline file, and the user's own file over it.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { ErrorObject } from 'ajv';
import { diagnose, type Diagnostic } from '../pipeline/diagnostic.ts';
import { locate, type ParsedFile, parseYaml, toJson } from '../pipeline/parse.ts';
import { SourceFile } from '../pipeline/source.ts';
import { suggestion } from '../pipeline/suggest.ts';
import type { Config, RemoteDeclaration } from '../schema/types.ts';
import { validate_config } from '../schema/validators.js';
import { InvalidFile } from './invalid-file.ts';

export interface LoadedConfig {
  readonly remotes: Readonly<Record<string, RemoteDeclaration>>;
  /** Of the private key that signs, absolute. */
  readonly key: string | null;
}

export const configFile = 'repro.config.yaml';

/**
 * What is configured for a project; paths in it are absolute.
 * @throws {InvalidFile} with everything that is wrong in one of the files
 */
export async function loadConfig(root: string): Promise<LoadedConfig> {
  const home = process.env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config');
  const project = await readConfig(path.join(root, configFile));
  const user = await readConfig(path.join(home, 'repro', 'config.yaml'));
  const names = new Set([...Object.keys(project.remotes ?? {}), ...Object.keys(user.remotes ?? {})]);
  const remotes = [...names].map((name): [string, RemoteDeclaration] => [
    name,
    { ...project.remotes?.[name], ...user.remotes?.[name] } as RemoteDeclaration,
  ]);
  const key = process.env['REPRO_SIGNING_KEY'] || (user.key ?? project.key);
  return { remotes: Object.fromEntries(remotes), key: key === undefined ? null : path.resolve(key) };
}

async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (text === null || text.trim() === '') return {};
  const source = new SourceFile(path.relative(process.cwd(), file), text);
  const parsed = parseYaml(source);
  if ('diagnostics' in parsed) throw new InvalidFile('configuration', parsed.diagnostics);
  const value = toJson(parsed.root);
  if (!validate_config(value)) {
    throw new InvalidFile(
      'configuration',
      (validate_config.errors ?? []).map((error) => describe(error, parsed)),
    );
  }
  return absolute(value as unknown as Config, path.dirname(file));
}

function absolute(config: Config, directory: string): Config {
  const resolve = (each: string): string => path.resolve(directory, each);
  const remotes = Object.entries(config.remotes ?? {}).map(([name, remote]): [string, RemoteDeclaration] => {
    const url = remote.url.startsWith('file:') ? `file:${resolve(remote.url.slice('file:'.length))}` : remote.url;
    if (!Array.isArray(remote.trust)) return [name, { ...remote, url }];
    return [name, { ...remote, url, trust: remote.trust.map(resolve) as typeof remote.trust }];
  });
  return { remotes: Object.fromEntries(remotes), ...(config.key !== undefined && { key: resolve(config.key) }) };
}

function describe(error: ErrorObject, file: ParsedFile): Diagnostic {
  const where = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty: key } = error.params as { additionalProperty: string };
    const known = where.length === 0 ? ['remotes', 'key'] : ['url', 'endpoint', 'region', 'trust', 'platforms'];
    const at = locate(file, [...where, key], 'key');
    return diagnose('unknown-key', `Unknown key "${key}"`, at, {
      hint: suggestion(key, known) ?? `known: ${known.join(', ')}`,
    });
  }
  const code = error.keyword === 'required' ? 'missing-key' : 'bad-value';
  return diagnose(code, `"${where.join('.') || 'The file'}" ${error.message ?? 'does not fit'}`, locate(file, where));
}
