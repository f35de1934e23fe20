// A pipeline file to a plan that cannot be invalid, or to everything that is wrong with it. Pure: the same text, the same plan.
import type { PipelineDocument } from '../schema/types.ts';
import { diagnose, sortDiagnostics, type Diagnostic, type Report } from './diagnostic.ts';
import {
  checkMatrices,
  countCells,
  declaredAxes,
  edgeCells,
  expandCells,
  gathers,
  joinAxes,
  makeEdge,
  maxCells,
  type Axes,
  type Edge,
} from './expand.ts';
import { planGates } from './gate.ts';
import { topologicalOrder } from './dependencies.ts';
import { applyOverrides, checkProfileParams, mergeParams, type Params } from './params.ts';
import { parseYaml, type ParsedFile } from './parse.ts';
import type { CellId, InputPlan, Json, Plan, CellPlan } from './plan.ts';
import { checkProfileStages, defaultProfile, stagesLeftOut, stagesOfProfile } from './profile.ts';
import { checkSelection, formatCellId, type Reference } from './reference.ts';
import { SourceFile } from './source.ts';
import { readStage, type DeclaredStage } from './stage.ts';
import { suggestion } from './suggest.ts';
import { checkFileSecrets, checkValueSecrets } from './url-secret.ts';
import { validateShape } from './validate.ts';

export interface PlanOptions {
  /** null: the one named `default`, where the file has it. */
  readonly profile: string | null;
  /** Values by dotted parameter path, as `--set` gives them. */
  readonly overrides: Readonly<Record<string, Json>>;
}

export type PlanResult =
  { readonly plan: Plan; readonly warnings: readonly Diagnostic[] } | { readonly diagnostics: readonly Diagnostic[] };

/** Lists of inputs, all cells together: beyond this a matrix is gathered by a matrix. */
const maxEdges = 1_000_000;

/** Plans a pipeline for one profile and set of overrides. Never throws for any text; errors come with their warnings. */
export function planPipeline(source: SourceFile, options: PlanOptions): PlanResult {
  const parsed = parseYaml(source);
  if ('diagnostics' in parsed) return { diagnostics: sortDiagnostics(parsed.diagnostics) };
  const secrets: Diagnostic[] = [];
  checkSecrets(parsed, options, (diagnostic) => secrets.push(diagnostic));
  if (secrets.length > 0) return { diagnostics: sortDiagnostics(secrets) };
  const shape = validateShape(parsed);
  if ('diagnostics' in shape) return { diagnostics: sortDiagnostics(shape.diagnostics) };
  const diagnostics: Diagnostic[] = [];
  const plan = planDocument(shape.document, parsed, options, (diagnostic) => diagnostics.push(diagnostic));
  const sorted = sortDiagnostics(diagnostics);
  const failed = plan === undefined || sorted.some(({ severity }) => severity === 'error');
  return failed ? { diagnostics: sorted } : { plan, warnings: sorted };
}

/** Before anything else: what other diagnostics quote must not be one. */
function checkSecrets(file: ParsedFile, { overrides }: PlanOptions, report: Report): void {
  checkFileSecrets(file, report);
  for (const [option, value] of Object.entries(overrides)) {
    const text = `${option}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
    checkValueSecrets(value, { file: new SourceFile('--set', text), span: { start: 0, end: text.length } }, report);
  }
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
  for (const [name, declaration] of Object.entries(document.stages)) {
    declared.set(name, readStage(name, declaration, { file, document, params, runs: running.has(name), report }));
  }
  const order = orderStages(declared, report)?.filter((name) => running.has(name));
  if (order === undefined) return undefined;
  const expanded = expandStages(order, declared, document, profile, report);
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
  return [...stage.inputs.values()].flatMap((input) => (input.kind === 'reference' ? [input.reference] : []));
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
  profile: string | null,
  report: Report,
): Expanded {
  const axes = new Map<string, Axes>();
  const cells = new Map<string, CellPlan[]>();
  const stages: CellPlan[] = [];
  const position = new Map<CellId, number>();
  let edgeCount = 0;
  for (const name of order) {
    const stage = declared.get(name)!;
    const edges = resolveEdges(stage, axes, report);
    if (edges === undefined) continue;
    const joined = joinAxes(declaredAxes(document, name, profile), [...edges.values()], stage.at, report);
    if (joined === undefined) continue;
    axes.set(name, joined);
    if (stages.length + countCells(joined) > maxCells) {
      report(diagnose('too-large', `Stage "${name}" brings the plan above ${maxCells} cells`, stage.at));
      return { stages, cells, axes };
    }
    const planned: CellPlan[] = [];
    cells.set(name, planned);
    const finders = new Map(
      [...edges].map(([input, edge]) => [input, edgeCells(edge, cells.get(edge.reference.stage)!)]),
    );
    const lists = new Map<readonly CellId[], InputPlan>();
    for (const cell of expandCells(joined)) {
      const dependsOn = new Set<CellId>();
      const inputs: Record<string, InputPlan> = {};
      for (const [input, source] of stage.inputs) {
        if (source.kind === 'outside') {
          inputs[input] = source.input;
          continue;
        }
        const found = finders.get(input)!(cell);
        for (const id of found) dependsOn.add(id);
        edgeCount += found.length;
        inputs[input] = inputOf(edges.get(input)!, found, lists);
      }
      if (edgeCount > maxEdges) {
        report(diagnose('too-large', `Stage "${name}" brings the plan above ${maxEdges} inputs`, stage.at));
        return { stages, cells, axes };
      }
      const id = formatCellId(name, cell);
      position.set(id, stages.length);
      const plan: CellPlan = {
        id,
        stage: name,
        axes: cell,
        run: stage.run,
        params: stage.params,
        inputs,
        outputs: stage.outputs,
        numbers: stage.numbers,
        env: stage.env,
        cpus: stage.cpus,
        memoryBytes: stage.memoryBytes,
        gpus: stage.gpus,
        retries: stage.retries,
        timeoutSeconds: stage.timeoutSeconds,
        setup: [],
        dependsOn: [...dependsOn].sort((a, b) => position.get(a)! - position.get(b)!),
        at: stage.at,
      };
      stages.push(plan);
      planned.push(plan);
    }
  }
  return { stages, cells, axes };
}

/** The stage's references with the axes they read; undefined when one of them is, or depends on, something reported. */
function resolveEdges(
  stage: DeclaredStage,
  axes: ReadonlyMap<string, Axes>,
  report: Report,
): Map<string, Edge> | undefined {
  const edges = new Map<string, Edge>();
  let broken = stage.broken;
  for (const [input, declared] of stage.inputs) {
    if (declared.kind === 'outside') continue;
    const { reference } = declared;
    const source = axes.get(reference.stage);
    if (source === undefined || !checkSelection(reference, source, reference.at, report)) broken = true;
    else edges.set(input, makeEdge(reference, source));
  }
  return broken ? undefined : edges;
}

/** A gathered list that several cells read is one object: a plan may hold thousands of such cells. */
function inputOf(edge: Edge, found: readonly CellId[], lists: Map<readonly CellId[], InputPlan>): InputPlan {
  const { name: output, at } = edge.reference;
  if (!gathers(edge)) return { kind: 'output', cell: found[0]!, output, at };
  const known = lists.get(found);
  if (known !== undefined) return known;
  const input: InputPlan = { kind: 'gathered', from: found.map((cell) => ({ cell, output })), at };
  lists.set(found, input);
  return input;
}
