// A pipeline file to a plan that cannot be invalid, or to everything that is wrong with it. Pure: the same text, the same plan.
import type { PipelineDocument } from '../schema/types.ts';
import { diagnose, sortDiagnostics, type Diagnostic, type Report } from './diagnostic.ts';
import {
  checkMatrices,
  countCells,
  axesOf,
  axisNames,
  checkNamedAxes,
  declaredAxes,
  edgeCells,
  expandCells,
  joinAxes,
  makeEdge,
  maxCells,
  type Axes,
  type Edge,
} from './expand.ts';
import { checkExclusions, exclusionsOf, isExcluded } from './exclude.ts';
import { planGates } from './gate.ts';
import { topologicalOrder } from './dependencies.ts';
import { composeFiles, type Included, type ReadIncluded } from './include.ts';
import { applyOverrides, checkProfileParams, mergeParams, type Params } from './params.ts';
import type { ParsedFile } from './parse.ts';
import type { AxisValues, CellId, InputPlan, Json, Plan, CellPlan } from './plan.ts';
import { checkProfileStages, defaultProfile, stagesLeftOut, stagesOfProfile } from './profile.ts';
import { checkSelection, formatCellId, gathersCells, type Reference } from './reference.ts';
import { SourceFile } from './source.ts';
import { readStage, type DeclaredStage } from './stage.ts';
import { suggestion } from './suggest.ts';
import { checkValueSecrets } from './url-secret.ts';
import { validateShape } from './validate.ts';

export interface PlanOptions {
  /** null: the one named `default`, where the file has it. */
  readonly profile: string | null;
  /** Values by dotted parameter path, as `--set` gives them. */
  readonly overrides: Readonly<Record<string, Json>>;
  /** Reads the files that the pipeline includes; without it, none can be. */
  readonly read?: ReadIncluded;
}

export type PlanResult =
  | {
      readonly plan: Plan;
      readonly warnings: readonly Diagnostic[];
      readonly included: readonly Included[];
    }
  | { readonly diagnostics: readonly Diagnostic[] };

/** Lists of inputs, all cells together: beyond this a matrix is gathered by a matrix. */
const maxEdges = 1_000_000;

/** Plans a pipeline for one profile and set of overrides. Never throws for any text; errors come with their warnings. */
export function planPipeline(source: SourceFile, options: PlanOptions): PlanResult {
  const { overrides, read = () => ({ fault: 'nobody reads it' }) } = options;
  const secrets = overrideSecrets(overrides);
  if (secrets.length > 0) return { diagnostics: secrets };
  const composed = composeFiles(source, read);
  if ('diagnostics' in composed) return { diagnostics: sortDiagnostics(composed.diagnostics) };
  const shape = validateShape(composed.file);
  if ('diagnostics' in shape) return { diagnostics: sortDiagnostics(shape.diagnostics) };
  const diagnostics: Diagnostic[] = [];
  const plan = planDocument(shape.document, composed.file, options, (diagnostic) => void diagnostics.push(diagnostic));
  const sorted = sortDiagnostics(diagnostics);
  const failed = plan === undefined || sorted.some(({ severity }) => severity === 'error');
  return failed ? { diagnostics: sorted } : { plan, warnings: sorted, included: composed.included };
}

