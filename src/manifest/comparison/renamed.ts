// Stages that two runs call by different names: what a stage was called before says that it is the same.
import type { Manifest, ManifestStage } from '../../schema/types.ts';

const identityOf = ({ stage, was = stage }: ManifestStage): string => was;

/** A manifest with its stages called as in another one. One whose new name is taken by another stage keeps its own. */
export function calledAsIn(manifest: Manifest, other: Manifest): Manifest {
  const there = new Map(other.stages.map((stage) => [identityOf(stage), stage.stage]));
  const taken = new Set(manifest.stages.map(({ stage }) => stage));
  const names = new Map<string, string>();
  for (const stage of manifest.stages) {
    const name = there.get(identityOf(stage));
    if (name !== undefined && name !== stage.stage && !taken.has(name)) names.set(stage.stage, name);
  }
  return names.size === 0 ? manifest : renamed(manifest, names);
}

function renamed(manifest: Manifest, names: ReadonlyMap<string, string>): Manifest {
  const ids = new Map(
    manifest.stages.map(({ id, stage }) => [id, `${names.get(stage) ?? stage}${id.slice(stage.length)}`]),
  );
  const idOf = (id: string): string => ids.get(id) ?? id;
  const sourceOf = <Source>(source: Source): Source => {
    if (Array.isArray(source)) return source.map(sourceOf) as Source;
    if (source === null || typeof source !== 'object' || !('cell' in source)) return source;
    return { ...source, cell: idOf(source.cell as string) };
  };
  return {
    ...manifest,
    stages: manifest.stages.map((stage) => ({
      ...stage,
      id: idOf(stage.id),
      stage: names.get(stage.stage) ?? stage.stage,
      dependsOn: stage.dependsOn.map(idOf),
      ...(stage.sources && {
        sources: Object.fromEntries(Object.entries(stage.sources).map(([name, source]) => [name, sourceOf(source)])),
      }),
    })),
    numbers: manifest.numbers.map((number) => ({
      ...number,
      address: `${idOf(number.stage)}.${number.name}`,
      stage: idOf(number.stage),
    })),
  };
}
