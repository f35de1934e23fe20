// What people name on the command line: stages and cells, with wildcards, and with what needs them.
import { exitCode, ReproError } from '../error.ts';
import { ancestors, descendants } from './dependencies.ts';
import type { AxisValues, CellId, CellPlan, Plan } from './plan.ts';
import { suggestion } from './suggest.ts';

/**
 * The cells that patterns name, with everything they depend on, in the order of the plan. A pattern is a stage or a
 * cell; axes left out mean every cell; `*` and `?` stand for any characters and for one; with `+` at its end it names
 * also what depends on them. Without patterns, all.
 * @throws ReproError `unknown-stage` (usage) when a pattern names nothing
 */
export function select(plan: Plan, patterns: readonly string[]): CellPlan[] {
  if (patterns.length === 0) return [...plan.cells];
  const wanted = ancestors(plan, named(plan, patterns));
  return plan.cells.filter((cell) => wanted.has(cell.id));
}

/** The cells that patterns name, without what they depend on. Without patterns, all. */
export function named(plan: Plan, patterns: readonly string[]): Set<CellId> {
  if (patterns.length === 0) return new Set(plan.cells.map(({ id }) => id));
  return new Set(patterns.flatMap((pattern) => [...cellsOf(plan, pattern)]));
}

/**
 * The one cell that a pattern names.
 * @throws ReproError `unknown-stage` (usage) when it names nothing, `bad-usage` when it names several
 */
export function cellNamed(plan: Plan, pattern: string): CellPlan {
  const ids = cellsOf(plan, pattern);
  const cells = plan.cells.filter(({ id }) => ids.has(id));
  if (cells.length === 1) return cells[0]!;
  throw new ReproError('bad-usage', `"${pattern}" has ${cells.length} cells`, {
    hint: `name one of them, such as '${cells[0]!.id}'`,
    exit: exitCode.usage,
  });
}

function cellsOf(plan: Plan, written: string): ReadonlySet<CellId> {
  const hasReaders = written.endsWith('+');
  const pattern = parsePattern(hasReaders ? written.slice(0, -1) : written);
  const ids = plan.cells.filter((cell) => pattern !== null && matches(pattern, cell)).map(({ id }) => id);
  if (ids.length === 0) throw unknown(plan, written, pattern);
  return hasReaders ? descendants(plan, ids) : new Set(ids);
}

/** Wildcards of a stage's name, and of the values of its axes. */
interface Pattern {
  readonly stage: string;
  readonly cell: Readonly<Record<string, string>>;
}

function parsePattern(text: string): Pattern | null {
  const match = /^([a-z0-9*?-]+)(?:\[([^[\]]*)\])?$/.exec(text);
  if (match === null) return null;
  const cell: Record<string, string> = {};
  for (const part of match[2]?.split(',') ?? []) {
    if (part.trim() === '*') continue;
    const pair = /^ *([a-z][a-z0-9-]*)=([A-Za-z0-9.*?+_-]+) *$/.exec(part);
    if (pair === null || Object.hasOwn(cell, pair[1]!)) return null;
    cell[pair[1]!] = pair[2]!;
  }
  return { stage: match[1]!, cell };
}

const matches = ({ stage, cell }: Pattern, candidate: CellPlan): boolean =>
  isLike(stage, candidate.stage) && matchesAxes(cell, candidate.axes);

const matchesAxes = (wanted: Pattern['cell'], axes: AxisValues): boolean =>
  Object.entries(wanted).every(([axis, value]) => Object.hasOwn(axes, axis) && isLike(value, String(axes[axis])));

function isLike(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const expression = pattern.replace(/[.+]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(text);
}

function unknown(plan: Plan, written: string, pattern: Pattern | null): ReproError {
  const usage = exitCode.usage;
  const stage = pattern?.stage ?? '';
  if (Object.hasOwn(plan.leftOut, stage)) {
    const profiles = plan.leftOut[stage]!.map((name) => `--profile ${name}`);
    return new ReproError('unknown-stage', `Profile "${plan.profile ?? ''}" leaves out stage "${stage}"`, {
      hint: profiles.length === 0 ? 'no profile runs it' : `it runs with ${profiles.join(' or ')}`,
      exit: usage,
    });
  }
  const cells = plan.cells.filter((cell) => cell.stage === stage);
  const message = `No stage or cell is named "${written}"`;
  if (pattern && cells.length > 0) {
    return new ReproError('unknown-stage', message, { hint: cellHint(pattern, cells), exit: usage });
  }
  const hint = suggestion(
    written.replace(/\+$/, ''),
    plan.cells.flatMap((cell) => [cell.stage, cell.id]),
  );
  return new ReproError('unknown-stage', message, { hint: hint ?? 'repro status names them', exit: usage });
}

/** Which of the axes of a stage are meant. */
function cellHint({ stage, cell }: Pattern, cells: readonly CellPlan[]): string {
  const axes = Object.keys(cells[0]!.axes);
  for (const [axis, value] of Object.entries(cell)) {
    if (axes.length === 0) return `stage "${stage}" has no axes`;
    if (!axes.includes(axis)) return suggestion(axis, axes) ?? `its axes are ${axes.join(', ')}`;
    const values = [...new Set(cells.map((each) => String(each.axes[axis])))];
    if (values.some((known) => isLike(value, known))) continue;
    return (
      suggestion(value, values) ?? `"${axis}" has ${values.length} values, such as ${values.slice(0, 3).join(', ')}`
    );
  }
  return `it has ${cells.length} cells, such as ${cells[0]!.id}`;
}