/** Before anything else: what other diagnostics quote must not be one. */
function overrideSecrets(overrides: PlanOptions['overrides']): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [option, value] of Object.entries(overrides)) {
    const text = `${option}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
    const at = { file: new SourceFile('--set', text), span: { start: 0, end: text.length } };
    checkValueSecrets(value, at, (diagnostic) => void found.push(diagnostic));
  }
  return found;
}

function planDocument(
  document: PipelineDocument,
  file: ParsedFile,
  options: PlanOptions,
  report: Report,
): Plan | undefined {
  const profile = options.profile ?? defaultProfile(document);
  const params = resolveParams(document, file, { ...options, profile }, report);
  checkProfileStages(document, file, report);
  checkMatrices(document, file, report);
  if (params === undefined) return undefined;
  const running = stagesOfProfile(document, profile);
  const declared = new Map<string, DeclaredStage>();
  const axes = axisNames(document);
  for (const [name, declaration] of Object.entries(document.stages)) {
    declared.set(name, readStage(name, declaration, { file, document, params, axes, runs: running.has(name), report }));
  }
  const order = orderStages(declared, report)?.filter((name) => running.has(name));
  if (order === undefined) return undefined;
  const expanded = expandStages(order, declared, document, file, profile, report);
  const gates = planGates({ document, file, profile, axes: expanded.axes, planned: expanded.cells, report });
  return {
    name: document.name,
    file: file.source.path,
    seed: document.seed ?? 0,
    profile,
    overrides: options.overrides,
    params,
    cells: expanded.stages,
    leftOut: stagesLeftOut(document, running),
    gates,
  };
}

function resolveParams(
  document: PipelineDocument,
  file: ParsedFile,
  { profile, overrides }: PlanOptions,
  report: Report,
): Params | undefined {
  // The schema leaves parameters free: whatever YAML held is JSON.
  const base = (document.params ?? {}) as Params;
  const profiles = document.profiles ?? {};
  for (const [name, each] of Object.entries(profiles)) {
    checkProfileParams(base, (each.params ?? {}) as Params, file, name, report);
  }
  if (profile !== null && !Object.hasOwn(profiles, profile)) {
    const source = new SourceFile('--profile', profile);
    const names = Object.keys(profiles);
    const hint = names.length === 0 ? 'the pipeline has no profiles' : suggestion(profile, names);
    const at = { file: source, span: { start: 0, end: profile.length } };
    report(diagnose('unknown-profile', `Unknown profile "${profile}"`, at, { hint }));
    return undefined;
  }
  const chosen = profile === null ? {} : ((profiles[profile]!.params ?? {}) as Params);
  return applyOverrides(mergeParams(base, chosen), overrides, report);
}

function referencesOf(stage: DeclaredStage): Reference[] {
  return [...stage.references.values()];
}

function orderStages(declared: ReadonlyMap<string, DeclaredStage>, report: Report): string[] | undefined {
  const references = new Map([...declared].map(([name, stage]) => [name, referencesOf(stage)]));
  const { order, cycles } = topologicalOrder([...declared.keys()], (name) =>
    references.get(name)!.map((reference) => reference.stage),
  );
  for (const cycle of cycles) {
    const edges = cycle.map((from, index) => {
      const to = cycle[(index + 1) % cycle.length]!;
      const reference = references.get(from)!.find((each) => each.stage === to)!;
      return { message: `"${from}" reads "${reference.text}"`, at: reference.at };
    });
    const trail = [...cycle, cycle[0]!].join(' -> ');
    const message = cycle.length === 1 ? `Stage "${cycle[0]!}" depends on itself` : `Stages form a cycle: ${trail}`;
    report(diagnose('cycle', message, edges[0]!.at, { related: cycle.length === 1 ? [] : edges }));
  }
  return cycles.length === 0 ? order : undefined;
}

interface Expanded {
  readonly stages: readonly CellPlan[];
  /** The same by stage. */
  readonly cells: ReadonlyMap<string, readonly CellPlan[]>;
  /** Of the stages whose axes are known. */
  readonly axes: ReadonlyMap<string, Axes>;
}

function expandStages(
  order: readonly string[],
  declared: ReadonlyMap<string, DeclaredStage>,
  document: PipelineDocument,
  file: ParsedFile,
  profile: string | null,
  report: Report,
): Expanded {
  const axes = new Map<string, Axes>();
  const cells = new Map<string, readonly CellPlan[]>();
  const stages: CellPlan[] = [];
  const position = new Map<CellId, number>();
  let edgeCount = 0;
  for (const name of order) {
    const stage = declared.get(name)!;
    const edges = resolveEdges(stage, axes, report);
    if (edges === undefined) continue;
    const joined = joinAxes(declaredAxes(document, name, profile), [...edges.values()], stage.at, report);
    if (joined === undefined || ![...edges.values()].every((edge) => checkNamedAxes(edge, joined, report))) continue;
    const exclusions = exclusionsOf(document, file, name, profile);
    if (!checkExclusions(exclusions, joined, document, report)) continue;
    if (stages.length + countCells(joined) > maxCells) {
      report(diagnose('too-large', `Stage "${name}" brings the plan above ${maxCells} cells`, stage.at));
      break;
    }
    const combinations = expandCells(joined).filter((cell) => !isExcluded(cell, exclusions));
    const planned = planCells(stage, edges, combinations, { cells, position, report });
    if (planned === undefined) continue;
    if (planned.cells.length === 0) {
      report(
        diagnose(
          'no-common-cell',
          `Stage "${name}" has no cell: each is excluded, here or in a stage that it reads`,
          stage.at,
        ),
      );
      continue;
    }
    edgeCount += planned.edgeCount;
    if (edgeCount > maxEdges) {
      report(diagnose('too-large', `Stage "${name}" brings the plan above ${maxEdges} inputs`, stage.at));
      break;
    }
    axes.set(name, axesOf(planned.cells, joined));
    cells.set(name, planned.cells);
    for (const cell of planned.cells) position.set(cell.id, stages.push(cell) - 1);
  }
  return { stages, cells, axes };
}

interface Before {
  readonly cells: ReadonlyMap<string, readonly CellPlan[]>;
  readonly position: ReadonlyMap<CellId, number>;
  readonly report: Report;
}

/** The cells of a stage; undefined when one of them is wrong and reported. */
function planCells(
  stage: DeclaredStage,
  edges: ReadonlyMap<string, Edge>,
  combinations: readonly AxisValues[],
  { cells, position, report }: Before,
): { readonly cells: readonly CellPlan[]; readonly edgeCount: number } | undefined {
  const readers = [...edges].map(([input, edge]) => inputReader(input, edge, cells.get(edge.reference.stage)!));
  const reportOnce = once(report);
  let edgeCount = 0;
  let failed = false;
  const planned: CellPlan[] = [];
  for (const cell of combinations) {
    const reads = readers.map((reader) => reader(cell));
    // What would be read there is excluded.
    if (reads.some(({ from }) => from.length === 0)) continue;
    const parts = stage.partsOf(cell, reportOnce);
    if (parts === undefined) {
      failed = true;
      continue;
    }
    const dependsOn = new Set<CellId>();
    const inputs: Record<string, InputPlan> = {};
    // In the order of the file.
    for (const input of stage.inputs) inputs[input] = parts.outside.get(input)!;
    for (const { input, from, plan } of reads) {
      inputs[input] = plan;
      for (const id of from) dependsOn.add(id);
      edgeCount += from.length;
    }
    if (edgeCount > maxEdges) break;
    planned.push({
      id: formatCellId(stage.stage, cell),
      stage: stage.stage,
      identity: stage.identity,
      axes: cell,
      run: parts.run,
      params: parts.params,
      inputs,
      outputs: stage.outputs,
      numbers: stage.numbers,
      env: stage.env,
      pass: stage.pass,
      cpus: stage.cpus,
      memoryBytes: stage.memoryBytes,
      gpus: stage.gpus,
      retries: stage.retries,
      timeoutSeconds: stage.timeoutSeconds,
      setup: [],
      dependsOn: [...dependsOn].sort((a, b) => position.get(a)! - position.get(b)!),
      at: stage.at,
    });
  }
  return failed ? undefined : { cells: planned, edgeCount };
}

interface Read {
  readonly input: string;
  /** The cells that make it. */
  readonly from: readonly CellId[];
  readonly plan: InputPlan;
}

/** What each cell reads as one of its inputs. A gathered list that several read is one object: there may be thousands of them. */
function inputReader(input: string, edge: Edge, sources: readonly CellPlan[]): (cell: AxisValues) => Read {
  const { reference } = edge;
  const { name: output, at } = reference;
  const find = edgeCells(edge, sources);
  if (!gathersCells(reference)) {
    return (cell) => {
      const from = find(cell);
      return { input, from, plan: { kind: 'output', cell: from[0]!, output, at } };
    };
  }
  const axes = reference.labelled ? new Map(sources.map((source) => [source.id, source.axes])) : null;
  const lists = new Map<readonly CellId[], Read>();
  return (cell) => {
    const from = find(cell);
    const known = lists.get(from);
    if (known !== undefined) return known;
    const labels = axes && from.map((id) => axes.get(id)!);
    const plan: InputPlan = { kind: 'gathered', from: from.map((id) => ({ cell: id, output })), labels, at };
    const read = { input, from, plan };
    lists.set(from, read);
    return read;
  };
}

/** What many cells have in common is reported once. */
function once(report: Report): Report {
  const reported = new Set<string>();
  return (diagnostic) => {
    const { message, at } = diagnostic;
    const key = JSON.stringify([message, at.file.path, at.span.start]);
    if (!reported.has(key)) report(diagnostic);
    reported.add(key);
  };
}

/** The stage's references with the axes they read; undefined when one of them is, or depends on, something reported. */
function resolveEdges(
  stage: DeclaredStage,
  axes: ReadonlyMap<string, Axes>,
  report: Report,
): Map<string, Edge> | undefined {
  const edges = new Map<string, Edge>();
  let broken = stage.broken;
  for (const [input, reference] of stage.references) {
    const source = axes.get(reference.stage);
    if (source === undefined || !checkSelection(reference, source, reference.at, report)) broken = true;
    else edges.set(input, makeEdge(reference, source));
  }
  return broken ? undefined : edges;
}
