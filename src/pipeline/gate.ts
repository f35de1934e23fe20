// Gates as declared to gates on cells: bounds that make sense, on a stage that reports numbers.
import type { GateDeclaration, PipelineDocument } from '../schema/types.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import type { Axes } from './expand.ts';
import { locate, locateWithin, type ParsedFile } from './parse.ts';
import type { GatePlan, StagePlan } from './plan.ts';
import {
  addressForm,
  checkSelection,
  matchesCell,
  parseAddress,
  reportUnknownStage,
  type Address,
} from './reference.ts';

/**
 * The gates of the plan. One on a stage that the profile leaves out is left out; one whose cells the profile's matrix
 * leaves out, with a warning.
 * Whether the number itself exists is known only when its stage has run.
 */
export function planGates(
  document: PipelineDocument,
  file: ParsedFile,
  axes: ReadonlyMap<string, Axes>,
  planned: ReadonlyMap<string, readonly StagePlan[]>,
  report: Report,
): GatePlan[] {
  const plans: GatePlan[] = [];
  for (const [name, gate] of Object.entries(document.gates ?? {})) {
    const at = locate(file, ['gates', name], 'key');
    checkBounds(name, gate, at, locate(file, ['gates', name, 'max']), report);
    const numberAt = locate(file, ['gates', name, 'number']);
    const address = numberAddress(gate.number, numberAt, document, report);
    const known = address === undefined ? undefined : axes.get(address.stage);
    if (address === undefined || known === undefined) continue;
    if (isOutsideProfile(address, known, document)) {
      const message = `Gate "${name}" speaks of no cell of this plan and is left out`;
      report(diagnose('gate-left-out', message, numberAt, { severity: 'warning' }));
      continue;
    }
    if (!checkSelection(address, known, numberAt, report)) continue;
    const cells = (planned.get(address.stage) ?? []).filter(({ cell }) => matchesCell(address, cell));
    const { min = null, max = null, number } = gate;
    plans.push({ name, number, cells: cells.map(({ id }) => id), numberName: address.name, min, max, at });
  }
  return plans;
}

function checkBounds(name: string, { min, max }: GateDeclaration, at: Location, maxAt: Location, report: Report): void {
  if (min === undefined && max === undefined) {
    report(diagnose('missing-key', `Gate "${name}" needs "min", "max" or both`, at));
  } else if (min !== undefined && max !== undefined && min > max) {
    report(diagnose('bad-value', `Gate "${name}" can never pass: min ${min} is above max ${max}`, maxAt));
  }
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

function isDeclaredValue(axis: string, value: string, document: PipelineDocument): boolean {
  const matrices = [
    ...Object.values(document.stages).map((stage) => stage.matrix),
    ...Object.values(document.profiles ?? {}).flatMap((profile) => Object.values(profile.matrix ?? {})),
  ];
  return matrices.some((matrix) => {
    const values = matrix !== undefined && Object.hasOwn(matrix, axis) ? matrix[axis] : undefined;
    if (typeof values === 'number') return /^\d+$/.test(value) && Number(value) < values;
    return values?.map(String).includes(value) === true;
  });
}
