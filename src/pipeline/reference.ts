// Addresses: `stage`, `stage[axis=value,…]`, and either with `.name`. In inputs, `[axis=*]` and `[*]` gather.
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { locateWithin } from './parse.ts';
import type { AxisValue, AxisValues, CellId } from './plan.ts';
import { suggestion } from './suggest.ts';

export interface Address {
  readonly stage: string;
  /** Selected axes, with values as written: an axis value matches when it is written the same. */
  readonly cell: Readonly<Record<string, string>>;
  /** Axes written `axis=*`. */
  readonly gathered: readonly string[];
  /** Written `[*]`: every axis that is not selected is gathered. */
  readonly gathersRest: boolean;
  /** Of an output or a number; null when the address is that of a cell. */
  readonly name: string | null;
}

export const addressForm = 'stage.name, stage[axis=value].name or stage[*].name';

/** Reads an address, or null when it is none. */
export function parseAddress(text: string): Address | null {
  const match = /^([a-z][a-z0-9-]*)(?:\[([^[\]]*)\])?(?:\.([A-Za-z0-9][A-Za-z0-9_.-]*))?$/.exec(text);
  if (match === null) return null;
  const [, stage, selection, name] = match;
  const cell: Record<string, string> = {};
  const gathered: string[] = [];
  let gathersRest = false;
  for (const part of selection?.split(',') ?? []) {
    const pair = /^ *([a-z][a-z0-9-]*)=(\*|[A-Za-z0-9.+-][A-Za-z0-9._+-]*|\$\{(?:cell\.)?[a-z][a-z0-9-]*\}) *$/.exec(
      part,
    );
    const axis = pair?.[1];
    if (axis === undefined) {
      if (part.trim() !== '*' || gathersRest) return null;
      gathersRest = true;
    } else if (Object.hasOwn(cell, axis) || gathered.includes(axis)) return null;
    else if (pair![2] === '*') gathered.push(axis);
    else cell[axis] = pair![2]!;
  }
  return { stage: stage!, cell, gathered, gathersRest, name: name ?? null };
}

/** `stage` or `stage[axis=value,…]`, axes in the order of the cell. */
export function formatCellId(stage: string, cell: AxisValues): CellId {
  const axes = Object.entries(cell);
  return axes.length === 0 ? stage : `${stage}[${axes.map(([axis, value]) => `${axis}=${String(value)}`).join(',')}]`;
}

/** Whether a cell has every selected value. */
export function matchesCell(address: Pick<Address, 'cell'>, cell: AxisValues): boolean {
  return Object.entries(address.cell).every(([axis, value]) => axis in cell && String(cell[axis]) === value);
}

/** An input that names an output of another stage, before axes are known. */
export interface Reference extends Address {
  readonly name: string;
  /** Axes written `axis=${other}`: their value is that of the reader's other axis. */
  readonly named: Readonly<Record<string, string>>;
  /** Whether the reader is told which file is of which cell. */
  readonly labelled: boolean;
  readonly text: string;
  readonly at: Location;
}

/** Whether a reference reads a list of cells. */
export function gathersCells({ gathersRest, gathered }: Pick<Address, 'gathersRest' | 'gathered'>): boolean {
  return gathersRest || gathered.length > 0;
}

interface Target {
  readonly outputs?: Readonly<Record<string, string>>;
}

/** The reference an input makes; undefined, and reported, when its form, stage or output is wrong. */
export function resolveReference(
  text: string,
  at: Location,
  stages: Readonly<Record<string, Target>>,
  report: Report,
): Reference | undefined {
  const address = parseAddress(text);
  if (address === null || address.name === null) {
    const hint = /[/\\]/.test(text) ? `a file is written { file: ${text} }` : undefined;
    const message = `An input must read ${addressForm.replaceAll('name', 'output')}, it is "${text}"`;
    report(diagnose('bad-reference', message, at, { hint }));
    return undefined;
  }
  const { stage, name } = address;
  const target = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (target === undefined) {
    reportUnknownStage(stage, Object.keys(stages), locateWithin(at, stage), report);
    return undefined;
  }
  const outputs = Object.keys(target.outputs ?? {});
  if (!outputs.includes(name)) {
    const hint = outputs.length === 0 ? `stage "${stage}" declares no outputs` : suggestion(name, outputs);
    const message = `Unknown output "${name}" of stage "${stage}"`;
    report(diagnose('unknown-output', message, lastWithin(at, name), { hint }));
    return undefined;
  }
  const isNamed = ([, value]: readonly [string, string]): boolean => value.startsWith('${');
  const selected = Object.entries(address.cell);
  const named = selected.filter(isNamed).map(([axis, value]) => [axis, value.replace(/^\$\{(?:cell\.)?|\}$/g, '')]);
  const cell = Object.fromEntries(selected.filter((each) => !isNamed(each)));
  return {
    ...address,
    cell,
    named: Object.fromEntries(named) as Record<string, string>,
    labelled: false,
    name,
    text,
    at,
  };
}

export function reportUnknownStage(name: string, known: readonly string[], at: Location, report: Report): void {
  report(diagnose('unknown-stage', `Unknown stage "${name}"`, at, { hint: suggestion(name, known) }));
}

/** Reports selected, named or gathered axes that the stage has not, and selected values that its axis has not. */
export function checkSelection(
  address: Address & Partial<Pick<Reference, 'named'>>,
  axes: ReadonlyMap<string, readonly AxisValue[]>,
  at: Location,
  report: Report,
): boolean {
  let fine = true;
  const selected: [string, string | undefined][] = Object.entries(address.cell);
  const unselected = [...address.gathered, ...Object.keys(address.named ?? {})];
  for (const [axis, wanted] of [...selected, ...unselected.map((axis) => [axis, undefined] as const)]) {
    const values = axes.get(axis)?.map(String);
    if (values === undefined) {
      const hint = axes.size === 0 ? `stage "${address.stage}" has no axes` : suggestion(axis, axes.keys());
      const message = `Unknown axis "${axis}" of stage "${address.stage}"`;
      report(diagnose('unknown-axis', message, locateWithin(at, axis), { hint }));
      fine = false;
    } else if (wanted !== undefined && !values.includes(wanted)) {
      const message = `Axis "${axis}" of stage "${address.stage}" has no value "${wanted}"`;
      const extra = { hint: suggestion(wanted, values) };
      report(diagnose('unknown-axis-value', message, locateWithin(at, `${axis}=${wanted}`), extra));
      fine = false;
    }
  }
  return fine;
}

/** The last place of a piece of text: an output's name may also be part of its stage's. */
function lastWithin(at: Location, piece: string): Location {
  const index = at.file.text.slice(at.span.start, at.span.end).lastIndexOf(piece);
  const start = at.span.start + index;
  return index < 0 ? at : { file: at.file, span: { start, end: start + piece.length } };
}
