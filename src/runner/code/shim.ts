// Version managers: a shim in PATH that starts the version of a program which files above the stage's directory, or
// settings of the user, choose. Their choice is repeated here by the layout of their files.
import { readFileSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../../store/file-system.ts';
import type { FileSystem } from '../../store/file-system.ts';

export interface ChoiceContext {
  readonly program: string;
  /** The project, above which files are looked for. */
  readonly directory: string;
  readonly home: string;
  /** What the stage sees of variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether a file is there; it counts as one that decides. */
  readonly look: (path: string) => boolean;
  /** The program outside of the manager. */
  readonly find: (program: string) => string | null;
}

export interface Shim {
  readonly manager: string;
  /** Absolute path of the program, or null where the files do not tell. */
  choose(context: ChoiceContext): string | null;
  /** How the manager itself is asked, where it can be. */
  question(program: string): readonly string[] | null;
}

/** The manager that a file in PATH is a shim of, or null. */
export function shimOf(file: {
  readonly path: string;
  readonly head: string;
  readonly fileSystem: FileSystem;
}): Shim | null {
  const { path, head } = file;
  const [, tool, name] =
    /^exec "?((?:[^"\s]*\/)?(pyenv|rbenv|nodenv|goenv|plenv|phpenv|jenv))"? exec /m.exec(head) ?? [];
  if (tool !== undefined && name !== undefined) return versionsShim(path, head, name, tool);
  const [, asdf] = /^exec "?((?:[^"\s]*\/)?asdf)"? exec /m.exec(head) ?? [];
  if (asdf !== undefined) return asdfShim(path, head, asdf);
  const real = realpathSync(path);
  // A binary that answers to many names.
  const binary = basename(real) === basename(path) ? undefined : binaries[basename(real)];
  return binary === undefined ? null : binaryShim(real, binary);
}

/** pyenv and the managers made after it. */
function versionsShim(path: string, head: string, name: string, tool: string): Shim {
  const prefix = name.toUpperCase();
  const root = new RegExp(`^export ${prefix}_ROOT="([^"]+)"`, 'm').exec(head)?.[1] ?? dirname(dirname(path));
  const languages: Readonly<Record<string, string>> = {
    pyenv: 'python',
    rbenv: 'ruby',
    nodenv: 'node',
    goenv: 'go',
    plenv: 'perl',
    phpenv: 'php',
    jenv: 'java',
  };
  return {
    manager: name,
    choose: ({ program, directory, environment, look, find }) => {
      const local = above(directory).map((each) => join(each, `.${languages[name]!}-version`));
      const file = [...local, join(root, 'version')].find(look);
      const set = environment[`${prefix}_VERSION`];
      const text = set ?? (file === undefined ? '' : contentOf(file));
      const versions = text
        .split('\n')
        .flatMap((line) => line.replace(/#.*/, '').split(/[\s:]+/))
        .filter(Boolean);
      look(join(root, 'versions'));
      for (const version of versions.length > 0 ? versions : ['system']) {
        const found =
          version === 'system'
            ? find(program)
            : installed(join(root, 'versions'), version, languages[name]!)
                .map((each) => join(each, 'bin', program))
                .find(look);
        if (found) return found;
      }
      return null;
    },
    question: (program) => [tool.includes('/') ? tool : join(root, 'bin', tool), 'which', program],
  };
}

/** Directories that a version names: itself, with the language before it, or the latest that it is the beginning of. */
function installed(directory: string, version: string, language: string): string[] {
  const names = namesIn(directory);
  const plain = version.startsWith(`${language}-`) ? version.slice(language.length + 1) : version;
  const exact = [version, plain].filter((each) => names.includes(each.split('/')[0]!));
  if (exact.length > 0) return exact.map((each) => join(directory, each));
  const numbers = (name: string): number[] => name.split(/\D+/).map(Number);
  const later = (a: string, b: string): number => {
    const [x, y] = [numbers(a), numbers(b)];
    const at = x.findIndex((number, i) => number !== y[i]);
    return at < 0 ? y.length - x.length : (y[at] ?? -1) - x[at]!;
  };
  return names
    .filter((each) => each.startsWith(`${plain}.`) && /^[\d.]+$/.test(each))
    .sort(later)
    .slice(0, 1)
    .map((each) => join(directory, each));
}

function asdfShim(path: string, head: string, tool: string): Shim {
  const root = dirname(dirname(path));
  const plugins = [...new Set([...head.matchAll(/^# asdf-plugin: (\S+)/gm)].map(([, plugin]) => plugin!))];
  return {
    manager: 'asdf',
    choose: ({ program, directory, home, environment, look, find }) => {
      const files = [...above(directory), home].map((each) => join(each, '.tool-versions')).filter(look);
      for (const plugin of plugins) {
        const set = environment[`ASDF_${plugin.toUpperCase().replaceAll('-', '_')}_VERSION`];
        const lines = files.flatMap((file) => contentOf(file).split('\n'));
        const line = lines.map((each) => each.replace(/#.*/, '').trim().split(/\s+/)).find(([name]) => name === plugin);
        for (const version of set?.split(/\s+/) ?? line?.slice(1) ?? []) {
          const folder = version.startsWith('path:')
            ? version.slice('path:'.length)
            : join(root, 'installs', plugin, version.replace(':', '-'));
          const found = version === 'system' ? find(program) : [join(folder, 'bin', program)].find(look);
          if (found) return found;
        }
      }
      return null;
    },
    question: (program) => [tool, 'which', program],
  };
}

interface Binary {
  readonly manager: string;
  /** Beside the binary, when it is another one that is asked. */
  readonly tool?: string;
  /** Files that choose, in the directories above the project and in the user's home. */
  readonly local: readonly string[];
  readonly user: readonly string[];
}

const binaries: Readonly<Record<string, Binary | undefined>> = {
  mise: {
    manager: 'mise',
    local: ['mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml', '.config/mise.toml', '.tool-versions'],
    user: ['.config/mise/config.toml', '.config/mise/config.local.toml', '.tool-versions'],
  },
  'volta-shim': { manager: 'volta', tool: 'volta', local: ['package.json'], user: ['.volta/tools/user/platform.json'] },
  rustup: { manager: 'rustup', local: ['rust-toolchain', 'rust-toolchain.toml'], user: ['.rustup/settings.toml'] },
  'proto-shim': { manager: 'proto', local: ['.prototools'], user: ['.proto/.prototools'] },
};

/** What chooses is noted; the choice is the manager's to tell. */
function binaryShim(real: string, { manager, tool, local, user }: Binary): Shim {
  return {
    manager,
    choose: ({ directory, home, look }) => {
      for (const each of above(directory)) for (const name of local) look(join(each, name));
      for (const name of user) look(join(home, name));
      return null;
    },
    question: (program) => [tool === undefined ? real : join(dirname(real), tool), 'which', program],
  };
}

/** A directory and all above it. */
function above(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...above(parent)];
}

function contentOf(file: string): string {
  return orNothing(() => readFileSync(file, 'utf8')) ?? '';
}

function namesIn(directory: string): string[] {
  return orNothing(() => readdirSync(directory)) ?? [];
}

/** A setting that cannot be read chooses nothing. */
function orNothing<T>(call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return null;
  }
}
