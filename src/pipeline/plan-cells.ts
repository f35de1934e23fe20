// Stages in their order to cells: each combination of axes that is not excluded, with what it reads of cells before it.
import type { PipelineDocument } from '../schema/types.ts';
import { diagnose, type Report } from './diagnostic.ts';
import { checkExclusions, exclusionsOf, isExcluded } from './exclude.ts';
import {
  axesOf,
  checkNamedAxes,
  countCells,
  declaredAxes,
  edgeCells,
  expandCells,
  joinAxes,
  makeEdge,
  maxCells,
  type Axes,
  type Edge,
} from './expand.ts';
import type { ParsedFile } from './parse.ts';
import type { AxisValues, CellId, CellPlan, InputPlan } from './plan.ts';
import { checkSelection, formatCellId, gathersCells } from './reference.ts';
import type { DeclaredStage } from './stage.ts';

/** Lists of inputs, all cells together: beyond this a matrix is gathered by a matrix. */
const maxEdges = 1_000_000;

export interface Expanded {
  readonly stages: readonly CellPlan[];
  /** The same by stage. */
  readonly cells: ReadonlyMap<string, readonly CellPlan[]>;
  /** Of the stages whose axes are known. */
  readonly axes: ReadonlyMap<string, Axes>;
}

/** The cells of all stages, but for those in which, or before which, something is wrong and reported. */
export function expandStages(
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
