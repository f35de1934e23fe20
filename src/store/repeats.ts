// What came out each time one fingerprint was executed, `.repro/repeats/<fingerprint hex>.json`: only where that was more
// than once. Nothing is ever taken back: an audit says what all executions together gave.
import { join } from 'node:path';
import type { Audit, StageRecord } from '../schema/types.ts';
import { hexOf } from './digest.ts';
import type { Digest } from './digest.ts';
import { KeptFiles } from './kept-files.ts';
import type { KeptFilesOptions } from './kept-files.ts';
import { sealJson } from './sealed-json.ts';
import { isListOf, isNumber, isObjectWith, isTableOf, isText, optional } from './shape.ts';

type Measured = Pick<StageRecord['numbers'][string], 'value' | 'standardError'>;

/** One execution of a fingerprint; without outputs and numbers where it failed. */
export interface Execution {
  readonly run: string;
  readonly finishedAt: string;
  readonly failure?: string;
  /** Digests by name. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly numbers?: Readonly<Record<string, Measured>>;
}

const format = 'repro.repeats/1';

const isMeasured = isObjectWith<Measured>({ value: isNumber, standardError: optional(isNumber) });
const isContent = isObjectWith<{ readonly executions: readonly Execution[] }>({
  executions: isListOf(
    isObjectWith<Execution>({
      run: isText,
      finishedAt: isText,
      failure: optional(isText),
      outputs: optional(isTableOf(isText)),
      numbers: optional(isTableOf(isMeasured)),
    }),
  ),
});

export class Repeats {
  readonly #files: KeptFiles;
  readonly #directory: string;
  /** Names of the files there are: most fingerprints are executed once, and that costs nothing. */
  #names: Set<string> | null = null;

  constructor(options: KeptFilesOptions) {
    this.#files = new KeptFiles(options);
    this.#directory = join(options.directory, 'repeats');
  }

  /** All executions of a fingerprint; empty when it was executed once, or never. */
  read(fingerprint: Digest): readonly Execution[] {
    this.#names ??= new Set(this.#files.names(this.#directory));
    const name = `${hexOf(fingerprint)}.json`;
    if (!this.#names.has(name)) return [];
    const what = `What repeated executions of ${fingerprint} gave`;
    return this.#files.readSealed(join(this.#directory, name), what, format, isContent)?.executions ?? [];
  }

  /**
   * Adds an execution to those of a fingerprint, whose recorded one begins the list; `durable`, it is on the disk when this
   * returns.
   */
  add(
    recorded: StageRecord,
    again: StageRecord | { run: string; finishedAt: string; failure: string },
    { durable } = { durable: true },
  ): void {
    const fingerprint = recorded.fingerprint as Digest;
    const earlier = this.read(fingerprint);
    const executions = [...(earlier.length > 0 ? earlier : [executionOf(recorded)]), executionOf(again)];
    const name = `${hexOf(fingerprint)}.json`;
    const text = sealJson({ format, executions });
    this.#files.write(join(this.#directory, name), text, { durable });
    this.#names?.add(name);
  }

  /** What all executions of a fingerprint together gave; undefined where there was only one. */
  audit(fingerprint: Digest): Audit | undefined {
    const executions = this.read(fingerprint);
    return executions.length === 0 ? undefined : auditOf(executions);
  }
}

function executionOf(execution: StageRecord | Execution): Execution {
  const { run, finishedAt } = execution;
  if (!('preimage' in execution)) return execution;
  return {
    run,
    finishedAt,
    outputs: Object.fromEntries(Object.entries(execution.outputs).map(([name, { digest }]) => [name, digest])),
    numbers: Object.fromEntries(
      Object.entries(repeatableNumbers(execution)).map(([name, { value, standardError }]) => [
        name,
        { value, ...(standardError !== undefined && { standardError }) },
      ]),
    ),
  };
}

/** The numbers of an execution that another one should give again: all but durations. */
export function repeatableNumbers({ numbers }: Pick<StageRecord, 'numbers'>): StageRecord['numbers'] {
  return Object.fromEntries(Object.entries(numbers).filter(([, { kind }]) => kind !== 'timing'));
}

/** Classes of all outputs and numbers. One that an execution lacks is unstable. */
export function auditOf(executions: readonly Execution[]): Audit {
  const finished = executions.filter((execution) => execution.failure === undefined);
  const names = (of: 'outputs' | 'numbers') => new Set(finished.flatMap((each) => Object.keys(each[of] ?? {})));
  const outputs: Audit['outputs'] = {};
  for (const name of names('outputs')) {
    const digests = new Set(finished.map((execution) => execution.outputs?.[name]));
    outputs[name] = digests.size === 1 ? 'bitwise' : 'unstable';
  }
  const numbers: Audit['numbers'] = {};
  for (const name of names('numbers')) {
    const all = finished.map((execution) => execution.numbers?.[name]);
    const measured = all.filter((each) => each !== undefined);
    numbers[name] = { class: measured.length < all.length ? 'unstable' : classOf(measured), ...rangeOf(measured) };
  }
  return { executions: finished.length, failures: executions.length - finished.length, outputs, numbers };
}

/**
 * How repeated measurements of one number agree: `bitwise`, or `within-error` when they all lie within one standard error
 * that each of them states. The seeds are the same, so that nothing but the arithmetic's order should differ.
 */
export function classOf(measured: readonly Measured[]): Audit['numbers'][string]['class'] {
  const same = (key: keyof Measured) => new Set(measured.map((each) => each[key])).size <= 1;
  if (same('value') && same('standardError')) return 'bitwise';
  const error = measured.reduce((least, { standardError = 0 }) => Math.min(least, standardError), Infinity);
  const { min, max } = rangeOf(measured);
  return max - min <= error ? 'within-error' : 'unstable';
}

function rangeOf(measured: readonly Measured[]): { min: number; max: number } {
  return {
    min: measured.reduce((least, { value }) => Math.min(least, value), Infinity),
    max: measured.reduce((most, { value }) => Math.max(most, value), -Infinity),
  };
}
