// The fingerprint of an execution: digest of everything that can change its result. The record stores exactly what is
// hashed here, so that `why` compares what the scheduler compared.
import type { Source } from '../pipeline/input-source.ts';
import type { RunPlan, CellPlan } from '../pipeline/plan.ts';
import { cutTexts, leafChanges, valueText, wordsText } from '../pipeline/value-text.ts';
import type { Preimage, StageRecord } from '../schema/types.ts';
import { canonicalJson, withoutPrototypes } from '../store/canonical-json.ts';
import { cellSeed } from '../store/cell-seed.ts';
import type { Digest } from '../store/digest.ts';
import { keyOf } from '../store/environment-key.ts';
import { fingerprintOf } from '../store/records.ts';
import { codeWord } from './code/code-files.ts';
import { inputChange } from './input-change.ts';
import { shortDigest } from './short-digest.ts';

/** The code of a stage as found when the run began. */
export interface StageCode {
  readonly code: Readonly<Record<string, Digest>>;
  readonly packages: Readonly<Record<string, string>>;
  /** Who imports a source file, or a package as `npm:name`; the entry has none. */
  readonly importers: Readonly<Record<string, string>>;
  /** Node's version for a module, the program's digest for a command. */
  readonly runtime: Readonly<Record<string, string>>;
}

/** What is hashed of a file or directory from outside. */
export interface Content {
  readonly digest: Digest;
  /** Of a file that may be executed. */
  readonly executable?: true;
}

/** A file or directory as a stage sees it: its content, and the part of its path that is the same on every machine. */
export interface SeenFile extends Content {
  readonly path: string;
  /** The cell that made it, where the stage is told. */
  readonly cell?: Preimage['cell'];
}

/** One file or directory, several for a gathered input, null for an absent optional one. */
export type SeenInput = SeenFile | readonly SeenFile[] | null;

/** Everything that determines what a cell computes. `env` has the keyed digest of each declared variable, null where it is not set. */
export function makePreimage(
  cell: CellPlan,
  pipelineSeed: number,
  code: StageCode,
  inputs: Readonly<Record<string, SeenInput>>,
  env: Readonly<Record<string, string | null>>,
): Preimage {
  return {
    format: 'repro.fingerprint/2',
    stage: cell.identity,
    cell: { ...cell.axes },
    run: runWords(cell.run, code.code),
    ...(cell.run.kind === 'command' && cell.run.inserts && { inserts: true as const }),
    params: { ...cell.params },
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, seen]) => [name, isList(seen) ? [...seen] : seen])),
    outputs: { ...cell.outputs },
    numbers: cell.numbers,
    code: { ...code.code },
    packages: { ...code.packages },
    runtime: { ...code.runtime },
    env: Object.fromEntries(Object.entries(env)),
    seed: cellSeed(pipelineSeed, cell.identity, cell.axes),
    threads: cell.cpus,
    ...(cell.setup.length > 0 && { setup: [...cell.setup] }),
  };
}

export function computeFingerprint(preimage: Preimage): Digest {
  return fingerprintOf(preimage);
}

/** What an explanation says beside the bare difference. */
export interface ExplanationContext {
  /** Where each input comes from. */
  readonly sources: Readonly<Record<string, Source>>;
  readonly importers?: StageCode['importers'];
  readonly pipelineSeed?: number;
  /** Inputs that are not known yet. */
  readonly ignored?: ReadonlySet<string>;
}

export interface Explanation {
  /** The execution compared with, or null when there is none. */
  readonly nearest: StageRecord | null;
  /** Its differences, as sentences; empty when there are none. */
  readonly reasons: readonly string[];
}

/**
 * Why an execution is needed: its differences from the nearest earlier one. `earlier` is the executions of the cell, the
 * latest first; the nearest is the one with the fewest differences.
 */
export function explainPreimage(
  next: Preimage,
  earlier: readonly StageRecord[],
  context: ExplanationContext,
): Explanation {
  let found: Explanation | null = null;
  for (const nearest of earlier) {
    const reasons = comparePreimages(nearest.preimage, next, context);
    if (found === null || reasons.length < found.reasons.length) found = { nearest, reasons };
  }
  return found ?? { nearest: null, reasons: ['no earlier execution'] };
}

