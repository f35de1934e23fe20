// A directory that lives as long as a test.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TemporaryDirectory extends Disposable {
  readonly path: string;
}

/** Creates a directory with files, by relative path; disposing deletes it. */
export function temporaryDirectory(files: Readonly<Record<string, string>> = {}): TemporaryDirectory {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'repro-')));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
}
