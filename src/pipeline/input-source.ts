// Where the inputs of a stage come from: cells' outputs by name, or a path or URL outside the pipeline.
import type { ManifestStage } from '../schema/types.ts';
import type { InputPlan, CellPlan } from './plan.ts';

/** A path or a URL; the output of a cell, or those of several; null where an optional input is absent. */
export type Source = NonNullable<ManifestStage['sources']>[string];

/** Where each input of a cell comes from, by name. */
export function inputSources(cell: CellPlan): Record<string, Source> {
  return Object.fromEntries(Object.entries(cell.inputs).map(([name, input]) => [name, sourceOf(input)]));
}

function sourceOf(input: InputPlan): Source {
  switch (input.kind) {
    case 'output':
      return { cell: input.cell, output: input.output };
    case 'gathered':
      return input.from.map(({ cell, output }) => ({ cell, output }));
    case 'file':
      return input.path;
    case 'directory':
      return input.path.replace(/\/*$/, '/');
    case 'url':
      return input.url;
    case 'absent':
      return null;
  }
}

/** A source for people: `stage.output`, several joined by `, `, a path, a URL, or `absent`. */
export function sourceText(source: Source): string {
  if (source === null) return 'absent';
  if (typeof source === 'string') return source;
  return [source]
    .flat()
    .map(({ cell, output }) => `${cell}.${output}`)
    .join(', ');
}