/** The differences between two preimages of one cell, each as a sentence, the most telling kinds first. */
export function comparePreimages(older: Preimage, newer: Preimage, context: ExplanationContext): string[] {
  const [before, after] = withoutPrototypes([older, newer] as const);
  const { pipelineSeed, ignored } = context;
  const { sources, importers } = withoutPrototypes({ sources: context.sources, importers: context.importers ?? {} });
  const values = (label: string, a: unknown, b: unknown): string[] =>
    leafChanges(a, b, spelling).map(({ path, from, to }) => {
      const [was, is] = cutTexts(valueText(from), valueText(to));
      return `${label}${path && ` ${path}`}: ${was} -> ${is}`;
    });
  const isOtherFormat = before.format !== after.format;
  const envOf = ({ env }: Preimage) => (isOtherFormat ? presences(env) : env);
  const followed = pipelineSeed === undefined ? '' : `, which follows from the pipeline's seed ${pipelineSeed}`;
  const [ranAs, runsAs] = cutTexts(wordsText(before.run), wordsText(after.run));
  const [setUpAs, setsUpAs] = cutTexts(setupText(before), setupText(after));
  return [
    ...values('params', before.params, after.params),
    ...unionOf(before.inputs, after.inputs)
      .filter((name) => !ignored?.has(name))
      .flatMap((name) => inputChange(name, before.inputs[name], after.inputs[name], sources[name]) ?? []),
    ...changedKeys(before.code, after.code).map(
      (path) => `code ${path} ${presence(before.code[path], after.code[path])}${importText(path, importers)}`,
    ),
    ...packageChanges(before.packages, after.packages, importers),
    ...(commandOf(before) === commandOf(after) ? [] : [`run: ${ranAs} -> ${runsAs}`]),
    ...values('seed', before.seed, after.seed).map((text) => `${text}${followed}`),
    ...values('threads', before.threads, after.threads),
    ...(spelling(before.setup) === spelling(after.setup) ? [] : [`setup: ${setUpAs} -> ${setsUpAs}`]),
    ...changedKeys(before.runtime, after.runtime).map((name) => {
      return `runtime ${name}: ${shortDigest(before.runtime[name])} -> ${shortDigest(after.runtime[name])}`;
    }),
    // Values may be secrets: a terminal is not the place for them.
    ...changedKeys(envOf(before), envOf(after)).map(
      (name) => `env ${name} ${settingText(before.env[name], after.env[name])}`,
    ),
    ...values('outputs', before.outputs, after.outputs),
    ...values('numbers', before.numbers, after.numbers),
    ...(isOtherFormat
      ? [`fingerprints are made otherwise by this version of repro (${before.format} -> ${after.format})`]
      : []),
  ];
}

/** Formats differ in how values are kept: what can be compared is which are set. */
function presences(env: Preimage['env']): Record<string, boolean> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value !== null]));
}

/** Words that are the same mean something else where they insert values. */
function commandOf({ run, inserts }: Preimage): string {
  return spelling([run, inserts ?? false]);
}

function setupText({ setup }: Preimage): string {
  return setup === undefined ? 'none' : setup.join('; ');
}

/** ` (stages/train.ts -> src/a.ts -> src/b.ts)`: how the stage comes to import it; nothing for the stage's own module. */
function importText(name: string, importers: StageCode['importers']): string {
  const chain: string[] = [];
  for (let at: string | undefined = name; at !== undefined; at = importers[at]) chain.unshift(at.replace(/^npm:/, ''));
  return chain.length === 1 ? '' : ` (${chain.join(' -> ')})`;
}

function settingText(before: string | null | undefined, after: string | null | undefined): string {
  if (after === undefined || after === null) return before === undefined ? 'declared, and not set' : 'is no longer set';
  if (before === undefined || before === null) return 'is now set';
  if (keyOf(before) !== null && keyOf(before) === keyOf(after)) return 'changed';
  return 'may have changed: it was recorded under another key, or in clear';
}

/** A word that names a code file is that file's path, however it is spelt: the stage is given the path of its copy. */
function runWords(run: RunPlan, code: StageCode['code']): string[] {
  return run.kind === 'module' ? [run.path] : run.words.map((word) => codeWord(word, code) ?? word);
}

function isList(seen: SeenInput): seen is readonly SeenFile[] {
  return Array.isArray(seen);
}

function changedKeys(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string[] {
  return unionOf(a, b).filter((key) => spelling(a[key]) !== spelling(b[key]));
}

function unionOf(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

function presence(before: unknown, after: unknown): string {
  return before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
}

function spelling(value: unknown): string {
  return value === undefined ? 'undefined' : canonicalJson(value);
}

/** Versions by name, since a package in two versions is two entries. */
function packageChanges(
  before: Preimage['packages'],
  after: Preimage['packages'],
  importers: StageCode['importers'],
): string[] {
  const wasPython = Object.keys(before).some(isPythonPackage);
  // Records of earlier versions have none: one sentence says it.
  const isNew = (key: string): boolean => !wasPython && isPythonPackage(key);
  const changed = changedKeys(before, after);
  const names = new Set(changed.filter((key) => !isNew(key)).map(packageName));
  const sentences = [...names].sort().map((name) => {
    const [from, to] = [versionsOf(before, name), versionsOf(after, name)];
    const [label, imported] = [packageLabel(name), importText(`npm:${name}`, importers)];
    if (from === null) return `${label}${withSpace(to)} added${imported}`;
    if (to === null) return `${label}${withSpace(from)} removed`;
    return from === to
      ? `${label}${withSpace(to)} has other contents${imported}`
      : `${label} ${from} -> ${to}${imported}`;
  });
  const fresh = changed.filter(isNew).length;
  return fresh === 0 ? sentences : [...sentences, `the ${fresh} packages of Python are recorded for the first time`];
}

/** Null where a package is in none. */
function versionsOf(packages: Preimage['packages'], name: string): string | null {
  const versions = Object.keys(packages)
    .filter((key) => packageName(key) === name)
    .map((key) => key.slice(name.length + 1));
  return versions.length === 0 ? null : versions.sort().join(', ');
}

const withSpace = (version: string | null): string => (version ? ` ${version}` : '');

const packageName = (key: string): string => key.slice(0, key.lastIndexOf('@'));

const isPythonPackage = (key: string): boolean => /^(python@|pypi:|module:)/.test(key);

function packageLabel(name: string): string {
  if (name === 'python') return 'python';
  if (name.startsWith('pypi:')) return `python package ${name.slice('pypi:'.length)}`;
  return name.startsWith('module:') ? `python module ${name.slice('module:'.length)}` : `package ${name}`;
}
