// What may differ from cell to cell of a stage: its words, its code, its parameters and the paths of its inputs, in all of
// which `${…}` may stand for the value of an axis.
import type { PipelineDocument, StageDeclaration } from '../schema/types.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { gathersCells, type Reference } from './reference.ts';
import { outsideInput, outsideInputs, type OutsideInput } from './outside-inputs.ts';
import { dottedPaths, parameterBelow, pickParams, reportUnknownParameter, type Params } from './params.ts';
import { locate, type ParsedFile } from './parse.ts';
import { checkCodeGlob, normalGlob } from './paths.ts';
import type { AxisValues, InputPlan, Json, RunPlan } from './plan.ts';
import {
  fillPath,
  insertsOf,
  keysIn,
  mayNameAxis,
  meaningsOf,
  namesIn,
  onlyMeaning,
  parseName,
  parseTemplate,
  plainKeys,
  type Insert,
  type Name,
  type Scope,
  type Text,
} from './template.ts';
import { wordsIn } from './words.ts';

export interface Context {
  readonly file: ParsedFile;
  readonly document: PipelineDocument;
  readonly params: Params;
  /** Names of the axes of all stages, under every profile. */
  readonly axes: ReadonlySet<string>;
  /** Whether the profile runs the stage; one that it leaves out may lack a parameter that only another profile gives. */
  readonly runs: boolean;
  readonly report: Report;
}

export interface CellParts {
  readonly run: RunPlan;
  readonly params: Params;
  /** Inputs from outside, by name. */
  readonly outside: ReadonlyMap<string, InputPlan>;
}

/** The parts of one cell; undefined when something is wrong and reported. */
export type PartsOf = (axes: AxisValues, report: Report) => CellParts | undefined;

interface Declared {
  readonly name: string;
  readonly declaration: StageDeclaration;
  /** The run with its words as written. */
  readonly run: RunPlan;
  readonly words: readonly Text[];
  readonly code: readonly Text[];
  readonly params: readonly { readonly name: Name; readonly at: Location }[];
  readonly outside: readonly OutsideInput[];
  readonly references: ReadonlyMap<string, Reference>;
}

/** The parts of the cells of a stage; undefined when something that is the same in all of them is wrong and reported. */
export function partsOf(
  name: string,
  declaration: StageDeclaration,
  run: RunPlan,
  references: ReadonlyMap<string, Reference>,
  context: Context,
): PartsOf | undefined {
  const { file, runs, report } = context;
  const at = (...path: (string | number)[]): Location => locate(file, ['stages', name, ...path]);
  const words = textsAt(run.kind === 'module' ? [] : run.words, (index) => at('run', index), report);
  const code = textsAt(run.kind === 'module' ? [] : run.code, (index) => at('code', index), report);
  const outside = outsideInputs(name, declaration, context);
  const isWhole = words.isWhole && code.isWhole && outside.isWhole;
  const params = (declaration.params ?? []).map((path, index) => ({ name: parseName(path), at: at('params', index) }));
  const declared: Declared = {
    name,
    declaration,
    run,
    words: words.texts,
    code: code.texts,
    params,
    outside: outside.inputs,
    references,
  };
  if (!differsByCell(declared, context)) {
    const fixed = partsIn(declared, {}, context, report);
    return fixed && isWhole ? () => fixed : undefined;
  }
  if (!runs) checkNames(declared, context);
  return isWhole ? (cell, reportCell) => partsIn(declared, cell, context, reportCell) : undefined;
}

/** Texts that may insert; some are empty where not all is well, which is reported. */
function textsAt(
  texts: readonly string[],
  at: (index: number) => Location,
  report: Report,
): { readonly texts: readonly Text[]; readonly isWhole: boolean } {
  const parsed = texts.map((text, index) => ({ template: parseTemplate(text, at(index), report), at: at(index) }));
  return {
    texts: parsed.map(({ template = [], at }) => ({ template, at })),
    isWhole: parsed.every(({ template }) => template !== undefined),
  };
}

/** Every text that inserts, each with what it may insert beside parameters and axes. */
function textsOf(declared: Declared): (Text & { readonly assigned: Params })[] {
  const assigned = assignedTo(declared, new Map());
  const paths = declared.outside.flatMap(({ text, sha256 }) => (sha256 === null ? [text] : [text, sha256]));
  return [
    ...declared.words.map((word) => ({ ...word, assigned })),
    ...[...declared.code, ...paths].map((path) => ({ ...path, assigned: {} })),
  ];
}

