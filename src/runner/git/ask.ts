// How git is asked: about the repository that holds the project and no other, and so that it starts nothing which the
// checkout's own configuration names. A run with nothing to do asks it too, before execa could be imported.
import { execFile } from 'node:child_process';
import { lstatSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

export interface Repository {
  /** The directory that holds `.git`: the top of the checkout. Absolute. */
  readonly top: string;
  /** `.git` itself, a directory, or the file that a linked checkout or a submodule has in its place. */
  readonly gitDirectory: string;
}

/** A repository may be large and a disk slow; a fifo that its configuration includes would be waited for without end. */
const patienceSeconds = 60;

/** What of the user's environment says how git is set up, and not which repository it is to speak of. */
const keptVariables = new Set(['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_EXEC_PATH']);

/** Filters are turned off one by one (`filterSettings`), since there is no switch for all of them. */
const nothingStarts = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.alternateRefsCommand=',
  'core.sshCommand=false',
  'core.gitProxy=false',
  'credential.helper=',
  'diff.external=',
  'protocol.allow=never',
  'submodule.recurse=false',
];

/**
 * The repository that a directory lies in: the nearest `.git` above it. Found here, since git may be led astray by
 * `core.worktree`, by a directory that looks like a bare repository, and by variables of a repository elsewhere.
 */
export function findRepository(directory: string): Repository | null {
  let at = realpathSync(directory);
  for (;;) {
    const repository = repositoryAt(at);
    if (repository !== null) return repository;
    const above = path.dirname(at);
    if (above === at) return null;
    at = above;
  }
}

/** The repository whose checkout has its top here, or null. */
export function repositoryAt(top: string): Repository | null {
  const gitDirectory = path.join(top, '.git');
  try {
    const status = statSync(gitDirectory);
    // Git, too, goes on upwards from a directory of that name which is no repository.
    const isRepository = status.isFile() || lstatSync(path.join(gitDirectory, 'HEAD')) !== undefined;
    return isRepository ? { top, gitDirectory } : null;
  } catch {
    return null;
  }
}

/**
 * What git prints.
 * @param settings More `key=value` than those that keep it from starting other programs.
 * @throws {Error} whose message is git's own, in one line
 */
export function askGit(
  { top, gitDirectory }: Repository,
  words: readonly string[],
  { settings = [], directory = top }: { readonly settings?: readonly string[]; readonly directory?: string } = {},
): Promise<Buffer> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') || keptVariables.has(name));
  const env = {
    ...Object.fromEntries(inherited),
    GIT_DIR: gitDirectory,
    GIT_WORK_TREE: top,
    GIT_OPTIONAL_LOCKS: '0',
    // An object that is missing is missing: it is not fetched, by whatever program the remote names.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    // A commit stands for what it names, not for what `refs/replace` puts in its place.
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
  };
  const line = [...[...nothingStarts, ...settings].flatMap((setting) => ['-c', setting]), '--no-pager', ...words];
  const options = {
    cwd: directory,
    env,
    encoding: 'buffer',
    maxBuffer: 1 << 30,
    timeout: patienceSeconds * 1000,
    killSignal: 'SIGKILL',
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile('git', line, options, (error, stdout, stderr) => {
      if (error) reject(new Error(complaint(error, stderr.toString('utf8')), { cause: error }));
      else resolve(stdout);
    });
    child.stdin?.on('error', () => {}); // The exit code tells why it did not read.
    child.stdin?.end();
  });
}

export interface FilterSettings {
  readonly settings: readonly string[];
  /** Filters that the checkout configures and that are therefore off. */
  readonly off: readonly string[];
}

/**
 * Settings under which only filters of the user and of the system run, such as git-lfs. What the checkout itself
 * configures is put back to what those two say, or to nothing.
 */
export async function filterSettings(repository: Repository): Promise<FilterSettings> {
  const listed = await askGit(repository, ['config', '--show-scope', '--includes', '-z', '--list']);
  const trusted = new Map<string, string>();
  const foreign = new Set<string>();
  const fields = listed.toString('utf8').split('\0');
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [scope, entry = ''] = [fields[i], fields[i + 1]];
    const [, key = '', value = ''] = /^([^\n]*)(?:\n(.*))?$/s.exec(entry) ?? [];
    const isTrusted = scope === 'system' || scope === 'global';
    const filter = /^filter\.(.+)\.[^.]+$/s.exec(key)?.[1];
    if (filter !== undefined && isTrusted) trusted.set(key, value);
    else if (filter !== undefined) foreign.add(filter);
    // git-lfs runs what these name.
    else if (!isTrusted && key.startsWith('lfs.extension.')) {
      foreign.add('lfs');
      for (const name of ['clean', 'process', 'required']) trusted.delete(`filter.lfs.${name}`);
    }
  }
  const settings = [...foreign].flatMap((filter) => {
    // Git would cut the setting elsewhere.
    if (/[=\n]/.test(filter)) throw new Error(`its configuration has a filter of the name ${JSON.stringify(filter)}`);
    return Object.entries({ clean: '', smudge: '', process: '', required: 'false' }).map(([name, nothing]) => {
      const key = `filter.${filter}.${name}`;
      return `${key}=${trusted.get(key) ?? nothing}`;
    });
  });
  const runs = (filter: string): boolean =>
    ['clean', 'process'].some((name) => trusted.has(`filter.${filter}.${name}`));
  return { settings, off: [...foreign].filter((filter) => !runs(filter)).sort() };
}

function complaint(error: Error & { code?: unknown; killed?: boolean }, stderr: string): string {
  if (error.code === 'ENOENT') return 'git is not installed';
  if (error.killed) return `git did not answer within ${patienceSeconds} s`;
  const said = stderr.split('\n').find((line) => line.startsWith('fatal: ') || line.startsWith('error: '));
  return said?.replace(/^(fatal|error): /, '').slice(0, 300) ?? `git ended with ${String(error.code)}`;
}
