// One stage as declared: everything about it that is the same in all of its cells.
import type { StageDeclaration } from '../schema/types.ts';
import { partsOf, type Context, type PartsOf } from './cell-parts.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { parseDuration } from './duration.ts';
import { parseMemory } from './memory.ts';
import { locate, type ParsedFile } from './parse.ts';
import { checkModulePath, checkOutputs, type NamedOutput } from './paths.ts';
import type { RunPlan, CellPlan } from './plan.ts';
import { gathersCells, resolveReference, type Reference } from './reference.ts';
import { isInputWord } from './words.ts';

export interface DeclaredStage extends Pick<
  CellPlan,
  | 'stage'
  | 'identity'
  | 'outputs'
  | 'numbers'
  | 'env'
  | 'pass'
  | 'cpus'
  | 'memoryBytes'
  | 'gpus'
  | 'retries'
  | 'timeoutSeconds'
  | 'at'
> {
  /** Names of its inputs, in the order of the file. */
  readonly inputs: readonly string[];
  /** Those of them that other stages make. */
  readonly references: ReadonlyMap<string, Reference>;
  readonly partsOf: PartsOf;
  /** Something about it is wrong and reported: its cells cannot be known. */
  readonly broken: boolean;
}

export function readStage(name: string, declaration: StageDeclaration, context: Context): DeclaredStage {
  const { file, report } = context;
  const at = (...path: (string | number)[]): Location => locate(file, ['stages', name, ...path]);
  // Published results lie in artifacts/<stage>, beside artifacts/reference.
  if (name === 'reference') {
    report(diagnose('bad-value', 'The name "reference" is taken by reference manifests', nameLocation(name, file)));
  }
  const outputs = Object.entries(declaration.outputs ?? {});
  const { numbers, resources } = declaration;
  const named: NamedOutput[] = outputs.map(([output, path]) => {
    return { label: `output "${output}"`, path, mayBeDirectory: true, at: at('outputs', output) };
  });
  if (numbers !== undefined) {
    named.push({ label: 'the numbers file', path: numbers, mayBeDirectory: false, at: at('numbers') });
  }
  checkOutputs(named, report);
  const references = readReferences(name, declaration, context);
  const run = readRun(name, declaration, context);
  const parts = partsOf(name, declaration, run, references, context);
  const inputs = Object.entries(declaration.inputs ?? {});
  const read = inputs.filter(([, input]) => typeof input === 'string' || 'cells' in input);
  return {
    stage: name,
    identity: readIdentity(name, declaration, context),
    outputs: Object.fromEntries(outputs),
    numbers: numbers ?? null,
    ...readVariables(name, declaration, context),
    cpus: resources?.cpus ?? 1,
    memoryBytes: resources?.memory === undefined ? 0 : readMemory(resources.memory, at('resources', 'memory'), report),
    gpus: resources?.gpus ?? 0,
    retries: resources?.retries ?? 0,
    timeoutSeconds: resources?.time === undefined ? null : readSeconds(resources.time, at('resources', 'time'), report),
    at: nameLocation(name, file),
    inputs: inputs.map(([input]) => input),
    references,
    partsOf: parts ?? (() => undefined),
    broken: parts === undefined || references.size < read.length,
  };
}

function nameLocation(stage: string, file: ParsedFile): Location {
  return locate(file, ['stages', stage], 'key');
}

/** What a stage was called before is no other stage, now or in its own past. */
function readIdentity(name: string, { was }: StageDeclaration, { file, document, report }: Context): string {
  if (was === undefined) return name;
  const at = locate(file, ['stages', name, 'was']);
  const names = Object.keys(document.stages);
  const before = names.slice(0, names.indexOf(name));
  const other = names.includes(was) && was !== name ? was : before.find((each) => document.stages[each]!.was === was);
  if (was === name) report(diagnose('bad-value', `Stage "${name}" is still called so`, at, { hint: 'remove "was"' }));
  if (other === undefined) return was;
  const related = [{ message: `"${other}" is here`, at: locate(file, ['stages', other], 'key') }];
  const message =
    other === was
      ? `Stage "${name}" cannot have been "${was}", which is another stage here`
      : `Stages "${name}" and "${other}" cannot both have been "${was}"`;
  report(diagnose('bad-value', message, at, { related }));
  return was;
}

/** What the runner sets, for reasons of its own. */
const ownVariables = /^(TMPDIR|LANG|TZ|REPRO_STAGE|(OMP|OPENBLAS|MKL)_NUM_THREADS)$/;

