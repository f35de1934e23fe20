// Golden files: an expectation a person can read, beside the input it belongs to. A missing one is written and fails once.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const root = fileURLToPath(new URL('../golden/', import.meta.url));

/** Paths of the inputs in `test/golden/<folder>` that end in `extension`, sorted; dropping a file there adds a test. */
export function goldenInputs(folder: string, extension: string): string[] {
  const names = readdirSync(root + folder).filter((name) => name.endsWith(extension));
  if (names.length === 0) throw new Error(`No *${extension} in test/golden/${folder}`);
  return names.sort().map((name) => `${root}${folder}/${name}`);
}

/** Compares with the golden file at `path`; `vitest -u` accepts what differs. */
export async function expectGolden(actual: string, path: string): Promise<void> {
  if (existsSync(path)) return expect(actual).toMatchFileSnapshot(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, actual);
  throw new Error(`Wrote ${relative(process.cwd(), path)}: read it, and run again`);
}