/** Whether something may be an axis, or is nothing that is the same in all cells, which is told where the axes are known. */
function differsByCell(declared: Declared, { params, axes }: Context): boolean {
  const isFixed = ({ name }: Insert, assigned: Params): boolean => {
    const keys = plainKeys(name);
    if (keys === null || mayNameAxis(name, axes)) return false;
    return parameterBelow(assigned, keys) !== undefined || meaningsOf(keys, { params, axes: {} }).length > 0;
  };
  return (
    declared.params.some(({ name }) => plainKeys(name) === null) ||
    textsOf(declared).some(({ template, assigned }) => !insertsOf(template).every((each) => isFixed(each, assigned)))
  );
}

/** Reports names that mean nothing in any cell, for a stage whose cells are not looked at. */
function checkNames(declared: Declared, { params, axes, report }: Context): void {
  const scope: Scope = { params, axes: Object.fromEntries([...axes].map((axis) => [axis, ''])) };
  for (const { template, at, assigned } of textsOf(declared)) {
    for (const insert of insertsOf(template)) {
      const keys = plainKeys(insert.name);
      if (keys === null || parameterBelow(assigned, keys) !== undefined || meaningsOf(keys, scope).length > 0) continue;
      onlyMeaning(insert, keys, [], [...namesIn(scope), ...dottedPaths(assigned)], at, report);
    }
  }
  for (const { name, at } of declared.params) {
    const keys = plainKeys(name);
    if (keys !== null && parameterBelow(params, keys) === undefined)
      reportUnknownParameter(params, keys.join('.'), at, report);
  }
}

function partsIn(declared: Declared, axes: AxisValues, context: Context, report: Report): CellParts | undefined {
  const scope: Scope = { params: context.params, axes };
  const params = declared.params.map(({ name, at }) => {
    const keys = keysIn(name, scope, at, report);
    if (keys === undefined || parameterBelow(scope.params, keys) !== undefined) return keys;
    return reportUnknownParameter(scope.params, keys.join('.'), at, report) as undefined;
  });
  const inputs = declared.outside.map(
    (input) => [input.name, outsideInput(input, scope, context.runs, report)] as const,
  );
  const outside = new Map(inputs.filter((pair): pair is readonly [string, InputPlan] => pair[1] !== undefined));
  const run = runIn(declared, scope, outside, context, report);
  if (run === undefined || outside.size < inputs.length || params.includes(undefined)) return undefined;
  const paths = [...(params as readonly (readonly string[])[]), ...run.params];
  return { run: run.plan, params: pickParams(scope.params, paths), outside };
}

function runIn(
  declared: Declared,
  scope: Scope,
  outside: ReadonlyMap<string, InputPlan>,
  { runs }: Context,
  report: Report,
): { readonly plan: RunPlan; readonly params: readonly (readonly string[])[] } | undefined {
  const { run, words } = declared;
  if (run.kind === 'module') return { plan: run, params: [] };
  const assigned = assignedTo(declared, outside);
  // It may lack what only another profile gives.
  if (!runs) return { plan: run, params: [] };
  const found = wordsIn(words, scope, assigned, report);
  const code = declared.code.map((text) => codeIn(text, scope, report));
  if (found === undefined || !code.every((pattern) => pattern !== undefined)) return undefined;
  const { params, ...filled } = found;
  return { plan: { ...run, ...filled, code: [...new Set(code.map(normalGlob))] }, params };
}

/** A pattern of code, with its values. */
function codeIn({ template, at }: Text, scope: Scope, report: Report): string | undefined {
  const filled = fillPath(template, scope, at, report);
  if (filled === undefined) return undefined;
  if ('nullParameter' in filled) {
    const message = `The code inserts parameter "${filled.nullParameter}", which is null`;
    return report(diagnose('bad-value', message, at)) as undefined;
  }
  checkCodeGlob(filled.text, at, report);
  return filled.text;
}

/** What the stage is assigned beside parameters and cell, by kind. */
function assignedTo({ declaration, references }: Declared, outside: ReadonlyMap<string, InputPlan>): Params {
  const { inputs = {}, outputs = {}, numbers } = declaration;
  const kindOf = (name: string): Json => {
    const reference = references.get(name);
    if (reference !== undefined) return gathersCells(reference) ? [] : '';
    return outside.get(name)?.kind === 'absent' ? null : '';
  };
  const labelled = Object.keys(inputs).filter((name) => references.get(name)?.labelled);
  return {
    seed: 0,
    threads: 0,
    inputs: Object.fromEntries(Object.keys(inputs).map((name) => [name, kindOf(name)])),
    outputs: Object.fromEntries(Object.keys(outputs).map((name) => [name, ''])),
    labels: Object.fromEntries(labelled.map((name) => [name, []])),
    ...(numbers !== undefined && { numbers: '' }),
  };
}
