// A git repository for a test, made with the real git.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Git in a directory; returns what it prints. */
export function gitIn(directory: string): (...words: string[]) => string {
  return (...words) =>
    execFileSync(
      'git',
      ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-c', 'protocol.file.allow=always', ...words],
      { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 },
    );
}

/** A repository of all that a directory holds, which is made when it is not there. Returns the commit. */
export function commitAll(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const git = gitIn(directory);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'x');
  return git('rev-parse', 'HEAD').trim();
}
