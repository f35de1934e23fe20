// bin/repro.js: in a checkout, whose bundle it keeps, and in a package; the version it prints.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../rig/temporary.ts';
import type { TemporaryDirectory } from '../rig/temporary.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** A checkout whose command imports a package lazily and prints. */
function checkout(): TemporaryDirectory {
  const directory = temporaryDirectory({
    'src/cli/main.ts': `const { parse } = await import('yaml');\nconsole.log(parse('started'));\n`,
  });
  mkdirSync(join(directory.path, 'node_modules'));
  for (const name of ['esbuild', '@esbuild', 'yaml']) {
    symlinkSync(join(repository, 'node_modules', name), join(directory.path, 'node_modules', name));
  }
  mkdirSync(join(directory.path, 'bin'));
  for (const file of ['repro.js', 'bundle.js'])
    cpSync(join(repository, 'bin', file), join(directory.path, 'bin', file));
  writeFileSync(join(directory.path, 'package.json'), '{"type": "module"}');
  return directory;
}

const start = (root: string, temporary?: string, ...words: string[]) =>
  spawnSync(process.execPath, [join(root, 'bin/repro.js'), ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...(temporary !== undefined && { TMPDIR: temporary }) },
  });

describe('the command of a checkout', () => {
  it('is kept so that every user who may read the checkout can start it', () => {
    using directory = checkout();
    using temporary = temporaryDirectory();
    const umask = process.umask(0o022);
    try {
      expect(start(directory.path, temporary.path).stdout).toBe('started\n');
    } finally {
      process.umask(umask);
    }
    const cache = join(directory.path, 'node_modules/.cache/repro');
    const [name, ...others] = readdirSync(cache);
    expect(others).toEqual([]);
    expect(statSync(join(cache, name!)).mode & 0o777).toBe(0o755);
    expect(start(directory.path, temporary.path).stdout).toBe('started\n');
    expect(readdirSync(temporary.path)).toEqual([]);
  });

  it('starts where nothing can be kept, and leaves nothing', () => {
    using directory = checkout();
    using temporary = temporaryDirectory();
    writeFileSync(join(directory.path, 'node_modules/.cache'), '');
    chmodSync(join(directory.path, 'node_modules'), 0o555);
    const { stdout, stderr } = start(directory.path, temporary.path);
    chmodSync(join(directory.path, 'node_modules'), 0o755);
    expect({ stdout, stderr }).toEqual({ stdout: 'started\n', stderr: '' });
    expect(readdirSync(temporary.path)).toEqual([]);
  });

  it('is that of its sources, whatever was built before', () => {
    using directory = checkout();
    mkdirSync(join(directory.path, 'dist/cli'), { recursive: true });
    writeFileSync(join(directory.path, 'dist/cli/main.js'), "process.stdout.write('an old build\\n');\n");
    expect(start(directory.path).stdout).toBe('started\n');
    // A package has no sources.
    rmSync(join(directory.path, 'src'), { recursive: true });
    expect(start(directory.path).stdout).toBe('an old build\n');
  });
});

it('a package that was packed before it was built says so', () => {
  using directory = checkout();
  rmSync(join(directory.path, 'src'), { recursive: true });
  const { stderr, status } = start(directory.path);
  expect([status, stderr]).toEqual([2, expect.stringContaining('packed before it was built')]);
});

it.each(['--version', '-V', '--json --version'])('repro %s prints the version', (words) => {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
  const { stdout, stderr, status } = start(repository, undefined, ...words.split(' '));
  expect({ stdout, stderr, status }).toEqual({ stdout: `${version}\n`, stderr: '', status: 0 });
});