function readVariables(
  name: string,
  { env = [], resources }: StageDeclaration,
  { file, report }: Context,
): Pick<DeclaredStage, 'env' | 'pass'> {
  const at = (...path: (string | number)[]): Location => locate(file, ['stages', name, 'env', ...path]);
  const isList = Array.isArray(env);
  const { fingerprint = [], pass = [] } = isList ? { fingerprint: env } : env;
  const places = [
    ...fingerprint.map((variable, index) => ({ variable, at: isList ? at(index) : at('fingerprint', index) })),
    ...pass.map((variable, index) => ({ variable, at: at('pass', index) })),
  ];
  const devices =
    (resources?.gpus ?? 0) > 0 ? places.find(({ variable }) => variable === 'CUDA_VISIBLE_DEVICES') : null;
  if (devices) {
    const message = `Stage "${name}" asks for "gpus": the runner sets CUDA_VISIBLE_DEVICES, which "env" cannot name`;
    report(diagnose('bad-value', message, devices.at));
  }
  for (const [index, variable] of pass.entries()) {
    if (fingerprint.includes(variable)) {
      report(diagnose('bad-value', `${variable} is part of the fingerprint, and is passed anyway`, at('pass', index)));
    } else if (ownVariables.test(variable)) {
      const message = `${variable} is set by the runner, since it changes what programs write`;
      const hint = 'a stage that needs another value names it in "fingerprint"';
      report(diagnose('bad-value', message, at('pass', index), { hint }));
    }
  }
  return { env: [...fingerprint].sort(), pass: [...pass].sort() };
}

function readRun(name: string, { run, code, packages }: StageDeclaration, { file, report }: Context): RunPlan {
  const path = ['stages', name];
  if (typeof run === 'string') {
    if (run.includes('${')) {
      const hint =
        'a command can insert into its words: [node, train.mjs, --rate, "${train.rate}"]; a module asks the kit';
      report(
        diagnose(
          'bad-value',
          'A module is one file: nothing is inserted into its path',
          locate(file, [...path, 'run']),
          { hint },
        ),
      );
    }
    checkModulePath(run, locate(file, [...path, 'run']), report);
    if (code !== undefined) {
      const message = `Stage "${name}" runs a module, whose code is what it imports: "code" is for commands`;
      report(diagnose('bad-value', message, locate(file, [...path, 'code'], 'key')));
    }
    if (packages !== undefined) {
      const message = `Stage "${name}" runs a module, whose packages are those it imports: "packages" is for Python`;
      report(diagnose('bad-value', message, locate(file, [...path, 'packages'], 'key')));
    }
    return { kind: 'module', path: run };
  }
  if (run[0] === '') report(diagnose('bad-value', 'The command has no name', locate(file, [...path, 'run', 0])));
  // A program that an earlier stage makes is known by its bytes.
  if (code === undefined && !isInputWord(run[0])) {
    const message = `Stage "${name}" runs a command without "code": changes of its code will not be noticed`;
    const hint = 'name the files it runs: code: [train.py, lib/**/*.py], or code: [] when it has none';
    report(diagnose('missing-code', message, locate(file, [...path, 'run'], 'key'), { severity: 'warning', hint }));
  }
  return {
    kind: 'command',
    words: run,
    inserts: false,
    code: code ?? [],
    packages: packages ?? null,
  };
}

function readMemory(text: string, at: Location, report: Report): number {
  const bytes = parseMemory(text);
  if (bytes === null) {
    report(diagnose('bad-value', `The memory must be above zero and below 8192 TiB, it is ${text}`, at));
  }
  return bytes ?? 0;
}

function readSeconds(time: string, at: Location, report: Report): number {
  const seconds = parseDuration(time);
  if (seconds !== null) return seconds;
  report(diagnose('bad-value', `The time must be above zero and below 30 years, it is ${time}`, at));
  return 0;
}

/** What other stages make of its inputs, by name, without references that are wrong. */
function readReferences(
  name: string,
  { inputs = {} }: StageDeclaration,
  { file, document, report }: Context,
): Map<string, Reference> {
  const references = new Map<string, Reference>();
  for (const [input, declared] of Object.entries(inputs)) {
    const labelled = typeof declared !== 'string' && 'cells' in declared;
    if (typeof declared !== 'string' && !labelled) continue;
    const at = locate(file, ['stages', name, 'inputs', input, ...(labelled ? ['cells'] : [])]);
    const reference = resolveReference(labelled ? declared.cells : declared, at, document.stages, report);
    if (reference === undefined) continue;
    references.set(input, { ...reference, labelled });
    if (!labelled || gathersCells(reference)) continue;
    const hint = `gather them: ${reference.stage}[*].${reference.name}`;
    report(diagnose('bad-reference', `"${reference.text}" is one cell, not a list of "cells"`, at, { hint }));
  }
  return references;
}
