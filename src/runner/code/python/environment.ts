// Where a Python looks for packages: its site directories, and what decides which those are.
import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { type FileSystem, orAbsent, reach } from '../../../store/file-system.ts';
import { isListOf, isObjectWith, isText } from '../../../store/shape.ts';

export interface PythonEnvironment {
  /** As `sys.version` tells it; of an interpreter that is not asked, the version alone. */
  readonly version: string;
  /** Absolute, in the order in which they are searched; some may not exist. */
  readonly sites: readonly string[];
  /** Absolute paths whose status decides the answer, beside the sites. */
  readonly looked: readonly string[];
}

const question = `
import json, os, site, sys
lib = os.path.dirname(os.__file__)
own = lambda p: p == lib or p.startswith(os.path.join(lib, "lib-dynload")) or p.endswith(".zip")
user = [site.getusersitepackages()] if site.ENABLE_USER_SITE is not None else []
print(json.dumps({"version": sys.version, "sites": [p for p in sys.path if p and not own(p)] + site.getsitepackages() + user}))`;
const answerMilliseconds = 10_000;

const isAnswer = isObjectWith<{ readonly version: string; readonly sites: readonly string[] }>({
  version: isText,
  sites: isListOf(isText),
});

export function isPython(path: string): boolean {
  return /^(python|pypy)[\d.]*t?$/.test(basename(path));
}

/**
 * The environment of an interpreter. One that lies in the project is not executed: it is read from its files, as venv, uv and
 * conda lay them out. Null where it does not say.
 * @param program Absolute, links not followed: a virtual environment is known by the path of its link.
 * @param environment What its stage sees of variables.
 */
export async function pythonEnvironment(
  program: string,
  context: { readonly root: string; readonly fileSystem: FileSystem; readonly environment: Record<string, string> },
): Promise<PythonEnvironment | null> {
  const { root, fileSystem: fs, environment } = context;
  const prefix = dirname(dirname(program));
  const configuration = [join(prefix, 'pyvenv.cfg'), join(dirname(program), 'pyvenv.cfg')];
  const paths = (environment['PYTHONPATH'] ?? '').split(':').filter((path) => path.startsWith('/'));
  const isOurs = program.startsWith(`${root}/`);
  if (!isOurs) {
    const answer = await ask(program, environment);
    if (answer === null) return null;
    return { ...answer, sites: [...new Set([...paths, ...answer.sites])], looked: configuration };
  }
  const text = configuration.map((file) => orAbsent(() => fs.readFileSync(file, 'utf8'))).find((each) => each !== null);
  const settings = settingsOf(text ?? '');
  const own = ownSites(fs, prefix);
  const looked = [...configuration, join(prefix, 'lib'), join(prefix, 'lib64')];
  if (text === undefined) {
    const version = own.map((site) => basename(dirname(site)).replace(/^\D+/, ''))[0];
    return version === undefined ? null : { version, sites: [...paths, ...own], looked };
  }
  const base = baseOf(fs, settings['home'], program);
  const asked = base === null || base.startsWith(`${root}/`) ? null : await ask(base, environment);
  const version = asked?.version ?? settings['version_info'] ?? settings['version'];
  if (version === undefined) return null;
  const shared = settings['include-system-site-packages'] === 'true' ? (asked?.sites ?? []) : [];
  return { version, sites: [...new Set([...paths, ...own, ...shared])], looked };
}

/** The interpreter that a virtual environment was made from. */
function baseOf(fs: FileSystem, home: string | undefined, program: string): string | null {
  if (home === undefined) return null;
  const names = [basename(realPath(fs, program)), basename(program), 'python3', 'python'];
  return names.map((name) => join(home, name)).find((path) => reach(fs, path) !== null) ?? null;
}

function realPath(fs: FileSystem, path: string): string {
  return orAbsent(() => fs.realpathSync(path)) ?? path;
}

/** `lib/python3.11/site-packages` of an installation. */
function ownSites(fs: FileSystem, prefix: string): string[] {
  const found = ['lib', 'lib64'].flatMap((name) => {
    const names = orAbsent(() => fs.readdirSync(join(prefix, name))) ?? [];
    return names.filter(isVersioned).map((each) => join(prefix, name, each, 'site-packages'));
  });
  // `lib64` is a link to `lib` as a rule.
  return [...new Map(found.map((path) => [realPath(fs, path), path])).values()];
}

const isVersioned = (name: string): boolean => /^(python|pypy)3[\d.]*t?$/.test(name);

/** `key = value` lines. */
function settingsOf(text: string): Record<string, string> {
  const pairs = text.split('\n').map((line) => /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1]!.toLowerCase(), pair[2]!]] : [])));
}

async function ask(
  program: string,
  environment: Record<string, string>,
): Promise<{ readonly version: string; readonly sites: readonly string[] } | null> {
  const options = {
    // The current directory is on the path of what `-c` runs.
    cwd: '/',
    env: { ...environment },
    timeout: answerMilliseconds,
    killSignal: 'SIGKILL' as const,
  };
  const text = await new Promise<string>((done) => {
    execFile(program, ['-B', '-c', question], options, (error, stdout) => done(error ? '' : stdout));
  });
  try {
    const answer: unknown = JSON.parse(text);
    return isAnswer(answer) ? { version: answer.version.replaceAll('\n', ' '), sites: answer.sites } : null;
  } catch {
    return null;
  }
}
