// Cells that a matrix leaves out: `exclude: [{ model: forest, set: small }]`.
import type { PipelineDocument } from '../schema/types.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import type { Axes } from './expand.ts';
import { locate, type ParsedFile } from './parse.ts';
import type { AxisValues } from './plan.ts';
import { suggestion } from './suggest.ts';

/** Cells with these values, wherever they have other axes, are left out. */
export interface Exclusion {
  readonly cell: AxisValues;
  readonly at: (axis: string, part?: 'key') => Location;
}

/** What is left out of a stage's matrix; where a profile says something of it, that alone counts. */
export function exclusionsOf(
  { stages, profiles = {} }: PipelineDocument,
  file: ParsedFile,
  stage: string,
  profile: string | null,
): Exclusion[] {
  const change = profile === null ? undefined : profiles[profile]?.matrix;
  const changed = change !== undefined && Object.hasOwn(change, stage) ? change[stage]?.exclude : undefined;
  const path = changed === undefined ? ['stages', stage, 'matrix'] : ['profiles', profile!, 'matrix', stage];
  return (changed ?? stages[stage]?.matrix?.exclude ?? []).map((cell, index) => ({
    cell,
    at: (axis, part) => locate(file, [...path, 'exclude', index, axis], part),
  }));
}

/** Reports axes that the stage has not, its own or inherited, and values that no axis of that name has in the whole file. */
export function checkExclusions(
  exclusions: readonly Exclusion[],
  axes: Axes,
  document: PipelineDocument,
  report: Report,
): boolean {
  let fine = true;
  for (const { cell, at } of exclusions) {
    for (const [axis, value] of Object.entries(cell)) {
      const values = axes.get(axis)?.map(String);
      if (values?.includes(String(value)) || (values && isDeclaredValue(axis, String(value), document))) continue;
      fine = false;
      const [code, message, where] =
        values === undefined
          ? ([
              'unknown-axis',
              `Excluded is a value of "${axis}", which is no axis of the stage`,
              at(axis, 'key'),
            ] as const)
          : (['unknown-axis-value', `Axis "${axis}" has no value "${String(value)}" to exclude`, at(axis)] as const);
      const hint = values === undefined ? suggestion(axis, axes.keys()) : suggestion(String(value), values);
      report(diagnose(code, message, where, { hint }));
    }
  }
  return fine;
}

export function isExcluded(cell: AxisValues, exclusions: readonly Exclusion[]): boolean {
  return exclusions.some((each) =>
    Object.entries(each.cell).every(([axis, value]) => String(cell[axis]) === String(value)),
  );
}

/** Whether an axis of this name has the value in some stage, under some profile. */
export function isDeclaredValue(axis: string, value: string, document: PipelineDocument): boolean {
  const matrices = [
    ...Object.values(document.stages).map((stage) => stage.matrix),
    ...Object.values(document.profiles ?? {}).flatMap((profile) => Object.values(profile.matrix ?? {})),
  ];
  return matrices.some((matrix) => {
    const values = matrix !== undefined && Object.hasOwn(matrix, axis) ? matrix[axis] : undefined;
    if (typeof values === 'number') return /^\d+$/.test(value) && Number(value) < values;
    return Array.isArray(values) && values.map(String).includes(value);
  });
}
