// Gates as declared to gates on cells: each one kind of limit that makes sense, on a stage that reports numbers.
import type { GateDeclaration, PipelineDocument } from '../schema/types.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { isDeclaredValue } from './exclude.ts';
import type { Axes } from './expand.ts';
import { locate, locateWithin, type ParsedFile, type YamlPath } from './parse.ts';
import { limitKind, planBand, planBound } from './gate-limit.ts';
import type { GateLimit, GatePlan, CellPlan } from './plan.ts';
import {
  addressForm,
  checkSelection,
  matchesCell,
  parseAddress,
  reportUnknownStage,
  type Address,
} from './reference.ts';

/** What a number of the plan is, wherever a gate names one. */
type PlannedNumber = Pick<GatePlan, 'number' | 'cells' | 'numberName'>;

interface Context {
  readonly document: PipelineDocument;
  readonly file: ParsedFile;
  readonly profile: string | null;
  readonly axes: ReadonlyMap<string, Axes>;
  readonly planned: ReadonlyMap<string, readonly CellPlan[]>;
  readonly report: Report;
}

/**
 * The gates of the plan. One on a stage that the profile leaves out is left out; one whose cells the profile's matrix
 * leaves out, with a warning.
 * Whether the number itself exists is known only when its stage has run.
 */
export function planGates(context: Context): GatePlan[] {
  const { document, file } = context;
  return Object.entries(document.gates ?? {}).flatMap(([name, gate]) => {
    const at = locate(file, ['gates', name], 'key');
    const number = planNumber(name, gate.number, ['gates', name, 'number'], context);
    const limit = planLimit(name, gate, number, context);
    return number === undefined || limit === undefined ? [] : [{ name, ...number, limit, at }];
  });
}

/** The cells that an address names; undefined when there are none in this plan, or when it is wrong and reported. */
function planNumber(name: string, number: string, path: YamlPath, context: Context): PlannedNumber | undefined {
  const { document, file, axes, planned, report } = context;
  const at = locate(file, path);
  const address = numberAddress(number, at, document, report);
  const known = address === undefined ? undefined : axes.get(address.stage);
  if (address === undefined || known === undefined) return undefined;
  const isLeftOut = isOutsideProfile(address, known, document);
  if (!isLeftOut && !checkSelection(address, known, at, report)) return undefined;
  const cells = (planned.get(address.stage) ?? []).filter(({ axes }) => matchesCell(address, axes));
  // Each of its values may be there, and the cell of all of them be excluded.
  if (isLeftOut || cells.length === 0) {
    const message = `Gate "${name}" speaks of no cell of this plan and is left out`;
    report(diagnose('gate-left-out', message, at, { severity: 'warning' }));
    return undefined;
  }
  return { number, cells: cells.map(({ id }) => id), numberName: address.name };
}

function planLimit(
  name: string,
  gate: GateDeclaration,
  number: PlannedNumber | undefined,
  context: Context,
): GateLimit | undefined {
  const { file, profile, report } = context;
  const at = (key: string): Location => locate(file, ['gates', name, key], 'key');
  const kind = limitKind(name, gate, at, locate(file, ['gates', name], 'key'), report);
  if (kind === 'bound') return planBound(name, gate, locate(file, ['gates', name, 'max']), report);
  if (kind === 'band') return planBand(name, gate, profile, locate(file, ['gates', name, 'reference']), report);
  if (kind !== 'test' || gate.against === undefined || gate.margin === undefined) return undefined;
  const limit = { kind, margin: gate.margin, level: gate.level ?? 0.05, better: gate.better ?? null } as const;
  const enough = number !== undefined && checkReplicates(number, ['gates', name, 'number'], true, context);
  if (typeof gate.against === 'number') return enough ? { ...limit, against: gate.against } : undefined;
  const path = ['gates', name, 'against'];
  const against = planNumber(name, gate.against, path, context);
  if (!enough || against === undefined || !checkReplicates(against, path, false, context)) return undefined;
  return { ...limit, against };
}

/** A test is over the replicates of one cell: `replicate` is the axis left open, and the only one. */
function checkReplicates(
  { number, cells }: PlannedNumber,
  path: YamlPath,
  needed: boolean,
  { file, planned, report }: Context,
): boolean {
  const at = locate(file, path);
  const address = parseAddress(number)!;
  const members = (planned.get(address.stage) ?? []).filter(({ id }) => cells.includes(id));
  const open = Object.keys(members[0]?.axes ?? {}).filter((axis) => !(axis in address.cell));
  const other = open.filter((axis) => axis !== 'replicate');
  if (other.length > 0) {
    const message = `A test is over the replicates of one cell, "${number}" leaves axis ${other.join(' and ')} open`;
    report(diagnose('bad-reference', message, at, { hint: `select: ${address.stage}[${other[0]!}=…]` }));
    return false;
  }
  if (!needed || open.includes('replicate')) return true;
  const hint = `give stage "${address.stage}" replicates: matrix: { replicate: 5 }`;
  report(diagnose('bad-reference', `A test is over replicates, "${number}" has none`, at, { hint }));
  return false;
}

function numberAddress(
  text: string,
  at: Location,
  document: PipelineDocument,
  report: Report,
): (Address & { name: string }) | undefined {
  const address = parseAddress(text);
  const name = address?.name ?? null;
  if (address === null || name === null || address.gathersRest || address.gathered.length > 0) {
    const gathering = address !== null && (address.gathersRest || address.gathered.length > 0);
    const hint = gathering ? 'a gate holds for every cell of the axes it leaves out' : undefined;
    const form = addressForm.slice(0, addressForm.indexOf(' or ')).replace(', ', ' or ');
    report(diagnose('bad-reference', `A gate must name a number as ${form}, it is "${text}"`, at, { hint }));
    return undefined;
  }
  const stage = Object.hasOwn(document.stages, address.stage) ? document.stages[address.stage] : undefined;
  if (stage === undefined) {
    reportUnknownStage(address.stage, Object.keys(document.stages), locateWithin(at, address.stage), report);
    return undefined;
  }
  if (stage.numbers === undefined) {
    const hint = 'name the file it reports them in: numbers: numbers.json';
    const message = `Stage "${address.stage}" reports no numbers`;
    report(diagnose('bad-reference', message, locateWithin(at, address.stage), { hint }));
    return undefined;
  }
  return { ...address, name };
}

/** Whether a selected value is one the file knows, only not in this plan. */
function isOutsideProfile(address: Address, axes: Axes, document: PipelineDocument): boolean {
  return Object.entries(address.cell).some(([axis, value]) => {
    const values = axes.get(axis);
    return values !== undefined && !values.map(String).includes(value) && isDeclaredValue(axis, value, document);
  });
}
