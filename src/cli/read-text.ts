// A text of the user, such as a paper or a template, read whole.
import { readFile } from 'node:fs/promises';
import { exitCode, ReproError } from '../error.ts';
import { decodeText, SourceFile } from '../pipeline/source.ts';

/**
 * @param missing Code and message where it cannot be read
 * @throws {ReproError} with that, or `bad-text` where it is not UTF-8: letters would be replaced, and names changed
 */
export async function readText(
  path: string,
  missing: { readonly code: string; readonly message: string },
): Promise<SourceFile> {
  const usage = { exit: exitCode.usage } as const;
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ReproError(missing.code, missing.message, { ...usage, cause });
  });
  const { text, invalidAt } = decodeText(bytes);
  const source = new SourceFile(path, text);
  if (invalidAt === null) return source;
  const { line, column } = source.position(invalidAt);
  throw new ReproError('bad-text', `"${path}" is not UTF-8 text (line ${line}, column ${column})`, {
    ...usage,
    hint: 'save it as UTF-8',
  });
}
