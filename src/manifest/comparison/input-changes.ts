// Inputs of a stage that are not the same in two manifests: other bytes, another name, another origin.
import { sourceText } from '../../pipeline/input-source.ts';
import type { Manifest } from '../../schema/types.ts';
import { filesOf, type ReadFile } from '../../store/input-files.ts';
import type { Change } from './change.ts';
import { type RecordedStage, sourcesOf } from '../lineage.ts';

type InputChange = Omit<Change, 'stages'>;

interface Side {
  /** The outputs it is; null for data from outside. */
  readonly edges: string | null;
  readonly files: readonly ReadFile[];
}

/** By name. The bytes of what other stages wrote are those stages' concern: of these only which they are. */
export function inputChanges(a: RecordedStage, b: RecordedStage, from: Manifest, to: Manifest): InputChange[] {
  const [before, after] = [sidesOf(a, from), sidesOf(b, to)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const [old, now] = [before.get(name) ?? null, after.get(name) ?? null];
    const found =
      old && now ? changeOf(old, now) : { kind: kindOf(old ?? now!), from: old && text(old), to: now && text(now) };
    return found === null ? [] : [{ ...found, name }];
  });
}

function sidesOf(stage: RecordedStage, manifest: Manifest): Map<string, Side> {
  const sources = sourcesOf(stage, manifest);
  return new Map(
    Object.entries(stage.record.preimage.inputs).map(([name, input]) => {
      const source = sources[name] ?? null;
      const edges = typeof source === 'object' && source !== null ? sourceText(source) : null;
      return [name, { edges, files: filesOf(input) }];
    }),
  );
}

function changeOf(old: Side, now: Side): Pick<Change, 'kind' | 'from' | 'to'> | null {
  if (old.edges !== null || now.edges !== null) {
    return old.edges === now.edges ? null : { kind: 'edge', from: text(old), to: text(now) };
  }
  const [a, b] = [old.files[0], now.files[0]];
  if (a === undefined || b === undefined) return a === b ? null : { kind: 'input', from: text(old), to: text(now) };
  const isRenamed = a.path !== null && b.path !== null && a.path !== b.path;
  const isTurned = a.path !== null && b.path !== null && a.isExecutable !== b.isExecutable;
  const ends = ([a, b] as const).map((file) =>
    [
      ...(isRenamed ? [file.path] : []),
      ...(a.digest === b.digest ? [] : [file.digest]),
      ...(isTurned ? [file.isExecutable ? '(executable)' : '(not executable)'] : []),
    ].join(' '),
  );
  const same = a.digest === b.digest ? ' (same bytes)' : '';
  return ends[0] === '' ? null : { kind: 'input', from: ends[0]!, to: `${ends[1]!}${same}` };
}

const kindOf = ({ edges }: Side): Change['kind'] => (edges === null ? 'input' : 'edge');

function text({ edges, files }: Side): string {
  return edges ?? (files.map(({ digest }) => digest).join(' ') || 'absent');
}
