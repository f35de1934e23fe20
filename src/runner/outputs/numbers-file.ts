// The numbers a stage reports, read from its JSON file and refused, with the number's name, when they say nothing.
import type { ErrorObject } from 'ajv';
import { ReproError } from '../../error.ts';
import type { ReportedNumber } from '../../schema/types.ts';
import { validate_numbers } from '../../schema/validators.js';
import { parseStrictJson, RefusedJson } from '../../store/strict-json.ts';

const keys = ['value', 'unit', 'kind', 'n', 'standardError', 'better', 'note'];
/** What stands for a NaN or an infinity while the rest of the file is read; no JSON text holds this character as is. */
const notFinite = '\u0000';

/** A number is read by people, on pages and in tables: what is more is data, and belongs into an output. */
export const mostNumbers = 10_000;
export const largestNumbersFile = 16 * 1024 * 1024;

/** Throws a `ReproError` `bad-numbers` for a file too large to be one, before it is read. */
export function checkNumbersSize(sizeBytes: number, path: string): void {
  if (sizeBytes <= largestNumbersFile) return;
  const problem = `it has ${sizeBytes} bytes, more than the ${largestNumbersFile} that are read; write data into an output`;
  throw bad(path, problem);
}

/** Reads the bytes of a numbers file. Throws a `ReproError` `bad-numbers` that names the number at fault, or the place. */
export function parseNumbers(bytes: Uint8Array, path: string): Record<string, ReportedNumber> {
  checkNumbersSize(bytes.length, path);
  const content = parseJson(decode(bytes, path), path);
  const count = Object.keys(content ?? {}).length;
  if (count > mostNumbers) {
    throw bad(path, `it has ${count} numbers, more than the ${mostNumbers} of one stage; write data into an output`);
  }
  const problem = findNotFinite(content) ?? findInfinite(content);
  if (problem !== null) throw bad(path, problem);
  if (!validate_numbers(content)) {
    const problems = (validate_numbers.errors ?? []).map((error) => describe(error, content));
    throw bad(path, [...new Set(problems)].slice(0, 5).join('; '));
  }
  checkCanonical(bytes, path);
  return content as Record<string, ReportedNumber>;
}

/** Text of another encoding would come out with other letters in it, and no number would say so. */
function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const before = new TextDecoder().decode(bytes).split('\ufffd', 1)[0]!;
    const line = before.split('\n').length;
    const place = `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
    throw bad(path, `it is not UTF-8 text (${place}); write it with that encoding`, cause);
  }
}

/** What JSON.parse lets pass: of two numbers of one name it takes the last. */
function checkCanonical(bytes: Uint8Array, path: string): void {
  try {
    parseStrictJson(bytes);
  } catch (cause) {
    if (!(cause instanceof RefusedJson)) throw cause;
    throw bad(path, cause.message, cause);
  }
}

/** Python and others write NaN and Infinity, which are not JSON: they are read only to say whose value they are. */
function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    try {
      return JSON.parse(text.replace(/([:,[]\s*)(NaN|-?Infinity)(?=\s*[,}\]])/g, '$1"\\u0000$2"'));
    } catch {
      throw bad(path, `it is not JSON: ${(cause as Error).message}`, cause);
    }
  }
}

function findNotFinite(content: unknown): string | null {
  for (const [name, number] of Object.entries(content ?? {})) {
    for (const [key, value] of Object.entries((number ?? {}) as object)) {
      if (typeof value === 'string' && value.startsWith(notFinite)) {
        return `${subject(name, key)} is ${value.slice(1)}; a reported number must be finite`;
      }
    }
  }
  return null;
}

function findInfinite(content: unknown): string | null {
  for (const [name, number] of Object.entries(content ?? {})) {
    for (const [key, value] of Object.entries((number ?? {}) as object)) {
      if (typeof value === 'number' && !Number.isFinite(value)) {
        return `${subject(name, key)} is too large for a 64-bit floating-point number`;
      }
    }
  }
  return null;
}

function describe(error: ErrorObject, content: unknown): string {
  const [, name, key] = error.instancePath.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (name === undefined) {
    if (error.keyword === 'type') return 'it must be an object of numbers by name';
    const wrong = error.propertyName ?? (error.params as { propertyName?: string }).propertyName ?? '';
    return `the name "${wrong}" may hold only letters, digits, "-", "_" and single dots`;
  }
  const value = (content as Record<string, Record<string, unknown>>)[name];
  if (key !== undefined) {
    const found = JSON.stringify(value?.[key]);
    if (found === 'null') return `${subject(name, key)} is null; leave it out, or report a number`;
    const allowed = (error.params as { allowedValues?: string[] }).allowedValues;
    return `${subject(name, key)} is ${found} and ${allowed ? `must be one of ${allowed.join(', ')}` : error.message}`;
  }
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty } = error.params as { additionalProperty: string };
    return `number "${name}" has an unknown key "${additionalProperty}"; known are ${keys.join(', ')}`;
  }
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string };
    return `number "${name}" lacks "${missingProperty}"`;
  }
  return `number "${name}" is ${JSON.stringify(value)} and must be { "value", "unit", "kind", … }`;
}

function subject(name: string, key: string): string {
  return key === 'value' ? `number "${name}"` : `"${key}" of number "${name}"`;
}

function bad(path: string, problem: string, cause?: unknown): ReproError {
  return new ReproError('bad-numbers', `Cannot accept "${path}": ${problem}`, { cause });
}
